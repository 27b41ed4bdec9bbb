//! How much is measured, and the goal.

use std::time::Duration;

use super::change::{CHANGES, Change};
use crate::Arguments;

/// What a client may wait beyond the lock timeout.
pub(super) const SLACK: Duration = Duration::from_millis(100);

/// How much is measured.
pub(super) struct Size {
    pub rows: i64,
    pub clients: i64,
    pub changes: &'static [Change],
    /// How long the reader keeps its transaction open.
    pub reader: Duration,
    pub lock_timeout: Duration,
}

impl Size {
    /// All of it, or a short form.
    pub fn of(arguments: &Arguments) -> Size {
        let (second, changes) = (Duration::from_secs(1), &CHANGES[..arguments.count(CHANGES.len())]);
        if arguments.smoke {
            return Size { rows: 20_000, clients: 4, changes, reader: second / 2, lock_timeout: second / 5 };
        }
        // The lock timeout is the one that a run has by default.
        Size { rows: 1_000_000, clients: 32, changes, reader: second * 3, lock_timeout: second * 2 }
    }

    /// What no client of a migration may wait longer than.
    pub fn goal(&self) -> Duration {
        self.lock_timeout + SLACK
    }
}
