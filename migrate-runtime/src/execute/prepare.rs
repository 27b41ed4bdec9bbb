//! The ledger before a run: made where it is missing, and brought up to date where an older version has left it.

use std::time::Duration;

use migrate_history::Rebuild;

use super::attempt_error::AttemptError;
use super::runner::{LedgerOrigin, Runner};
use crate::backoff::Backoff;
use crate::driver::{CommitError, Driver};
use crate::event::Event;
use crate::ledger::{self, FORMAT};
use crate::options::Options;
use crate::{Cause, Error};

/// What is done to the ledger before a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Preparation {
    Create,
    CreateUnlessThere,
    Update,
}

impl<D: Driver> Runner<'_, '_, D> {
    /// For a run that writes. The lock is ours.
    pub(super) async fn prepare_ledger(&mut self, format: Option<i64>) -> Result<(), Error> {
        match format {
            None => self.make_ledger().await,
            Some(format) if format < FORMAT => {
                self.write_ledger(Preparation::Update, Backoff::for_retry(self.job.options.retry_for)).await
            }
            Some(_) => Ok(()),
        }
    }

    /// For a run that has nothing to do, so that an older form does not last until a new migration is written. Such a run may be
    /// one that may only read: what fails is reported, and is left to the next run.
    pub(super) async fn update_idle_ledger(&mut self, format: Option<i64>) {
        if format.is_none_or(|format| format >= FORMAT) {
            return;
        }
        // Who has the lock may be at work for another history, for as long as it likes.
        let options = Options { lock_wait: Duration::ZERO, ..self.job.options.clone() };
        let updated = match self.driver.lock(&options, self.job.observer).await {
            Ok(()) => self.write_ledger(Preparation::Update, Backoff::for_retry(Duration::ZERO)).await,
            Err(error) => Err(error),
        };
        if let Err(error) = updated {
            let note = format!("the ledger is of an older version and was left as it is: {error}");
            self.job.observer.tell(Event::Noted { note });
        }
    }

    /// In a transaction of its own, since a failing step must find it afterwards; again and again while somebody reads the ledger, or
    /// on SQLite the file.
    async fn write_ledger(&mut self, preparation: Preparation, mut backoff: Backoff) -> Result<(), Error> {
        loop {
            let error = match self.try_ledger(preparation).await {
                Ok(()) => return Ok(()),
                // It is read again whether it was done.
                Err(AttemptError::Lost(_)) if self.reconnect().await? => continue,
                Err(AttemptError::Contention(cause)) => match backoff.pause() {
                    Some(pause) => {
                        self.driver.rollback().await;
                        self.pause(pause).await?;
                        continue;
                    }
                    None => preparation.failed(cause),
                },
                Err(AttemptError::Lost(cause) | AttemptError::Ended(cause)) => preparation.failed(cause),
                Err(AttemptError::Final(error)) => error,
            };
            self.driver.rollback().await;
            return Err(error);
        }
    }

    async fn try_ledger(&mut self, preparation: Preparation) -> Result<(), AttemptError> {
        self.driver.begin(Rebuild::Nothing, 1, self.job.observer).await?;
        let statements = match preparation {
            Preparation::Create => ledger::creation(&self.driver),
            // SQLite has no lock that outlives a transaction: another run may have created it by now.
            Preparation::CreateUnlessThere if ledger::is_there(&mut self.driver).await? => {
                self.ledger = LedgerOrigin::Found;
                Vec::new()
            }
            Preparation::CreateUnlessThere => {
                self.ledger = LedgerOrigin::Made;
                ledger::creation(&self.driver)
            }
            Preparation::Update => ledger::update(&mut self.driver).await?,
        };
        let doing = preparation.doing();
        if !statements.is_empty() {
            self.driver.batch(&statements).await.map_err(|failed| AttemptError::of::<D>(doing, failed.error))?;
        }
        self.driver.commit().await.map_err(|commit| match commit {
            CommitError::Lost(error) => AttemptError::Lost(Cause::of(error)),
            CommitError::Refused(error) => AttemptError::of::<D>(doing, error),
        })
    }

    /// Makes the ledger. The lock is ours.
    pub(super) async fn make_ledger(&mut self) -> Result<(), Error> {
        self.write_ledger(Preparation::Create, Backoff::for_retry(self.job.options.retry_for)).await?;
        self.ledger = LedgerOrigin::Made;
        Ok(())
    }

    /// The same, where another run may create it at the same moment; whether this one has.
    pub(super) async fn make_ledger_unless_there(&mut self) -> Result<LedgerOrigin, Error> {
        self.write_ledger(Preparation::CreateUnlessThere, Backoff::for_retry(self.job.options.retry_for)).await?;
        Ok(self.ledger)
    }
}

impl Preparation {
    fn doing(self) -> &'static str {
        match self {
            Preparation::Create | Preparation::CreateUnlessThere => "create the ledger",
            Preparation::Update => "bring the ledger up to date",
        }
    }

    fn failed(self, cause: Cause) -> Error {
        Error::Database { doing: self.doing(), cause: Box::new(cause) }
    }
}
