//! What happens between two batches: others get in, replicas catch up, and a server that is busy is left alone for a while.

use std::time::{Duration, Instant};

use super::runner::{Runner, Task};
use crate::Error;
use crate::driver::{Driver, Strain};
use crate::event::{Event, PauseReason};

/// How long it is until the server is asked again.
const BETWEEN_QUESTIONS: Duration = Duration::from_millis(500);

/// How long a busy server is left alone before the next batch runs all the same: a step must end one day.
const LONGEST_FOR_LOAD: Duration = Duration::from_secs(10);

/// How long it is between two events about the same pause.
const BETWEEN_EVENTS: Duration = Duration::from_secs(10);

impl<D: Driver> Runner<'_, '_, D> {
    /// Waits until the next batch may begin. The last one took so long.
    pub(super) async fn rest(&mut self, task: Task<'_>, took: Duration) -> Result<(), Error> {
        let gap = self.driver.gap(took);
        if !gap.is_zero() {
            self.pause(gap).await?;
        }
        let (began, mut told) = (Instant::now(), None);
        while let Some(reason) = self.reason_to_pause(task, began.elapsed()).await {
            if told.is_none_or(|told: Instant| told.elapsed() >= BETWEEN_EVENTS) {
                told = Some(Instant::now());
                let revision = task.of.planned.revision.clone();
                self.job.observer.tell(Event::Paused { revision, reason, elapsed: began.elapsed() });
            }
            self.pause(BETWEEN_QUESTIONS).await?;
        }
        Ok(())
    }

    /// Why the next batch does not begin yet.
    async fn reason_to_pause(&mut self, task: Task<'_>, waited: Duration) -> Option<PauseReason> {
        let strain = self.driver.strain().await;
        self.tell_hidden(task, &strain);
        let (lag, limit) = (self.replicas.lag(&strain, Instant::now()), self.job.options.max_lag);
        if let Some(lag) = lag.filter(|lag| !limit.is_zero() && *lag > limit) {
            return Some(PauseReason::Lag { lag, limit });
        }
        let limit = self.job.options.max_waiting;
        let is_busy = limit > 0 && strain.waiting > limit && waited < LONGEST_FOR_LOAD;
        is_busy.then_some(PauseReason::Load { waiting: strain.waiting, limit })
    }

    /// What is not visible is not taken for nothing.
    fn tell_hidden(&mut self, task: Task<'_>, strain: &Strain) {
        let Strain { hidden_replicas: replicas, hidden_sessions: sessions, .. } = *strain;
        if replicas + sessions > 0 && !self.replicas.is_told {
            self.replicas.is_told = true;
            let revision = task.of.planned.revision.clone();
            self.job.observer.tell(Event::Hidden { revision, replicas, sessions });
        }
        if let Some(reason) = strain.unanswered.clone().filter(|_| !self.replicas.is_unknown_told) {
            self.replicas.is_unknown_told = true;
            let revision = task.of.planned.revision.clone();
            self.job.observer.tell(Event::LoadUnknown { revision, reason });
        }
    }
}
