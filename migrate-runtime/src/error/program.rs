//! Where a function of the program failed, and why.

use std::fmt;

use migrate_history::Text;
use migrate_history::plan::Direction;

use super::{Cause, Undone};
use crate::Position;
use crate::program::CallFailure;

/// A function of the program that failed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ProgramError {
    /// The revision.
    pub revision: Text,
    /// The first line of its message.
    pub title: String,
    /// The direction.
    pub direction: Direction,
    /// The step of the migration.
    pub step: Position,
    /// The path of the function, as it is written in the migration.
    pub function: Text,
    /// What was undone of it.
    pub undone: Undone,
    pub(crate) failure: CallFailure,
}

impl ProgramError {
    /// What the function returned; `None` where it panicked, or returned no error.
    pub fn returned(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        if let CallFailure::Returned(error) = &self.failure { Some(&**error) } else { None }
    }

    /// The driver's error, where what the function returned has one.
    pub fn as_sqlx(&self) -> Option<&sqlx::Error> {
        self.failure.as_sqlx()
    }

    /// What the journal keeps: the text of the function may hold values of rows.
    pub(crate) fn brief(&self) -> String {
        let what = match &self.failure {
            CallFailure::Returned(_) => "returned an error",
            CallFailure::Panicked(_) => "panicked",
            CallFailure::Stuck(_) => "returned the cursor that it was called with",
            CallFailure::Missing => "is of another version of migrate",
            CallFailure::Pooled => "requires a connection without a pooler",
        };
        let cause = self.as_sqlx().map(|error| format!(": {}", Cause::seen(error).brief())).unwrap_or_default();
        format!("the function `{}` {what}{cause}", self.function)
    }
}

impl fmt::Display for ProgramError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the {} of `{}` failed in the Rust function `{}`", self.direction, self.revision, self.function)?;
        if self.step.total > 1 {
            write!(out, " of step {}", self.step)?;
        }
        write!(out, ": {}\nnote: {}", self.failure, self.undone)
    }
}
