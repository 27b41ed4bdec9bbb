//! The SQL of one migration on one database: its steps, its statements, and what is asked before a downgrade.

#[cfg(doc)]
use super::Level;
use super::{Database, List, Tally, Text};

/// The SQL of one migration on one database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Which database the SQL is for.
    pub database: Database,
    /// The steps of the upgrade.
    pub upgrade: List<Step>,
    /// The steps of the downgrade; empty for [`Level::Irreversible`].
    pub downgrade: List<Step>,
    /// Asked before the downgrade touches anything; what one finds refuses the downgrade.
    pub guards: List<Guard>,
    /// What the downgrade drops of that which the migration made, counted before the downgrade touches anything.
    pub drops: List<Tally>,
    /// The paths whose rows or values are not, after the downgrade, those that were there before it: `t`, `t.c`; or [`ANYTHING`].
    /// What another migration's downgrade drops of them can be counted only when this one is undone.
    pub moves: List<Text>,
}

/// The path of whatever raw SQL may touch.
pub const ANYTHING: &str = "*";

/// What is committed as one: a transaction that holds the statements and the ledger's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// SQLite only: a table is built anew, so `PRAGMA foreign_keys` must be off *before* the transaction begins (inside one
    /// it does nothing, and dropping the old table would delete the rows that reference it), `PRAGMA foreign_key_check`
    /// must find nothing new before the commit, and the setting must come back after it.
    pub rebuild: bool,
    /// The statements, in order.
    pub statements: List<Statement>,
}

/// One statement, as a reviewer sees it and as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What the executor does with [`Statement::sql`].
    pub action: Action,
    /// The text, without a closing semicolon.
    pub sql: Text,
    /// The operation it belongs to, in canonical form: "alter table users { drop nickname; }".
    pub operation: Text,
}

impl Statement {
    /// The text with the semicolon that ends it: on a line of its own behind a comment, which would swallow it.
    pub fn ended(&self) -> String {
        let in_comment = self.sql.lines().last().is_some_and(|line| line.contains("--"));
        format!("{}{};", self.sql, if in_comment { "\n" } else { "" })
    }
}

/// What the executor does with a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Runs it.
    Run,
    /// SQLite only, before a rebuild: the text is the `CREATE TABLE` of the table about to be rebuilt and the `CREATE INDEX`es of its
    /// known indexes, as the migrations have left them. Where the database has something else, the step is refused: the rebuild
    /// would take away what somebody made by hand.
    Expect,
    /// SQLite only, before a rebuild: the text is a query with one column of text whose rows are statements (the triggers
    /// and foreign indexes of the table about to be rebuilt, in the database's own words). They are remembered.
    Keep,
    /// SQLite only, after a rebuild: the same query; every remembered statement that it does not return now is run as it was.
    Restore,
}

/// A question asked before a downgrade: how many rows are in its way?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// A query with one row and one column, a count; more than zero refuses the downgrade.
    pub query: Text,
    /// What follows the number: "rows of `users` with null in `nickname`, which the downgrade makes not null".
    pub refusal: Text,
}
