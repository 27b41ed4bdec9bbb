//! The lock of a run: an advisory one, taken and released in one session; or a lease, which is taken under an advisory lock that ends with
//! the transaction.

use std::time::Duration;

use super::lease;
use super::session::PostgresSession;
use super::texts::{HELD, key};
use crate::Error;
use crate::backoff::Backoff;
use crate::driver::{Kept, Row};
use crate::event::Holder;
use crate::settings::postgres::BEGIN;

/// How long the session that holds the lock is looked for where a pooler has given us another one.
const FIND: Duration = Duration::from_secs(5);

/// How many other sessions are kept busy at the same time.
const MOST_BUSY: usize = 4;

/// No server process.
pub(super) const NOBODY: &str = "0";

/// What became of an attempt to take the lock.
pub(super) enum Taking {
    Taken,
    /// Somebody has it.
    Refused(Option<Holder>),
}

impl PostgresSession<'_> {
    pub(super) async fn holder(&mut self) -> Option<Holder> {
        let key = key(&self.schema);
        let query = format!(
            "SELECT activity.pid, activity.usename, activity.application_name \
             FROM pg_catalog.pg_locks AS held JOIN pg_catalog.pg_stat_activity AS activity USING (pid), \
             (SELECT {key} AS key) AS wanted WHERE {HELD} AND activity.pid <> pg_catalog.pg_backend_pid()"
        );
        let row = self.one(&query).await.ok()?;
        let mut fields = row.into_iter().map(Option::unwrap_or_default);
        let pid = fields.next()?.parse().ok()?;
        Some(Holder { pid, role: fields.next()?, application: fields.next()?, lease: None })
    }

    /// Takes the lock if it is free.
    pub(super) async fn try_lock(&mut self) -> Result<Taking, Error> {
        match self.lease {
            Some(_) => self.try_lease().await,
            None => self.try_session_lock().await,
        }
    }

    /// Takes the lock if it is free, on the session that was checked and on no other. A lease is taken under this lock as well, so no runner
    /// gets a new one while it is held.
    async fn try_session_lock(&mut self) -> Result<Taking, Error> {
        let doing = Error::while_doing("take the migration lock");
        let (pid, key, leases) = (&self.pid, key(&self.schema), lease::is_there(&self.schema));
        let query = format!(
            "SELECT CASE WHEN pg_catalog.pg_backend_pid()::text = '{pid}' THEN pg_catalog.pg_try_advisory_lock({key})::text END, \
             ({leases})::text"
        );
        let row: Vec<Option<String>> = self.one(&query).await.map_err(&doing)?;
        let taken = row.first().and_then(Option::as_deref).ok_or(Error::Pooler)?;
        if taken != "true" {
            return Ok(Taking::Refused(self.holder().await));
        }
        self.locked = true;
        if row.get(1).and_then(Option::as_deref) != Some("true") {
            return Ok(Taking::Taken);
        }
        let message =
            [BEGIN.to_owned(), self.wait(), lease::revoke(&self.schema), lease::holder(&self.schema), "COMMIT".to_owned()];
        let replies = self.send(&message, Kept::Of(3)).await.map_err(|failed| doing(failed.error))?;
        match replies.into_iter().nth(3).and_then(|rows| rows.into_iter().next()) {
            None => Ok(Taking::Taken),
            Some(row) => {
                self.unlock().await?;
                Ok(Taking::Refused(leaseholder(row)))
            }
        }
    }

    /// What the session that was checked answers; `None` where another one does.
    pub(super) async fn in_this_session(&mut self, question: &str) -> Result<Option<bool>, sqlx::Error> {
        let pid = &self.pid;
        let query = format!("SELECT CASE WHEN pg_catalog.pg_backend_pid()::text = '{pid}' THEN ({question})::text END");
        let row = self.one(&query).await?;
        Ok(row.into_iter().next().flatten().map(|answer| answer == "true"))
    }

    /// The same, asked until that session answers; `None` where it does not come by. A connection that is lent may go through a pooler that
    /// cannot be recognised, and what was set or locked in a session of it is there still. Others are kept busy at the same time.
    pub(super) async fn find_this_session(&mut self, question: &str) -> Result<Option<bool>, sqlx::Error> {
        let mut backoff = Backoff::new(FIND, Duration::from_millis(5), Duration::from_millis(100));
        let mut busy = Vec::new();
        loop {
            if let Some(answer) = self.in_this_session(question).await? {
                return Ok(Some(answer));
            }
            let Some(pause) = backoff.pause() else { return Ok(None) };
            if busy.len() < MOST_BUSY
                && let Ok(Some(mut second)) = self.link.second().await
            {
                sqlx::raw_sql("BEGIN").execute(&mut second).await?;
                busy.push(second);
            }
            tokio::time::sleep(pause).await;
        }
    }

    pub(super) async fn unlock(&mut self) -> Result<(), Error> {
        if !std::mem::take(&mut self.locked) {
            return Ok(());
        }
        if self.lease.is_some() {
            return self.release_lease().await;
        }
        let unlock = format!("pg_catalog.pg_advisory_unlock({})", key(&self.schema));
        match self.find_this_session(&unlock).await.map_err(Error::while_doing("release the lock"))? {
            Some(true) => Ok(()),
            Some(false) => Err(Error::Pooler),
            None => Err(Error::Stranded { pid: self.pid.clone() }),
        }
    }
}

/// The row of [`lease::holder`].
pub(super) fn leaseholder(row: Row) -> Option<Holder> {
    let mut fields = row.into_iter().map(Option::unwrap_or_default);
    let pid = fields.next()?.parse().ok()?;
    let (role, application) = (fields.next()?, fields.next()?);
    let left = fields.next()?.parse().ok()?;
    Some(Holder { pid, role, application, lease: Some(Duration::from_millis(left)) })
}
