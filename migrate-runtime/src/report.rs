//! What a run did.

use std::time::Duration;

use migrate_history::plan::{Direction, Dropped};
use migrate_history::{Database, Text};

/// The result of an upgrade or a downgrade that succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The database.
    pub database: Database,
    /// PostgreSQL: the schema that the run worked in.
    pub schema: Option<Text>,
    /// The direction.
    pub direction: Direction,
    /// The migrations that this run completed, in order; empty when there was nothing to do.
    pub migrations: Vec<Completed>,
    /// From the first statement to the last, the wait for other runs included.
    pub duration: Duration,
}

/// A migration that a run completed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Completed {
    /// The revision id.
    pub revision: Text,
    /// The first line of its message.
    pub title: String,
    /// How long its steps took.
    pub duration: Duration,
    /// What its downgrade dropped that was created since the upgrade, as it was counted in the transaction that dropped it.
    pub dropped: Vec<Dropped>,
}

impl Report {
    /// Whether there was nothing to do.
    pub fn is_empty(&self) -> bool {
        self.migrations.is_empty()
    }
}
