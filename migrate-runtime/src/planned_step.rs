//! One step of a plan.

use migrate_history::Step;
use migrate_history::plan::{Course, Direction, Planned};

use crate::Position;

/// One step of one migration of a plan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlannedStep<'p> {
    /// The migration.
    pub planned: &'p Planned,
    /// The direction.
    pub direction: Direction,
    /// The step.
    pub step: &'p Step,
    /// Which of the migration's it is, from 1.
    pub number: usize,
}

impl<'p> PlannedStep<'p> {
    /// The steps of a migration, in their order.
    pub fn all(planned: &'p Planned, direction: Direction) -> impl Iterator<Item = PlannedStep<'p>> {
        let steps = planned.transactions().iter().enumerate();
        steps.map(move |(at, step)| PlannedStep { planned, direction, step, number: at + 1 })
    }

    /// Which of the migration's steps it is.
    pub fn position(&self) -> Position {
        Position { number: self.number, total: self.planned.transactions().len() }
    }

    /// Whether the ledger has no row of the migration before it, and that of an upgrade makes one.
    pub fn makes_row(&self) -> bool {
        self.is_first() && self.planned.course == Course::Whole
    }

    /// Whether the migration begins with it.
    pub fn is_first(&self) -> bool {
        self.number == 1
    }
}
