//! What has to run: a pure decision from the history, the ledger's rows and a target. No connection, no clock.
//!
//! ```text
//! target text ─Target::parse→ Target ─resolve(history, applied)→ Goal ─Plan::new→ Plan
//! ```
//!
//! A [`Goal`] is the set of revisions that shall be applied, so that it means the same when the ledger is read once
//! more under the lock and another run has changed it in between.

mod applied;
mod branch;
mod consent;
mod dropped;
mod edited_migration;
mod effort;
mod error;
#[cfg(test)]
mod error_tests;
mod gap;
mod goal;
mod graph;
mod graph_error;
mod hash;
mod keep;
mod level;
mod modes;
mod planned;
mod range;
mod renamed;
mod route;
mod single;
mod target;
mod target_error;
mod unfinished;
mod whole;
mod words;

#[cfg(test)]
mod edited;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that finds something else stops")]
mod example;
#[cfg(test)]
mod hash_tests;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that finds something else stops")]
mod range_tests;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that finds something else stops")]
mod scale_tests;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that finds something else stops")]
mod target_tests;
#[cfg(test)]
mod tests;

pub use applied::{Applied, AppliedRecord, Begun, Progress, Stored};
pub use dropped::Dropped;
pub use edited_migration::{Checksums, EditedMigration, Moved};
pub use error::PlanError;
pub use gap::after_missing;
pub use goal::Goal;
pub use graph::Graph;
pub use graph_error::GraphError;
pub use hash::hash_of_change;
pub use keep::KeptInside;
pub use level::explained;
pub use planned::{Course, Plan, Planned};
pub use range::{range, select};
pub use renamed::{RenamedMigration, renamed};
pub use route::is_at_head;
pub use single::find;
pub use target::{RESERVED_IDS, Target};
pub use target_error::TargetError;

use std::fmt;

/// The direction of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Applies what is pending.
    Upgrade,
    /// Undoes what is applied.
    Downgrade,
}

impl Direction {
    /// The word for it in the ledger and on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Direction::Upgrade => "upgrade",
            Direction::Downgrade => "downgrade",
        }
    }

    /// The other direction.
    pub const fn opposite(self) -> Direction {
        match self {
            Direction::Upgrade => Direction::Downgrade,
            Direction::Downgrade => Direction::Upgrade,
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}
