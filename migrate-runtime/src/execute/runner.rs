//! What a run is made of.

use std::time::Instant;

use migrate_history::History;
use migrate_history::plan::{Direction, Dropped, Plan, Target};

use super::replicas::Replicas;
use super::work::RunProgress;
use crate::Completed;
use crate::ledger::RunStamp;
use crate::observer::Observer;
use crate::options::Options;
use crate::planned_step::PlannedStep;

/// How often a run opens its connection again after a lost COMMIT before it gives up.
pub(super) const RECONNECTS: usize = 5;

/// What to run, and whom to tell.
pub(crate) struct Job<'j, 'h> {
    pub history: &'j History,
    pub options: &'j Options,
    pub observer: &'j mut Observer<'h>,
    pub aim: Aim<'j>,
}

/// What a run shall lead to.
pub(crate) enum Aim<'j> {
    /// What the target means when the run begins.
    Target(Direction, Target),
    /// What was planned before.
    Plan(&'j Plan),
}

impl Aim<'_> {
    pub fn direction(&self) -> Direction {
        match self {
            Aim::Target(direction, _) => *direction,
            Aim::Plan(plan) => plan.direction,
        }
    }

    pub fn is_head(&self) -> bool {
        match self {
            Aim::Target(Direction::Upgrade, target) => matches!(target, Target::Head | Target::Heads),
            Aim::Target(Direction::Downgrade, _) => false,
            Aim::Plan(_) => false,
        }
    }

    /// Whether it is about certain migrations: those of a plan that somebody agreed to, or those that `-1` counted.
    pub fn is_certain(&self) -> bool {
        match self {
            Aim::Target(_, target) => target.is_counted_down(),
            Aim::Plan(_) => true,
        }
    }
}

/// A run at work.
pub(super) struct Runner<'j, 'h, D> {
    pub driver: D,
    pub job: Job<'j, 'h>,
    pub direction: Direction,
    pub stamp: RunStamp,
    pub started: Instant,
    pub completed: Vec<Completed>,
    /// What the migration that is being undone drops, as it was last counted.
    pub dropped: Vec<Dropped>,
    pub reconnects: usize,
    pub ledger: LedgerOrigin,
    /// What is left of the run.
    pub work: RunProgress,
    /// How far the replicas are.
    pub replicas: Replicas,
    /// Whether the plan was compared with the reviewed one.
    pub reviewed: Reviewed,
}

/// What was found of the review of a plan, under the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reviewed {
    /// It was not asked.
    NotYet,
    /// The database is not protected, and no hash was given.
    NotRequired,
    /// The whole of what is done was reviewed.
    Whole,
}

/// Whose the ledger is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LedgerOrigin {
    /// It was there, or is not there yet.
    Found,
    /// This run made it.
    Made,
}

/// When the ledger is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LedgerReading {
    /// Before anything else; there may be none.
    First,
    /// It is there, and the lock is ours.
    Locked,
}

/// Whether the rest of the plan still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Continuation {
    /// It does; the journal's last entry is this.
    On(i64),
    /// Plan again.
    Again,
}

/// One step of a run.
#[derive(Clone, Copy)]
pub(super) struct Task<'p> {
    /// The plan that the run began with.
    pub first: &'p Plan,
    pub of: PlannedStep<'p>,
}
