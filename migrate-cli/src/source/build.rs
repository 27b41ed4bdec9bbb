//! Building the program of the package, and running it with the same arguments.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use migrate_source::Package;

use crate::failure::Failure;

/// Builds and runs it; its exit status.
pub(super) fn run(package: &Package, program: Option<&str>) -> Result<ExitCode, Failure> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["run", "--quiet", "--manifest-path"]).arg(&package.manifest);
    if let Some(program) = program {
        command.args(["--bin", program]);
    }
    replace(command.arg("--").args(passed_on()))
}

/// Goes on as the other program, so that a signal reaches it.
#[cfg(unix)]
fn replace(command: &mut Command) -> Result<ExitCode, Failure> {
    use std::os::unix::process::CommandExt;
    Err(Failure::failed(format!("cannot start cargo: {}", command.exec())))
}

#[cfg(not(unix))]
fn replace(command: &mut Command) -> Result<ExitCode, Failure> {
    let status = command.status().map_err(|error| Failure::failed(format!("cannot start cargo: {error}")))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}

/// The arguments of this process, without those that say where the migrations are.
fn passed_on() -> Vec<OsString> {
    let mut words: Vec<OsString> = std::env::args_os().skip(1).collect();
    if words.first().is_some_and(|word| word == "migrate") {
        words.remove(0);
    }
    let mut kept = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let text = word.to_string_lossy();
        match text.split_once('=').map_or(&*text, |(name, _)| name) {
            "--build" => {}
            _ if text.starts_with("-p") && text.len() > 2 => {}
            "--manifest-path" | "--package" | "-p" | "--history" | "--bin" if !text.contains('=') => drop(words.next()),
            "--manifest-path" | "--package" | "--history" | "--bin" => {}
            _ => kept.push(word),
        }
    }
    kept
}
