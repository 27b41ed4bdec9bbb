//! What each command does.

use std::process::ExitCode;

use migrate_source::{CompiledHistory, HistorySource};

use super::arguments::{Location, SourceArguments, SourceCommand};
use super::here::package;
use super::{build, check, edit, fmt, init, lock, merge, new, pages, rebase};
use crate::arguments::Command;
use crate::command;
use crate::failure::Failure;
use crate::program::Program;

/// Does what the arguments say; the exit status.
pub(super) async fn run(arguments: &SourceArguments) -> Result<ExitCode, Failure> {
    let SourceArguments { common, place, command } = arguments;
    if !matches!(command, SourceCommand::Check) {
        command::refuse_format(common)?;
    }
    if place.build && !matches!(command, SourceCommand::Shared(_)) {
        return Err(Failure::Usage(
            "`--build` runs the program of the package, which does not have this command\nhelp: write it without `--build`"
                .to_owned(),
        ));
    }
    match command {
        SourceCommand::Init(init) => return init::run(common, place, init),
        SourceCommand::New(new) => return new::run(common, &history(place)?, new),
        SourceCommand::Merge(merge) => return merge::run(common, &history(place)?, merge),
        SourceCommand::Rebase(rebase) => return rebase::run(common, &history(place)?, rebase).await,
        SourceCommand::Check => return check::run(common, &history(place)?),
        SourceCommand::Fmt(fmt) => return fmt::run(common, &histories(place)?, fmt),
        SourceCommand::Lock => return lock::run(common, &history(place)?),
        SourceCommand::Completions { shell } => return pages::completions(*shell),
        SourceCommand::Man => return pages::manual(),
        SourceCommand::Edit { revision } => return edit::run(&history(place)?, revision),
        // No history is needed for it.
        SourceCommand::Shared(Command::Explain { rule }) => return command::explain(common, rule.as_deref()),
        SourceCommand::Shared(_) => {}
    }
    let SourceCommand::Shared(command) = command else { return Ok(ExitCode::SUCCESS) };
    let package = package(place)?;
    if place.build {
        return build::run(&package, place.bin.as_deref());
    }
    package.check_version()?;
    let source = package.history(place.history.as_deref())?;
    let CompiledHistory { history, findings, calling, .. } = source.compile()?;
    // What only reads is of use most of all where there are two heads.
    let is_whole = history.migrations.len() == source.migrations.len();
    let goes_on = findings.is_empty() || is_whole && reads(command);
    if !goes_on {
        return check::refuse(common, &findings);
    }
    findings.iter().for_each(|finding| crate::terminal::tell_shown(&check::human(finding)));
    if !calling.is_empty() && calls(command) {
        crate::terminal::tell(&format!(
            "note: {} calls Rust functions, so the program itself is built and run",
            calling.join(", ")
        ));
        return build::run(&package, place.bin.as_deref());
    }
    let program = Program { history: Box::leak(Box::new(history)), default_url: None };
    command::run(&program, common, command).await
}

/// Whether a command may call functions of the program, or plans what calls them.
fn calls(command: &Command) -> bool {
    match command {
        // A plan says whether the program has the functions.
        Command::Upgrade(_)
        | Command::Downgrade(_)
        | Command::Plan(_)
        | Command::Redo(_)
        | Command::Reset(_)
        | Command::Fresh(_)
        | Command::Switch(_) => true,
        Command::Repair(repair) => repair.yes,
        Command::Stamp(_) | Command::Protect { .. } | Command::EnsureLedger | Command::Explain { .. } => false,
        Command::Current | Command::Status { .. } | Command::History(_) | Command::Heads | Command::Branches => false,
        Command::Show { .. } | Command::Kept { .. } | Command::Purge(_) | Command::Journal { .. } => false,
    }
}

/// Whether a command changes nothing and plans nothing.
fn reads(command: &Command) -> bool {
    match command {
        Command::Current | Command::Status { .. } | Command::History(_) | Command::Heads | Command::Branches => true,
        Command::Show { .. } | Command::Kept { .. } | Command::Journal { .. } | Command::Explain { .. } => true,
        Command::Upgrade(_) | Command::Downgrade(_) | Command::Plan(_) | Command::Redo(_) | Command::Reset(_) => false,
        Command::Fresh(_) | Command::Switch(_) | Command::Repair(_) | Command::Stamp(_) | Command::Protect { .. } => false,
        Command::EnsureLedger | Command::Purge(_) => false,
    }
}

/// The history that is meant.
fn history(place: &Location) -> Result<HistorySource, Failure> {
    let package = package(place)?;
    package.check_version()?;
    Ok(package.history(place.history.as_deref())?)
}

/// The history that is meant, or all of the package where none is.
fn histories(place: &Location) -> Result<Vec<HistorySource>, Failure> {
    if place.history.is_some() {
        return Ok(vec![history(place)?]);
    }
    let package = package(place)?;
    package.check_version()?;
    let all = package.histories()?;
    if all.is_empty() { Ok(vec![package.history(None)?]) } else { Ok(all) }
}
