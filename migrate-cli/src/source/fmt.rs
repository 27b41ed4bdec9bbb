//! `fmt`: the language in source files as its printer writes it.

use std::process::ExitCode;

use migrate_source::{FormattedFile, HistorySource, formatted_files, write_whole};
use serde_json::json;
use similar::TextDiff;

use super::arguments::FmtArguments;
use super::here::shown;
use crate::arguments::{Common, Format};
use crate::failure::Failure;
use crate::terminal;

/// Writes what is not formatted, or only shows it with status 1.
pub(super) fn run(common: &Common, histories: &[HistorySource], arguments: &FmtArguments) -> Result<ExitCode, Failure> {
    let files = formatted_files(histories)?;
    if !arguments.check {
        files.iter().try_for_each(|file| write_whole(&file.path, &file.after))?;
    }
    match common.format {
        Format::Json => {
            let names: Vec<String> = files.iter().map(|file| shown(&file.path)).collect();
            terminal::print_json(&json!({ "files": names, "written": !arguments.check }))?;
        }
        Format::Text | Format::Github | Format::Sarif if arguments.check => {
            files.iter().try_for_each(|file| terminal::print(&difference(file)))?;
        }
        Format::Text | Format::Github | Format::Sarif => terminal::print(&list(&files))?,
    }
    Ok(if arguments.check && !files.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn list(files: &[FormattedFile]) -> String {
    if files.is_empty() {
        return "nothing to do\n".to_owned();
    }
    files.iter().map(|file| format!("{}\n", shown(&file.path))).collect()
}

/// What would change in a file, as `diff -u` shows it.
fn difference(file: &FormattedFile) -> String {
    let path = shown(&file.path);
    let lines = |text: &str| text.replace("\r\n", "\n");
    let (before, after) = (lines(&file.before), lines(&file.after));
    TextDiff::from_lines(&before, &after).unified_diff().header(&path, &path).to_string()
}
