//! What a session is when it is found, what it is put to, and how it gets back what it was.

use migrate_history::Rebuild;

use super::session::{Before, SqliteSession};
use crate::Error;
use crate::driver::Driver;
use crate::settings::sqlite::{self, FOREIGN_KEYS, PRAGMAS, Pragma};

/// How long SQLite itself waits in one call; longer waits are ours, so that they are reported and can be cancelled.
const BUSY_TIMEOUT: Pragma = ("busy_timeout", "250");

/// How many changed pages a transaction keeps in memory, 256 MiB as a rule, before it writes them into the file early. Without a log of its
/// own a file that is written takes no reader until the transaction ends.
const CACHE_SPILL: Pragma = ("cache_spill", "65536");

/// What is set for the sake of others, and means nothing for a statement.
const MANNERS: [Pragma; 2] = [BUSY_TIMEOUT, CACHE_SPILL];

/// What is there for this connection alone.
const TEMPORARY: &str = "SELECT type || ' ' || '\"' || replace(name, '\"', '\"\"') || '\"' FROM sqlite_temp_master \
     WHERE type IN ('table', 'trigger', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type = 'table'";

impl SqliteSession<'_> {
    /// What the session is like now.
    pub(super) async fn look(&mut self) -> Result<Before, sqlx::Error> {
        let names = PRAGMAS.iter().chain(&MANNERS).map(|(name, _)| *name);
        let queries: Vec<String> = names.clone().map(sqlite::query).chain([TEMPORARY.to_owned()]).collect();
        let mut replies = self.batch(&queries).await.map_err(|failed| failed.error)?;
        let temporary = replies.pop().unwrap_or_default().into_iter().flatten().flatten().collect();
        let values = replies.into_iter().map(|rows| rows.into_iter().flatten().flatten().next().unwrap_or_default());
        Ok(Before { pragmas: names.zip(values).collect(), temporary })
    }

    /// Sets what is not as it should be, and drops what only this connection has and did not have before us: a temporary table
    /// of one migration would hide a table from the next one.
    pub(super) async fn put(&mut self, wanted: &[(&'static str, String)], had: &[String]) -> Result<(), sqlx::Error> {
        let now = self.look().await?;
        let is_set = |(name, value): &(&str, String)| now.pragmas.iter().any(|(other, is)| name == other && value == is);
        let set = wanted.iter().filter(|pragma| !is_set(pragma)).map(|(name, value)| sqlite::set((name, value)));
        let new = now.temporary.iter().filter(|object| !had.contains(object));
        let statements: Vec<String> =
            set.chain(new.map(|object| format!("DROP {}", object.replacen(' ', " temp.", 1)))).collect();
        if statements.is_empty() {
            return Ok(());
        }
        self.batch(&statements).await.map(drop).map_err(|failed| failed.error)
    }

    /// Makes the session ours, whatever the step before has set in it.
    pub(super) async fn settle(&mut self, rebuild: Rebuild) -> Result<(), Error> {
        let doing = Error::while_doing("set the pragmas of the session");
        let value = |(name, value): &Pragma| if rebuild == Rebuild::Tables && *name == FOREIGN_KEYS { "0" } else { value };
        let wanted = PRAGMAS.iter().chain(&MANNERS).map(|pragma| (pragma.0, value(pragma).to_owned()));
        let had = self.before.clone().unwrap_or_default().temporary;
        self.put(&wanted.collect::<Vec<_>>(), &had).await.map_err(&doing)?;
        // Inside a transaction the pragma does nothing, and dropping the old table would then delete the rows that
        // reference it (manual, `pragma.html#pragma_foreign_keys`): so before it, and only when it took.
        if rebuild == Rebuild::Tables
            && self.texts(&sqlite::query(FOREIGN_KEYS)).await.map_err(&doing)? != [[Some("0".to_owned())]]
        {
            return Err(Error::PragmaIgnored);
        }
        Ok(())
    }
}
