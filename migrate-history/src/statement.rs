//! One statement of a step, and what the executor does with it.

use super::Text;

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
    /// The text with the semicolon that ends it: on a line of its own after a comment, which would contain it.
    pub fn ended(&self) -> String {
        let in_comment = self.sql.lines().last().is_some_and(|line| line.contains("--"));
        format!("{}{};", self.sql, if in_comment { "\n" } else { "" })
    }
}

impl Statement {
    /// For [`Action::Load`]: the name of the file, and the text before its place and after it.
    pub fn load(&self) -> Option<(&str, [&str; 2])> {
        // No name is written after the place, so the last one is it whatever columns are called.
        let (before, rest) = self.sql.rsplit_once("{rows of ")?;
        let (name, after) = rest.split_once('}')?;
        Some((name, [before, after]))
    }
}

/// What the executor does with a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Runs it.
    Run,
    /// Runs it in the session of the statement after it or before it, which no transaction holds.
    Set,
    /// Runs it for the rows of a file, some at a time: the text has one place `{rows of NAME}`, which becomes a JSON array of rows, each an
    /// array of texts and nulls.
    Load,
    /// SQLite only, before a rebuild: the text is the `CREATE TABLE` of the table about to be rebuilt and the `CREATE INDEX`es of its
    /// known indexes, as the migrations have left them. Where the database has something else, the step is refused: the rebuild
    /// would remove what was made by hand.
    Expect,
    /// SQLite only, before a rebuild: the text is a query with one column of text whose rows are statements (the triggers
    /// and foreign indexes of the table about to be rebuilt, in the database's own words). They are remembered.
    Keep,
    /// SQLite only, after a rebuild: the same query; every remembered statement that it does not return now is run as it was.
    Restore,
}

impl Action {
    /// Every action.
    pub const ALL: &'static [Self] = &[Action::Run, Action::Set, Action::Load, Action::Expect, Action::Keep, Action::Restore];
}
