//! What happens during a run, as one stream: the command line, `tracing` and a callback read the same.

use std::fmt;
use std::time::Duration;

use migrate_history::plan::{Direction, Dropped};
use migrate_history::{Database, Text};

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// Another run holds the lock, or on SQLite another process. Sent after a second, then every ten seconds.
    Waiting {
        /// How long so far.
        elapsed: Duration,
        /// How long still, at most.
        left: Duration,
        /// Who holds it, where the database says.
        holder: Option<Holder>,
    },
    /// The run has the lock and has read the ledger; this is what it will do.
    Planned {
        /// The database.
        database: Database,
        /// The direction.
        direction: Direction,
        /// The revisions, in order.
        revisions: Vec<Text>,
    },
    /// A migration begins.
    Started {
        /// The revision id.
        revision: Text,
        /// The first line of its message.
        title: String,
        /// The direction.
        direction: Direction,
        /// Its place in the plan, from 1.
        number: usize,
        /// How many migrations the plan has.
        total: usize,
    },
    /// The query of a guard was run.
    Guarded {
        /// The revision id.
        revision: Text,
        /// The query.
        query: Text,
        /// How many rows it found.
        rows: i64,
    },
    /// What a downgrade drops was counted.
    Counted {
        /// The revision id.
        revision: Text,
        /// What, and how much.
        dropped: Dropped,
    },
    /// A step begins: one transaction.
    StepStarted {
        /// The revision id.
        revision: Text,
        /// From 1.
        step: usize,
        /// How many the migration has.
        steps: usize,
    },
    /// A statement was run.
    Statement {
        /// The revision id.
        revision: Text,
        /// Its place in the step, from 1.
        number: usize,
        /// How many the step has.
        total: usize,
        /// The text.
        sql: Text,
        /// How long it took; `None` where the whole step went out as one message.
        duration: Option<Duration>,
    },
    /// A batch of rows was committed, or a Rust function reports its progress.
    Progress {
        /// The revision id.
        revision: Text,
        /// The step, from 1.
        step: usize,
        /// How many rows the step has gone through, in earlier runs too; or what a function counts.
        rows: u64,
        /// How many rows its table had when this run began with it, about; `None` where the database did not say.
        total: Option<u64>,
        /// Rows in a second, since this run began with the step or with the call of the function, pauses included.
        rate: f64,
        /// How long it will take still, at that rate.
        left: Option<Duration>,
    },
    /// A Rust function was called, and has returned.
    Called {
        /// The revision id.
        revision: Text,
        /// Its path, as it is written in the migration.
        function: Text,
        /// The cursor that it left, where it is called again with it.
        cursor: Option<String>,
        /// How long it took.
        duration: Duration,
    },
    /// The next batch waits. Sent at once, then every ten seconds.
    Paused {
        /// The revision id.
        revision: Text,
        /// Why.
        reason: PauseReason,
        /// How long so far.
        elapsed: Duration,
    },
    /// PostgreSQL: the role cannot see a part of the load or of the replicas, so batches do not wait for it. `pg_monitor` makes it visible.
    Hidden {
        /// The revision id.
        revision: Text,
        /// Replicas whose lag is not visible.
        replicas: u64,
        /// Sessions of which it is not visible what they do.
        sessions: u64,
    },
    /// PostgreSQL: the question about replicas and load was not answered, so batches do not wait for them.
    LoadUnknown {
        /// The revision id.
        revision: Text,
        /// Why.
        reason: String,
    },
    /// A table or its rows were in use, the step was rolled back and will be tried again.
    Retrying {
        /// The revision id.
        revision: Text,
        /// The attempt that was in vain, from 1.
        attempt: usize,
        /// The database's message.
        reason: String,
        /// For whom it waited, where the database says.
        blockers: Vec<Blocker>,
        /// The pause before the next attempt.
        pause: Duration,
        /// How long it will be tried still, at most.
        left: Duration,
    },
    /// Another session has locked the ledger; it will be read again.
    LedgerLocked {
        /// The database's message.
        reason: String,
        /// For whom we waited, where the database says.
        blockers: Vec<Blocker>,
        /// The pause before the next attempt.
        pause: Duration,
        /// How long it will be tried still, at most.
        left: Duration,
    },
    /// The connection was lost, and the server does not accept a new one yet.
    Reconnecting {
        /// What it says, or the system.
        reason: String,
        /// The pause before the next attempt.
        pause: Duration,
        /// How long it will be tried still, at most.
        left: Duration,
    },
    /// Something failed after everything was done; what was done stays.
    Noted {
        /// What.
        note: String,
    },
    /// A step was committed.
    StepFinished {
        /// The revision id.
        revision: Text,
        /// From 1.
        step: usize,
        /// How many the migration has.
        steps: usize,
        /// How long the transaction took.
        duration: Duration,
    },
    /// The reply to a COMMIT was lost; the ledger shows whether the step was committed.
    Recovered {
        /// The revision id.
        revision: Text,
        /// Whether the step was committed.
        committed: bool,
    },
    /// Another run changed the ledger after it was read; the rest is planned again.
    Overtaken,
    /// A migration is complete.
    Finished {
        /// The revision id.
        revision: Text,
        /// The direction.
        direction: Direction,
        /// How long its steps took.
        duration: Duration,
    },
    /// A migration failed; its step was rolled back.
    Failed {
        /// The revision id.
        revision: Text,
        /// The error.
        error: String,
    },
    /// Nothing is left to do, or there was nothing to do.
    Done {
        /// The direction.
        direction: Direction,
        /// How many migrations this run completed.
        migrations: usize,
        /// How long it took.
        duration: Duration,
    },
}

