//! The command line of a history: one line of `main`.
//!
//! ```no_run
//! # mod migrations { use std::borrow::Cow::Borrowed;
//! #     pub static HISTORY: migrate_history::History = migrate_history::History::new(Borrowed("app"), Borrowed(&[]), Borrowed(&[])); }
//! fn main() -> std::process::ExitCode {
//!     migrate_cli::main(&migrations::HISTORY)
//! }
//! ```
//!
//! Results go to standard output, progress and errors to standard error. The exit status is 0, or 1 where something failed,
//! or 2 where the command itself is wrong.
//!
//! SIGINT and SIGTERM end an upgrade or a downgrade after the step that it is in, with an error that says what is done and what is left, and
//! status 1; a second signal cancels the statement that runs, a third one ends the process. Any other command, and a question, a signal ends
//! as it ends any process, which then has the status of that signal.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod arguments;
mod command;
mod consent;
mod context;
mod examples;
mod explain;
mod failure;
mod graph;
mod json;
mod listing;
mod other_tools;
mod plan;
mod program;
mod progress;
mod repair;
mod show;
mod signals;
#[cfg(feature = "source")]
pub mod source;
mod terminal;
mod text;
mod url;

use std::ffi::OsString;
use std::fmt;
use std::process::ExitCode;

use migrate_history::History;

use arguments::{Arguments, Format};
use failure::Failure;
use program::Program;

/// Reads the process's arguments and does what they say. Builds a tokio runtime of one thread; inside of a running one, use
/// [`Cli::run`].
pub fn main(history: &'static History) -> ExitCode {
    Cli::new(history).main()
}

/// The command line of a history, with what a program adds to it.
#[derive(Clone)]
pub struct Cli(Program);

/// Omits the URL, which may have a password.
impl fmt::Debug for Cli {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Cli").field("history", &self.0.history.name).finish_non_exhaustive()
    }
}

impl Cli {
    /// The command line of this history.
    pub fn new(history: &'static History) -> Cli {
        Cli(Program { history, default_url: None })
    }

    /// The database that is meant where neither `--database-url` nor `DATABASE_URL` nor `.env` names one.
    #[must_use]
    pub fn default_database_url(self, url: impl Into<String>) -> Cli {
        Cli(Program { default_url: Some(url.into()), ..self.0 })
    }

    /// Does what the process's arguments say, in a tokio runtime of its own.
    pub fn main(self) -> ExitCode {
        match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime.block_on(self.run(std::env::args_os())),
            Err(error) => Failure::failed(format!("cannot start a tokio runtime: {error}")).report(Format::Text),
        }
    }

    /// Does what the arguments say, the program's name first, on the runtime of the caller, which must have its drivers enabled.
    ///
    /// An upgrade and a downgrade install handlers for SIGINT and SIGTERM, which stay for as long as the process lives; a service that has
    /// its own way to shut down uses [`migrate_runtime::Stop`].
    pub async fn run(self, arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> ExitCode {
        let words: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
        let arguments = match examples::parse::<Arguments>(&words, &examples::program(&words)) {
            Ok(arguments) => arguments,
            Err(error) => return failure::misread(&error, &words),
        };
        let Arguments { common, command } = arguments;
        common.color.write_global();
        if let Err(failure) = failure::refuse_url(&words) {
            return failure.report(common.format);
        }
        match command::run(&self.0, &common, &command).await {
            Ok(status) => status,
            Err(failure) => failure.report(common.format),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    const CANARY: &str = "c4n4ry";

    #[test]
    fn a_password_is_in_no_debug_output() {
        use std::borrow::Cow::Borrowed;
        static HISTORY: History = History::new(Borrowed("app"), Borrowed(&[]), Borrowed(&[]));
        let url = format!("postgres://me:{CANARY}@host/app");
        let cli = Cli::new(&HISTORY).default_database_url(&url);
        let arguments = Arguments::try_parse_from(["app", "--database-url", &url, "current"]).expect("they can be read");
        for shown in [format!("{cli:?}"), format!("{cli:#?}"), format!("{arguments:?}")] {
            assert!(!shown.contains(CANARY) && !shown.contains("host"), "{shown}");
        }
    }
}
