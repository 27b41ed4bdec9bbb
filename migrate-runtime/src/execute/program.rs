//! A function of the program, called in the transaction of its step.

use std::time::Instant;

use migrate_history::{Calls, Mode, Text};

use super::attempt_error::AttemptError;
use super::runner::{Runner, Task};
use super::statements::{Attempt, NextInstruction};
use crate::driver::Driver;
use crate::error::{Stopped, Undone};
use crate::event::Event;
use crate::options::Grouping;
use crate::program::{Call, CallError, CallFailure, StepInfo};
use crate::{Cause, Error, ProgramError};

impl<D: Driver> Runner<'_, '_, D> {
    /// Calls the function of the step. In batches it gets the cursor that the ledger has, and leaves the next one.
    pub(super) async fn program(&mut self, task: Task<'_>, attempt: &mut Attempt<'_>) -> Result<NextInstruction, AttemptError> {
        let started = Instant::now();
        let after = match task.of.step.mode {
            Mode::Program { calls: Calls::InBatches, .. } => {
                let begun = self.begun(task).await?.ok_or_else(|| AttemptError::gone(&task.of.planned.revision))?;
                begun.cursor.map(String::from)
            }
            Mode::Program { calls: Calls::Once | Calls::Outside, .. } | Mode::Transaction { .. } | Mode::Alone => None,
            Mode::Batches { .. } | Mode::Unknown { .. } => None,
        };
        attempt.pace.begin(None);
        let cursor = match task.of.step.mode {
            Mode::Program { calls: Calls::Outside, .. } => self.call_outside(task).await?,
            Mode::Program { .. } | Mode::Transaction { .. } | Mode::Alone => self.call(task, after).await?,
            Mode::Batches { .. } | Mode::Unknown { .. } => self.call(task, after).await?,
        };
        let (revision, function) = (task.of.planned.revision.clone(), name(task));
        let duration = started.elapsed();
        self.job.observer.tell(Event::Called { revision, function, cursor: cursor.clone(), duration });
        attempt.cursor = cursor.map(Text::Owned);
        match task.of.step.mode {
            Mode::Program { calls: Calls::InBatches, .. } if attempt.cursor.is_none() => Ok(NextInstruction::End),
            Mode::Program { .. } | Mode::Transaction { .. } | Mode::Alone => Ok(NextInstruction::Following),
            Mode::Batches { .. } | Mode::Unknown { .. } => Ok(NextInstruction::Following),
        }
    }

    /// Calls the function outside of a transaction, with the settings of a statement that runs there.
    async fn call_outside(&mut self, task: Task<'_>) -> Result<Option<String>, AttemptError> {
        if self.driver.is_shared() {
            return Err(self.failed_call(task, CallFailure::Pooled));
        }
        let [before, after] = self.driver.around_alone();
        for statement in &before {
            self.driver.execute(statement).await.map_err(|error| AttemptError::of::<D>("prepare a function", error))?;
        }
        let called = self.call(task, None).await;
        for statement in &after {
            let settled = self.driver.execute(statement).await;
            if called.is_ok() {
                settled.map_err(|error| AttemptError::of::<D>("put settings back after a function", error))?;
            }
        }
        called
    }

    async fn call(&mut self, task: Task<'_>, cursor: Option<String>) -> Result<Option<String>, AttemptError> {
        let (revision, direction, stop) = (task.of.planned.revision.clone(), self.direction, self.job.options.stop.clone());
        let (database, step, called) = (D::DATABASE, task.of.number, Instant::now());
        let about = StepInfo { database, revision, direction, step, called, stop };
        let call = Call { migration: task.of.planned.migration, mode: &task.of.step.mode, about, cursor };
        let Runner { driver, job, .. } = self;
        let called = driver.call(call, &mut |event| job.observer.tell(event)).await;
        called.map_err(|error| match error {
            CallError::Stopped => Stopped::error().into(),
            CallError::Lost(error) => AttemptError::Lost(Cause::of(error)),
            CallError::Waited => {
                AttemptError::Contention(Cause::plain("the statements waited longer than the lock timeout of the step"))
            }
            CallError::Failed(failure) => self.failed_call(task, failure),
        })
    }

    /// What it means that the function failed.
    fn failed_call(&self, task: Task<'_>, failure: CallFailure) -> AttemptError {
        if let Some(error) = failure.as_sqlx() {
            if D::is_fenced(error) {
                return Error::LeaseLost { holder: None }.into();
            }
            if D::is_contention(error) {
                return AttemptError::Contention(Cause::seen(error));
            }
            if D::is_ended(error) {
                return AttemptError::Ended(Cause::seen(error));
            }
        }
        let step = task.of.position();
        let (revision, title) = (task.of.planned.revision.clone(), task.of.planned.title().to_owned());
        let undone = match (&task.of.step.mode, self.job.options.grouping) {
            (_, Grouping::All) => Undone::Run,
            (Mode::Program { calls: Calls::InBatches, .. }, Grouping::Step) => Undone::Batch,
            (Mode::Program { calls: Calls::Outside, .. }, Grouping::Step) => Undone::Function,
            (_, Grouping::Step) if step.total <= 1 => Undone::Migration,
            (_, Grouping::Step) => Undone::Step,
        };
        let direction = self.direction;
        Error::Program(Box::new(ProgramError { revision, title, direction, step, function: name(task), undone, failure })).into()
    }
}

/// The path of the function, as it is written.
fn name(task: Task<'_>) -> Text {
    Text::Owned(task.of.step.mode.written().1.to_owned())
}
