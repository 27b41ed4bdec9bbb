//! Whether a pooler shares our server session with others.
//!
//! A session that was begun for this connection shows its [`Mark`]; that is the whole check where there is no pooler. Behind one, a second
//! connection asks for its server process in turn with ours. In session mode each keeps its own. In transaction and in statement
//! mode a pooler gives the next statement to the session that was released last, or to the one that has been idle for longest; in both
//! orders one of the two connections is soon answered by another process than before, with traffic and without it.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use migrate_history::Database;
use sqlx::PgConnection;

use crate::sql::{self, LedgerDialect as _};
use crate::{Cause, Error};

/// A word in the startup packet that no other connection has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark(String);

/// The parameter that holds it. A server takes any that has a dot in its name.
const PARAMETER: &str = "migrate.session";

/// How long the second connection may take for its answer before ours is asked too.
const PATIENCE: Duration = Duration::from_millis(300);

/// How long the answers may take in all.
const LIMIT: Duration = Duration::from_secs(30);

/// How often the two are asked in turn. In the n-th round the second one is asked n times: however many sessions a pooler hands out one
/// after the other, the same one cannot be ours each time.
const ROUNDS: usize = 4;

impl Mark {
    pub fn new() -> Mark {
        Mark(crate::run_token::run_token())
    }

    /// For the startup packet.
    pub fn option(&self) -> (&'static str, &str) {
        (PARAMETER, &self.0)
    }

    /// Whether the session has it, as an expression.
    pub fn is_seen(&self) -> String {
        let word = sql::PostgresDialect.literal(&self.0);
        format!("coalesce(pg_catalog.current_setting('{PARAMETER}', true) = {word}, false)")
    }
}

/// Whether another connection is answered by the session that answers ours. `pid` is the process that answered ours last.
///
/// # Errors
/// A connection is lost, or not answered in time.
pub(super) async fn is_shared(ours: &mut PgConnection, second: &mut PgConnection, pid: &str) -> Result<bool, Error> {
    let doing = Error::while_doing("find out whether a pooler shares the session");
    match tokio::time::timeout(LIMIT, compare(ours, second, pid)).await {
        Ok(shared) => shared.map_err(doing),
        Err(_) => {
            let cause = Box::new(Cause::plain("the pooler gave no answer within 30 s"));
            let remedy = "raise its `default_pool_size`";
            Err(Error::Connect { database: Database::Postgres, cause, remedy })
        }
    }
}

/// Whether one connection alone is answered by more than one session.
pub(super) async fn changes(ours: &mut PgConnection, pid: &str) -> Result<bool, sqlx::Error> {
    for _ in 0..ROUNDS {
        if process(ours).await? != pid {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn compare(ours: &mut PgConnection, second: &mut PgConnection, pid: &str) -> Result<bool, sqlx::Error> {
    let other = match first_answers(ours, second).await? {
        // It waits for a session of its own, and a pooler serves in turn, so ours has one that is kept for it.
        (Some(own), None) => return Ok(own != pid),
        (Some(own), Some(_)) if own != pid => return Ok(true),
        (_, Some(other)) => other,
        (None, None) => return Err(sqlx::Error::RowNotFound),
    };
    if other == pid {
        return Ok(true);
    }
    for round in 1..=ROUNDS {
        if process(ours).await? != pid {
            return Ok(true);
        }
        for _ in 0..round {
            if process(second).await? != other {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The answer of the second connection; ours too, where the second one has to wait for its answer.
async fn first_answers(
    ours: &mut PgConnection,
    second: &mut PgConnection,
) -> Result<(Option<String>, Option<String>), sqlx::Error> {
    let mut other = pin!(process(second));
    if let Ok(other) = tokio::time::timeout(PATIENCE, &mut other).await {
        return Ok((None, Some(other?)));
    }
    let own = match select(pin!(process(ours)), &mut other).await {
        Either::Left((own, _)) => own?,
        Either::Right((other, own)) => return Ok((Some(own.await?), Some(other?))),
    };
    // Both may have been answered at once.
    match tokio::time::timeout(PATIENCE, other).await {
        Ok(other) => Ok((Some(own), Some(other?))),
        Err(_) => Ok((Some(own), None)),
    }
}

async fn process(connection: &mut PgConnection) -> Result<String, sqlx::Error> {
    use sqlx::Row;
    let row = sqlx::raw_sql("SELECT pg_catalog.pg_backend_pid()::text").fetch_one(connection).await?;
    row.try_get_unchecked(0)
}
