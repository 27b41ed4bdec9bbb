//! What can be said on the command line.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Migrates a database.
#[derive(Debug, Parser)]
#[command(version, about = "Migrates a database", propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Args, Debug)]
pub(crate) struct Common {
    /// The database; by default DATABASE_URL, from the environment or `.env`. Other users of this machine can see arguments:
    /// prefer the environment for a password
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<Url>,
    /// The format of results on standard output
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    /// Print only results and errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// The URL of a database, which may hold a password.
#[derive(Clone)]
pub(crate) struct Url(String);

impl Url {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Url {
    fn from(text: String) -> Url {
        Url(text)
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Url(..)")
    }
}

/// What is done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Apply what is pending, up to a target
    Upgrade(UpgradeArguments),
    /// Undo what is applied, down to a target
    Downgrade(DowngradeArguments),
    /// Show what is applied and what is pending
    Current,
    /// Show the migrations
    History(HistoryArguments),
    /// Undo the last migration, and apply it again
    Redo(DowngradeOptions),
    /// Undo everything
    Reset(DowngradeOptions),
    /// Undo everything that the ledger has, then apply everything: a development database from its beginning
    Fresh(DowngradeOptions),
    /// Undo what this history does not have, then apply what it has: after a checkout of another branch
    Switch(UndoOptions),
    /// Record what is applied without running it, for a database that was made in another way
    Stamp(StampArguments),
    /// Create the ledger and nothing else, or bring an older one up to date
    EnsureLedger,
    /// Show what is not in order in the ledger, why, and the command that resolves it
    Repair(RepairArguments),
    /// Explain a rule of the compiler: an example, what it locks, and what to write instead
    Explain {
        /// The name of the rule; without it, all of them are listed
        rule: Option<String>,
    },
    /// Show the migrations that no other comes after
    Heads,
    /// Show the migrations that several others come after
    Branches,
    /// Show one migration: its message, its level, and the SQL of each of its steps
    Show {
        /// A revision id or its unique prefix, a label, `head` or `LABEL@head`
        revision: String,
    },
    /// Say whether the database has exactly the migrations of this history
    Status {
        /// Exit with status 1 where it has not
        #[arg(long)]
        exit_code: bool,
    },
    /// Show every step that would run, what it locks, and whether its guards would refuse it now, and run nothing
    Plan(PlanArguments),
    /// Show what was dropped with `keep data` and is kept, and how large it is
    Kept {
        /// How long one query to the database may take
        #[arg(long, default_value = "5", value_name = "SECONDS")]
        question_timeout: Seconds,
    },
    /// Delete kept data, for good
    Purge(PurgeArguments),
    /// Protect the database: from now on only a reviewed plan runs there
    Protect {
        /// Take the protection away
        #[arg(long)]
        off: bool,
    },
    /// Show what was run, by whom, and what failed, newest first
    Journal {
        /// The number of entries
        #[arg(long, short = 'n', default_value_t = 20, value_name = "N")]
        limit: usize,
    },
}

/// `upgrade`
#[derive(Args, Debug)]
pub(crate) struct UpgradeArguments {
    /// `head`, `heads`, a revision id or its unique prefix, `+N`, `ID+N`, `ID-N`, or one of these of a branch, `LABEL@head`; with --sql
    /// also FROM:TO
    #[arg(default_value = "head", default_value_if("one", "true", "+1"))]
    pub target: String,
    /// Apply exactly one migration: the same as the target `+1`
    #[arg(long, conflicts_with_all = ["target", "sql"])]
    pub one: bool,
    /// Show the plan, and run nothing
    #[arg(long, conflicts_with = "sql")]
    pub dry_run: bool,
    /// Print a script instead, for psql or sqlite3, without touching a database
    #[arg(long, conflicts_with_all = ["batch_time", "max_lag", "max_waiting"])]
    pub sql: bool,
    /// Run only the plan with this hash, which `plan --hash` prints; required on a protected database
    #[arg(long, value_name = "HASH", conflicts_with = "sql")]
    pub plan: Option<String>,
    /// Everything in one transaction, or nothing; refused where a step runs outside of one while the database is in use
    #[arg(long, conflicts_with = "sql")]
    pub atomic: bool,
    /// The lock against other runs: a lock of the session, or a lease, which works through a pooler in transaction mode
    #[arg(long, value_enum, default_value_t = LockArgument::Session, conflicts_with = "sql")]
    pub lock: LockArgument,
    #[command(flatten)]
    pub batches: BatchArguments,
}

/// How a step goes through a table in batches.
#[derive(Args, Debug)]
pub(crate) struct BatchArguments {
    /// How long a batch of rows may take, where a step goes through a table in batches
    #[arg(long, default_value = "0.2", value_name = "SECONDS")]
    pub batch_time: Seconds,
    /// PostgreSQL: wait with the next batch while the lag of a replica is larger; 0 for no limit
    #[arg(long, default_value = "5", value_name = "SECONDS", value_parser = seconds_or_none)]
    pub max_lag: Duration,
    /// PostgreSQL: wait with the next batch while more sessions wait for locks or the disk, ten seconds at most; 0 for no limit
    #[arg(long, default_value_t = 10, value_name = "SESSIONS")]
    pub max_waiting: u64,
}

impl BatchArguments {
    /// A runner with these settings.
    pub fn apply<'h>(&self, migrator: migrate_runtime::Migrator<'h>) -> migrate_runtime::Migrator<'h> {
        let BatchArguments { batch_time, max_lag, max_waiting } = self;
        migrator.batch_time(batch_time.0).max_lag(*max_lag).max_waiting(*max_waiting)
    }
}

fn seconds_or_none(text: &str) -> Result<Duration, &'static str> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.ok_or("expected a number of seconds")
}

