//! Creating the ledger, or bringing it up to date, without a run.

use super::runner::{Job, LedgerOrigin, LedgerReading, Runner};
use crate::Error;
use crate::driver::Driver;
use crate::ensured::EnsuredLedger;
use crate::ledger::FORMAT;
use crate::session::Session;
use crate::version::refuse_unserved;

/// Does it in a session that it closes.
pub(crate) async fn ensure(session: Session<'_>, job: Job<'_, '_>) -> Result<EnsuredLedger, Error> {
    match session {
        #[cfg(feature = "postgres")]
        Session::Postgres(driver) => drive(driver, job).await,
        #[cfg(feature = "_sqlite")]
        Session::Sqlite(driver) => drive(driver, job).await,
        Session::Missing(..) => Err(Error::Ledger("the database does not exist".to_owned())),
    }
}

async fn drive<D: Driver>(driver: D, job: Job<'_, '_>) -> Result<EnsuredLedger, Error> {
    let mut runner = Runner::new(driver, job);
    let result = runner.ensured().await;
    // The lock ends with its session where it cannot be released.
    let closed = runner.driver.close().await;
    let ensured = result?;
    closed.map(|()| ensured)
}

impl<D: Driver> Runner<'_, '_, D> {
    async fn ensured(&mut self) -> Result<EnsuredLedger, Error> {
        refuse_unserved(&mut self.driver, self.job.history).await?;
        let mut before = self.read(LedgerReading::First).await?.format;
        // Where nothing has to be done, no lock has to be waited for.
        if before.is_none_or(|format| format < FORMAT) {
            self.driver.lock(self.job.options, self.job.observer).await?;
            if before.is_none() && self.make_ledger_unless_there().await? == LedgerOrigin::Found {
                before = self.read(LedgerReading::Locked).await?.format;
            }
            if before.is_some() {
                self.prepare_ledger(before).await?;
            }
        }
        let schema = self.driver.schema().map(Into::into);
        Ok(EnsuredLedger { database: D::DATABASE, schema, before, format: FORMAT })
    }
}
