//! The flag of the ledger that only a reviewed plan runs, and the check of it.

use migrate_history::plan::{Plan, hash_of_change};

use super::runner::{Job, LedgerReading, Runner};
use crate::driver::Driver;
use crate::error::Error;
use crate::ledger::{Flag, Snapshot};
use crate::protection::{self, ReviewedChange};
use crate::session::Session;
use crate::version::refuse_unserved;
use crate::who::who;

/// What the errors of the database are about.
const DOING: &str = "change the protection of the database";

/// Sets the flag or takes it away, in a session that it closes.
pub(crate) async fn protect(session: Session<'_>, job: Job<'_, '_>, wanted: Flag) -> Result<(), Error> {
    match session {
        #[cfg(feature = "postgres")]
        Session::Postgres(driver) => drive(driver, job, wanted).await,
        #[cfg(feature = "_sqlite")]
        Session::Sqlite(driver) => drive(driver, job, wanted).await,
        Session::Missing(..) => Ok(()),
    }
}

async fn drive<D: Driver>(driver: D, job: Job<'_, '_>, wanted: Flag) -> Result<(), Error> {
    let mut runner = Runner::new(driver, job);
    let result = runner.flagged(wanted).await;
    // The lock ends with its session where it cannot be released.
    let closed = runner.driver.close().await;
    result.and(closed)
}

impl<D: Driver> Runner<'_, '_, D> {
    async fn flagged(&mut self, wanted: Flag) -> Result<(), Error> {
        refuse_unserved(&mut self.driver, self.job.history).await?;
        let found = self.read(LedgerReading::First).await?;
        if found.flag == wanted {
            return Ok(());
        }
        // A run that is at work is waited for.
        self.driver.lock(self.job.options, self.job.observer).await?;
        self.prepare_ledger(found.format).await?;
        let query = self.driver.ledger().flag(wanted, &who());
        self.record(&[query], DOING).await
    }

    /// Refuses a plan that was not reviewed, where it must be. Once it was found to be the reviewed one, what is left of it is too.
    pub(super) async fn refuse_unreviewed(&mut self, plan: &Plan, snapshot: &Snapshot) -> Result<(), Error> {
        let protection = protection::find(&mut self.driver, self.job.history, snapshot.flag).await?;
        let given = self.job.options.reviewed.as_deref();
        protection::refuse(protection, given, &ReviewedChange::Plan(plan.direction), || {
            let mut plan = plan.clone();
            plan.schema.clone_from(&snapshot.schema);
            plan.hash()
        })
    }

    /// Refuses a change without a plan.
    pub(super) async fn refuse_unreviewed_change(&mut self, lines: &[String], snapshot: &Snapshot) -> Result<(), Error> {
        if lines.is_empty() {
            return Ok(());
        }
        let protection = protection::find(&mut self.driver, self.job.history, snapshot.flag).await?;
        let given = self.job.options.reviewed.as_deref();
        protection::refuse(protection, given, &ReviewedChange::Lines(lines), || hash_of_change(&self.job.history.name, lines))
    }
}
