//! A session whose lock is a lease: how it is taken, checked, renewed and given up.

use std::time::Duration;

use super::lease::{self, Lease};
use super::lock::{NOBODY, Taking, leaseholder};
use super::session::{PostgresSession, Sharing};
use super::texts::{HELD, key};
use crate::Error;
use crate::backoff::Backoff;
use crate::driver::{BUSY, Driver, Kept, LEASE_LOST, MessageError};
use crate::event::{Event, Holder};
use crate::observer::Observer;
use crate::sql::{self, LedgerDialect as _};

impl PostgresSession<'_> {
    /// Takes the row under an advisory lock of the transaction, so that a runner with an advisory lock of its session is no longer at work.
    pub(super) async fn try_lease(&mut self) -> Result<Taking, Error> {
        let taken = self.take_row().await;
        if self.in_transaction {
            self.rollback().await;
        }
        match taken.map_err(Error::while_doing("take the lease of the migration lock"))? {
            Some(token) => {
                self.locked = true;
                self.lease.iter_mut().for_each(|lease| lease.hold(token));
                self.watch.renew(self.lease.as_ref().map(|lease| (lease.renew(&self.schema), lease.pause())));
                Ok(Taking::Taken)
            }
            None => Ok(Taking::Refused(self.who_has_it().await)),
        }
    }

    /// The token, if the row was taken; otherwise the transaction is still open.
    async fn take_row(&mut self) -> Result<Option<i64>, sqlx::Error> {
        let Some(take) = self.lease.as_ref().map(|lease| lease.take(&self.schema)) else { return Ok(None) };
        let lock = format!("SELECT pg_catalog.pg_try_advisory_xact_lock({})::text", key(&self.schema));
        let there = format!("SELECT ({})::text", lease::is_there(&self.schema));
        let begin: Vec<String> = self.begin_with_settings().into_iter().chain([self.wait(), lock, there]).collect();
        self.in_transaction = true;
        let answers = self.send(&begin, Kept::All).await.map_err(|failed| failed.error)?;
        let answer = |from_last: usize| answers.iter().nth_back(from_last)?.first()?.first()?.as_deref();
        if answer(1) != Some("true") {
            return Ok(None);
        }
        if answer(0) != Some("true") {
            self.send(&lease::create(&self.schema), Kept::All).await.map_err(|failed| failed.error)?;
        }
        let token = self.texts(&take).await?.into_iter().flatten().flatten().next().and_then(|token| token.parse().ok());
        if token.is_some() {
            self.execute("COMMIT").await?;
            self.in_transaction = false;
        }
        Ok(token)
    }

    /// The holder of the lease, or else of the advisory lock.
    async fn who_has_it(&mut self) -> Option<Holder> {
        match self.texts(&lease::holder(&self.schema)).await {
            Ok(rows) => match rows.into_iter().next() {
                Some(row) => leaseholder(row),
                None => self.holder().await,
            },
            // There is no such table yet.
            Err(_) => self.holder().await,
        }
    }

    /// Begins a transaction during which the lease cannot be taken over, and which fails where it was taken over before.
    pub(super) async fn begin_leased(&mut self, statements: usize, observer: &mut Observer<'_>) -> Result<(), Error> {
        self.renew_if_due().await?;
        let (mut backoff, mut tell_at) = (Backoff::for_lock(self.lock_wait), Duration::from_secs(1));
        let free = format!("pg_catalog.pg_try_advisory_xact_lock({})", key(&self.schema));
        let free = sql::PostgresDialect.fails_unless(&free, BUSY);
        loop {
            let check = self.lease.as_ref().map(|lease| lease.check(&self.schema));
            let mut open = self.begin_with_settings();
            open.push(self.open(statements));
            open.extend([free.clone()].into_iter().chain(check));
            let failed = match self.send(&open, Kept::All).await {
                Ok(_) => {
                    self.in_transaction = true;
                    self.note_process();
                    return Ok(());
                }
                Err(failed) => failed,
            };
            self.rollback().await;
            if !Self::is_failed_check(&failed.error) {
                return Err(Error::while_doing("begin a transaction")(failed.error));
            }
            if Self::is_fenced(&failed.error) {
                return Err(self.lease_lost().await);
            }
            let holder = self.holder().await;
            let Some(pause) = backoff.pause() else { return Err(Error::LockWait { waited: backoff.elapsed(), holder }) };
            let elapsed = backoff.elapsed();
            if elapsed >= tell_at {
                tell_at = elapsed + Duration::from_secs(10);
                observer.tell(Event::Waiting { elapsed, left: backoff.left(), holder });
            }
            self.stop.pause(pause).await?;
        }
    }

    /// Commits, if the lease is still ours, and renews it with that.
    pub(super) async fn commit_leased(&mut self, lease: &Lease) -> Result<(), MessageError> {
        let renew = std::iter::once(lease.renew(&self.schema));
        let message: Vec<String> = renew.chain(self.as_it_was()).chain(["COMMIT".to_owned()]).collect();
        self.send(&message, Kept::Of(0)).await?;
        self.in_transaction = false;
        self.forget_process();
        self.lease.iter_mut().for_each(Lease::note_renewed);
        Ok(())
    }

    async fn renew_if_due(&mut self) -> Result<(), Error> {
        let Some(renew) = self.lease.as_ref().filter(|lease| lease.is_due()).map(|lease| lease.renew(&self.schema)) else {
            return Ok(());
        };
        match self.texts(&renew).await {
            Ok(_) => {
                self.lease.iter_mut().for_each(Lease::note_renewed);
                Ok(())
            }
            Err(error) if Self::is_fenced(&error) => Err(self.lease_lost().await),
            Err(error) => Err(Error::while_doing("renew the lease of the migration lock")(error)),
        }
    }

    async fn lease_lost(&mut self) -> Error {
        self.locked = false;
        self.watch.renew(None);
        let holder = self.who_has_it().await;
        Error::LeaseLost { holder }
    }

    pub(super) async fn release_lease(&mut self) -> Result<(), Error> {
        self.watch.renew(None);
        let Some(release) = self.lease.as_ref().map(|lease| lease.release(&self.schema)) else { return Ok(()) };
        self.lease.iter_mut().for_each(Lease::drop_claim);
        self.texts(&release).await.map(drop).map_err(Error::while_doing("release the lease"))
    }

    /// In a shared session, our process is the one that has the lock of our transaction.
    fn note_process(&mut self) {
        if self.sharing == Sharing::Shared {
            let key = key(&self.schema);
            self.pid = format!(
                "(SELECT held.pid FROM pg_catalog.pg_locks AS held, (SELECT {key} AS key) AS wanted WHERE {HELD} LIMIT 1)"
            );
        }
    }

    /// Between two transactions none is ours.
    pub(super) fn forget_process(&mut self) {
        if self.sharing == Sharing::Shared {
            self.pid = NOBODY.to_owned();
        }
    }
}

/// Whether a check says that the lease is lost.
pub(super) fn is_lease_lost(error: &sqlx::Error) -> bool {
    error.to_string().contains(LEASE_LOST)
}
