//! Messages of statements, and the rows that come back.

use futures_util::TryStreamExt;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Either, Row as _};

use super::message::message_error;
use super::session::PostgresSession;
use crate::driver::Driver as _;
use crate::driver::{BETWEEN, Kept, MessageError, Row};
use crate::settings::postgres::BEGIN;
use crate::sql::Parameter;

impl PostgresSession<'_> {
    /// One message: the server runs its statements in order and stops at the first that fails. What it answered until then
    /// says which one that is, and so does the position of a mistake that it finds before it runs any.
    pub(super) async fn send(&mut self, statements: &[String], kept: Kept) -> Result<Vec<Vec<Row>>, MessageError> {
        // Of one that fails in the middle a transaction may be left.
        let was_in_transaction = std::mem::replace(&mut self.in_transaction, true);
        let message = statements.join(BETWEEN);
        let mut replies = Vec::with_capacity(statements.len());
        let PostgresSession { link, watch, pid, .. } = self;
        let mut stream = sqlx::raw_sql(AssertSqlSafe(message)).fetch_many(link.connection());
        let answers = async {
            let mut rows = Vec::new();
            while let Some(answer) = stream.try_next().await? {
                match answer {
                    Either::Left(_) => replies.push(std::mem::take(&mut rows)),
                    Either::Right(_) if !kept.has(replies.len()) => {}
                    Either::Right(row) => rows.push(as_texts(&row)?),
                }
            }
            Ok(())
        };
        let answered = watch.beside(pid, answers).await;
        drop(stream);
        match answered {
            Ok(()) => {
                self.in_transaction = was_in_transaction;
                Ok(replies)
            }
            Err(error) => Err(message_error(statements, replies.len(), error)),
        }
    }

    /// A statement in a transaction of its own, which has our settings, in one message.
    pub(super) async fn texts_alone(&mut self, sql: &str) -> Result<Vec<Row>, sqlx::Error> {
        let mut message = self.begin_with_settings();
        let wanted = message.len();
        message.extend([sql.to_owned(), "COMMIT".to_owned()]);
        match self.send(&message, Kept::Of(wanted)).await {
            Ok(replies) => Ok(replies.into_iter().nth(wanted).unwrap_or_default()),
            Err(failed) => {
                self.rollback().await;
                Err(failed.error)
            }
        }
    }

    /// A transaction that cannot write, in one message: that it only reads is a property of the transaction, not of a session that
    /// somebody else will have.
    pub(super) async fn read(&mut self, statements: &[String]) -> Result<Vec<Vec<Row>>, MessageError> {
        let begin = format!("{BEGIN} READ ONLY");
        let message: Vec<String> =
            std::iter::once(begin).chain(statements.iter().cloned()).chain(["COMMIT".to_owned()]).collect();
        match self.send(&message, Kept::All).await {
            Ok(replies) => Ok(replies.into_iter().skip(1).take(statements.len()).collect()),
            Err(failed) => {
                self.rollback().await;
                Err(MessageError { at: failed.at.saturating_sub(1), ..failed })
            }
        }
    }
}

/// Every column of a row as text.
pub(super) fn as_texts(row: &PgRow) -> Result<Row, sqlx::Error> {
    (0..row.len()).map(|at| row.try_get_unchecked::<Option<String>, _>(at)).collect()
}

/// A statement of ours.
type PgStatement<'q> = sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>;

/// A statement with one of its values.
pub(super) fn bind<'q>(statement: PgStatement<'q>, value: &Parameter) -> PgStatement<'q> {
    match value {
        Parameter::Text(text) => statement.bind(text.clone()),
        Parameter::Integer(number) => statement.bind(*number),
        Parameter::Expression(_) => statement,
    }
}
