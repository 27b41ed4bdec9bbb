//! One step: tried until it is committed, was somebody else's, or failed for good.

use std::time::{Duration, Instant};

use migrate_history::{Mode, Text};

use super::attempt_error::AttemptError;
use super::runner::{Continuation, LedgerOrigin, RECONNECTS, Runner, Task};
use crate::backoff::Backoff;
use crate::driver::{CommitError, Driver};
use crate::error::Undone;
use crate::event::{Blocker, Event};
use crate::journal::{self, StepOutcome};
use crate::ledger;
use crate::options::Grouping;
use crate::protocol::{Measured, Records, protocol};
use crate::sql::Parameter;
use crate::{Cause, Error, Position, StatementError};

impl<D: Driver> Runner<'_, '_, D> {
    pub(super) async fn step(
        &mut self,
        task: Task<'_>,
        mut position: i64,
        migration_started: Instant,
    ) -> Result<Continuation, Error> {
        let mut backoff = Backoff::for_retry(self.job.options.retry_for);
        let mut blockers = Vec::new();
        for attempt in 1.. {
            self.safe_point()?;
            let started = Instant::now();
            let failure = match self.attempt(task, &mut position).await {
                Ok(flow) => return Ok(flow),
                Err(failure) => failure,
            };
            let error = match failure {
                AttemptError::Contention(cause) => {
                    let seen = self.driver.take_blockers().await;
                    // The session that blocked it before is better than none.
                    blockers = if seen.is_empty() { blockers } else { seen };
                    let Some(pause) = backoff.pause() else {
                        let error = locked(task, attempt, backoff.elapsed(), cause, blockers);
                        return Err(self.failed(task, error, started.elapsed()).await);
                    };
                    let (revision, reason, blockers) = (task.of.planned.revision.clone(), cause.brief(), blockers.clone());
                    let left = backoff.left();
                    self.job.observer.tell(Event::Retrying { revision, attempt, reason, blockers, pause, left });
                    self.pause(pause).await?;
                    continue;
                }
                AttemptError::Lost(cause) => return self.recover(task, cause, migration_started).await,
                AttemptError::Ended(cause) => self.ended(task, cause),
                // Nothing has failed that the journal should keep, or nothing may be written any more.
                AttemptError::Final(ended @ (Error::Stopped(_) | Error::LeaseLost { .. })) => return Err(ended),
                AttemptError::Final(error) => error,
            };
            return Err(self.failed(task, error, started.elapsed()).await);
        }
        Ok(Continuation::Again)
    }

    /// The server's word is the last: a session that was ended on purpose is not opened again.
    pub(super) fn ended(&self, task: Task<'_>, cause: Cause) -> Error {
        let completed = self.completed.iter().map(|one| one.revision.clone()).collect();
        let (revision, direction) = (task.of.planned.revision.clone(), self.direction);
        Error::Ended { revision, direction, completed, cause: Box::new(cause) }
    }

    /// Does the step's protocol: as one message where it can go out as one, else statement by statement. What is not committed by its
    /// end is rolled back.
    async fn attempt(&mut self, task: Task<'_>, position: &mut i64) -> Result<Continuation, AttemptError> {
        let started = Instant::now();
        let (revision, Position { number: step, total: steps }) = (task.of.planned.revision.clone(), task.of.position());
        self.job.observer.tell(Event::StepStarted { revision: revision.clone(), step, steps });
        let flow = self.interpret(task, position).await;
        match flow {
            Ok(Continuation::On(_)) => {
                self.job.observer.tell(Event::StepFinished { revision, step, steps, duration: started.elapsed() });
            }
            Ok(Continuation::Again) | Err(_) => self.driver.rollback().await,
        }
        flow
    }

    async fn interpret(&mut self, task: Task<'_>, position: &mut i64) -> Result<Continuation, AttemptError> {
        let instructions = protocol(task.of, self.standing(task).await?);
        match self.message(task, &instructions, *position) {
            Some(message) => self.send(task, &message).await,
            None => self.walk(task, &instructions, position).await,
        }
    }

    /// What a database that refused a statement says, or what it could not give.
    pub(super) fn refused(&self, task: Task<'_>, position: Position, texts: (Text, Text), error: sqlx::Error) -> AttemptError {
        if D::is_fenced(&error) {
            return AttemptError::Final(Error::LeaseLost { holder: None });
        }
        if D::is_contention(&error) {
            return AttemptError::Contention(Cause::of(error));
        }
        if D::is_ended(&error) {
            return AttemptError::Ended(Cause::of(error));
        }
        AttemptError::Final(self.statement_error(task, position, texts, Cause::of(error)))
    }

