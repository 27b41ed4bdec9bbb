//! `cargo migrate`: the commands of a history that work on the source files of a package, and those of any program after the
//! files were compiled.

mod arguments;
mod build;
mod check;
mod edit;
mod fmt;
mod here;
mod init;
mod lock;
mod merge;
mod name;
mod new;
mod pages;
mod rebase;
mod run;

use std::ffi::OsString;
use std::process::ExitCode;

use crate::arguments::Format;
use crate::examples;
use crate::failure::{self, Failure};

use arguments::SourceArguments;

/// Reads the process's arguments and does what they say.
pub fn main() -> ExitCode {
    let mut words: Vec<OsString> = std::env::args_os().collect();
    // cargo repeats the name of the command.
    if words.get(1).is_some_and(|word| word == "migrate") {
        words.remove(1);
    }
    let arguments = match parsed(&words) {
        Ok(arguments) => arguments,
        Err(error) => return failure::misread(&error, &words),
    };
    arguments.common.color.write_global();
    let format = arguments.common.format;
    if let Err(failure) = failure::refuse_url(&words) {
        return failure.report(format);
    }
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(run::run(&arguments)).unwrap_or_else(|failure| failure.report(format)),
        Err(error) => Failure::failed(format!("cannot start a tokio runtime: {error}")).report(Format::Text),
    }
}

/// What the words say.
fn parsed(words: &[OsString]) -> Result<SourceArguments, clap::Error> {
    examples::parse(words, NAME)
}

/// How it is called.
const NAME: &str = "cargo migrate";

/// What a test of all commands reads.
#[cfg(test)]
pub(crate) fn commands() -> clap::Command {
    examples::with_examples(<SourceArguments as clap::CommandFactory>::command(), NAME)
}

/// Whether it can be typed.
#[cfg(test)]
pub(crate) fn read(words: &[OsString]) -> Result<(), clap::Error> {
    parsed(words).map(drop)
}

impl From<migrate_source::SourceError> for Failure {
    fn from(error: migrate_source::SourceError) -> Failure {
        Failure::failed(error.to_string())
    }
}
