//! What the database is asked before a step touches anything.

use migrate_history::plan::{Dropped, Planned};
use migrate_history::{Guard, Notice, Tally, Text};

use super::attempt_error::AttemptError;
use super::runner::{Runner, Task};
use crate::driver::{Driver, Row};
use crate::event::Event;
use crate::{Cause, Error, Refusal, losses};

impl<D: Driver> Runner<'_, '_, D> {
    /// All of them, so that all refusals are reported at once.
    pub(super) async fn ask_guards(&mut self, task: Task<'_>, guards: &[Guard]) -> Result<(), AttemptError> {
        let (planned, mut refusals) = (task.of.planned, Vec::new());
        for guard in guards {
            let rows = match self.count(planned, &guard.query, &guard.refusal).await {
                Ok(rows) => rows,
                // What other guards found may be why.
                Err(AttemptError::Final(_)) if !refusals.is_empty() => break,
                Err(failure) => return Err(failure),
            };
            let (revision, query) = (planned.revision.clone(), guard.query.clone());
            self.job.observer.tell(Event::Guarded { revision, query: query.clone(), rows });
            if rows > 0 {
                refusals.push(Refusal { rows, refusal: guard.refusal.clone(), query });
            }
        }
        if refusals.is_empty() {
            return Ok(());
        }
        Err(Error::Refused { direction: self.direction, revision: planned.revision.clone(), refusals }.into())
    }

    /// Which rows a reader should know of, and which stop nothing.
    pub(super) async fn tell_notices(&mut self, task: Task<'_>, notices: &[Notice]) -> Result<(), AttemptError> {
        for notice in notices {
            let rows = self.count(task.of.planned, &notice.query, &notice.finding).await?;
            if rows > 0 {
                self.job.observer.tell(Event::Noted { note: format!("{rows} {}", notice.finding) });
            }
        }
        Ok(())
    }

    /// What is dropped, counted under the lock; refused without consent.
    pub(super) async fn count_drops(&mut self, task: Task<'_>, drops: &[Dropped]) -> Result<(), AttemptError> {
        let mut planned = task.of.planned.clone();
        planned.drops = drops.to_vec();
        for dropped in planned.drops.iter_mut().filter(|dropped| !dropped.tally.query.is_empty()) {
            let Tally { query, what, reads: _ } = &dropped.tally;
            let rows = self.ask(task.of.planned, query, what).await?;
            let unreadable = || Error::Ledger(format!("a check of `{}` returned no count", planned.revision));
            dropped.count = losses::counted(&rows).ok_or_else(unreadable)?;
            let (revision, dropped) = (planned.revision.clone(), dropped.clone());
            self.job.observer.tell(Event::Counted { revision, dropped });
        }
        let losses = self.agreed(task.first).beyond(&planned);
        if !losses.is_empty() {
            return Err(Error::Losses { revision: planned.revision, losses }.into());
        }
        self.dropped = losses::dropped(&planned.drops);
        Ok(())
    }

    async fn ask(&mut self, planned: &Planned, query: &str, what: &Text) -> Result<Vec<Row>, AttemptError> {
        match self.driver.texts(query).await {
            Ok(rows) => Ok(rows),
            Err(error) if D::is_contention(&error) => Err(AttemptError::Contention(Cause::of(error))),
            Err(error) if D::is_ended(&error) => Err(AttemptError::Ended(Cause::of(error))),
            Err(error) => {
                let (revision, question) = (planned.revision.clone(), what.clone());
                Err(Error::Unanswered { direction: self.direction, revision, question, cause: Box::new(Cause::of(error)) }.into())
            }
        }
    }

    async fn count(&mut self, planned: &Planned, query: &str, what: &Text) -> Result<i64, AttemptError> {
        let rows = self.ask(planned, query, what).await?;
        let text = rows.into_iter().flatten().flatten().next();
        let count = text.and_then(|text| text.parse().ok());
        let unreadable = || Error::Ledger(format!("a check of `{}` returned no count", planned.revision));
        count.ok_or_else(|| unreadable().into())
    }
}
