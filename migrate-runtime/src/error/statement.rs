//! Where a statement failed, what stopped it, and where a table is not what was expected.

use std::fmt;

use migrate_history::plan::Direction;
use migrate_history::{Text, counted};

use super::{Cause, LineColumn};
use crate::Position;

/// A statement that failed, its place, and why.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StatementError {
    /// The revision.
    pub revision: Text,
    /// The first line of its message.
    pub title: String,
    /// The direction.
    pub direction: Direction,
    /// The step of the migration.
    pub step: Position,
    /// The statement of the step.
    pub statement: Position,
    /// What was undone of it.
    pub undone: Undone,
    /// The operation that the statement belongs to, in canonical form.
    pub operation: Text,
    /// The text of the statement; `COMMIT` where the commit itself was refused.
    pub sql: Text,
    /// Why.
    pub cause: Cause,
}

impl fmt::Display for StatementError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the {} of `{}` failed at ", self.direction, self.revision)?;
        match &*self.sql {
            "COMMIT" => out.write_str("its COMMIT")?,
            _ => write!(out, "statement {}", self.statement)?,
        }
        if self.step.total > 1 {
            write!(out, " of step {}", self.step)?;
        }
        write!(out, ": {}", self.cause)?;
        if let Some(LineColumn { line, column }) = self.cause.line_column(&self.sql) {
            write!(out, "\nat line {line}, column {column} of the statement")?;
        }
        for line in self.sql.lines() {
            write!(out, "\n    {line}")?;
        }
        write!(out, "\nnote: {}", self.undone)
    }
}

/// What was undone where a statement failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Undone {
    /// The migration.
    Migration,
    /// The step.
    Step,
    /// The batch.
    Batch,
    /// The whole run.
    Run,
    /// Nothing: the statement runs outside of a transaction.
    Nothing,
    /// Nothing: the function is called outside of a transaction.
    Function,
}

impl fmt::Display for Undone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Undone::Migration => "the migration was rolled back, so the database is unchanged",
            Undone::Step => "the step was rolled back; the steps before it stay applied, and the next run continues here",
            Undone::Batch => "the batch was rolled back; those before it stay applied, and the next run continues here",
            Undone::Run => "the whole run was rolled back, so the database is unchanged",
            Undone::Function => "it runs outside of a transaction, so what it did stays; the next run calls it again",
            Undone::Nothing => {
                "the statement runs outside of a transaction; the next run cleans up what it left, and continues here"
            }
        })
    }
}

/// A table that is not what the migrations made, so that rebuilding it would remove what was made by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Differs {
    /// The revision.
    pub revision: Text,
    /// The table.
    pub table: String,
    /// A phrase for each difference.
    pub differences: Vec<String>,
}

impl fmt::Display for Differs {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Differs { revision, table, differences } = self;
        write!(out, "table `{table}` is not as the migrations left it, so `{revision}` is refused")?;
        differences.iter().try_for_each(|difference| write!(out, "\n    {difference}"))?;
        write!(
            out,
            "\nnote: `{revision}` rebuilds the table, and what the migrations do not know would be lost; it changed nothing\
             \nhelp: undo the difference by hand, or describe it in a migration before `{revision}`, as in \
             `sql \"SELECT 1\" as {{ alter table {table} {{ add COLUMN: TYPE; }} }}`"
        )
    }
}

/// A guard that found rows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// How many.
    pub rows: i64,
    /// What is wrong with them.
    pub refusal: Text,
    /// The query that counts them.
    pub query: Text,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&counted(self.rows, &self.refusal))
    }
}
