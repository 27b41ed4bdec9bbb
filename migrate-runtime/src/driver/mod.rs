//! The seam between the executor and a database: one file for each.

use std::future::Future;
use std::time::Duration;

use migrate_history::{Database, DatabasePlace, Rebuild, Touched};

use crate::event::{Blocker, Event};
use crate::inspection::Amount;
use crate::ledger::Ledger;
use crate::observer::Observer;
use crate::options::Options;
use crate::program::{Call, CallError};
use crate::sql::Query;
use crate::{Cause, Error};

pub(crate) mod connection_source;
#[cfg(feature = "postgres")]
pub(crate) mod postgres;
#[cfg(feature = "_sqlite")]
pub(crate) mod sqlite;

/// The separator of two statements of a message; on a line of its own, so that a comment ends before it.
pub(crate) const BETWEEN: &str = "\n;\n";

/// What a check says where the journal has moved.
pub(crate) const OVERTAKEN: &str = "overtaken";

/// What a check says where another session answers than the one that has the lock.
pub(crate) const ANOTHER_SESSION: &str = "another session";

/// What a check says where another run has taken the lease over.
pub(crate) const LEASE_LOST: &str = "lease lost";

/// What a check says where another session has the lock.
pub(crate) const BUSY: &str = "busy";

/// A row, every column as text.
pub(crate) type Row = Vec<Option<String>>;

/// The rows of which statements of a message are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Of each.
    All,
    /// Of this one, from 0.
    Of(usize),
}

impl Kept {
    /// Whether those of this one are.
    pub fn has(self, at: usize) -> bool {
        match self {
            Kept::All => true,
            Kept::Of(wanted) => wanted == at,
        }
    }
}

/// Why a transaction must not be committed.
#[derive(Debug)]
pub(crate) enum SealError {
    /// The migration's own SQL ended it.
    Ended,
    /// Rows reference nothing that did before.
    Dangling(Vec<String>),
    /// SQLite cannot read a view or trigger that it could read before; in its own words.
    Unreadable(String),
    /// It could not be found out.
    Failed(sqlx::Error),
}

/// What became of a COMMIT that returned an error.
#[derive(Debug)]
pub(crate) enum CommitError {
    /// The database refused it, so nothing of the transaction is left.
    Refused(sqlx::Error),
    /// The reply was lost, so only the ledger knows.
    Lost(sqlx::Error),
}

/// A batch that did not come to its end.
#[derive(Debug)]
pub(crate) struct MessageError {
    /// Which statement failed, from 0.
    pub at: usize,
    /// Where its text begins in what was sent, in characters: what the server's position counts from.
    pub offset: usize,
    /// Why.
    pub error: sqlx::Error,
}

/// What comes before and after the statements of a step that is sent as one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Envelope {
    /// Begins the transaction, which the message then commits too; empty where both must be waited for, so that the driver does them.
    pub begin: Vec<String>,
    /// Fails where the session is another one, or the journal has moved.
    pub check: String,
    /// The first fails where the transaction has ended; the others put the session back to our settings.
    pub seal: Vec<String>,
}

/// Why a question has no answer.
#[derive(Debug)]
pub(crate) enum Unanswered {
    /// This much time was over.
    TimedOut(Duration),
    /// Another session has locked what it is about.
    Locked,
    /// Something else.
    Failed(sqlx::Error),
}

impl Unanswered {
    /// Why, in words.
    pub fn reason(self) -> String {
        match self {
            Unanswered::TimedOut(limit) => format!("no answer within {limit:?}"),
            Unanswered::Locked => "another session has locked the table".to_owned(),
            Unanswered::Failed(error) => Cause::of(error).message,
        }
    }
}

/// How large a table is.
#[derive(Clone, Debug)]
pub(crate) struct Size {
    /// Its rows.
    pub rows: Amount,
    /// Its bytes, with its indexes.
    pub bytes: Amount,
}

/// The load and the replicas of a server, between two batches. By default there are none: SQLite has neither.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Strain {
    /// How far its log is written, in bytes.
    pub written: Option<u64>,
    /// How far the slowest of the replicas that are visible has replayed it.
    pub replayed: Option<u64>,
    /// How far the server says that the slowest is behind.
    pub lag: Option<Duration>,
    /// The sessions of others that work and wait for a lock, a buffer or the disk.
    pub waiting: u64,
    /// The replicas of which the role sees only that they are there.
    pub hidden_replicas: u64,
    /// The sessions of which it sees only that.
    pub hidden_sessions: u64,
    /// Why nothing of this is known.
    pub unanswered: Option<String>,
}

/// How long the statements of a step have taken so far, and how many there are in all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spent {
    /// As measured here; `None` where the database is to measure it, since the transaction began.
    pub time: Option<Duration>,
    /// How many statements the step has.
    pub statements: usize,
}

/// One session of a database. Nothing is prepared.
pub(crate) trait Driver: Send {
    /// Which database it is.
    const DATABASE: Database;

    /// Where the ledger is.
    fn ledger(&self) -> Ledger;

    /// The number of the server's [`Version`](migrate_history::Version), where the server reported it without a question.
    fn version_number(&mut self) -> Option<u32>;

    /// Where the connection leads.
    fn place(&mut self) -> impl Future<Output = Result<DatabasePlace, sqlx::Error>> + Send;

    /// PostgreSQL: the schema of the ledger, the first of the search path.
    fn schema(&self) -> Option<String>;

    /// PostgreSQL: the later schemas of the search path that have a ledger too, which this role may read.
    fn later_schemas(&self) -> Vec<String>;

