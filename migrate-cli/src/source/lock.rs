//! `lock`: the checksums of what is released.

use std::process::ExitCode;

use migrate_source::{HistorySource, write_whole};

use super::check;
use super::here::shown;
use crate::arguments::{Common, Format};
use crate::failure::Failure;
use crate::terminal;

/// Writes every migration into the lock. What the lock says of one that was changed since must be removed by hand.
pub(super) fn run(common: &Common, source: &HistorySource) -> Result<ExitCode, Failure> {
    let compiled = source.compile()?;
    let Some((path, text)) = source.lock(&compiled.history.migrations) else {
        return Err(Failure::failed(format!(
            "the history has no lock\nhelp: write `lock: \"history.lock\";` in the `history!` of {}",
            shown(&source.file.path)
        )));
    };
    // The first lock is written where the history already names it.
    let stops = |rule: &str| rule != "lock" || path.exists();
    let findings: Vec<_> = compiled.findings.into_iter().filter(|finding| stops(finding.rule)).collect();
    if !findings.is_empty() {
        return check::refuse(common, &findings);
    }
    write_whole(&path, &text)?;
    let count = compiled.history.migrations.len();
    match common.format {
        Format::Json => terminal::print_json(&serde_json::json!({ "file": shown(&path), "migrations": count }))?,
        Format::Text | Format::Github | Format::Sarif => terminal::print(&format!("{}: {count} released\n", shown(&path)))?,
    }
    Ok(ExitCode::SUCCESS)
}
