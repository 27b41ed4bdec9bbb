//! Whether SQLite can still read its schema after a table was built anew or dropped.
//!
//! SQLite resolves the names in a view or trigger only when it is used, so one that names a column or table which is gone stays
//! unnoticed. A rename makes SQLite read all of them again (`alter.c`, `renameTestSchema`).

use super::{Driver, Sqlite};
use crate::settings::sqlite::READ;

/// How SQLite's message begins that names a view or trigger which it cannot read.
const BROKEN: &str = "error in ";

impl Sqlite<'_> {
    /// The view or trigger that SQLite cannot read, in its own words; `None` where there is none.
    pub(super) async fn read_schema(&mut self) -> Result<Option<String>, sqlx::Error> {
        if self.texts("SELECT 1 FROM sqlite_schema WHERE type IN ('view', 'trigger') LIMIT 1").await?.is_empty() {
            return Ok(None);
        }
        self.run("SAVEPOINT migrate_read").await?;
        let read = self.run(&READ.join("; ")).await;
        self.run("ROLLBACK TO migrate_read; RELEASE migrate_read").await?;
        match read {
            Ok(()) => Ok(None),
            Err(error) => {
                let message = error.as_database_error().map(|error| error.message().to_owned()).unwrap_or_default();
                if message.starts_with(BROKEN) { Ok(Some(message)) } else { Err(error) }
            }
        }
    }
}
