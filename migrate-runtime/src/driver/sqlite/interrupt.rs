//! Ending a statement while it runs: SQLite asks from time to time whether it may go on (manual, `sqlite3_progress_handler`).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::session::{Interrupt, SqliteSession};

/// After how many operations of its virtual machine SQLite asks.
const OPERATIONS: i32 = 1000;

impl SqliteSession<'_> {
    /// From now on a statement ends where the run is to end at once. Each such request ends one statement.
    pub(super) async fn allow_interrupts(&mut self) -> Result<(), sqlx::Error> {
        if !self.stop.is_possible() {
            return Ok(());
        }
        let (stop, may) = (self.stop.clone(), Arc::new(AtomicBool::new(true)));
        let asked = Arc::clone(&may);
        let mut handle = self.connection()?.lock_handle().await?;
        handle.set_progress_handler(OPERATIONS, move || !(stop.is_at_once() && asked.swap(false, Ordering::Relaxed)));
        drop(handle);
        self.interrupt = Some(Interrupt(may));
        Ok(())
    }

    /// What follows cleans up.
    pub(super) fn forbid_interrupts(&self) {
        self.interrupt.iter().for_each(|Interrupt(may)| may.store(false, Ordering::Relaxed));
    }

    /// What follows is work again.
    pub(super) fn permit_interrupts(&self) {
        self.interrupt.iter().for_each(|Interrupt(may)| may.store(!self.stop.is_at_once(), Ordering::Relaxed));
    }

    /// The connection is somebody else's again.
    pub(super) async fn end_interrupts(&mut self) {
        if self.interrupt.take().is_some()
            && let Ok(connection) = self.connection()
            && let Ok(mut handle) = connection.lock_handle().await
        {
            handle.remove_progress_handler();
        }
    }
}
