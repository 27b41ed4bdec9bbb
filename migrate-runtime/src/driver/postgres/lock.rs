//! The lock of a run: an advisory one, taken and released in one session.

use std::time::Duration;

use super::session::PostgresSession;
use super::texts::{HELD, key};
use crate::Error;
use crate::backoff::Backoff;
use crate::event::Holder;

/// How long the session that holds the lock is looked for where a pooler has given us another one.
const FIND: Duration = Duration::from_secs(5);

/// How many other sessions are kept busy meanwhile.
const MOST_BUSY: usize = 4;

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
        Some(Holder { pid, role: fields.next()?, application: fields.next()? })
    }

    /// Takes the lock if it is free, on the session that was checked and on no other.
    pub(super) async fn try_lock(&mut self) -> Result<bool, Error> {
        let lock = format!("pg_catalog.pg_try_advisory_lock({})", key(&self.schema));
        match self.in_this_session(&lock).await.map_err(Error::while_doing("take the migration lock"))? {
            Some(taken) => Ok(taken),
            None => Err(Error::Pooler),
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
    /// cannot be recognised, and what was set or locked in a session of it is there still. Others are kept busy meanwhile.
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
        let unlock = format!("pg_catalog.pg_advisory_unlock({})", key(&self.schema));
        match self.find_this_session(&unlock).await.map_err(Error::while_doing("release the lock"))? {
            Some(true) => Ok(()),
            Some(false) => Err(Error::Pooler),
            None => Err(Error::Stranded { pid: self.pid.clone() }),
        }
    }
}
