//! `new`: a file for a migration, listed in `history!`.

use std::process::ExitCode;

use migrate_source::{HistorySource, Outline, Outlined};
use serde_json::json;

use super::arguments::NewArguments;
use super::here::shown;
use super::{edit, name};
use crate::arguments::{Common, Format};
use crate::failure::Failure;
use crate::terminal;

/// Writes it, and says where.
pub(super) fn run(common: &Common, source: &HistorySource, new: &NewArguments) -> Result<ExitCode, Failure> {
    let message = new.words.as_deref().or(new.message.as_deref()).unwrap_or_default().trim();
    if let Some(missing) = source.missing().next() {
        return Err(Failure::failed(format!("{missing}\nhelp: `cargo migrate check` shows where it is listed")));
    }
    let outline = source.outline();
    let parent = match &new.head {
        Some(head) => Some(outline.find(head)?),
        None => only(&outline.heads())?,
    };
    let heads = outline.heads();
    if let Some(parent) = parent.filter(|parent| !new.splice && !heads.contains(parent)) {
        return Err(Failure::Usage(format!(
            "`{}` is no head: another migration comes after it\nhelp: write `--splice` to have two heads, which `cargo migrate merge` merges",
            parent.id
        )));
    }
    let module = match &new.rev_id {
        Some(name) => name::chosen(name)?,
        None => name::module(message)?,
    };
    if outline.0.iter().any(|one| one.module == module || one.id == module) {
        return Err(Failure::failed(format!(
            "there is a migration `{module}` already\nhelp: write another name with `--rev-id`"
        )));
    }
    let after: Vec<&str> = parent.into_iter().map(|parent| parent.module.as_str()).collect();
    let path = source.write(&module, &text(source, message, &after))?;
    say(common, &module, &path, &after)?;
    if new.edit { edit::open(&path) } else { Ok(ExitCode::SUCCESS) }
}

/// Refuses a name that a migration has.
pub(super) fn refuse_known(source: &HistorySource, outline: &Outline, module: &str) -> Result<(), Failure> {
    if source.lists(module) || outline.0.iter().any(|one| one.module == module || one.id == module) {
        return Err(Failure::failed(format!("duplicate migration `{module}`\nhelp: write another name with `--rev-id`")));
    }
    Ok(())
}

/// The only head; none where the history is empty.
fn only<'o>(heads: &[&'o Outlined]) -> Result<Option<&'o Outlined>, Failure> {
    match heads {
        [] => Ok(None),
        [head] => Ok(Some(head)),
        several => {
            let ids: Vec<&str> = several.iter().map(|one| one.id.as_str()).collect();
            Err(Failure::Usage(format!(
                "the history has {} heads: {}\nhelp: write `--head {}`, or merge them: `cargo migrate merge`",
                ids.len(),
                ids.join(", "),
                ids.first().unwrap_or(&"ID")
            )))
        }
    }
}

/// The file of a migration that changes nothing yet.
pub(super) fn text(source: &HistorySource, message: &str, after: &[&str]) -> String {
    let after: Vec<String> = after.iter().map(|module| format!("super::{module}")).collect();
    let after = if after.is_empty() { String::new() } else { format!("    after {};\n", after.join(", ")) };
    let message = message.replace(['\n', '\r'], " ");
    format!("{}! {{\n    //! {}\n{after}\n}}\n", source.migration_macro(), sentence(&message))
}

/// A message with a capital and a full stop.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let rest = letters.as_str();
    let stop = if message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{rest}{stop}")
}

/// Says what was written.
pub(super) fn say(common: &Common, module: &str, path: &std::path::Path, after: &[&str]) -> Result<(), Failure> {
    match common.format {
        Format::Json => terminal::print_json(&json!({ "revision": module, "file": shown(path), "after": after }))?,
        Format::Text | Format::Github | Format::Sarif => {
            let place = if after.is_empty() { "the first migration".to_owned() } else { format!("after {}", after.join(", ")) };
            terminal::print(&format!("{}\n  {place}\n", shown(path)))?;
        }
    }
    Ok(())
}