/// `downgrade`
#[derive(Args, Debug)]
pub(crate) struct DowngradeArguments {
    /// `base`, a revision id or its unique prefix, `-N`, `ID+N`, `ID-N`, or one of these of a branch, `LABEL@base`; with --sql also
    /// FROM:TO
    #[arg(allow_hyphen_values = true, required = false, required_unless_present = "one", default_value_if("one", "true", "-1"))]
    pub target: String,
    /// Undo exactly one migration: the same as the target `-1`
    #[arg(long, conflicts_with_all = ["target", "sql"])]
    pub one: bool,
    /// Show the plan, and run nothing
    #[arg(long, conflicts_with = "sql")]
    pub dry_run: bool,
    /// Print a script instead, for psql or sqlite3, without touching a database
    #[arg(long, conflicts_with_all = ["keep", "lock", "batch_time", "max_lag", "max_waiting"])]
    pub sql: bool,
    /// Run only the plan with this hash, which `plan --hash` prints; required on a protected database
    #[arg(long, value_name = "HASH", conflicts_with = "sql")]
    pub plan: Option<String>,
    #[command(flatten)]
    pub options: DowngradeOptions,
}

/// How a downgrade is done.
#[derive(Args, Debug)]
pub(crate) struct DowngradeOptions {
    /// Keep the tables and columns that it drops, so that the next upgrade restores them
    #[arg(long)]
    pub keep: bool,
    #[command(flatten)]
    pub undo: UndoOptions,
}

/// How migrations are undone.
#[derive(Args, Debug)]
pub(crate) struct UndoOptions {
    /// Do not ask before data is lost
    #[arg(long, short)]
    pub yes: bool,
    /// The lock against other runs: a lock of the session, or a lease, which works through a pooler in transaction mode
    #[arg(long, value_enum, default_value_t = LockArgument::Session)]
    pub lock: LockArgument,
    #[command(flatten)]
    pub batches: BatchArguments,
}

/// `stamp`
#[derive(Args, Debug)]
pub(crate) struct StampArguments {
    /// `head`, `heads`, `base`, a revision id or its unique prefix: exactly this and what comes before it is recorded as applied; `LABEL@head`
    /// leaves the other branches as they are recorded
    pub target: String,
    /// Forget first what is recorded, also what this history does not know
    #[arg(long)]
    pub purge: bool,
    /// Record only what has this hash, which the refusal on a protected database shows
    #[arg(long, value_name = "HASH")]
    pub plan: Option<String>,
}

/// `repair`
#[derive(Args, Debug)]
pub(crate) struct RepairArguments {
    /// Only this revision
    pub revision: Option<String>,
    /// Do for it what requires no decision
    #[arg(long, short, requires = "revision")]
    pub yes: bool,
}

/// `purge`
#[derive(Args, Debug)]
pub(crate) struct PurgeArguments {
    /// What to delete, as `kept` shows it: `users._kept_nickname`, `_kept_audit`
    #[arg(required = true, value_name = "PLACE")]
    pub places: Vec<String>,
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
    /// Delete only what has this hash, which the refusal on a protected database shows
    #[arg(long, value_name = "HASH")]
    pub plan: Option<String>,
}

/// `history`
#[derive(Args, Debug)]
pub(crate) struct HistoryArguments {
    /// Show parents, messages and levels too
    #[arg(long, short)]
    pub verbose: bool,
    /// Draw which migration comes after which, the newest first
    #[arg(long, conflicts_with = "verbose")]
    pub graph: bool,
    /// Only what is after FROM, and is TO or before it; either may be left out. `-N:TO` is the last N, `FROM:+N` the first N
    #[arg(long, short, value_name = "FROM:TO", allow_hyphen_values = true)]
    pub range: Option<String>,
}

/// `plan`
#[derive(Args, Debug)]
pub(crate) struct PlanArguments {
    /// A target of an upgrade, `head` by default; or of a downgrade: `-N`, `base`, `LABEL@-N`, `LABEL@base`, or with --downgrade a revision id
    #[arg(allow_hyphen_values = true)]
    pub target: Option<String>,
    /// Plan a downgrade
    #[arg(long)]
    pub downgrade: bool,
    /// Plan a downgrade that keeps the tables and columns that it drops
    #[arg(long)]
    pub keep: bool,
    /// Print only the hash of the plan, for `upgrade --plan HASH` and `downgrade --plan HASH`
    #[arg(long)]
    pub hash: bool,
    /// How long one query to the database may take: a guard, or the size of a table
    #[arg(long, default_value = "5", value_name = "SECONDS")]
    pub question_timeout: Seconds,
}

/// A length of time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seconds(pub Duration);

impl FromStr for Seconds {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Seconds, Self::Err> {
        let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        seconds.filter(|seconds| !seconds.is_zero()).map(Seconds).ok_or("expected a number of seconds greater than 0")
    }
}

/// The lock of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LockArgument {
    /// An advisory lock of the session; on SQLite the lock of the file
    Session,
    /// A row that expires unless it is renewed
    Lease,
}

impl From<LockArgument> for migrate_runtime::RunLock {
    fn from(lock: LockArgument) -> migrate_runtime::RunLock {
        match lock {
            LockArgument::Session => migrate_runtime::RunLock::Session,
            LockArgument::Lease => migrate_runtime::RunLock::Lease,
        }
    }
}

/// The format of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For scripts: one JSON document
    Json,
    /// `cargo migrate check`: as GitHub shows it at the changed lines
    #[value(hide = true)]
    Github,
    /// `cargo migrate check`: SARIF 2.1.0
    #[value(hide = true)]
    Sarif,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Makes the choice the whole process's.
    pub fn write_global(self) {
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}
