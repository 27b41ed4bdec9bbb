//! How much work the compiler does: a test compares it for a migration and one twice as long, since durations vary.
//!
//! Without the feature `testing` nothing is counted.

#[cfg(feature = "testing")]
use std::cell::Cell;

#[cfg(feature = "testing")]
thread_local! {
    static LOOKS: Cell<u64> = const { Cell::new(0) };
}

/// How many tables, names, noted touches, steps and types of expressions this thread has visited so far.
#[cfg(feature = "testing")]
pub fn looks() -> u64 {
    LOOKS.get()
}

/// Counts one of them.
pub(crate) fn look() {
    #[cfg(feature = "testing")]
    LOOKS.set(LOOKS.get() + 1);
}
