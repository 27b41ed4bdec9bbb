//! What the ledger says of one revision, as plain data.

use crate::history::{Guard, Level, List, Step, Text};

/// One row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The revision id.
    pub revision: Text,
    /// Its parents, as they were when it was applied.
    pub parents: List<Text>,
    /// The checksum of the operations that were applied.
    pub checksum: Text,
    /// The operations that were applied, in canonical form.
    pub operations: List<Text>,
    /// How far the stored downgrade leads back.
    pub level: Level,
    /// What the stored downgrade does not bring back.
    pub losses: List<Text>,
    /// Why there is no way back, for [`Level::Irreversible`].
    pub irreversible: Option<Text>,
    /// The message of the migration.
    pub message: Text,
    /// The way back, as it was compiled when the revision was applied.
    pub downgrade: List<Step>,
    /// What the way back asks before it touches anything.
    pub guards: List<Guard>,
    /// Whether all of its steps are done.
    pub progress: Progress,
    /// When its last step was committed: UTC, RFC 3339.
    pub applied_at: Text,
    /// Who applied it.
    pub applied_by: Text,
    /// How long its steps took, in milliseconds.
    pub duration_ms: i64,
    /// The version of `migrate` that applied it.
    pub tool: Text,
}

impl Applied {
    /// Whether the schema is the one that the revision leaves behind.
    pub fn is_complete(&self) -> bool {
        self.progress == Progress::Complete
    }

    /// The first line of the message.
    pub fn title(&self) -> &str {
        self.message.lines().next().unwrap_or("").trim()
    }
}

/// How far a migration of several steps got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Every step of the upgrade is done.
    Complete,
    /// An upgrade ended between two of its steps.
    Upgrading {
        /// The last step that was committed, from 1.
        step: usize,
        /// How many steps the upgrade has.
        steps: usize,
    },
    /// A downgrade ended between two of its steps.
    Downgrading {
        /// The last step that was committed, from 1.
        step: usize,
        /// How many steps the downgrade has.
        steps: usize,
    },
}
