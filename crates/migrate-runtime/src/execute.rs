//! Runs a plan: one transaction a step, its ledger row inside.

use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::{Duration, Instant};

use migrate_model::history::{Action, Database, History, Statement, Step, Text};
use migrate_model::plan::{Direction, Goal, Plan, Planned, Target};

use crate::driver::{Commit, Driver, Seal};
use crate::event::{Event, Observer};
use crate::journal::{self, Entry};
use crate::ledger::{self, Stamp};
use crate::options::Options;
use crate::patience::Patience;
use crate::query::Value;
use crate::session::Session;
use crate::{Cause, Completed, Error, Refusal, Report, StatementError};

/// How often a run opens its connection anew after a lost COMMIT before it gives up.
const RECONNECTS: usize = 5;

/// What to run, and whom to tell.
pub(crate) struct Job<'j, 'h> {
    pub history: &'j History,
    pub options: &'j Options,
    pub observer: &'j mut Observer<'h>,
    pub direction: Direction,
    pub target: Target,
}

/// Runs a job in a session, and closes it.
pub(crate) async fn run(session: Session<'_>, job: Job<'_, '_>) -> Result<Report, Error> {
    match session {
        #[cfg(feature = "postgres")]
        Session::Postgres(driver) => drive(driver, job).await,
        #[cfg(feature = "sqlite")]
        Session::Sqlite(driver) => drive(driver, job).await,
        Session::Missing(database, _) => Ok(absent(database, job)),
    }
}

/// Whether the target makes sense for a database that is not there.
pub(crate) fn rehearse(history: &History, database: Database, direction: Direction, target: &Target) -> Result<(), Error> {
    let goal = Goal::resolve(history, &[], direction, target)?;
    Plan::new(history, database, &[], &goal)?;
    Ok(())
}

/// Nothing is applied in a database that is not there, so a downgrade has nothing to do.
fn absent(database: Database, job: Job<'_, '_>) -> Report {
    job.observer.tell(Event::Done { direction: job.direction, migrations: 0, duration: Duration::ZERO });
    Report { database, direction: job.direction, migrations: Vec::new(), duration: Duration::ZERO }
}

async fn drive<D: Driver>(driver: D, job: Job<'_, '_>) -> Result<Report, Error> {
    let mut run = Run::new(driver, job);
    let result = run.whole().await;
    let closed = run.driver.close().await;
    let report = result?;
    closed?;
    Ok(report)
}

struct Run<'j, 'h, D> {
    driver: D,
    job: Job<'j, 'h>,
    stamp: Stamp,
    started: Instant,
    completed: Vec<Completed>,
    reconnects: usize,
}

/// Whether the rest of the plan still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    /// It does; the journal's last entry is this.
    On(i64),
    /// Plan anew.
    Again,
}

/// Why one attempt at a step ended.
enum Failure {
    /// Somebody else uses a table.
    Contention(Cause),
    /// The COMMIT's reply was lost.
    Lost(Cause),
    /// Anything else.
    Final(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Final(error)
    }
}

/// One step of one migration, with its place.
#[derive(Clone, Copy)]
struct Task<'p> {
    planned: &'p Planned,
    step: &'p Step,
    /// From 1.
    number: usize,
    total: usize,
}

static EMPTY: Step = Step { rebuild: false, statements: std::borrow::Cow::Borrowed(&[]) };

impl<'j, 'h, D: Driver> Run<'j, 'h, D> {
    fn new(driver: D, job: Job<'j, 'h>) -> Run<'j, 'h, D> {
        let stamp = Stamp { history: job.history.name.to_string(), run: token(), by: by() };
        Run { driver, job, stamp, started: Instant::now(), completed: Vec::new(), reconnects: 0 }
    }

    /// The run from end to end. The target is resolved once, before the wait, so that it means what the user saw: of two
    /// runners told `+1`, the second finds nothing to do.
    async fn whole(&mut self) -> Result<Report, Error> {
        let snapshot = ledger::read(&mut self.driver, &self.stamp.history).await?;
        let goal = Goal::resolve(self.job.history, &snapshot.applied, self.job.direction, &self.job.target)?;
        let plan = Plan::new(self.job.history, D::DATABASE, &snapshot.applied, &goal)?;
        if !plan.is_empty() {
            self.driver.lock(self.job.options, self.job.observer).await?;
            self.make_ledger().await?;
            while self.pass(&goal).await? == Flow::Again {}
        }
        Ok(self.finish())
    }

    fn finish(&mut self) -> Report {
        let (direction, duration) = (self.job.direction, self.started.elapsed());
        let migrations = std::mem::take(&mut self.completed);
        self.job.observer.tell(Event::Done { direction, migrations: migrations.len(), duration });
        Report { database: D::DATABASE, direction, migrations, duration }
    }

