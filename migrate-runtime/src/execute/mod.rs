//! Runs a plan: one transaction a step, its ledger row inside; or a step that none can hold, which is recorded as begun before and as done
//! after it.

mod alone;
mod atomic;
mod attempt_error;
mod batches;
mod begun;
mod ensure;
mod load;
mod message;
mod pace;
mod prepare;
mod program;
mod protect;
mod questions;
mod rebuild;
mod replicas;
mod rest;
mod runner;
mod stamp;
mod statements;
mod step;
mod stopping;
#[cfg(test)]
mod tests;
mod work;

use std::time::{Duration, Instant};

use migrate_history::plan::{Direction, Goal, Plan, PlanError, Planned, Target, is_at_head};
use migrate_history::{Database, History, Rebuild, Text};

use crate::backoff::{BETWEEN_LOOKS, Backoff, LOOKS};
use crate::driver::Driver;
use crate::event::Event;
use crate::ledger::{self, RunStamp, Snapshot};
use crate::losses::{self, Agreed, Later};
use crate::options::{Consent, Grouping};
use crate::planned_step::PlannedStep;
use crate::run_token::run_token;
use crate::session::Session;
use crate::sql::Parameter;
use crate::version::{refuse_older, refuse_unserved};
use crate::who::who;
use crate::{Completed, Error, Lost, Report, kept};

use self::atomic::Use;
pub(crate) use self::ensure::ensure;
pub(crate) use self::load::queries;
use self::load::refuse_unreadable;
pub(crate) use self::protect::protect;
use self::replicas::Replicas;
pub(crate) use self::runner::{Aim, Job};
use self::runner::{Continuation, LedgerOrigin, LedgerReading, Reviewed, Runner, Task};
pub(crate) use self::stamp::stamp;
use self::work::RunProgress;

/// Runs a job in a session, and closes it.
pub(crate) async fn run(session: Session<'_>, job: Job<'_, '_>) -> Result<Report, Error> {
    match session {
        #[cfg(feature = "postgres")]
        Session::Postgres(driver) => drive(driver, job).await,
        #[cfg(feature = "_sqlite")]
        Session::Sqlite(driver) => drive(driver, job).await,
        Session::Missing(database, _) => absent(database, job),
    }
}

/// Whether the target makes sense for a database that is not there.
pub(crate) fn rehearse(history: &History, database: Database, direction: Direction, target: &Target) -> Result<(), Error> {
    let goal = Goal::resolve(history, &[], direction, target)?;
    Plan::new(history, database, &[], &goal)?;
    Ok(())
}

/// Nothing is applied in a database that is not there, so a downgrade has nothing to do.
fn absent(database: Database, job: Job<'_, '_>) -> Result<Report, Error> {
    if let Aim::Target(direction, target) = &job.aim {
        rehearse(job.history, database, *direction, target)?;
    }
    let (direction, duration) = (job.aim.direction(), Duration::ZERO);
    job.observer.tell(Event::Done { direction, migrations: 0, duration });
    Ok(Report { database, schema: None, direction, migrations: Vec::new(), duration })
}

async fn drive<D: Driver>(driver: D, job: Job<'_, '_>) -> Result<Report, Error> {
    let mut runner = Runner::new(driver, job);
    let result = runner.whole().await.map_err(|error| runner.if_stopped(error));
    // What is applied is applied, and a lock that could not be released ends with its session.
    if let Err(error) = runner.driver.close().await
        && result.is_ok()
    {
        runner
            .job
            .observer
            .tell(Event::Noted { note: format!("everything was done, but the session was not closed in order: {error}") });
    }
    result
}

impl<'j, 'h, D: Driver> Runner<'j, 'h, D> {
    fn new(driver: D, job: Job<'j, 'h>) -> Runner<'j, 'h, D> {
        let (history, origin) = (job.history.name.to_string(), "run");
        let stamp = RunStamp { history, run: run_token(), by: Parameter::Text(None), origin };
        let direction = job.aim.direction();
        Runner {
            driver,
            job,
            direction,
            stamp,
            started: Instant::now(),
            completed: Vec::new(),
            dropped: Vec::new(),
            reconnects: 0,
            ledger: LedgerOrigin::Found,
            work: RunProgress::default(),
            replicas: Replicas::default(),
            reviewed: Reviewed::NotYet,
        }
    }

    /// The run from end to end. The target is resolved once, before the wait, so that it means what the user saw: of two
    /// runners with the target `+1`, the second finds nothing to do.
    async fn whole(&mut self) -> Result<Report, Error> {
        refuse_unserved(&mut self.driver, self.job.history).await?;
        let snapshot = self.read_settled(LedgerReading::First).await?;
        match self.plan(&snapshot)? {
            Some(mut plan) => {
                if let Aim::Target(..) = self.job.aim {
                    kept::settle(&mut self.driver, &mut plan, self.job.options.dropped).await?;
                }
                self.work.plan(&plan);
                refuse_older(&mut self.driver, &plan).await?;
                // Before a lock is taken or a ledger is made, and again once nobody else can change what is applied.
                self.refuse_unreviewed(&plan, &snapshot).await?;
                refuse_unreadable(&plan)?;
                self.safe_point()?;
                self.stamp.by = Parameter::from(who());
                self.driver.lock(self.job.options, self.job.observer).await?;
                self.prepare_ledger(snapshot.format).await?;
                while self.pass(&plan).await? == Continuation::Again {}
            }
            None => self.update_idle_ledger(snapshot.format).await,
        }
        Ok(self.finish())
    }

