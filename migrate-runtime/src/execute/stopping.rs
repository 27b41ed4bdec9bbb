//! Where a run ends that was asked to, and what it says then.

use std::time::Duration;

use migrate_history::Text;

use super::runner::{Runner, Task};
use crate::Error;
use crate::driver::Driver;
use crate::error::Stopped;

impl<D: Driver> Runner<'_, '_, D> {
    /// The run may end here: what it has done is committed, and nothing is open.
    pub(super) fn safe_point(&self) -> Result<(), Error> {
        self.job.options.stop.safe_point()
    }

    /// The run ends here where it is to end at once; what is open is rolled back.
    pub(super) fn hard_point(&self) -> Result<(), Error> {
        if self.job.options.stop.is_at_once() { Err(Stopped::error()) } else { Ok(()) }
    }

    /// Waits at a safe point.
    pub(super) async fn pause(&mut self, duration: Duration) -> Result<(), Error> {
        self.job.options.stop.pause(duration).await
    }

    /// A commit of a step that is not complete with it.
    pub(super) fn note_begun(&mut self, task: Task<'_>) {
        self.work.note(task.of.planned, task.of.number - 1);
    }

    /// The error of a run that was stopped says what is done. The database's own word for a statement that was cancelled, or that found a
    /// lock and was not tried again, is no failure then.
    pub(super) fn if_stopped(&self, error: Error) -> Error {
        let stop = &self.job.options.stop;
        let is_of_request =
            |error: &sqlx::Error| (stop.is_at_once() && D::is_cancelled(error)) || (stop.is_asked() && D::is_contention(error));
        if !matches!(error.reason(), Error::Stopped(_)) && !error.as_sqlx().is_some_and(is_of_request) {
            return error;
        }
        let completed: Vec<Text> = self.completed.iter().map(|one| one.revision.clone()).collect();
        let incomplete = self.work.incomplete.clone();
        let is_at = |revision: &Text| incomplete.as_ref().is_some_and(|at| at.revision == *revision);
        let left = self.work.planned.iter().filter(|revision| !completed.contains(revision) && !is_at(revision));
        Error::Stopped(Box::new(Stopped { left: left.cloned().collect(), completed, incomplete }))
    }
}