    /// In a transaction of its own, since a failing step must find it afterwards.
    async fn make_ledger(&mut self) -> Result<(), Error> {
        let doing = Error::while_doing("create the ledger");
        loop {
            self.driver.begin(false, self.job.options, self.job.observer).await?;
            ledger::prepare(&mut self.driver).await.map_err(&doing)?;
            match self.driver.commit().await {
                Ok(()) => return Ok(()),
                Err(Commit::Refused(error)) => return Err(doing(error)),
                Err(Commit::Lost(error)) => {
                    if !self.reconnect().await? {
                        return Err(doing(error));
                    }
                }
            }
        }
    }

    /// Reads, plans, runs. Ends early when another runner was there in between.
    async fn pass(&mut self, goal: &Goal) -> Result<Flow, Error> {
        let snapshot = ledger::read(&mut self.driver, &self.stamp.history).await?;
        let plan = Plan::new(self.job.history, D::DATABASE, &snapshot.applied, goal)?;
        if !plan.is_empty() {
            let revisions = plan.migrations.iter().map(|planned| planned.revision.clone()).collect();
            self.job.observer.tell(Event::Planned { database: D::DATABASE, direction: plan.direction, revisions });
        }
        let mut position = snapshot.position;
        let total = plan.migrations.len();
        for (at, planned) in plan.migrations.iter().enumerate() {
            match self.migration(planned, (at + 1, total), position).await? {
                Flow::On(next) => position = next,
                Flow::Again => return Ok(Flow::Again),
            }
        }
        Ok(Flow::On(position))
    }

    async fn migration(&mut self, planned: &Planned, place: (usize, usize), position: i64) -> Result<Flow, Error> {
        let started = Instant::now();
        self.job.observer.tell(Event::Started {
            revision: planned.revision.clone(),
            title: planned.title().to_owned(),
            direction: self.job.direction,
            number: place.0,
            total: place.1,
        });
        let steps: &[Step] = if planned.steps.is_empty() { std::slice::from_ref(&EMPTY) } else { &planned.steps };
        let mut position = position;
        for (at, step) in steps.iter().enumerate().skip(planned.done) {
            let task = Task { planned, step, number: at + 1, total: steps.len() };
            match self.step(task, position, started).await? {
                Flow::On(next) => position = next,
                Flow::Again => return Ok(Flow::Again),
            }
        }
        self.complete(planned, started.elapsed());
        Ok(Flow::On(position))
    }

    fn complete(&mut self, planned: &Planned, duration: Duration) {
        let (revision, direction) = (planned.revision.clone(), self.job.direction);
        self.completed.push(Completed { revision: revision.clone(), title: planned.title().to_owned(), duration });
        self.job.observer.tell(Event::Finished { revision, direction, duration });
    }

    /// Tries a step until it is committed, was somebody else's, or failed for good.
    async fn step(&mut self, task: Task<'_>, position: i64, migration_started: Instant) -> Result<Flow, Error> {
        let mut patience = Patience::for_retry(self.job.options.retry_for);
        for attempt in 1.. {
            let started = Instant::now();
            let failure = match self.attempt(task, position).await {
                Ok(flow) => return Ok(flow),
                Err(failure) => failure,
            };
            let error = match failure {
                Failure::Contention(cause) => match patience.pause() {
                    Some(pause) => {
                        self.retry(task, attempt, cause, pause).await;
                        continue;
                    }
                    None => locked(task, attempt, patience.elapsed(), cause),
                },
                Failure::Lost(cause) => return self.recover(task, cause, migration_started).await,
                Failure::Final(error) => error,
            };
            return Err(self.failed(task, error, started.elapsed()).await);
        }
        Ok(Flow::Again)
    }

    async fn retry(&mut self, task: Task<'_>, attempt: usize, cause: Cause, pause: Duration) {
        let (revision, reason) = (task.planned.revision.clone(), cause.brief());
        self.job.observer.tell(Event::Retrying { revision, attempt, reason, pause });
        tokio::time::sleep(pause).await;
    }

    /// One transaction; rolled back unless it was committed.
    async fn attempt(&mut self, task: Task<'_>, position: i64) -> Result<Flow, Failure> {
        let started = Instant::now();
        let (revision, step, steps) = (task.planned.revision.clone(), task.number, task.total);
        self.job.observer.tell(Event::StepStarted { revision: revision.clone(), step, steps });
        let inside = match self.driver.begin(task.step.rebuild, self.job.options, self.job.observer).await {
            Ok(()) => self.inside(task, position, started).await,
            Err(error) => Err(error.into()),
        };
        match inside {
            Ok(Flow::On(_)) => {}
            Ok(Flow::Again) | Err(_) => {
                self.driver.rollback().await;
                return inside;
            }
        }
        if let Err(error) = self.driver.commit().await {
            return Err(self.uncommitted(task, error).await);
        }
        self.job.observer.tell(Event::StepFinished { revision, step, steps, duration: started.elapsed() });
        inside
    }