    /// What is to be done, as the run begins; `None` where nothing is.
    fn plan(&self, snapshot: &Snapshot) -> Result<Option<Plan>, Error> {
        if self.job.aim.is_head() && is_at_head(self.job.history, D::DATABASE, &snapshot.applied) {
            return Ok(None);
        }
        let plan = match &self.job.aim {
            Aim::Target(direction, target) => {
                let goal = Goal::resolve(self.job.history, &snapshot.applied, *direction, target)?;
                Plan::new(self.job.history, D::DATABASE, &snapshot.applied, &goal)?
            }
            Aim::Plan(plan) => {
                refuse_other_schema(plan, snapshot.schema.as_ref())?;
                (*plan).clone()
            }
        };
        Ok((!plan.is_empty()).then_some(plan))
    }

    fn finish(&mut self) -> Report {
        let (direction, duration) = (self.direction, self.started.elapsed());
        let migrations = std::mem::take(&mut self.completed);
        self.job.observer.tell(Event::Done { direction, migrations: migrations.len(), duration });
        Report { database: D::DATABASE, schema: self.driver.schema().map(Into::into), direction, migrations, duration }
    }

    /// Reads the ledger; where another run may be between two steps of the other direction, when it has gone on. PostgreSQL has a
    /// lock that it holds until its end; SQLite has one for each step, so it may be alive between two of them.
    async fn read_settled(&mut self, reading: LedgerReading) -> Result<Snapshot, Error> {
        let mut snapshot = self.read(reading).await?;
        let mut looks = 0;
        while looks < LOOKS && snapshot.is_between_steps_against(self.direction) {
            self.driver.lock(self.job.options, self.job.observer).await?;
            self.driver.begin(Rebuild::Nothing, 1, self.job.observer).await?;
            self.driver.rollback().await;
            self.pause(BETWEEN_LOOKS).await?;
            let next = self.read(reading).await?;
            looks = if next.applied == snapshot.applied { looks + 1 } else { 0 };
            snapshot = next;
        }
        Ok(snapshot)
    }

    /// Reads the ledger, again and again while somebody has it locked.
    async fn read(&mut self, reading: LedgerReading) -> Result<Snapshot, Error> {
        let mut backoff = Backoff::for_retry(self.job.options.retry_for);
        loop {
            let read = match reading {
                LedgerReading::First => ledger::read(&mut self.driver, self.job.history).await,
                LedgerReading::Locked => ledger::read_again(&mut self.driver, self.job.history).await,
            };
            let (cause, blockers) = match read {
                Err(Error::LedgerLocked { cause, blockers }) => (cause, blockers),
                Ok(_) | Err(_) => return read,
            };
            let Some(pause) = backoff.pause() else { return Err(Error::LedgerLocked { cause, blockers }) };
            self.job.observer.tell(Event::LedgerLocked { reason: cause.brief(), blockers, pause, left: backoff.left() });
            self.pause(pause).await?;
        }
    }

    /// What was agreed to before the run.
    fn agreed<'a>(&'a self, first: &'a Plan) -> Agreed<'a> {
        match (self.direction, self.job.options.consent, &self.job.aim) {
            // What an upgrade drops is allowed where it is written.
            (Direction::Upgrade, Consent::Plan | Consent::Everything, Aim::Target(..) | Aim::Plan(_)) => Agreed::Everything,
            (Direction::Downgrade, Consent::Everything, Aim::Target(..) | Aim::Plan(_)) => Agreed::Everything,
            (Direction::Downgrade, Consent::Plan, Aim::Plan(_)) => Agreed::Plan(first),
            (Direction::Downgrade, Consent::Plan, Aim::Target(..)) => Agreed::Nothing,
        }
    }

    /// Counts what a downgrade would drop, and refuses it without consent before anything is touched; as far as it can be known
    /// now. What is dropped is counted again in the transaction that drops it.
    async fn ask_consent(&mut self, first: &Plan, plan: &mut Plan) -> Result<(), Error> {
        losses::count(&mut self.driver, plan, Later::Again).await;
        let agreed = self.agreed(first);
        let losses: Vec<Lost> = plan.migrations.iter().flat_map(|planned| agreed.beyond(planned)).collect();
        let revision = plan.migrations.first().map(|planned| planned.revision.clone()).unwrap_or_default();
        if losses.is_empty() { Ok(()) } else { Err(Error::Losses { revision, losses }) }
    }

