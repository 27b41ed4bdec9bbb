//! What the ledger says of one revision, as plain data.

use super::Direction;
use crate::{Agreement, Basis, Grade, Level, List, Migration, Step, Tally, Text};

/// One row of the ledger, as much of it as was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The revision id.
    pub revision: Text,
    /// Its parents, as they were when it was applied; read for a listing, and of what the code does not know.
    pub parents: List<Text>,
    /// The checksum of the operations that were applied.
    pub checksum: Text,
    /// Whether all of its steps are done.
    pub progress: Progress,
    /// What a listing shows; read for one alone.
    pub record: Option<AppliedRecord>,
    /// What the code does not have; read only where [`Applied::needs_stored`].
    pub stored: Option<Box<Stored>>,
}

/// How a revision was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedRecord {
    /// How much the stored downgrade restores.
    pub level: Level,
    /// Whether that is proved or stated.
    pub basis: Basis,
    /// What the downgrade does not restore.
    pub losses: List<Text>,
    /// Why there is no downgrade, for [`Level::Irreversible`].
    pub irreversible: Option<Text>,
    /// The message of the migration.
    pub message: Text,
    /// When its last step was committed: UTC, RFC 3339.
    pub applied_at: Text,
    /// Who applied it.
    pub applied_by: Text,
    /// How long its steps took, in milliseconds.
    pub duration_ms: i64,
    /// The version of `migrate` that applied it.
    pub tool: Text,
}

/// A migration as it was compiled when it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The message.
    pub message: Text,
    /// The operations that were applied, in canonical form.
    pub operations: List<Text>,
    /// What the downgrade restores.
    pub level: Level,
    /// Whether that is proved or stated.
    pub basis: Basis,
    /// What the downgrade does not restore.
    pub losses: List<Text>,
    /// Why there is no downgrade, for [`Level::Irreversible`].
    pub irreversible: Option<Text>,
    /// What a reader of the plan should know; empty in a row of an older version, which did not keep it.
    pub notes: List<Text>,
    /// The upgrade as it began, while it is between two of its steps; `None` in a row of an older version, which did not keep it.
    pub upgrade: Option<List<Step>>,
    /// The step outside of a transaction that has begun and is not known to be done.
    pub begun: Option<Begun>,
    /// The downgrade.
    pub downgrade: List<Step>,
    /// What the downgrade drops of that which the migration made; `None` in a row of an older version, which did not ask.
    pub drops: Option<List<Tally>>,
    /// See [`crate::Script::moves`].
    pub moves: List<Text>,
}

/// A step outside of a transaction that has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Its id.
    pub step: Text,
    /// How far it is, for a step in batches: the last key that is done.
    pub cursor: Option<Text>,
    /// How many rows it has gone through, as far as its batches say so.
    pub rows: u64,
}

impl AppliedRecord {
    /// The level, and whether it is proved or stated.
    pub fn grade(&self) -> Grade {
        Grade { level: self.level, basis: self.basis }
    }
}

impl Applied {
    /// Whether the schema is the one after the revision.
    pub fn is_complete(&self) -> bool {
        self.progress == Progress::Complete
    }

    /// Whether a plan may need what the ledger stores: the code does not know the revision, has other operations, or the
    /// revision is between two of its steps.
    pub fn needs_stored(&self, migration: Option<&Migration>) -> bool {
        !self.is_complete() || migration.is_none_or(|migration| self.is_edited(migration))
    }

    /// Whether the code has other operations than those that were applied, or puts them after other parents. Every comparison with
    /// what was recorded is made here, or by [`Applied::note`].
    pub fn is_edited(&self, migration: &Migration) -> bool {
        match migration.agreement(&self.checksum) {
            Agreement::UpgradeEdited => true,
            Agreement::Same | Agreement::DowngradeEdited => false,
        }
    }

    /// What a reader should know of an edited downgrade, which is not refused.
    pub fn note(&self, migration: &Migration) -> Option<Text> {
        match migration.agreement(&self.checksum) {
            Agreement::DowngradeEdited => Some(Text::Owned(format!(
                "the downgrade of `{}` was edited after it was applied; a downgrade runs the edited one, \
                 which was compiled against the same schema",
                self.revision
            ))),
            Agreement::Same | Agreement::UpgradeEdited => None,
        }
    }
}

impl Progress {
    /// Which way it goes and in how many steps, where none is known to be done: one outside of a transaction must have begun then.
    pub fn begun_only(self) -> Option<(&'static str, usize)> {
        match self {
            Progress::Upgrading { step: 0, steps } => Some((Direction::Upgrade.word(), steps)),
            Progress::Downgrading { step: 0, steps } => Some((Direction::Downgrade.word(), steps)),
            Progress::Complete | Progress::Upgrading { .. } | Progress::Downgrading { .. } => None,
        }
    }
}

/// How far a migration of several steps got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Every step of the upgrade is done.
    Complete,
    /// An upgrade ended between two of its steps.
    Upgrading {
        /// The last step that was committed, from 1; zero where the first has begun outside of a transaction.
        step: usize,
        /// How many steps the upgrade has.
        steps: usize,
    },
    /// A downgrade ended between two of its steps.
    Downgrading {
        /// The last step that was committed, from 1; zero where the first has begun outside of a transaction.
        step: usize,
        /// How many steps the downgrade has.
        steps: usize,
    },
}

/// A revision that is applied, with its checksum.
pub(super) type AppliedChecksum = (Text, Text);
