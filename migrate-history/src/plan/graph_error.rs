//! Why revisions have no order.

use std::fmt;

use super::words::names;
use crate::Text;

/// Why revisions have no order. The compiler finds all of it first; a history built by hand may still have them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GraphError {
    /// Two migrations have one revision id.
    Duplicate {
        /// The id.
        revision: Text,
    },
    /// A migration comes after one that the history does not list.
    UnknownParent {
        /// The migration.
        revision: Text,
        /// The parent that is missing.
        parent: Text,
    },
    /// A migration depends on one that the history does not list.
    UnknownDependency {
        /// The migration.
        revision: Text,
        /// The dependency that is missing.
        dependency: Text,
    },
    /// Two migrations have one label.
    DuplicateLabel {
        /// The label.
        label: Text,
        /// The migrations.
        revisions: Vec<Text>,
    },
    /// Migrations come after each other, in a cycle.
    Cycle {
        /// The revisions of the cycle, and those that wait for it.
        revisions: Vec<Text>,
    },
}

impl fmt::Display for GraphError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GraphError::Duplicate { revision } => {
                write!(out, "two migrations have the revision `{revision}`\nhelp: give one of them another id")
            }
            GraphError::UnknownParent { revision, parent } => {
                write!(out, "`{revision}` comes after `{parent}`, which the history does not list\nhelp: add it to `history!`")
            }
            GraphError::UnknownDependency { revision, dependency } => {
                write!(out, "`{revision}` depends on `{dependency}`, which the history does not list\nhelp: add it to `history!`")
            }
            GraphError::DuplicateLabel { label, revisions } => {
                write!(out, "duplicate label `{label}`: {} have it\nhelp: give one of them another label", names(revisions))
            }
            GraphError::Cycle { revisions } => {
                let verb = if revisions.len() == 1 { "comes after itself" } else { "come after each other" };
                write!(out, "cycle: {} {verb}\nhelp: change an `after` or a `depends on` to break it", names(revisions))
            }
        }
    }
}

impl std::error::Error for GraphError {}
