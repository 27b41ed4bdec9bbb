//! Runs compiled migrations: upgrade, downgrade, what is applied, and the same as a script.
//!
//! The compiler has generated the SQL; this crate decides nothing about schemas. It plans (in [`migrate_history::plan`]),
//! takes the lock, sends each step in one transaction with its ledger row, and tells an observer what happens.
//!
//! ```text
//! History + ledger + target ─plan→ Plan ─execute→ database + ledger + journal
//! ```
#![forbid(unsafe_code)]
#![warn(missing_docs)]
// What only one of the databases needs is not used without it; with both, everything is.
#![cfg_attr(not(all(feature = "postgres", feature = "_sqlite")), allow(dead_code, unused_variables))]

mod backoff;
pub mod blocking;
mod current;
#[doc(hidden)]
pub mod data_file;
mod disorder;
mod driver;
mod endpoint;
mod ensured;
mod error;
mod event;
mod execute;
mod inspect;
mod inspection;
mod journal;
mod kept;
mod ledger;
mod lock;
mod losses;
mod migrator;
mod observer;
mod options;
mod planned_step;
mod position;
mod printable;
#[doc(hidden)]
pub mod program;
mod protected;
mod protection;
mod protocol;
mod purge;
mod purpose;
mod recorded;
mod report;
mod run_token;
mod script;
mod session;
mod settings;
mod shape;
mod sql;
mod stamped;
mod stop;
mod stored;
mod url;
mod version;
mod who;

pub use current::{Current, Revision, RevisionState};
pub use data_file::{DataFileError, FilePlace};
pub use disorder::{Disorder, Remedy};
pub use endpoint::{Endpoint, IntoEndpoint};
pub use ensured::EnsuredLedger;
pub use error::{
    Cause, Differs, Elsewhere, Error, ErrorKind, Incomplete, LineColumn, Lost, ProgramError, Refusal, Review, StatementError,
    Stopped, Undone, Unreviewed,
};
pub use event::{Blocker, Event, Holder, PauseReason};
pub use inspection::{Amount, Answer, InspectedGuard, InspectedStep, InspectedTable, Inspection, MOST_COUNTED};
pub use journal::{Journal, Journaled};
pub use kept::{KeptData, KeptThing};
pub use lock::RunLock;
pub use migrator::Migrator;
pub use position::Position;
pub use printable::{is_printable, printable};
pub use program::{MayRunTwice, Next, Step};
pub use protected::Protection;
pub use report::{Completed, Report};
pub use script::script;
pub use stamped::{OldRows, Stamped};
pub use stop::Stop;

use migrate_history::History;
use migrate_history::plan::Target;

/// Applies what is pending, up to `target`: a [`Target`], or as text `head`, a revision id or its unique prefix, or `+N`, also of a branch: `LABEL@head`.
///
/// `database` is a URL, options, a pool or one connection; see [`IntoEndpoint`]. Runs on the caller's tokio runtime.
///
/// # Errors
/// See [`Error`]; after any error, every step that is not in the ledger has changed nothing.
pub async fn upgrade<'c>(
    database: impl IntoEndpoint<'c>,
    history: &History,
    target: impl TryInto<Target, Error: Into<Error>>,
) -> Result<Report, Error> {
    Migrator::new(history).upgrade(database, target).await
}

/// Undoes what is applied, down to `target`: a [`Target`], or as text `base`, a revision id or its unique prefix, or `-N`, also of a branch: `LABEL@base`; if this loses no data. See
/// [`Migrator::accept_losses`].
///
/// # Errors
/// See [`Error`]; an irreversible migration is refused before anything is touched, and so is what would lose data.
pub async fn downgrade<'c>(
    database: impl IntoEndpoint<'c>,
    history: &History,
    target: impl TryInto<Target, Error: Into<Error>>,
) -> Result<Report, Error> {
    Migrator::new(history).downgrade(database, target).await
}

/// What is applied and what is pending. Only reads: it works without a ledger, for a role that may only select, and on a
/// database that is ahead of the code.
///
/// # Errors
/// The database cannot be reached, or its ledger cannot be read.
pub async fn current<'c>(database: impl IntoEndpoint<'c>, history: &History) -> Result<Current, Error> {
    Migrator::new(history).current(database).await
}
