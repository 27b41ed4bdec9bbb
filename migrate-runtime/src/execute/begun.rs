//! What is the same for steps outside of a transaction: that they begin is recorded, and that they are done.

use std::time::Instant;

use migrate_history::Rebuild;
use migrate_history::plan::Begun;

use super::pieces;
use super::run::{Flow, Run};
use super::step::{Failure, Task, entry};
use crate::driver::Driver;
use crate::journal::Outcome;
use crate::sql::Value;
use crate::{Error, stored};

impl<D: Driver> Run<'_, '_, D> {
    /// How far the ledger says that the step is; `None` where it has not begun.
    pub(super) async fn begun(&mut self, task: Task<'_>) -> Result<Option<Begun>, Failure> {
        let query = self.driver.ledger().begun(&self.stamp, task.planned);
        let rows = self.driver.rows(&query).await.map_err(|error| Failure::of::<D>("read the ledger", error))?;
        let Some(text) = rows.into_iter().flatten().flatten().next() else { return Ok(None) };
        let revision = &task.planned.revision;
        let begun =
            stored::read_begun(&text).map_err(|what| Error::Ledger(format!("the row of `{revision}` cannot be read: {what}")))?;
        Ok((begun.step == task.step.id).then_some(begun))
    }

    /// Records that the step begins, once what stops it was asked; in a transaction of its own. The journal's entry is the new position.
    pub(super) async fn begin_step(&mut self, task: Task<'_>, position: i64) -> Result<Flow, Failure> {
        self.driver.begin(Rebuild::Nothing, 1, self.job.observer).await?;
        if self.is_overtaken(position).await? {
            return Ok(Flow::Again);
        }
        self.ask_first(task).await?;
        let begin = self.driver.ledger().begin(&self.stamp, task.planned, self.direction, task.step, task.number);
        if self.driver.write(&begin).await.map_err(|error| Failure::of::<D>("write the ledger", error))? != 1 {
            return Err(pieces::gone(&task.planned.revision).into());
        }
        let next = self.journal(&entry(task, self.direction, Value::Integer(0), Outcome::Begun)).await?;
        self.driver.commit().await.map_err(|commit| self.uncommitted(task, commit))?;
        Ok(Flow::On(next))
    }

    /// Records that the step is done, in the transaction that is open.
    pub(super) async fn end_step(&mut self, task: Task<'_>, started: Instant) -> Result<Flow, Failure> {
        self.driver.seal().await.map_err(|seal| pieces::unsealed(task, seal))?;
        let next = self.record(task, Value::milliseconds(started.elapsed())).await?;
        self.driver.commit().await.map_err(|commit| self.uncommitted(task, commit))?;
        Ok(Flow::On(next))
    }
}
