//! What was worked out of a migration.

use super::{Basis, Database, Grade, Level, List, Script, Text};

/// What was worked out of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    /// The `//!` text, the first line being the title.
    pub message: Text,
    /// The operations of the upgrade in canonical form, one a line of the language: what the checksum covers.
    pub operations: List<Text>,
    /// The `v1:` checksum, where it is not that of the operations above, for they were printed in another form then.
    pub older: Option<Text>,
    /// What the downgrade restores.
    pub level: Level,
    /// Whether that is proved, or depends on what is stated about raw SQL.
    pub basis: Basis,
    /// What a downgrade does not restore, each a phrase such as "the values of `users.nickname`".
    pub losses: List<Text>,
    /// Why there is no downgrade, for [`Level::Irreversible`].
    pub irreversible: Option<Text>,
    /// What a reader of the plan should know, such as a column that comes back in another place.
    pub notes: List<Text>,
    /// The SQL, once for each of the history's databases.
    pub scripts: List<Script>,
}

impl Compiled {
    /// The level, and whether it is proved or stated.
    pub fn grade(&self) -> Grade {
        Grade { level: self.level, basis: self.basis }
    }

    /// The first line of the message.
    pub fn title(&self) -> &str {
        self.message.lines().next().unwrap_or("").trim()
    }

    /// The SQL for one database.
    pub fn script(&self, database: Database) -> Option<&Script> {
        self.scripts.iter().find(|script| script.database == database)
    }
}