    /// What stands between BEGIN and COMMIT.
    async fn inside(&mut self, task: Task<'_>, position: i64, started: Instant) -> Result<Flow, Failure> {
        if journal::position(&mut self.driver).await? != position {
            self.job.observer.tell(Event::Overtaken);
            return Ok(Flow::Again);
        }
        if task.number == 1 {
            self.ask_guards(task.planned).await?;
        }
        self.statements(task).await?;
        self.driver.seal().await.map_err(|seal| unsealed(task, seal))?;
        let duration_ms = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
        Ok(Flow::On(self.record(task, duration_ms).await?))
    }

    /// All of them, so that all refusals are told at once.
    async fn ask_guards(&mut self, planned: &Planned) -> Result<(), Failure> {
        let mut refusals = Vec::new();
        for guard in planned.guards.iter() {
            let rows = self.count(planned, &guard.query).await?;
            let (revision, query) = (planned.revision.clone(), guard.query.clone());
            self.job.observer.tell(Event::Guarded { revision, query: query.clone(), rows });
            if rows > 0 {
                refusals.push(Refusal { rows, refusal: guard.refusal.clone(), query });
            }
        }
        if refusals.is_empty() {
            return Ok(());
        }
        Err(Error::Refused { revision: planned.revision.clone(), refusals }.into())
    }

    async fn count(&mut self, planned: &Planned, query: &str) -> Result<i64, Failure> {
        let rows = match self.driver.texts(query).await {
            Ok(rows) => rows,
            Err(error) if D::is_contention(&error) => return Err(Failure::Contention(Cause::of(&error))),
            Err(error) => return Err(Error::while_doing("ask a guard")(error).into()),
        };
        let text = rows.into_iter().flatten().flatten().next();
        let count = text.and_then(|text| text.parse().ok());
        let what = || Error::Ledger(format!("a guard of `{}` gives no count", planned.revision));
        count.ok_or_else(|| what().into())
    }

    async fn statements(&mut self, task: Task<'_>) -> Result<(), Failure> {
        let mut kept: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let total = task.step.statements.len();
        for (at, statement) in task.step.statements.iter().enumerate() {
            let started = Instant::now();
            let result = self.statement(statement, &mut kept).await;
            result.map_err(|(sql, error)| self.refused(task, (at + 1, total), statement.operation.clone(), sql, &error))?;
            self.job.observer.tell(Event::Statement {
                revision: task.planned.revision.clone(),
                number: at + 1,
                total,
                sql: statement.sql.clone(),
                duration: started.elapsed(),
            });
        }
        Ok(())
    }

