//! What became of a step outside of a transaction that an earlier run has begun.

use migrate_history::plan::Begun;
use migrate_history::{Calls, Mode};

use super::attempt_error::AttemptError;
use super::runner::{Runner, Task};
use crate::driver::Driver;
use crate::protocol::{Since, Standing};
use crate::{Error, stored};

impl<D: Driver> Runner<'_, '_, D> {
    /// The state of the step: as its transaction left it, as its probe finds it, or as the ledger's cursor has it.
    pub(super) async fn standing(&mut self, task: Task<'_>) -> Result<Standing, AttemptError> {
        match task.of.step.mode {
            Mode::Transaction { .. } | Mode::Program { calls: Calls::Once, .. } => Ok(Standing::NotBegun),
            Mode::Unknown { .. } => Ok(Standing::NotBegun),
            Mode::Alone | Mode::Batches { .. } | Mode::Program { calls: Calls::InBatches | Calls::Outside, .. }
                if self.begun(task).await?.is_none() =>
            {
                Ok(Standing::NotBegun)
            }
            Mode::Alone => self.probe(task).await,
            Mode::Batches { .. } | Mode::Program { calls: Calls::InBatches | Calls::Outside, .. } => Ok(Standing::Begun),
        }
    }

    /// How far the ledger says that the step is; `None` where it has not begun.
    pub(super) async fn begun(&mut self, task: Task<'_>) -> Result<Option<Begun>, AttemptError> {
        let query = self.driver.ledger().begun(&self.stamp, task.of.planned);
        let rows = self.driver.rows(&query).await.map_err(|error| AttemptError::of::<D>("read the ledger", error))?;
        let Some(text) = rows.into_iter().flatten().flatten().next() else { return Ok(None) };
        let revision = &task.of.planned.revision;
        let begun =
            stored::read_begun(&text).map_err(|what| Error::Ledger(format!("the row of `{revision}` cannot be read: {what}")))?;
        Ok((begun.step == task.of.step.id).then_some(begun))
    }

    /// Where the statements of a step may have run in a session with other settings, the probe must see what they did.
    pub(super) async fn verify(&mut self, task: Task<'_>, since: Since) -> Result<(), AttemptError> {
        match (since, &task.of.step.mode) {
            (Since::Begun, Mode::Alone) if self.driver.is_shared() && task.of.step.probe.is_some() => {}
            (Since::Begun | Since::Plan, Mode::Alone | Mode::Transaction { .. } | Mode::Batches { .. })
            | (Since::Begun | Since::Plan, Mode::Program { .. } | Mode::Unknown { .. }) => return Ok(()),
        }
        if self.probe(task).await? == Standing::Done {
            return Ok(());
        }
        let (revision, schema) = (task.of.planned.revision.clone(), self.driver.schema().unwrap_or_default());
        Err(Error::NoEffect { revision, schema }.into())
    }

    /// What became of the step. One without a probe may be done twice.
    async fn probe(&mut self, task: Task<'_>) -> Result<Standing, AttemptError> {
        let Some(probe) = &task.of.step.probe else { return Ok(Standing::Begun) };
        let rows = self
            .driver
            .texts(&probe.query)
            .await
            .map_err(|error| AttemptError::of::<D>("look at a step that was begun", error))?;
        let text = rows.into_iter().flatten().flatten().next();
        let revision = &task.of.planned.revision;
        let unreadable = || Error::Ledger(format!("the probe of `{revision}` gave an unknown answer"));
        Ok(text.as_deref().and_then(answer).ok_or_else(unreadable)?)
    }
}

/// What a probe says.
fn answer(text: &str) -> Option<Standing> {
    match text {
        "done" => Some(Standing::Done),
        "half" => Some(Standing::Half),
        "nothing" => Some(Standing::Begun),
        _ => None,
    }
}
