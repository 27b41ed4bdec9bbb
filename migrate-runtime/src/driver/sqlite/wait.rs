//! Waiting for a file that another process has locked.

use std::time::Duration;

use super::error::{LockError, begin_error, is_busy};
use super::holder;
use super::send::texts;
use super::session::SqliteSession;
use crate::Error;
use crate::backoff::Backoff;
use crate::event::{Event, Holder};
use crate::observer::Observer;

impl SqliteSession<'_> {
    /// The write lock, for which SQLite has no queue.
    pub(super) async fn begin_immediate(&mut self, observer: &mut Observer<'_>) -> Result<(), Error> {
        // The savepoint is released by `seal`, which fails if the migration's own SQL ended the transaction.
        self.wait_for("BEGIN IMMEDIATE; SAVEPOINT migrate_step", observer).await.map_err(|refusal| match refusal {
            LockError::Locked(error) => error,
            LockError::Other(error) => begin_error(error),
        })
    }

    /// Runs what needs a lock of the file, as soon as no other process has it; until then tells which process has it.
    pub(super) async fn wait_for(&mut self, sql: &str, observer: &mut Observer<'_>) -> Result<(), LockError> {
        let mut backoff = Backoff::for_lock(self.lock_wait);
        let mut tell_at = Duration::from_secs(1);
        loop {
            match self.execute_once(sql).await {
                Ok(()) => return Ok(()),
                Err(error) if !is_busy(&error) => return Err(LockError::Other(error)),
                Err(_) => {}
            }
            let elapsed = backoff.elapsed();
            if elapsed >= tell_at {
                tell_at = elapsed + Duration::from_secs(10);
                observer.tell(Event::Waiting { elapsed, left: backoff.left(), holder: self.holder().await });
            }
            match backoff.pause() {
                Some(pause) => self.stop.pause(pause).await.map_err(LockError::Locked)?,
                None => {
                    let (waited, holder) = (backoff.elapsed(), self.holder().await);
                    return Err(LockError::Locked(Error::LockWait { waited, holder }));
                }
            }
        }
    }

    /// Which other process has the file locked. This pragma needs no lock itself.
    pub(super) async fn holder(&mut self) -> Option<Holder> {
        let rows = sqlx::raw_sql("PRAGMA database_list").fetch_all(self.connection().ok()?).await.ok()?;
        let main = rows.iter().filter_map(|row| texts(row).ok()).find(|row| row.get(1) == Some(&Some("main".to_owned())))?;
        let file = main.into_iter().nth(2).flatten().filter(|file| !file.is_empty())?;
        holder::holder(std::path::Path::new(&file))
    }

    /// Outside a transaction a statement that found the file busy is tried again; inside one, that is for the step to do.
    pub(super) fn backoff(&self) -> Backoff {
        let budget = if self.in_transaction { Duration::ZERO } else { self.lock_wait };
        Backoff::for_lock(budget)
    }
}
