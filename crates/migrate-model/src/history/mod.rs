//! What a compiled history is: plain data, worked out by the compiler and carried in the binary.
//!
//! Every text is a [`Text`], borrowed from the binary where the macro wrote it and owned where it was read back from a
//! ledger, so that a stored downgrade and a compiled one are the same thing to the executor.

mod checksum;
mod grade;
mod migration;
mod tally;

use std::borrow::Cow;
use std::fmt;

pub use self::checksum::{Agreement, checksum, older};
pub use self::grade::{Basis, Grade, Level};
pub use self::migration::{Compiled, Migration};
pub use self::tally::{Count, LIMIT, Tally};

/// Text that the binary holds, or that a ledger gave back.
pub type Text = Cow<'static, str>;

/// A list that the binary holds, or that a ledger gave back.
pub type List<T> = Cow<'static, [T]>;

/// A database that a history can serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Database {
    /// PostgreSQL 14 and later.
    Postgres,
    /// SQLite 3.35 and later.
    Sqlite,
}

impl Database {
    /// Every database, in the order in which they are listed to a user.
    pub const ALL: [Database; 2] = [Database::Postgres, Database::Sqlite];

    /// The word for it in a history's `databases`, and the name of its cargo feature.
    pub const fn word(self) -> &'static str {
        match self {
            Database::Postgres => "postgres",
            Database::Sqlite => "sqlite",
        }
    }

    /// The database that `word` names in a history.
    pub fn from_word(word: &str) -> Option<Database> {
        Database::ALL.into_iter().find(|database| database.word() == word)
    }

    /// Its name in a sentence.
    pub const fn title(self) -> &'static str {
        match self {
            Database::Postgres => "PostgreSQL",
            Database::Sqlite => "SQLite",
        }
    }
}

impl fmt::Display for Database {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.title())
    }
}

/// The migrations of one crate, parents before children is *not* promised here: [`crate::plan::Graph`] orders them.
#[derive(Clone, Debug)]
pub struct History {
    /// Distinguishes the histories that share a database; the crate's name unless the history says otherwise.
    pub name: Text,
    /// The databases that every migration was compiled for.
    pub databases: List<Database>,
    /// The migrations, in the order in which `history!` lists them.
    pub migrations: List<&'static Migration>,
}

/// The SQL of one migration on one database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Which database the SQL is for.
    pub database: Database,
    /// The way there.
    pub upgrade: List<Step>,
    /// The way back; empty for [`Level::Irreversible`].
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

/// A number and what it counts, a phrase that begins with a noun in the plural or an adjective before it: "1 duplicate value of …".
pub fn counted(number: i64, phrase: &str) -> String {
    let nouns = [("rows ", "row "), ("values ", "value "), ("sequences ", "sequence ")];
    let singular = |(many, one): (&str, &str)| {
        let (before, after) = phrase.split_once(many)?;
        (before.split_whitespace().count() < 2).then(|| format!("{before}{one}{after}"))
    };
    let one = nouns.into_iter().filter(|_| number == 1).find_map(singular);
    format!("{number} {}", one.as_deref().unwrap_or(phrase))
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_is_counted_in_the_singular() {
        assert_eq!(counted(1, "rows of `values`"), "1 row of `values`");
        assert_eq!(counted(2, "rows of `values`"), "2 rows of `values`");
        assert_eq!(counted(1, "duplicate values of (a) in `t`"), "1 duplicate value of (a) in `t`");
        assert_eq!(counted(1, "of three: rows of `t`"), "1 of three: rows of `t`");
    }
}