    /// Waits until no other runner is at work, where the database has a lock that outlives a transaction.
    fn lock(&mut self, options: &Options, observer: &mut Observer<'_>) -> impl Future<Output = Result<(), Error>> + Send;

    /// Begins a transaction that may write; and how many statements it will have.
    fn begin(
        &mut self,
        rebuild: Rebuild,
        statements: usize,
        observer: &mut Observer<'_>,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// What must hold before the ledger's row is written; puts the session back to our settings, whatever the migration set in it.
    fn seal(&mut self) -> impl Future<Output = Result<(), SealError>> + Send;

    /// Commits.
    fn commit(&mut self) -> impl Future<Output = Result<(), CommitError>> + Send;

    /// Rolls back. An error is not reported: the cause of the rollback matters more, and the session is closed.
    fn rollback(&mut self) -> impl Future<Output = ()> + Send;

    /// Runs one statement.
    fn execute(&mut self, sql: &str) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Calls a function of the program in the transaction that is open; the cursor that it leaves.
    fn call(
        &mut self,
        call: Call<'_>,
        tell: &mut (dyn FnMut(Event) + Send),
    ) -> impl Future<Output = Result<Option<String>, CallError>> + Send;

    /// Runs statements one after the other, in as few messages as the database allows; the rows of each.
    fn batch(&mut self, statements: &[String]) -> impl Future<Output = Result<Vec<Vec<Row>>, MessageError>> + Send;

    /// The same, of which only the rows of one statement are wanted: those of a migration's own statements may be any number, and are
    /// dropped as they come.
    fn message(&mut self, statements: &[String], wanted: usize) -> impl Future<Output = Result<Vec<Row>, MessageError>> + Send;

    /// What makes one message of a step.
    fn envelope(&self, position: i64, statements: usize) -> Envelope;

    /// Runs a query as it is.
    fn texts(&mut self, sql: &str) -> impl Future<Output = Result<Vec<Row>, sqlx::Error>> + Send;

    /// Runs queries outside of a transaction, all of which see the database at the same moment, and which wait for a table's lock no
    /// longer than a step does; the rows of each.
    fn snapshot(&mut self, queries: &[String]) -> impl Future<Output = Result<Vec<Vec<Row>>, MessageError>> + Send;

    /// Runs a query that does not block other sessions: in a transaction of its own that only reads, no longer than this.
    fn ask(&mut self, query: &str, limit: Duration) -> impl Future<Output = Result<Vec<Row>, Unanswered>> + Send;

    /// How many rows the database expects a query to find, or to count, where it says so without looking at them.
    fn estimate(&mut self, query: &str, limit: Duration) -> impl Future<Output = Option<u64>> + Send;

    /// How large a table is, asked as any question is.
    fn size(&mut self, touched: &Touched, limit: Duration) -> impl Future<Output = Size> + Send;

    /// What the server says of its load. What it does not say stops nothing.
    fn strain(&mut self) -> impl Future<Output = Strain> + Send;

    /// How long others need after a batch that took so long, so that they get in between.
    fn gap(&self, batch: Duration) -> Duration;

    /// Runs a query of our own, all of whose columns are text.
    fn rows(&mut self, query: &Query) -> impl Future<Output = Result<Vec<Row>, sqlx::Error>> + Send;

    /// Adds a row outside of a transaction, waiting for a table's lock no longer than a step does.
    fn add(&mut self, query: &Query) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Runs a statement of our own; how many rows it touched.
    fn write(&mut self, query: &Query) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;

    /// Which of these tables are where the ledger belongs.
    fn tables(&mut self, names: &[&str]) -> impl Future<Output = Result<Vec<String>, sqlx::Error>> + Send;

    /// Whether one of our own checks failed, rather than something else.
    fn is_failed_check(error: &sqlx::Error) -> bool;

    /// Whether a check of ours failed because another run has taken our lease over.
    fn is_fenced(error: &sqlx::Error) -> bool;

    /// Whether a statement outside of a transaction may have run in a session that is not set as ours is.
    fn is_shared(&self) -> bool;

    /// Whether the error leaves open what became of what was sent.
    fn is_lost(error: &sqlx::Error) -> bool;

    /// Whether the server has ended the session, and reported it: the transaction is rolled back.
    fn is_ended(error: &sqlx::Error) -> bool;

    /// Whether the error says that somebody else is using a table or its rows, so that trying again helps.
    fn is_contention(error: &sqlx::Error) -> bool;

    /// Whether the error says that a statement was cancelled.
    fn is_cancelled(error: &sqlx::Error) -> bool;

    /// The statement that lowers the lock timeout of a transaction by the time that its statements have taken; `None` where a
    /// transaction has one lock, which it has from the beginning.
    fn wait_less(&self, spent: Spent) -> Option<String>;

    /// What runs before and after a statement outside of a transaction, so that it waits as such a statement must, and leaves the session to
    /// our settings.
    fn around_alone(&self) -> [Vec<String>; 2];

    /// For whom the last statements waited, where that is known. Forgotten with the call.
    fn take_blockers(&mut self) -> impl Future<Output = Vec<Blocker>> + Send;

    /// Opens the connection again; `false` when it was given to us and we cannot.
    fn reconnect(&mut self) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Whether an error of [`Driver::reconnect`] may pass when the server is ready again.
    fn is_passing(error: &Error) -> bool;

    /// Gives up the lock, puts back what was changed in a session that is not ours, closes one that is.
    fn close(self) -> impl Future<Output = Result<(), Error>> + Send;
}
