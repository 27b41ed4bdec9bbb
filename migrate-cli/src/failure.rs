//! Why a command failed, and its exit status.

use std::ffi::OsString;
use std::process::ExitCode;

use crate::arguments::Format;
use crate::other_tools;
use crate::terminal::{self, RED};

/// Something that stops a command.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command itself is wrong: exit status 2.
    Usage(String),
    /// It could not be done: exit status 1.
    Failed {
        /// Why.
        message: String,
        /// The migration that it is about.
        revision: Option<String>,
    },
    /// The results are no longer read, which is no failure.
    Unread,
}

/// Prints what is wrong with the arguments, or the help, and returns the exit status. The arguments are repeated
/// there, and a URL, which may hold a password, must not be.
pub(crate) fn misread(error: &clap::Error, arguments: &[OsString]) -> ExitCode {
    let format = format(arguments);
    if error.use_stderr() && error.to_string().contains("://") {
        return Failure::Usage(MISPLACED_URL.to_owned()).report(format);
    }
    if let Some(help) = other_tools::help(error, arguments) {
        return Failure::Usage(help).report(format);
    }
    match format {
        Format::Json if error.use_stderr() => Failure::Usage(message(error)).report(Format::Json),
        Format::Text | Format::Json | Format::Github | Format::Sarif => {
            // Nobody reads what cannot be written.
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
    }
}

/// Refuses a URL in another place than its own: what it would be taken for is repeated in errors, and it may hold a password.
pub(crate) fn refuse_url(arguments: &[OsString]) -> Result<(), Failure> {
    let words: Vec<&str> = arguments.iter().skip(1).filter_map(|word| word.to_str()).collect();
    let is_url = |word: &str| word.contains("://") && !word.contains(char::is_whitespace);
    let is_elsewhere = |at: usize| {
        let is_own = words[at].starts_with("--database-url=") || at > 0 && words[at - 1] == "--database-url";
        is_url(words[at]) && !is_own
    };
    if (0..words.len()).any(is_elsewhere) {
        return Err(Failure::Usage(MISPLACED_URL.to_owned()));
    }
    Ok(())
}

const MISPLACED_URL: &str = "unexpected URL\nhelp: write `--database-url` before it, or set DATABASE_URL";

/// The requested form, as far as it is known from arguments that cannot be read.
fn format(arguments: &[OsString]) -> Format {
    let words: Vec<&str> = arguments.iter().map_while(|word| word.to_str().filter(|word| *word != "--")).collect();
    let is_json = words.contains(&"--format=json") || words.windows(2).any(|pair| pair == ["--format", "json"]);
    if is_json { Format::Json } else { Format::Text }
}

/// What is wrong, without the help around it.
fn message(error: &clap::Error) -> String {
    let text = error.to_string();
    match text.strip_prefix("error: ") {
        Some(text) => {
            text.split("\n\nUsage:").next().unwrap_or(text).split("\n\nFor more information").next().unwrap_or(text).to_owned()
        }
        None => "expected a command; `--help` lists them".to_owned(),
    }
}

impl From<migrate_runtime::Error> for Failure {
    fn from(error: migrate_runtime::Error) -> Failure {
        let revision = error.revision().map(str::to_owned);
        if error.is_usage() {
            Failure::Usage(error.to_string())
        } else {
            Failure::Failed { message: error.to_string(), revision }
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Failure::Unread;
        }
        Failure::failed(format!("cannot write the result: {error}"))
    }
}

impl Failure {
    /// It could not be done, and it is about no migration in particular.
    pub fn failed(message: impl Into<String>) -> Failure {
        Failure::Failed { message: message.into(), revision: None }
    }

    /// Says it on standard error, and gives the exit status.
    pub fn report(self, format: Format) -> ExitCode {
        terminal::end_bar();
        let (message, status, revision) = match self {
            Failure::Usage(message) => (message, 2, None),
            Failure::Failed { message, revision } => (message, 1, revision),
            Failure::Unread => return ExitCode::SUCCESS,
        };
        match format {
            Format::Text | Format::Github | Format::Sarif => terminal::tell(&format!("{RED}error{RED:#}: {message}")),
            Format::Json => {
                terminal::tell_json(&serde_json::json!({ "error": message, "status": status, "revision": revision }));
            }
        }
        ExitCode::from(status)
    }
}
