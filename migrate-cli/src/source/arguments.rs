//! What can be said after `cargo migrate`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use migrate_history::Database;
use migrate_source::PackageChoice;

use crate::arguments::{Command, Common};

/// Works on the migrations of a package, from its source files.
#[derive(Debug, Parser)]
#[command(
    name = "cargo-migrate",
    bin_name = "cargo migrate",
    version,
    about = "Works on the migrations of a package, from its source files",
    propagate_version = true,
    arg_required_else_help = true
)]
pub(super) struct SourceArguments {
    #[command(flatten)]
    pub common: Common,
    #[command(flatten)]
    pub place: Location,
    #[command(subcommand)]
    pub command: SourceCommand,
}

/// Where the migrations are.
#[derive(Args, Debug)]
pub(super) struct Location {
    /// The Cargo.toml of the package
    #[arg(long, global = true, value_name = "PATH")]
    pub manifest_path: Option<PathBuf>,
    /// The package of the workspace
    #[arg(long, short, global = true, value_name = "NAME")]
    pub package: Option<String>,
    /// The name of the history, where the package has several
    #[arg(long, global = true, value_name = "NAME")]
    pub history: Option<String>,
    /// Build and run the program of the package instead, which must call `migrate::cli::main`
    #[arg(long, global = true)]
    pub build: bool,
    /// The program that --build runs, where the package has several
    #[arg(long, global = true, value_name = "NAME", requires = "build")]
    pub bin: Option<String>,
}

impl Location {
    pub fn choice(&self) -> PackageChoice {
        PackageChoice { manifest: self.manifest_path.clone(), package: self.package.clone() }
    }
}

/// What is done.
#[derive(Debug, Subcommand)]
pub(super) enum SourceCommand {
    /// Write a migrations module into a package, with `history!` and a first migration
    #[command(after_help = "Example:\n  cargo migrate init --database postgres")]
    Init(InitArguments),
    /// Write a new migration, and list it in `history!`
    #[command(visible_aliases = ["generate", "add", "revision"], after_help = "Example:\n  cargo migrate new \"add users\"")]
    New(NewArguments),
    /// Write a migration that merges two heads, after checking that they may be merged
    #[command(after_help = "Example:\n  cargo migrate merge -m \"merge billing and search\"")]
    Merge(MergeArguments),
    /// Move a migration that is not released after another head, with what comes after it
    ///
    /// Its `after` is edited, once the compiler has found that the whole history is sound then. Where a database is named, the migration must not be
    /// applied there.
    #[command(after_help = "Example:\n  cargo migrate rebase add_size --after add_age")]
    Rebase(RebaseArguments),
    /// Check every migration as the compiler does, and that all are listed
    ///
    /// With `--format json` a document of what was found, with `--format github` as GitHub shows it at the changed lines, with `--format
    /// sarif` as SARIF 2.1.0.
    #[command(after_help = "Example:\n  cargo migrate check --format github")]
    Check,
    /// Format the statements in `migration!` and `history!`: one on a line, as the language prints them; comments stay
    #[command(after_help = "Example:\n  cargo migrate fmt --check")]
    Fmt(FmtArguments),
    /// Record that every migration is released: one that is changed later is a compile error
    #[command(after_help = "Example:\n  cargo migrate lock\n\nThe history must say where the lock is: `lock: \"history.lock\";`")]
    Lock,
    /// Print the completions of a shell
    #[command(
        after_help = "Example:\n  cargo migrate completions bash > ~/.local/share/bash-completion/completions/cargo-migrate"
    )]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(after_help = "Example:\n  cargo migrate man | man -l -")]
    Man,
    /// Open the file of a migration in VISUAL or EDITOR
    #[command(after_help = "Example:\n  cargo migrate edit head")]
    Edit {
        /// A revision id or its unique prefix, or `head`
        #[arg(default_value = "head")]
        revision: String,
    },
    #[command(flatten)]
    Shared(Command),
}

/// `init`
#[derive(Args, Debug)]
pub(super) struct InitArguments {
    /// The databases that the migrations are for; by default that of DATABASE_URL, or else PostgreSQL
    #[arg(long, value_parser = database, value_delimiter = ',', value_name = "DATABASE")]
    pub database: Vec<Database>,
    /// The module of the migrations
    #[arg(long, default_value = "migrations", value_name = "NAME")]
    pub module: String,
    /// Make a new package in this folder
    #[arg(long, value_name = "PATH")]
    pub new: Option<PathBuf>,
    /// Take the library from a checkout of it instead of crates.io
    #[arg(long, value_name = "PATH")]
    pub library: Option<PathBuf>,
}

/// The database that a word means.
fn database(word: &str) -> Result<Database, String> {
    let words: Vec<&str> = Database::ALL.iter().map(|database| database.word()).collect();
    let found = Database::ALL.iter().copied().find(|database| database.word() == word);
    found.ok_or_else(|| format!("the databases are: {}", words.join(", ")))
}

/// `new`
#[derive(Args, Debug)]
pub(super) struct NewArguments {
    /// What it does, in a few words: the first line of its message, and its name
    #[arg(required_unless_present = "message", value_name = "MESSAGE")]
    pub words: Option<String>,
    /// The same, as Alembic takes it
    #[arg(long, short, conflicts_with = "words", hide = true)]
    pub message: Option<String>,
    /// The migration that it comes after, or `LABEL@head`, or `base` for a root; by default the only head
    #[arg(long, value_name = "REVISION")]
    pub head: Option<String>,
    /// Allow a --head that another migration comes after already, so that there are two heads
    #[arg(long, requires = "head")]
    pub splice: bool,
    /// A label, which names the branch that begins with it; a head of an unmerged branch must have one
    #[arg(long, alias = "branch-label", value_name = "LABEL")]
    pub label: Option<String>,
    /// A migration that must be applied before it, and stays a head of its own branch; may be repeated
    #[arg(long, value_name = "REVISION")]
    pub depends_on: Vec<String>,
    /// The name of its module and file, instead of one made of the time and the message
    #[arg(long, value_name = "NAME")]
    pub rev_id: Option<String>,
    /// Open the new file in VISUAL or EDITOR
    #[arg(long)]
    pub edit: bool,
}

/// `fmt`
#[derive(Args, Debug)]
pub(super) struct FmtArguments {
    /// Write nothing, show what would change, and end with status 1 where anything would
    #[arg(long)]
    pub check: bool,
}

/// `merge`
#[derive(Args, Debug)]
pub(super) struct MergeArguments {
    /// The heads; by default all of them
    #[arg(value_name = "REVISION")]
    pub revisions: Vec<String>,
    /// The first line of its message
    #[arg(long, short, value_name = "TEXT")]
    pub message: Option<String>,
    /// The name of its module and file, instead of one made of the time and the message
    #[arg(long, value_name = "NAME")]
    pub rev_id: Option<String>,
}

/// `rebase`
#[derive(Args, Debug)]
pub(super) struct RebaseArguments {
    /// The migration: a revision id or its unique prefix
    pub revision: String,
    /// The migration that it comes after from now on; by default the other head, where there are two
    #[arg(long, value_name = "REVISION")]
    pub after: Option<String>,
}
