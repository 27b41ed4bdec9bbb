//! The ledger before a run: made where it is missing, and brought up to date where an older version has left it.

use migrate_history::Rebuild;

use super::runner::{LedgerOrigin, Runner};
use crate::Error;
use crate::backoff::Backoff;
use crate::driver::{CommitError, Driver};
use crate::event::Event;
use crate::ledger::{self, FORMAT};

impl<D: Driver> Runner<'_, '_, D> {
    /// For a run that writes. The lock is ours.
    pub(super) async fn prepare_ledger(&mut self, format: Option<i64>) -> Result<(), Error> {
        match format {
            None => self.make_ledger().await,
            Some(format) if format < FORMAT => self.update_ledger().await,
            Some(_) => Ok(()),
        }
    }

    /// For a run that has nothing to do, so that an older form does not last as long as nobody writes a migration. Such a run may be
    /// one that may only read: what fails is told, and is left to the next run.
    pub(super) async fn update_idle_ledger(&mut self, format: Option<i64>) {
        if format.is_none_or(|format| format >= FORMAT) {
            return;
        }
        let updated = match self.driver.lock(self.job.options, self.job.observer).await {
            Ok(()) => self.update_ledger().await,
            Err(error) => Err(error),
        };
        if let Err(error) = updated {
            let note = format!("the ledger is of an older version and was left as it is: {error}");
            self.job.observer.tell(Event::Noted { note });
        }
    }

    /// In a transaction of its own; what it finds done already is left.
    async fn update_ledger(&mut self) -> Result<(), Error> {
        self.driver.begin(Rebuild::Nothing, 1, self.job.observer).await?;
        let updated = ledger::bring_up_to_date(&mut self.driver).await;
        if updated.is_err() {
            self.driver.rollback().await;
        }
        updated?;
        match self.driver.commit().await {
            Ok(()) => Ok(()),
            Err(CommitError::Refused(error) | CommitError::Lost(error)) => {
                self.driver.rollback().await;
                Err(Error::while_doing("bring the ledger up to date")(error))
            }
        }
    }

    /// In a transaction of its own, since a failing step must find it afterwards.
    pub(super) async fn make_ledger(&mut self) -> Result<(), Error> {
        let doing = Error::while_doing("create the ledger");
        let mut backoff = Backoff::for_retry(self.job.options.retry_for);
        loop {
            self.driver.begin(Rebuild::Nothing, 1, self.job.observer).await?;
            ledger::prepare(&mut self.driver).await.map_err(&doing)?;
            match self.driver.commit().await {
                Ok(()) => {
                    self.ledger = LedgerOrigin::Made;
                    return Ok(());
                }
                // On SQLite somebody reads the file.
                Err(CommitError::Refused(error)) if D::is_contention(&error) => {
                    self.driver.rollback().await;
                    let Some(pause) = backoff.pause() else { return Err(doing(error)) };
                    tokio::time::sleep(pause).await;
                }
                Err(CommitError::Refused(error)) => return Err(doing(error)),
                Err(CommitError::Lost(error)) => {
                    if !self.reconnect().await? {
                        return Err(doing(error));
                    }
                }
            }
        }
    }
}
