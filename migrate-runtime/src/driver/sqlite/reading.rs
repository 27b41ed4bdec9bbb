//! Whether SQLite can still read its views and triggers after a table was rebuilt or dropped.
//!
//! SQLite resolves the names in a view or trigger only when it is used, so one that names a column or table which is gone stays
//! unnoticed. A rename makes SQLite read the expressions of all of them again (`alter.c`, `renameTestSchema`); what the statements of a
//! trigger write is looked up when a statement that fires it is compiled, which `EXPLAIN` does.

use super::session::{SqliteSession, Unreadable};
use crate::driver::Driver;
use crate::settings::sqlite::READ;

/// How SQLite's message begins that names a view or trigger which it cannot read.
const BROKEN: &str = "error in ";

/// The statements that fire the triggers of each table and view, and what has them.
const FIRING: &str = "
    WITH triggered AS (SELECT DISTINCT tbl_name AS name FROM sqlite_schema WHERE type = 'trigger'),
    quoted AS (SELECT name, '\"' || replace(name, '\"', '\"\"') || '\"' AS id FROM triggered)
    SELECT name, 'EXPLAIN INSERT INTO ' || id || ' DEFAULT VALUES' FROM quoted
    UNION ALL SELECT name, 'EXPLAIN DELETE FROM ' || id FROM quoted
    UNION ALL SELECT q.name, 'EXPLAIN UPDATE ' || q.id || ' SET ' || (
        SELECT group_concat('\"' || replace(c.name, '\"', '\"\"') || '\" = NULL', ', ') FROM pragma_table_xinfo(q.name) c WHERE c.hidden = 0)
    FROM quoted q";

impl SqliteSession<'_> {
    /// Reads every view and trigger.
    pub(super) async fn unreadable(&mut self) -> Result<Unreadable, sqlx::Error> {
        let mut found = Unreadable::new();
        if self.texts("SELECT 1 FROM sqlite_schema WHERE type IN ('view', 'trigger') LIMIT 1").await?.is_empty() {
            return Ok(found);
        }
        self.execute("SAVEPOINT migrate_read").await?;
        let read = self.execute(&READ.join("; ")).await;
        self.execute("ROLLBACK TO migrate_read; RELEASE migrate_read").await?;
        if let Err(error) = read {
            let message = message(&error).filter(|message| message.starts_with(BROKEN));
            found.insert(String::new(), message.ok_or(error)?);
        }
        for row in self.texts(FIRING).await? {
            let [Some(table), Some(statement)] = row.as_slice() else { continue };
            // What it would do is no text in all of its columns, and is not read.
            let Err(error) = self.execute_once(statement).await else { continue };
            let said = message(&error).ok_or(error)?;
            // A view takes no row without a trigger that takes its place.
            if !said.starts_with("cannot modify") {
                found.insert(statement.clone(), format!("error in a trigger of {table}: {said}"));
            }
        }
        Ok(found)
    }
}

/// What SQLite itself says.
fn message(error: &sqlx::Error) -> Option<String> {
    error.as_database_error().map(|error| error.message().to_owned())
}
