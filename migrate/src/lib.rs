//! Migrations written as compile-checked Rust, whose downgrade is proved by the compiler.
//!
//! A history names its migrations and the databases that it supports:
//!
//! ```
//! mod migrations {
//!     migrate::history! {
//!         databases: postgres, sqlite;
//!         create_users;
//!         add_organisation;
//!     }
//!
//!     mod create_users {
//!         migrate::migration! {
//!             //! Who may log in.
//!             create table users {
//!                 id: uuid primary key default uuid(),
//!                 email: text unique,
//!             }
//!         }
//!     }
//!
//!     mod add_organisation {
//!         migrate::migration! {
//!             //! Give every user an organisation.
//!             after super::create_users;
//!
//!             create table organisations {
//!                 id: uuid primary key default uuid(),
//!                 name: text unique,
//!             }
//!
//!             alter table users {
//!                 add organisation_id: uuid? references organisations on delete cascade;
//!             }
//!         }
//!     }
//! }
//!
//! # #[cfg(all(feature = "postgres", feature = "sqlite"))]
//! # async fn start() -> Result<(), migrate::Error> {
//! migrate::upgrade("sqlite:app.db", &migrations::HISTORY, "head").await?;
//! # Ok(())
//! # }
//! ```
//!
//! Usually every migration is in a file of its own, and `history!` lists it as `mod create_users;`.
//!
//! | cargo feature | what it adds |
//! |---|---|
//! | `postgres` | PostgreSQL 14 and later |
//! | `sqlite` | SQLite 3.35 and later, built with the program |
//! | `sqlite-unbundled` | the SQLite library of the system instead; building it requires libclang |
//! | `tls-rustls` | encrypted connections to PostgreSQL; without it `sslmode=require` is an error |
//! | `tls-rustls-ring-native-roots` | the same, with the certificates that the system trusts |
//! | `cli` | the command line: `migrate::cli::main(&HISTORY)` |
//!
//! Without any of them the crate has only the language and the data that it expands to: sqlx is not built.
//!
//! sqlx 0.9 is part of the public API, so a new major version of sqlx is a new major version of this crate.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

/// The command line: one line in `main`.
#[cfg(feature = "cli")]
pub use migrate_cli as cli;
pub use migrate_history::plan::{self, Target};
pub use migrate_history::{Basis, Database, Grade, History, Level, Migration, Version};
#[cfg(feature = "runtime")]
pub use migrate_runtime::{
    Endpoint, Error, ErrorKind, Event, IntoEndpoint, MayRunTwice, Migrator, Next, OldRows, Position, Protection, Report, RunLock,
    Stamped, Step, Stop, blocking, current, downgrade, is_printable, printable, script, upgrade,
};

/// A compiled migration: its steps for each database, and the checks before them.
///
/// Only the macros create these types. A minor version may add a field or a variant to these types, so read fields by name, and
/// match with `_`.
pub mod compiled {
    pub use migrate_history::{
        Action, Blocks, Calls, Compiled, Count, Cursor, DataColumn, DataFile, DataValues, Guard, KeepScript, Keeping, KeptObject,
        KeptPlace, Lacking, Lock, Mode, Notice, Probe, ProgramFunction, Rebuild, Rest, Script, Statement, Step, TakeBack, Tally,
        Touched, Touches, Unwind, Work,
    };
}

/// The types in an [`Error`]. A minor version may add a field or a variant to these types.
#[cfg(feature = "runtime")]
pub mod error {
    pub use migrate_history::sql::Need;
    pub use migrate_runtime::{
        Cause, DataFileError, Differs, Elsewhere, FilePlace, Incomplete, LineColumn, Lost, ProgramError, Refusal, Review,
        StatementError, Stopped, Undone, Unreviewed,
    };
}

/// The types in an [`Event`].
#[cfg(feature = "runtime")]
pub mod event {
    pub use migrate_runtime::{Blocker, Holder, PauseReason};
}

/// A plan with what the database says about it now; see [`Migrator::inspect`].
#[cfg(feature = "runtime")]
pub mod inspection {
    pub use migrate_runtime::{Amount, Answer, InspectedGuard, InspectedStep, InspectedTable, Inspection, MOST_COUNTED};
}

/// What is applied, what is pending, and what was run.
#[cfg(feature = "runtime")]
pub mod listing {
    pub use migrate_runtime::{
        Completed, Current, Disorder, EnsuredLedger, Journal, Journaled, KeptData, KeptThing, Remedy, Revision, RevisionState,
    };
}

#[doc(hidden)]
pub use migrate_macros::{__compile, __feature_off, __history, __migration, __unknown_parent};

#[doc(hidden)]
pub mod __private;

/// Declares the migrations of a crate, the databases that they support, and `HISTORY`.
///
/// ```text
/// migrate::history! {
///     databases: postgres, sqlite;
///     mod m20261122_090000_create_users;
///     mod m20261122_101500_add_organisation;
/// }
/// ```
///
/// It also generates the test `every_migration_is_listed`: `cargo test` fails if a file next to the modules contains `migration!` and is
/// not in the list. If the sources are gone, it passes with a note.
#[macro_export]
macro_rules! history {
    ($($tokens:tt)*) => { $crate::__history! { $crate $($tokens)* } };
}

/// One migration: checked against the schema after its parents, with the downgrade derived and proved.
///
/// ```text
/// migrate::migration! {
///     //! Give every user a name.
///     after super::m20261122_090000_create_users;
///     alter table users { add name: text?; }
/// }
/// ```
#[macro_export]
macro_rules! migration {
    ($($tokens:tt)*) => { $crate::__migration! { $crate $($tokens)* } };
}

/// The error for a database that a history supports and that this build does not support.
macro_rules! needs {
    ($macro:ident $feature:literal) => {
        #[cfg(feature = $feature)]
        #[doc(hidden)]
        #[macro_export]
        macro_rules! $macro {
            ($word:tt) => {};
        }

        #[cfg(not(feature = $feature))]
        #[doc(hidden)]
        #[macro_export]
        macro_rules! $macro {
            ($word:tt) => {
                $crate::__feature_off! { $word }
            };
        }
    };
}

needs!(__needs_postgres "postgres");
needs!(__needs_sqlite "_sqlite");
