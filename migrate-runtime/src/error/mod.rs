//! Why a run failed, in the user's words, and what to do about it.

mod about;
mod cause;
mod convert;
mod elsewhere;
mod kind;
mod lost;
mod phrases;
mod program;
#[cfg(feature = "postgres")]
mod rights;
mod statement;
mod stopped;
#[cfg(test)]
mod tests;
mod unreviewed;

use std::time::Duration;

use migrate_history::plan::{Direction, PlanError};
use migrate_history::sql::Need;
use migrate_history::{Database, Text, Version};

#[cfg(feature = "postgres")]
pub(crate) use self::cause::position;
pub use self::cause::{Cause, LineColumn};
pub use self::elsewhere::Elsewhere;
pub use self::kind::ErrorKind;
pub use self::lost::Lost;
pub(crate) use self::phrases::lines;
use self::phrases::{blocked, by, done_before, names, seconds};
pub use self::program::ProgramError;
pub use self::statement::{Differs, Refusal, StatementError, Undone};
pub use self::stopped::{Incomplete, Stopped};
pub use self::unreviewed::{Review, Unreviewed};
use crate::data_file::DataFileError;
use crate::event::{Blocker, Holder};

/// Why a run failed. No variant holds a URL or a password.
///
/// The text includes the driver's message, for a log that has only the text. So there is no `source()`, and a printed chain of errors has
/// no duplicate message, as it would with [`sqlx::Error`]. [`Error::as_sqlx`] is the driver's error; [`Error::kind`] is what a program decides by.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The database URL cannot be read. The URL itself is not repeated, for it may hold a password.
    #[error("the database URL cannot be used: {0}")]
    Url(String),
    /// The history was built without the driver for this database.
    #[error(
        "this program was built without {0}\nhelp: add the feature to the dependency: \
         `migrate-db = {{ version = \"…\", features = [\"{word}\"] }}`", word = .0.word()
    )]
    FeatureOff(Database),
    /// No runtime could be started for a call of [`crate::blocking`].
    #[error("cannot start a tokio runtime: {0}")]
    Runtime(String),
    /// The plan is refused, so nothing was run.
    #[error(transparent)]
    Plan(PlanError),
    /// The database is not what it was when the plan was made, so nothing more was run.
    #[error(
        "another run has changed the database since the plan was made\n\
         note: the {direction} would now include {} as well\nhelp: look at the plan again, and run it then", names(.revisions)
    )]
    PlanChanged {
        /// The direction.
        direction: Direction,
        /// The revisions that the plan does not have, or has otherwise.
        revisions: Vec<Text>,
    },
    /// The database is protected, and the plan is not the reviewed one, or none was reviewed; nothing was run.
    #[error("{0}")]
    Unreviewed(Box<Unreviewed>),
    /// The database cannot be reached, or refuses the connection.
    #[error("cannot connect to {database}: {cause}\nhelp: {remedy}")]
    Connect {
        /// The database.
        database: Database,
        /// What the driver says.
        cause: Box<Cause>,
        /// What to check, or what to write.
        remedy: &'static str,
    },
    /// A statement of a migration failed; the step was rolled back.
    #[error("{0}")]
    Statement(Box<StatementError>),
    /// A function of the program failed; the transaction that it was called in was rolled back.
    #[error("{0}")]
    Program(Box<ProgramError>),
    /// A guard found rows that violate its condition; nothing was changed.
    #[error(
        "the {direction} of `{revision}` is refused before it changed anything:{}\n\
         help: correct these rows, and run the same command again", lines(.refusals)
    )]
    Refused {
        /// The direction in which it ran.
        direction: Direction,
        /// The revision.
        revision: Text,
        /// Every guard that found rows.
        refusals: Vec<Refusal>,
    },
    /// A downgrade would lose data, and there is no consent.
    #[error(
        "the downgrade would lose data, and `{revision}` is not undone:{}\n\
         help: agree to it with `--yes` on the command line, or with `Migrator::accept_losses`", lines(.losses)
    )]
    Losses {
        /// The first revision that was not undone; nothing of it was touched, and those before it in the run are undone.
        revision: Text,
        /// What would be lost, as far as it is known.
        losses: Vec<Lost>,
    },
    /// The database could not answer a guard of a migration; nothing was touched.
    #[error(
        "the {direction} of `{revision}` is refused: the database could not count {question}\n\
         note: {cause}; nothing was changed\nhelp: correct the rows for which it fails, or change the {direction}"
    )]
    Unanswered {
        /// The direction in which it ran.
        direction: Direction,
        /// The revision.
        revision: Text,
        /// What was to be counted.
        question: Text,
        /// What the database says.
        cause: Box<Cause>,
    },
    /// A table that would be rebuilt is not what the migrations made; the step was rolled back.
    #[error("{0}")]
    Differs(Box<Differs>),
    /// A file whose rows a migration inserts cannot be read, or has a value that is not valid for its column; nothing was run.
    #[error("`{revision}` is refused before it changed anything: {error}")]
    DataFile {
        /// The revision.
        revision: Text,
        /// What is wrong with the file, and where.
        error: Box<DataFileError>,
    },
    /// A table was rebuilt and rows now reference nothing; the step was rolled back.
    #[error(
        "`{revision}` would leave rows that reference nothing:{}\nnote: the step was rolled back\n\
         help: `PRAGMA foreign_key_check` lists such rows; correct them in a migration before this one", lines(.violations)
    )]
    ForeignKeys {
        /// The revision.
        revision: Text,
        /// A phrase for each pair of tables.
        violations: Vec<String>,
    },
    /// A table was rebuilt or dropped, and SQLite cannot read a view or trigger any more; the step was rolled back.
    #[error(
        "`{revision}` would break a view or trigger: {broken}\nnote: the step was rolled back\n\
         help: drop the view or trigger before the change, and create it again after it"
    )]
    BrokenSchema {
        /// The revision.
        revision: Text,
        /// What SQLite says of it, which names it: "error in view v: no such column: a".
        broken: String,
    },
    /// Another run held the lock for longer than this run may wait.
    #[error(
        "another process has held the lock for {}{}\nhelp: wait for it to finish, or raise the lock wait",
        seconds(*.waited), by(.holder)
    )]
    LockWait {
        /// How long this run waited.
        waited: Duration,
        /// Who holds it, where the database says.
        holder: Option<Holder>,
    },
    /// Another run has taken the lease over, so this one may not write any more; its transaction was rolled back.
    #[error(
        "the lease of the lock expired before it was renewed, and another run has it now{}\n\
         note: nothing more was written\nhelp: run the same command again, with a longer lease if this process was only slow", by(.holder)
    )]
    LeaseLost {
        /// Who has it now, where that is known.
        holder: Option<Holder>,
    },
    /// A statement outside of a transaction has not had its effect in the schema of the migrations.
    #[error(
        "a statement of `{revision}` outside of a transaction had no effect in schema `{schema}`\n\
         note: a session of the pooler has another `search_path`\nhelp: set it with `ALTER ROLE … SET search_path`, or connect to the server directly"
    )]
    NoEffect {
        /// The revision.
        revision: Text,
        /// Where it should have had it.
        schema: String,
    },
    /// A migration that is between two of its steps cannot be recorded as applied, nor as not applied.
    #[error(
        "`{revision}` is between two of its steps, so it cannot be recorded as applied or not applied\n\
         help: finish it with `upgrade`, or undo it with `downgrade`"
    )]
    StampUnfinished {
        /// The revision.
        revision: Text,
    },
    /// The tables of a step were in use at every attempt; the step was rolled back.
    #[error(
        "`{revision}` could not lock its tables in {attempts} attempts ({})\nnote: {cause}{}; the step was rolled back\n\
         help: end the long transactions on these tables, or raise the lock timeout", seconds(*.waited), blocked(.blockers)
    )]
    TableLocked {
        /// The revision.
        revision: Text,
        /// How often the step was tried.
        attempts: usize,
        /// Over which time.
        waited: Duration,
        /// What the database said last.
        cause: Box<Cause>,
        /// For whom it waited, where the database says.
        blockers: Vec<Blocker>,
    },
    /// Another session has locked the ledger, so it cannot be read; nothing was run.
    #[error(
        "the ledger is locked, so it cannot be read: {cause}{}\nhelp: end the transaction that locks it, and run the command again",
        blocked(.blockers)
    )]
    LedgerLocked {
        /// What the database said last.
        cause: Box<Cause>,
        /// For whom we waited, where the database says.
        blockers: Vec<Blocker>,
    },
    /// The server ended the session, because of an administrator or a shutdown; the step was rolled back.
    #[error(
        "the server ended the session during the {direction} of `{revision}`: {cause}\n\
         note: its step was rolled back; {}\nhelp: run the same command again to go on", done_before(*.direction, .completed)
    )]
    Ended {
        /// The revision.
        revision: Text,
        /// The direction.
        direction: Direction,
        /// What this run had completed before.
        completed: Vec<Text>,
        /// What the server says.
        cause: Box<Cause>,
    },
    /// [`crate::Stop`] ended the run; the same call continues where it ended.
    #[error("{0}")]
    Stopped(Box<Stopped>),
    /// A migration's own SQL, or a function that it calls, ended the transaction that its step runs in.
    #[error(
        "`{revision}` ended the transaction of its step\n\
         note: what it committed itself stays, so compare the schema before you run it again\n\
         help: leave `BEGIN`, `COMMIT`, `ROLLBACK` and `RESET ALL` out of its SQL and its functions"
    )]
    TransactionEnded {
        /// The revision.
        revision: Text,
    },
    /// The reply to a COMMIT was lost and the ledger cannot be read.
    #[error(
        "the connection was lost while `{revision}` was being committed: {cause}\n\
         note: it is unknown whether it is applied; `current` shows it once the database is reachable\n\
         help: run the same command again, which is safe"
    )]
    OutcomeUnknown {
        /// The revision.
        revision: Text,
        /// What the driver says.
        cause: Box<Cause>,
    },
    /// More than one server session answers on the connection.
    #[error(
        "the connection goes through a pooler in transaction or statement mode\n\
         note: the migration lock requires a session of its own\n\
         help: connect to the server directly, or through a pooler in session mode (PgBouncer: `pool_mode = session`)\n\
         help: in transaction mode, take the lock as a lease: `--lock lease`, `Migrator::lock`"
    )]
    Pooler,
    /// The lock was taken in a session that a pooler has since given to another client.
    #[error(
        "the migration lock is still held by server process {pid}\n\
         note: a pooler has given its session to another connection\nhelp: release it with `SELECT pg_terminate_backend({pid})`, and connect to the server directly, or through a pooler in session mode"
    )]
    Stranded {
        /// The server process.
        pid: String,
    },
    /// The server is a standby.
    #[error("this server is a standby, which is read-only\nhelp: give the URL of the primary")]
    Standby,
    /// The server is older than the history supports; no other query was run.
    #[error(
        "the history supports {oldest} or later, and this {} is {}\nhelp: upgrade it, or support it: `databases: {};` in `history!`",
        .found.database.program(), .found.written(), .found.setting()
    )]
    UnservedServer {
        /// The oldest version that the history supports.
        oldest: Version,
        /// What the server is.
        found: Version,
    },
    /// A migration of the plan has SQL that the server does not know yet; nothing was run.
    #[error(
        "`{revision}` requires {} for `{}`, and the server is {found}\n\
         note: nothing was run\nhelp: upgrade the server, or change the migration",
        .need.version, .need.sql()
    )]
    OldServer {
        /// The revision.
        revision: Text,
        /// What it requires.
        need: Need,
        /// What the server is.
        found: Version,
    },
    /// The given connection is in a transaction.
    #[error("the connection is in a transaction, and every step requires one of its own\nhelp: commit it first")]
    InTransaction,
    /// `search_path` names no schema that exists.
    #[error(
        "the connection has no current schema\nhelp: create the first schema of its `search_path`, \
         or set another one with `?options[search_path]=…` in the URL"
    )]
    NoSchema,
    /// The role may not change a setting that every session of a run requires.
    #[error(
        "cannot set `{name}` to `{value}`: {cause}\nnote: it changes what a migration does\nhelp: `ALTER ROLE … RESET {name}` and \
         `ALTER DATABASE … RESET {name}`, or connect as a role that may set it"
    )]
    Setting {
        /// The setting.
        name: &'static str,
        /// What it must be.
        value: &'static str,
        /// What the database says.
        cause: Box<Cause>,
    },
    /// SQLite did not change `PRAGMA foreign_keys`.
    #[error(
        "SQLite ignored `PRAGMA foreign_keys`, so a table cannot be rebuilt without losing rows\n\
         help: give a connection that is not in a transaction"
    )]
    PragmaIgnored,
    /// This history is applied already: in another schema of the search path, or under another name. Nothing was run.
    #[error("{0}")]
    Elsewhere(Box<Elsewhere>),
    /// Something stopped a run in the middle of a migration, other than a statement of it.
    #[error("the {direction} of `{revision}` failed: {error}")]
    During {
        /// The revision.
        revision: Text,
        /// The direction.
        direction: Direction,
        /// What it was.
        error: Box<Error>,
    },
    /// A plan is for a schema other than that of the session.
    #[error(
        "the plan was made in schema `{planned}`, and this session works in `{found}`\nhelp: plan again with the same search path"
    )]
    OtherSchema {
        /// The schema of the plan.
        planned: Text,
        /// The schema of the session.
        found: Text,
    },
    /// The ledger was written by a newer version.
    #[error("the ledger has format {found}, and this program knows {known}\nhelp: run the newer version of it")]
    NewerLedger {
        /// The ledger's format.
        found: i64,
        /// The newest format that this version knows.
        known: i64,
    },
    /// The ledger cannot be understood or does not have the row that it must have.
    #[error("the ledger cannot be used: {0}")]
    Ledger(String),
    /// The ledger cannot be read or written.
    #[error("cannot {doing}: {cause}")]
    Database {
        /// What we were doing.
        doing: &'static str,
        /// What the database says.
        cause: Box<Cause>,
    },
}
