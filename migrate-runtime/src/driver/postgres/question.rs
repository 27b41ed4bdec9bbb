//! Queries that do not block the application.

use std::time::Duration;

use migrate_history::Touched;
use serde_json::Value;

use super::session::PostgresSession;
use crate::driver::{Driver as _, Kept, Row, Size, Unanswered};
use crate::inspection::Amount;
use crate::settings::postgres::BEGIN;
use crate::sql::{self, LedgerDialect as _};

/// How long a question waits for a lock, in milliseconds. Sessions that read or write rows do not wait for it: it requires the weakest
/// lock that there is.
const LOCK_TIMEOUT: u32 = 100;

impl PostgresSession<'_> {
    pub(super) async fn ask_beside(&mut self, query: &str, limit: Duration) -> Result<Vec<Row>, Unanswered> {
        let limit = whole_milliseconds(limit);
        let settings = [
            ("statement_timeout", limit.as_millis()),
            ("lock_timeout", u128::from(LOCK_TIMEOUT)),
            ("max_parallel_workers_per_gather", 0),
        ];
        let set = settings.map(|(name, value)| format!("pg_catalog.set_config('{name}', '{value}', true)")).join(", ");
        let before = [format!("{BEGIN} READ ONLY"), format!("SELECT {set}")];
        let at = before.len();
        let message: Vec<String> = before.into_iter().chain([query.to_owned(), "COMMIT".to_owned()]).collect();
        match self.send(&message, Kept::Of(at)).await {
            Ok(replies) => Ok(replies.into_iter().nth(at).unwrap_or_default()),
            Err(failed) => {
                self.rollback().await;
                Err(unanswered(failed.error, limit))
            }
        }
    }

    /// What the planner expects.
    pub(super) async fn expected_rows(&mut self, query: &str, limit: Duration) -> Option<u64> {
        let rows = self.ask_beside(&format!("EXPLAIN (FORMAT JSON) {query}"), limit).await.ok()?;
        let explained: Value = serde_json::from_str(rows.first()?.first()?.as_deref()?).ok()?;
        expected(explained.get(0)?.get("Plan")?)
    }

    pub(super) async fn size_of(&mut self, touched: &Touched, limit: Duration) -> Size {
        let table = sql::PostgresDialect.literal(&touched.quoted());
        // The size is looked up under a lock; what the catalogue says is not.
        let of = |bytes: &str| {
            format!("SELECT reltuples::bigint, {bytes} FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass({table})")
        };
        let measured = self.ask_beside(&of("pg_catalog.pg_total_relation_size(oid)"), limit).await;
        let (rows, bytes): (_, fn(u64) -> Amount) = match measured {
            Err(Unanswered::Locked | Unanswered::TimedOut(_)) => (self.ask_beside(&of(PAGES), limit).await, Amount::About),
            answered => (answered, Amount::Exactly),
        };
        match rows {
            Ok(rows) => match rows.first() {
                Some(row) => {
                    Size { rows: self.rows_of(touched, number(row, 0), limit).await, bytes: amount(number(row, 1), bytes) }
                }
                None => Size { rows: Amount::NotThere, bytes: Amount::NotThere },
            },
            Err(why) => {
                let unknown = unknown(why);
                Size { rows: unknown.clone(), bytes: unknown }
            }
        }
    }

    /// The number of rows from the last `VACUUM` or `ANALYZE`; for a table that had neither, the planner's estimate from the size of its file.
    async fn rows_of(&mut self, touched: &Touched, counted: Option<i64>, limit: Duration) -> Amount {
        match counted.and_then(|counted| u64::try_from(counted).ok()) {
            Some(counted) if counted > 0 => Amount::About(counted),
            Some(_) | None => {
                let expected = self.expected_rows(&format!("SELECT FROM {}", touched.quoted()), limit).await;
                expected.map_or_else(|| Amount::Unknown("the table was never analyzed".to_owned()), Amount::About)
            }
        }
    }
}

/// The size of a table and its indexes as the last VACUUM or ANALYZE found it.
const PAGES: &str = "(SELECT sum(pages.relpages::bigint) * pg_catalog.current_setting('block_size')::bigint \
                     FROM pg_catalog.pg_class AS pages WHERE pages.oid = pg_class.oid OR pages.oid = pg_class.reltoastrelid \
                     OR pages.oid IN (SELECT indexrelid FROM pg_catalog.pg_index WHERE indrelid = pg_class.oid))::bigint";

/// The rows below what counts them.
fn expected(plan: &Value) -> Option<u64> {
    match plan.get("Node Type")?.as_str()? {
        "Aggregate" => expected(plan.get("Plans")?.get(0)?),
        _ => plan.get("Plan Rows")?.as_u64(),
    }
}

fn number(row: &Row, at: usize) -> Option<i64> {
    row.get(at)?.as_deref()?.parse().ok()
}

fn amount(bytes: Option<i64>, of: fn(u64) -> Amount) -> Amount {
    bytes
        .and_then(|bytes| u64::try_from(bytes).ok())
        .map_or_else(|| Amount::Unknown("the server returned no size".to_owned()), of)
}

fn unknown(why: Unanswered) -> Amount {
    match why {
        Unanswered::TimedOut(limit) => Amount::TimedOut { limit },
        Unanswered::Locked => Amount::Unknown("another session has locked the table".to_owned()),
        Unanswered::Failed(error) => Amount::Unknown(crate::Cause::of(error).message),
    }
}

/// The server takes whole milliseconds, and zero for no limit at all.
fn whole_milliseconds(limit: Duration) -> Duration {
    let milliseconds = (limit.as_secs_f64() * 1000.0).ceil().clamp(1.0, 2_147_483_647.0);
    Duration::from_secs_f64(milliseconds / 1000.0)
}

/// `query_canceled` and `lock_not_available` (manual, "PostgreSQL Error Codes").
fn unanswered(error: sqlx::Error, limit: Duration) -> Unanswered {
    let code = error.as_database_error().and_then(|error| error.code().map(|code| code.into_owned()));
    match code.as_deref() {
        Some("57014") => Unanswered::TimedOut(limit),
        Some("55P03") => Unanswered::Locked,
        Some(_) | None => Unanswered::Failed(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_never_no_limit() {
        assert_eq!(whole_milliseconds(Duration::ZERO), Duration::from_millis(1));
        assert_eq!(whole_milliseconds(Duration::from_micros(1_001)), Duration::from_millis(2));
        assert_eq!(whole_milliseconds(Duration::from_secs(5)).as_millis(), 5_000);
    }

    #[test]
    fn what_is_expected_is_below_the_count() {
        let plan = serde_json::json!({ "Node Type": "Aggregate", "Plan Rows": 1, "Plans": [{ "Node Type": "Seq Scan", "Plan Rows": 42 }] });
        assert_eq!(expected(&plan), Some(42));
        assert_eq!(expected(&plan["Plans"][0]), Some(42));
    }
}
