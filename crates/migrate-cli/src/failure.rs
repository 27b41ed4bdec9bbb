//! Why a command failed, and its exit status.

use std::io::Write;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};

use crate::arguments::Format;

/// Something that stops a command.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command itself is wrong: exit status 2.
    Usage(String),
    /// It could not be done: exit status 1.
    Failed(String),
    /// Nobody reads the results any more, which is no failure.
    Unread,
}

/// Says what is wrong with the arguments, or the help that was asked for, and gives the exit status. The arguments are repeated
/// there, and a URL, which may hold a password, must not be.
pub(crate) fn misread(error: &clap::Error) -> ExitCode {
    if error.use_stderr() && error.to_string().contains("://") {
        let remedy = "a URL stands where none is expected; write `--database-url` before it, or set DATABASE_URL";
        return Failure::Usage(remedy.to_owned()).report(Format::Text);
    }
    // Nobody reads what cannot be written.
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

impl From<migrate_runtime::Error> for Failure {
    fn from(error: migrate_runtime::Error) -> Failure {
        if error.is_usage() { Failure::Usage(error.to_string()) } else { Failure::Failed(error.to_string()) }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Failure::Unread;
        }
        Failure::Failed(format!("the result cannot be written: {error}"))
    }
}

impl Failure {
    /// Says it on standard error, and gives the exit status.
    pub fn report(self, format: Format) -> ExitCode {
        let (message, status) = match self {
            Failure::Usage(message) => (message, 2),
            Failure::Failed(message) => (message, 1),
            Failure::Unread => return ExitCode::SUCCESS,
        };
        let red = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        // Nobody reads what cannot be written.
        let _ = match format {
            Format::Text => writeln!(anstream::stderr(), "{red}error{red:#}: {message}"),
            Format::Json => writeln!(anstream::stderr(), "{}", serde_json::json!({ "error": message, "status": status })),
        };
        ExitCode::from(status)
    }
}
