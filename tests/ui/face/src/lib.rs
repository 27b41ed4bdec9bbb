//! The face of migrate without drivers, so that a UI test builds the macros and nothing else.

pub use migrate_history::{Database, Guard, History, Level, Migration, Script, Statement, Step};
pub use migrate_macros::{__step, history, migration};

#[doc(hidden)]
#[path = "../../../../migrate/src/__private/mod.rs"]
pub mod __private;

/// Every database is there.
#[doc(hidden)]
#[macro_export]
macro_rules! __needs_postgres {
    ($word:tt) => {};
}

/// Every database is there.
#[doc(hidden)]
#[macro_export]
macro_rules! __needs_sqlite {
    ($word:tt) => {};
}
