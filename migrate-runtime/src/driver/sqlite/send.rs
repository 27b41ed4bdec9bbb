//! Statements, and the rows that come back.

use futures_util::TryStreamExt;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Either, Row as _};

use super::retry::try_again;
use super::session::SqliteSession;
use crate::driver::{BETWEEN, Kept, MessageError, Row};
use crate::sql::Parameter;

impl SqliteSession<'_> {
    pub(super) async fn execute_once(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(self.connection()?).await.map(drop)
    }

    /// The rows of each statement, in one call of the thread that has the file.
    pub(super) async fn replies(
        &mut self,
        statements: &[String],
        kept: Kept,
        replies: &mut Vec<Vec<Row>>,
    ) -> Result<(), sqlx::Error> {
        let message = AssertSqlSafe(statements.join(BETWEEN));
        let mut stream = sqlx::raw_sql(message).fetch_many(self.connection()?);
        let mut rows = Vec::new();
        while let Some(reply) = stream.try_next().await? {
            match reply {
                Either::Left(_) => replies.push(std::mem::take(&mut rows)),
                Either::Right(row) if kept.has(replies.len()) => rows.push(texts(&row)?),
                Either::Right(_) => {}
            }
        }
        Ok(())
    }

    pub(super) async fn send(&mut self, statements: &[String], kept: Kept) -> Result<Vec<Vec<Row>>, MessageError> {
        let mut backoff = self.backoff();
        loop {
            let mut replies = Vec::with_capacity(statements.len());
            let result = self.replies(statements, kept, &mut replies).await;
            if !try_again(&result, &mut backoff, &self.stop).await {
                return match result {
                    Ok(()) => Ok(replies),
                    Err(error) => Err(MessageError { at: replies.len(), offset: 0, error }),
                };
            }
        }
    }
}

pub(super) fn texts(row: &SqliteRow) -> Result<Row, sqlx::Error> {
    (0..row.len()).map(|at| row.try_get_unchecked::<Option<String>, _>(at)).collect()
}

/// A run that was dropped in the middle leaves a transaction or pragmas in the connection; only closing it undoes them.
type SqliteStatement<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

pub(super) fn bind<'q>(statement: SqliteStatement<'q>, value: &Parameter) -> SqliteStatement<'q> {
    match value {
        Parameter::Text(text) => statement.bind(text.clone()),
        Parameter::Integer(number) => statement.bind(*number),
        Parameter::Expression(_) => statement,
    }
}
