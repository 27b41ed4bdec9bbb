//! Queries that do not block the application.

use std::sync::Arc;
use std::time::{Duration, Instant};

use migrate_history::Touched;
use sqlx::AssertSqlSafe;

use super::error::is_busy;
use super::send::texts;
use super::session::SqliteSession;
use crate::driver::{Driver as _, Row, Size, Unanswered};
use crate::inspection::{Amount, MOST_COUNTED};
use crate::sql::{self, LedgerDialect as _, quote};

/// In another journal mode than WAL who commits waits for who reads (manual, "Write-Ahead Logging"), so a question is short there.
const LONGEST_WITHOUT_WAL: Duration = Duration::from_millis(200);

/// How many steps of SQLite's machine there are between two looks at the clock: less than a millisecond.
const BETWEEN_LOOKS: i32 = 10_000;

impl SqliteSession<'_> {
    pub(super) async fn ask_beside(&mut self, query: &str, limit: Duration) -> Result<Vec<Row>, Unanswered> {
        let limit = if self.has_wal().await { limit } else { limit.min(LONGEST_WITHOUT_WAL) };
        match self.ask_for(query, limit).await {
            Ok(rows) => Ok(rows),
            Err(error) if is_interrupted(&error) => Err(Unanswered::TimedOut(limit)),
            Err(error) if is_busy(&error) => Err(Unanswered::Locked),
            Err(error) => Err(Unanswered::Failed(error)),
        }
    }

    async fn has_wal(&mut self) -> bool {
        let mode = self.texts("PRAGMA journal_mode").await;
        mode.is_ok_and(|rows| rows.into_iter().flatten().flatten().any(|mode| mode.eq_ignore_ascii_case("wal")))
    }

    /// Looks at the clock while SQLite works. Where this future is dropped, nothing is stopped any more: the connection may be the caller's.
    async fn ask_for(&mut self, query: &str, limit: Duration) -> Result<Vec<Row>, sqlx::Error> {
        let asked = Arc::new(());
        let (asking, until) = (Arc::downgrade(&asked), Instant::now() + limit);
        let connection = self.connection()?;
        connection
            .lock_handle()
            .await?
            .set_progress_handler(BETWEEN_LOOKS, move || asking.strong_count() == 0 || Instant::now() < until);
        let rows = sqlx::raw_sql(AssertSqlSafe(query.to_owned())).fetch_all(&mut *connection).await;
        drop(asked);
        connection.lock_handle().await?.remove_progress_handler();
        rows?.iter().map(texts).collect()
    }

    pub(super) async fn size_of(&mut self, touched: &Touched, limit: Duration) -> Size {
        let count = format!("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT {})", touched.quoted(), MOST_COUNTED + 1);
        let name = sql::SqliteDialect.literal(&touched.table);
        let there = format!("SELECT count(*) FROM main.sqlite_schema WHERE type = 'table' AND name = {name} COLLATE NOCASE");
        match self.ask_beside(&there, limit).await.as_deref().map(number) {
            Ok(Some(0)) => Size { rows: Amount::NotThere, bytes: Amount::NotThere },
            Ok(_) | Err(_) => {
                let rows = match self.ask_beside(&count, limit).await.as_deref().map(number) {
                    Ok(Some(more)) if more > MOST_COUNTED => Amount::MoreThan(MOST_COUNTED),
                    Ok(Some(counted)) => Amount::Exactly(counted),
                    Ok(None) => Amount::Unknown("SQLite returned no count".to_owned()),
                    Err(why) => unknown(why),
                };
                Size { rows, bytes: self.bytes_of(&name, limit).await }
            }
        }
    }

    /// The pages of a table and its indexes, where this SQLite was built with the table `dbstat`; else all of the file at most.
    async fn bytes_of(&mut self, name: &str, limit: Duration) -> Amount {
        let pages = format!(
            "SELECT sum(pgsize) FROM {} WHERE name IN (SELECT name FROM main.sqlite_schema WHERE tbl_name = {name} COLLATE NOCASE)",
            quote("dbstat")
        );
        if let Ok(Some(bytes)) = self.ask_beside(&pages, limit).await.as_deref().map(number) {
            return Amount::Exactly(bytes);
        }
        let file = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        match self.ask_beside(file, limit).await.as_deref().map(number) {
            Ok(Some(bytes)) => Amount::AtMost(bytes),
            Ok(None) => Amount::Unknown("SQLite returned no size".to_owned()),
            Err(why) => unknown(why),
        }
    }
}

fn number(rows: &[Row]) -> Option<u64> {
    rows.first()?.first()?.as_deref()?.parse().ok()
}

fn unknown(why: &Unanswered) -> Amount {
    match why {
        Unanswered::TimedOut(limit) => Amount::TimedOut { limit: *limit },
        Unanswered::Locked => Amount::Unknown("another process has locked the file".to_owned()),
        Unanswered::Failed(error) => Amount::Unknown(error.to_string()),
    }
}

/// `SQLITE_INTERRUPT` (manual, `rescode.html`).
fn is_interrupted(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| code == "9")
}