/// Who holds the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Holder {
    /// The server process; on SQLite the process that has the file locked.
    pub pid: i64,
    /// Its role; empty on SQLite.
    pub role: String,
    /// What it calls itself.
    pub application: String,
    /// How long its lease still lasts unless it is renewed; `None` where it has another kind of lock. The process is then the runner's own.
    pub lease: Option<Duration>,
}

impl fmt::Display for Holder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "process {}", self.pid)?;
        if !self.role.is_empty() {
            write!(out, " of `{}`", self.role)?;
        }
        if !self.application.is_empty() {
            write!(out, " (`{}`)", self.application)?;
        }
        if let Some(left) = self.lease {
            write!(out, " with a lease that expires in {:.1} s unless it is renewed", left.as_secs_f64())?;
        }
        Ok(())
    }
}

/// Why a batch of rows waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PauseReason {
    /// A replica is behind.
    Lag {
        /// How far.
        lag: Duration,
        /// How far it may be; see [`crate::Migrator::max_lag`].
        limit: Duration,
    },
    /// Other sessions wait.
    Load {
        /// How many of them work and wait for a lock, a buffer or the disk.
        waiting: u64,
        /// How many may; see [`crate::Migrator::max_waiting`].
        limit: u64,
    },
}

impl fmt::Display for PauseReason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PauseReason::Lag { lag, limit } => {
                let (lag, limit) = (lag.as_secs_f64(), limit.as_secs_f64());
                write!(out, "a replica is {lag:.1} s behind, and {limit:.1} s are accepted")
            }
            PauseReason::Load { waiting, limit } => {
                let are = if *limit == 1 { "is" } else { "are" };
                write!(out, "{waiting} sessions wait for a lock or the disk, and {limit} {are} accepted")
            }
        }
    }
}

/// A session for which ours waits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Blocker {
    /// The server process; 0 for a prepared transaction, which has none.
    pub pid: i64,
    /// Its role.
    pub role: String,
    /// What it calls itself.
    pub application: String,
    /// What it does (`active`, `idle in transaction`), where our role may know.
    pub state: String,
    /// For how long its transaction has lasted, where our role may know.
    pub transaction: Option<Duration>,
    /// The table that ours waits for; `None` where it waits for a row or something else.
    pub table: Option<String>,
}

impl fmt::Display for Blocker {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Blocker { pid, role, application, state, transaction, table } = self;
        if let Some(table) = table {
            write!(out, "`{table}` is locked by ")?;
        }
        match pid {
            0 => out.write_str("a prepared transaction (see `pg_prepared_xacts`)")?,
            pid => write!(out, "process {pid} of `{role}`")?,
        }
        if !application.is_empty() {
            write!(out, " (`{application}`)")?;
        }
        if !state.is_empty() {
            write!(out, ", {state}")?;
        }
        if let Some(transaction) = transaction {
            write!(out, ", in a transaction for {:.1} s", transaction.as_secs_f64())?;
        }
        Ok(())
    }
}

/// All of them, as one phrase.
pub(crate) fn listed(blockers: &[Blocker]) -> String {
    blockers.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