    /// Does what the statement's action says; an error comes with the text that was sent.
    async fn statement<'s>(
        &mut self,
        statement: &'s Statement,
        kept: &mut BTreeMap<&'s str, Vec<String>>,
    ) -> Result<(), (Text, sqlx::Error)> {
        let with_text = |error| (statement.sql.clone(), error);
        match statement.action {
            Action::Run => self.driver.run(&statement.sql).await.map_err(with_text),
            Action::Keep => {
                let texts = self.column(&statement.sql).await.map_err(with_text)?;
                kept.insert(&statement.sql, texts);
                Ok(())
            }
            Action::Restore => {
                let there = self.column(&statement.sql).await.map_err(with_text)?;
                let wanted = kept.remove(&*statement.sql).unwrap_or_default();
                for text in wanted.into_iter().filter(|text| !there.contains(text)) {
                    let result = self.driver.run(&text).await;
                    result.map_err(|error| (text.into(), error))?;
                }
                Ok(())
            }
        }
    }

    async fn column(&mut self, query: &str) -> Result<Vec<String>, sqlx::Error> {
        let rows = self.driver.texts(query).await?;
        Ok(rows.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect())
    }

    /// The ledger's row and the journal's entry; its number.
    async fn record(&mut self, task: Task<'_>, duration_ms: i64) -> Result<i64, Error> {
        let doing = Error::while_doing("write the ledger");
        let (ledger, direction) = (self.driver.ledger(), self.job.direction);
        let row = ledger.record(&self.stamp, task.planned, direction, task.number, duration_ms);
        if self.driver.write(&row).await.map_err(&doing)? != 1 {
            let revision = &task.planned.revision;
            return Err(Error::Ledger(format!("the row of `{revision}` is not there any more; run the command again")));
        }
        let entry = entry(task, direction, duration_ms, None);
        let insert = journal::insert(&ledger, &self.stamp, &entry);
        self.driver.write(&insert).await.map_err(&doing)?;
        journal::position(&mut self.driver).await
    }

    fn refused(&self, task: Task<'_>, place: (usize, usize), operation: Text, sql: Text, error: &sqlx::Error) -> Failure {
        let cause = Cause::of(error);
        if D::is_contention(error) {
            return Failure::Contention(cause);
        }
        let (step, statement) = ((task.number, task.total), place);
        let (revision, title) = (task.planned.revision.clone(), task.planned.title().to_owned());
        let direction = self.job.direction;
        let error = StatementError { revision, title, direction, step, statement, operation, sql, cause };
        Failure::Final(Error::Statement(Box::new(error)))
    }

    async fn uncommitted(&mut self, task: Task<'_>, commit: Commit) -> Failure {
        match commit {
            Commit::Lost(error) => Failure::Lost(Cause::of(&error)),
            Commit::Refused(error) => {
                self.driver.rollback().await;
                let place = task.step.statements.len() + 1;
                self.refused(task, (place, place), Text::Borrowed("COMMIT"), Text::Borrowed("COMMIT"), &error)
            }
        }
    }

    /// The reply to a COMMIT was lost: only the journal knows. Then the rest is planned anew, which tries the step again
    /// if it is not there.
    async fn recover(&mut self, task: Task<'_>, cause: Cause, started: Instant) -> Result<Flow, Error> {
        let revision = task.planned.revision.clone();
        let unknown = || Error::OutcomeUnknown { revision: revision.clone(), cause: Box::new(cause.clone()) };
        if !self.reconnect().await.map_err(|_| unknown())? {
            return Err(unknown());
        }
        let entry = entry(task, self.job.direction, 0, None);
        let committed = journal::has(&mut self.driver, &self.stamp, &entry).await.map_err(|_| unknown())?;
        self.job.observer.tell(Event::Recovered { revision: revision.clone(), committed });
        if committed && task.number == task.total {
            self.complete(task.planned, started.elapsed());
        }
        Ok(Flow::Again)
    }

    /// Opens the connection anew and takes the lock again, when the connection is ours.
    async fn reconnect(&mut self) -> Result<bool, Error> {
        self.reconnects += 1;
        if self.reconnects > RECONNECTS || !self.driver.reconnect().await? {
            return Ok(false);
        }
        self.driver.lock(self.job.options, self.job.observer).await?;
        Ok(true)
    }

    /// Tells and journals a failure. The step is rolled back already; that the journal cannot be written is not reported,
    /// for the failure itself matters more.
    async fn failed(&mut self, task: Task<'_>, error: Error, duration: Duration) -> Error {
        let revision = task.planned.revision.clone();
        self.job.observer.tell(Event::Failed { revision, error: error.to_string() });
        let brief = error.brief();
        let duration_ms = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        let entry = entry(task, self.job.direction, duration_ms, Some(&brief));
        let insert = journal::insert(&self.driver.ledger(), &self.stamp, &entry);
        if let Err(error) = self.driver.write(&insert).await {
            tracing::debug!(target: "migrate", error = Cause::of(&error).brief(), "the failure could not be journaled");
        }
        error
    }
}

fn entry<'e>(task: Task<'e>, direction: Direction, duration_ms: i64, failure: Option<&'e str>) -> Entry<'e> {
    Entry { planned: task.planned, direction, step: task.number, duration_ms, failure }
}

fn locked(task: Task<'_>, attempts: usize, waited: Duration, cause: Cause) -> Error {
    Error::TableLocked { revision: task.planned.revision.clone(), attempts, waited, cause: Box::new(cause) }
}

fn unsealed(task: Task<'_>, seal: Seal) -> Failure {
    let revision = task.planned.revision.clone();
    Failure::Final(match seal {
        Seal::Ended => Error::TransactionEnded { revision },
        Seal::Dangling(violations) => Error::ForeignKeys { revision, violations },
        Seal::Failed(error) => Error::while_doing("check the transaction")(error),
    })
}

/// 128 bits that no other run has.
fn token() -> String {
    let word = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", word(), word())
}

/// The user of the operating system, and the machine.
fn by() -> Value {
    let user = whoami::username().unwrap_or_else(|_| "unknown".to_owned());
    let host = whoami::hostname().unwrap_or_else(|_| "unknown".to_owned());
    Value::from(format!("{user}@{host}"))
}