    pub(super) fn statement_error(
        &self,
        task: Task<'_>,
        statement: Position,
        (operation, sql): (Text, Text),
        cause: Cause,
    ) -> Error {
        let (step, cause) = (task.of.position(), cause.in_statement(&sql));
        let (revision, title) = (task.of.planned.revision.clone(), task.of.planned.title().to_owned());
        let direction = self.direction;
        let undone = match (&task.of.step.mode, self.job.options.grouping) {
            (_, Grouping::All) => Undone::Run,
            (Mode::Alone, Grouping::Step) => Undone::Nothing,
            (Mode::Transaction { .. } | Mode::Program { .. } | Mode::Unknown { .. }, Grouping::Step) if step.total <= 1 => {
                Undone::Migration
            }
            (Mode::Transaction { .. } | Mode::Batches { .. } | Mode::Program { .. } | Mode::Unknown { .. }, Grouping::Step) => {
                Undone::Step
            }
        };
        Error::Statement(Box::new(StatementError { revision, title, direction, step, statement, undone, operation, sql, cause }))
    }

    /// What became of a COMMIT.
    pub(super) fn uncommitted(&self, task: Task<'_>, commit: CommitError) -> AttemptError {
        match commit {
            CommitError::Lost(error) => AttemptError::Lost(Cause::of(error)),
            // Its answer may be on the way while the session ends.
            CommitError::Refused(error) if D::is_ended(&error) => AttemptError::Lost(Cause::of(error)),
            CommitError::Refused(error) => {
                let last = task.of.step.statements.len() + 1;
                let commit = Text::Borrowed("COMMIT");
                self.refused(task, Position { number: last, total: last }, (commit.clone(), commit), error)
            }
        }
    }

    /// The reply to a COMMIT was lost: only the journal knows. Then the rest is planned again, which tries the step again
    /// if it is not there; statement by statement, so that a statement which ends the connection is named.
    pub(super) async fn recover(&mut self, task: Task<'_>, cause: Cause, started: Instant) -> Result<Continuation, Error> {
        let revision = task.of.planned.revision.clone();
        let unknown = || Error::OutcomeUnknown { revision: revision.clone(), cause: Box::new(cause.clone()) };
        let committed = loop {
            if !self.reconnect().await.map_err(|_| unknown())? {
                return Err(unknown());
            }
            match self.has_committed(task).await {
                Ok(committed) => break committed,
                // A server that stops may let somebody in before it does.
                Err(error) if D::is_passing(&error) => {}
                Err(_) => return Err(unknown()),
            }
        };
        self.job.observer.tell(Event::Recovered { revision: revision.clone(), committed });
        // What of the other direction was finished first is no part of the report.
        if committed && task.of.number == task.of.position().total && self.direction == self.job.aim.direction() {
            self.complete(task.of.planned, started.elapsed());
        }
        Ok(Continuation::Again)
    }

    /// Whether the journal has the step. A server that does not wait for its disk (`synchronous_commit = off`) may have lost what it
    /// committed last, and the ledger that this run made with it: then that is made again.
    async fn has_committed(&mut self, task: Task<'_>) -> Result<bool, Error> {
        if self.ledger == LedgerOrigin::Made && !ledger::is_there(&mut self.driver).await? {
            self.make_ledger().await?;
            return Ok(false);
        }
        journal::has(&mut self.driver, &self.stamp, task.of).await
    }

    /// Opens the connection again and takes the lock again, when the connection is ours. A server that restarts accepts no connections
    /// for a while.
    pub(super) async fn reconnect(&mut self) -> Result<bool, Error> {
        self.reconnects += 1;
        if self.reconnects > RECONNECTS {
            return Ok(false);
        }
        let mut backoff = Backoff::for_reconnect(self.job.options.reconnect_for);
        loop {
            let error = match self.driver.reconnect().await {
                Ok(true) => match self.driver.lock(self.job.options, self.job.observer).await {
                    Ok(()) => return Ok(true),
                    Err(error) => error,
                },
                Ok(false) => return Ok(false),
                Err(error) => error,
            };
            let pause = if D::is_passing(&error) { backoff.pause() } else { None };
            let Some(pause) = pause else { return Err(error) };
            self.job.observer.tell(Event::Reconnecting { reason: error.to_string(), pause, left: backoff.left() });
            // What became of a COMMIT is found out, unless there is no time at all.
            self.job.options.stop.only_at_once().pause(pause).await?;
        }
    }

    /// Tells and journals a failure. The step is rolled back already; that the journal cannot be written is not reported,
    /// for the failure itself matters more.
    pub(super) async fn failed(&mut self, task: Task<'_>, error: Error, duration: Duration) -> Error {
        let revision = task.of.planned.revision.clone();
        self.job.observer.tell(Event::Failed { revision, error: error.to_string() });
        let brief = error.brief();
        let (ledger, measured) = (self.driver.ledger(), Measured::of(Parameter::milliseconds(duration)));
        let insert = Records { ledger: &ledger, stamp: &self.stamp, step: task.of }.entry(StepOutcome::Failed(&brief), &measured);
        if let Err(error) = self.driver.add(&insert).await {
            tracing::debug!(target: "migrate", error = Cause::of(error).brief(), "the failure could not be journaled");
        }
        error
    }
}

pub(super) fn locked(task: Task<'_>, attempts: usize, waited: Duration, cause: Cause, blockers: Vec<Blocker>) -> Error {
    Error::TableLocked { revision: task.of.planned.revision.clone(), attempts, waited, cause: Box::new(cause), blockers }
}
