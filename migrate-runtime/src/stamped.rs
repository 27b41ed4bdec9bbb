//! What is recorded as applied without being run.

use migrate_history::Text;

/// What a stamp has changed in the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stamped {
    /// The revisions that are recorded as applied now, parents before children.
    pub added: Vec<Text>,
    /// The revisions that are recorded no longer.
    pub removed: Vec<Text>,
}

/// What becomes of the rows that a stamp need not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldRows {
    /// They stay: of migrations that are recorded already, and of those that the history does not know.
    Kept,
    /// All rows of the history are removed first, so that each is written again.
    Removed,
}