    /// Reads, plans, runs. Ends early when another run was there in between.
    async fn pass(&mut self, first: &Plan) -> Result<Continuation, Error> {
        let snapshot = self.read_settled(LedgerReading::Locked).await?;
        let mut plan = Plan::new(self.job.history, D::DATABASE, &snapshot.applied, &first.goal)?;
        kept::settle(&mut self.driver, &mut plan, self.job.options.dropped).await?;
        self.work.plan(&plan);
        if self.job.aim.is_certain() || self.reviewed == Reviewed::Whole {
            refuse_more(first, &plan)?;
        }
        if !plan.is_empty() && self.reviewed == Reviewed::NotYet {
            self.refuse_unreviewed(&plan, &snapshot).await?;
            self.reviewed = if self.job.options.reviewed.is_some() { Reviewed::Whole } else { Reviewed::NotRequired };
        }
        if !plan.is_empty() {
            let revisions = plan.migrations.iter().map(|planned| planned.revision.clone()).collect();
            self.job.observer.tell(Event::Planned { database: D::DATABASE, direction: plan.direction, revisions });
        }
        refuse_older(&mut self.driver, &plan).await?;
        if plan.direction == Direction::Downgrade {
            self.ask_consent(first, &mut plan).await?;
        }
        let mut position = snapshot.position;
        if let Some(begun) = plan.migrations.iter().find_map(|planned| planned.unfinished.as_deref()) {
            return self.finish_begun(first, begun, position).await;
        }
        if self.job.options.grouping == Grouping::All {
            let usage = if snapshot.applied.is_empty() { Use::Nobody } else { Use::Somebody };
            return self.atomically(first, &plan, usage, position).await;
        }
        let total = plan.migrations.len();
        for (at, planned) in plan.migrations.iter().enumerate() {
            let done = self.migration(first, planned, (at + 1, total), position).await;
            match done.map_err(|error| error.during(plan.direction, &planned.revision))? {
                Continuation::On(next) => position = next,
                Continuation::Again => return Ok(Continuation::Again),
            }
        }
        Ok(Continuation::On(position))
    }

    async fn migration(
        &mut self,
        first: &Plan,
        planned: &Planned,
        place: (usize, usize),
        position: i64,
    ) -> Result<Continuation, Error> {
        self.dropped.clear();
        let started = Instant::now();
        self.job.observer.tell(Event::Started {
            revision: planned.revision.clone(),
            title: planned.title().to_owned(),
            direction: self.direction,
            number: place.0,
            total: place.1,
        });
        let done = self.steps(first, planned, position, started).await?;
        if let Continuation::On(_) = done {
            self.complete(planned, started.elapsed());
        }
        Ok(done)
    }

    /// The steps of a migration that are left.
    async fn steps(
        &mut self,
        first: &Plan,
        planned: &Planned,
        mut position: i64,
        started: Instant,
    ) -> Result<Continuation, Error> {
        if planned.done > 0 {
            self.work.note(planned, planned.done);
        }
        for step in PlannedStep::all(planned, self.direction).skip(planned.done) {
            match self.step(Task { first, of: step }, position, started).await? {
                Continuation::On(next) => position = next,
                Continuation::Again => return Ok(Continuation::Again),
            }
            self.work.note(planned, step.number);
        }
        Ok(Continuation::On(position))
    }

    /// Finishes what an earlier run has begun in the other direction, where it is unknown what undoes a half of it; the rest is planned again.
    async fn finish_begun(&mut self, first: &Plan, begun: &Planned, position: i64) -> Result<Continuation, Error> {
        if self.job.options.grouping == Grouping::All {
            return Err(PlanError::Unfinished {
                revision: begun.revision.clone(),
                progress: begun.progress(self.direction.opposite()),
            }
            .into());
        }
        self.direction = self.direction.opposite();
        let (revision, direction) = (begun.revision.clone(), self.direction);
        self.job.observer.tell(Event::Noted {
            note: format!("the {direction} of `{revision}`, which an earlier run has begun, is finished first"),
        });
        let finished = self.steps(first, begun, position, Instant::now()).await;
        self.direction = self.direction.opposite();
        finished.map(|_| Continuation::Again).map_err(|error| error.during(direction, &revision))
    }

    fn complete(&mut self, planned: &Planned, duration: Duration) {
        self.work.complete();
        let (revision, direction) = (planned.revision.clone(), self.direction);
        let (title, dropped) = (planned.title().to_owned(), std::mem::take(&mut self.dropped));
        self.completed.push(Completed { revision: revision.clone(), title, duration, dropped });
        self.job.observer.tell(Event::Finished { revision, direction, duration });
    }
}

/// Nothing is done in another place than the one that was planned for.
fn refuse_other_schema(plan: &Plan, schema: Option<&Text>) -> Result<(), Error> {
    match (&plan.schema, schema) {
        (Some(planned), Some(found)) if planned != found => {
            Err(Error::OtherSchema { planned: planned.clone(), found: found.clone() })
        }
        (Some(_) | None, Some(_) | None) => Ok(()),
    }
}

/// Nothing is done that was not planned at first.
fn refuse_more(first: &Plan, now: &Plan) -> Result<(), Error> {
    let (direction, revisions) = (now.direction, first.lacks(now));
    if revisions.is_empty() { Ok(()) } else { Err(Error::PlanChanged { direction, revisions }) }
}
