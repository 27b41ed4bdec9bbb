//! How much of a history a plan looks at, which a test counts: a history of ten thousand migrations must not be walked ten thousand times.

#[cfg(test)]
use std::cell::Cell;

#[cfg(test)]
thread_local! {
    static LOOKED_AT: Cell<usize> = const { Cell::new(0) };
}

/// So many revisions, or edges between two, are looked at.
#[cfg(test)]
pub(super) fn looks_at(count: usize) {
    LOOKED_AT.set(LOOKED_AT.get() + count);
}

/// Nothing counts outside of the tests.
#[cfg(not(test))]
pub(super) const fn looks_at(_count: usize) {}

/// How many were looked at, from nought.
#[cfg(test)]
pub(super) fn counted(work: impl FnOnce()) -> usize {
    LOOKED_AT.set(0);
    work();
    LOOKED_AT.get()
}
