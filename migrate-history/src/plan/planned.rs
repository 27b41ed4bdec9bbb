//! What a run will do, migration by migration.

use std::collections::HashMap;

use super::applied::AppliedChecksum;
use super::{Begun, Direction, Dropped, Goal, Progress};
use crate::{Basis, Database, Grade, Guard, Level, List, Migration, Step, Text};

/// What a run will do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// The history's name.
    pub history: Text,
    /// The database that the SQL is for.
    pub database: Database,
    /// PostgreSQL: the schema of the ledger that it was made from; `None` where none was read.
    pub schema: Option<Text>,
    /// The direction.
    pub direction: Direction,
    /// Its goal, independent of what another run does before it is carried out.
    pub goal: Goal,
    /// The migrations, in the order in which they run.
    pub migrations: Vec<Planned>,
    /// What a reader should know of migrations that are applied and not part of the plan.
    pub notes: Vec<Text>,
    /// What was applied when it was made.
    pub(super) applied: Vec<AppliedChecksum>,
}

/// One migration of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Planned {
    /// The revision id.
    pub revision: Text,
    /// The message; the first line is the title.
    pub message: Text,
    /// What the downgrade restores.
    pub level: Level,
    /// Whether that is proved or stated.
    pub basis: Basis,
    /// What the downgrade does not restore.
    pub losses: List<Text>,
    /// What a reader of the plan should know.
    pub notes: List<Text>,
    /// What a downgrade drops that was created since the upgrade; empty for an upgrade, and where the downgrade has begun.
    pub drops: Vec<Dropped>,
    /// See [`Script::moves`](crate::Script::moves).
    pub moves: List<Text>,
    /// All the steps of this direction.
    pub steps: List<Step>,
    /// How many of the steps an earlier run has done.
    pub done: usize,
    /// The step outside of a transaction with which an earlier run has begun.
    pub begun: Option<Begun>,
    /// The compiled migration; `None` when only the ledger knows it.
    pub migration: Option<&'static Migration>,
    /// The steps come from the ledger, because the code does not know the revision or was edited since.
    pub stored: bool,
    /// Which part the steps are.
    pub course: Course,
    /// The rest of the other direction, which an earlier run has begun and which must be finished before the steps: what undoes it half way
    /// is not known.
    pub unfinished: Option<Box<Planned>>,
}

/// Which part of a planned migration its steps are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// The whole migration, in this direction.
    Whole,
    /// What an earlier run has begun in this direction.
    Continued,
    /// An [`Unwind`](crate::Unwind) of what an earlier run has begun in the other direction.
    Unwound,
}

impl Planned {
    /// The level, and whether it is proved or stated.
    pub fn grade(&self) -> Grade {
        Grade { level: self.level, basis: self.basis }
    }

    /// The first line of the message.
    pub fn title(&self) -> &str {
        self.message.lines().next().unwrap_or("").trim()
    }

    /// The steps; one without statements where there are none, for the ledger is written in a step.
    pub fn transactions(&self) -> &[Step] {
        static EMPTY: Step = Step::EMPTY;
        if self.steps.is_empty() { std::slice::from_ref(&EMPTY) } else { &self.steps }
    }

    /// How far it is in a direction.
    pub fn progress(&self, direction: Direction) -> Progress {
        let (step, steps) = (self.done, self.transactions().len());
        match direction {
            Direction::Upgrade => Progress::Upgrading { step, steps },
            Direction::Downgrade => Progress::Downgrading { step, steps },
        }
    }

    /// What refuses it, of all of its steps.
    pub fn guards(&self) -> impl Iterator<Item = &Guard> {
        self.steps.iter().flat_map(|step| step.guards.iter())
    }

    /// Why there is no downgrade, in the words of its author.
    pub fn irreversible(&self) -> Option<&str> {
        self.migration?.compiled().irreversible.as_deref()
    }
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.migrations.is_empty()
    }

    /// The revisions that a later plan for the same goal is about and this one is not, or is in another way: a consent to this
    /// one is no consent to them. That less is left to do is no difference.
    pub fn lacks(&self, later: &Plan) -> Vec<Text> {
        let tallies = |planned: &Planned| planned.drops.iter().map(|dropped| dropped.tally.clone()).collect::<Vec<_>>();
        let same = |one: &Planned, other: &Planned| {
            let steps = one.steps.len() == other.steps.len()
                && one.steps.iter().zip(&*other.steps).all(|(one, other)| one.runs_as(other));
            steps && (other.course == Course::Continued || one.losses == other.losses && tallies(one) == tallies(other))
        };
        let known: HashMap<&Text, &Planned> = self.migrations.iter().map(|one| (&one.revision, one)).collect();
        let lacking = |planned: &&Planned| !known.get(&planned.revision).is_some_and(|one| same(one, planned));
        later.migrations.iter().filter(lacking).map(|planned| planned.revision.clone()).collect()
    }
}
