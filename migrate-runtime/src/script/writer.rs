//! What writes a script, for a shell.

use migrate_history::{Database, History, Version};

use super::registry::shell;
use super::shell::Shell;
use crate::ledger::{Ledger, RunStamp};
use crate::sql::quote;

/// Writes a script.
pub(super) struct ScriptWriter {
    pub ledger: Ledger,
    pub stamp: RunStamp,
    pub database: Database,
    /// The oldest version of it that the history supports.
    pub oldest: Option<Version>,
    pub shell: &'static dyn Shell,
}

impl ScriptWriter {
    /// A writer for the shell of a database.
    pub fn new(history: &History, database: Database) -> ScriptWriter {
        let shell = shell(database);
        let stamp = RunStamp { history: history.name.to_string(), run: "a script".to_owned(), by: shell.by(), origin: "run" };
        let (ledger, oldest) = (Ledger::new(database, shell.schema()), history.oldest(database));
        ScriptWriter { ledger, stamp, database, oldest, shell }
    }

    /// A query whose number must be zero: a constraint of this name stops the script, in psql as in sqlite3.
    pub fn must_be_zero(&self, name: &str, query: &str, out: &mut String) {
        let name = quote(&name.chars().take(60).collect::<String>());
        *out +=
            &format!("CREATE TEMPORARY TABLE \"migrate_check\" (\"found\" bigint CONSTRAINT {name} CHECK (\"found\" = 0));\n");
        *out += &format!("INSERT INTO \"migrate_check\" {query};\nDROP TABLE \"migrate_check\";\n");
    }
}

/// A text as a comment, whatever lines it has.
pub(super) fn comment(text: &str) -> String {
    text.split(['\n', '\r']).map(|line| format!("-- {line}\n")).collect()
}
