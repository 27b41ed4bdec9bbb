//! What is written about a step into the ledger and the journal.

use migrate_history::{Keeping, Text};

use super::instruction::RowState;
use crate::journal::{self, StepOutcome};
use crate::ledger::{Ledger, RunStamp};
use crate::planned_step::PlannedStep;
use crate::sql::{Parameter, Query};

/// Makes the statements that record a step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Records<'p> {
    pub ledger: &'p Ledger,
    pub stamp: &'p RunStamp,
    pub step: PlannedStep<'p>,
}

/// What of a record is known only where the step is run.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    /// How long the step has taken, in milliseconds.
    pub duration: Parameter,
    /// The last key of the batch.
    pub cursor: Option<Text>,
    /// How many rows the batches of the step have gone through with it.
    pub rows: u64,
}

impl Measured {
    /// Of a step whose only measure is its duration.
    pub fn of(duration: Parameter) -> Measured {
        Measured { duration, cursor: None, rows: 0 }
    }
}

impl Records<'_> {
    /// The statement for the ledger's row, which must touch exactly one.
    pub fn row(&self, record: RowState, measured: &Measured) -> Query {
        match record {
            RowState::Begun => self.ledger.begin(self.stamp, self.step),
            RowState::Moved => self.ledger.moved(self.stamp, self.step, measured.cursor.clone(), measured.rows),
            RowState::Done => self.ledger.record(self.stamp, self.step, measured.duration.clone()),
        }
    }

    /// The statements that record what the step does with data that is kept.
    pub fn keep(&self, keeps: &[Keeping]) -> Vec<Query> {
        self.ledger.keep(self.stamp, self.step, keeps)
    }

    /// The statement for the journal's entry. That a step begins takes no time.
    pub fn entry(&self, outcome: StepOutcome<'_>, measured: &Measured) -> Query {
        let duration = match outcome {
            StepOutcome::Begun => Parameter::Integer(0),
            StepOutcome::Done | StepOutcome::Failed(_) => measured.duration.clone(),
        };
        journal::insert(self.ledger, self.stamp, &journal::NewEntry { step: self.step, duration, outcome })
    }
}
