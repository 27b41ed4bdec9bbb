//! `new`: a file for a migration, listed in `history!`.

use std::process::ExitCode;

use migrate_history::plan::RESERVED_IDS;
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
    let parent = match new.head.as_deref() {
        Some("base") => None,
        Some(head) => Some(outline.find(head)?),
        None => only(&outline.heads())?,
    };
    let depends = new.depends_on.iter().map(|text| outline.find(text)).collect::<Result<Vec<_>, _>>()?;
    refuse_label(&outline, new.label.as_deref())?;
    let heads = outline.heads();
    if let Some(parent) = parent.filter(|parent| !new.splice && !heads.contains(parent)) {
        return Err(Failure::Usage(format!(
            "`{}` is not a head: another migration comes after it\nhelp: write `--splice` to have two heads: `cargo migrate merge` merges them, or `--label NAME` makes a branch",
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
    let after: Vec<&str> = parent.into_iter().map(|parent| parent.word.as_str()).collect();
    let place = NewPlace { after, depends: depends.iter().map(|one| one.word.as_str()).collect(), label: new.label.as_deref() };
    let path = source.write(&module, &text(source, message, &place))?;
    say(common, &module, &path, &place)?;
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
                "the history has {} heads: {}\nhelp: write `--head {}`, or `--head LABEL@head`, or merge them: `cargo migrate merge`",
                ids.len(),
                ids.join(", "),
                ids.first().unwrap_or(&"ID")
            )))
        }
    }
}

/// Refuses a label that a migration has, or that the compiler would not read.
fn refuse_label(outline: &Outline, label: Option<&str>) -> Result<(), Failure> {
    let Some(label) = label else { return Ok(()) };
    let is_plain = label.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '.');
    if label.is_empty() || !is_plain || RESERVED_IDS.contains(&label) {
        return Err(Failure::Usage(format!(
            "invalid label `{label}`\nhelp: write letters, digits, `_` and `.`; `{}` are target keywords of the command line",
            RESERVED_IDS.join("`, `")
        )));
    }
    match outline.0.iter().find(|one| one.label.as_deref() == Some(label) || one.id == label) {
        Some(one) => Err(Failure::failed(format!("duplicate label `{label}`: `{}` has it\nhelp: write another label", one.id))),
        None => Ok(()),
    }
}

/// Where a migration is to be in the history.
#[derive(Default)]
pub(super) struct NewPlace<'n> {
    /// What it comes after.
    pub after: Vec<&'n str>,
    /// What it depends on.
    pub depends: Vec<&'n str>,
    /// The branch that it names.
    pub label: Option<&'n str>,
}

/// The file of a migration that changes nothing yet.
pub(super) fn text(source: &HistorySource, message: &str, place: &NewPlace<'_>) -> String {
    let paths = |words: &str, modules: &[&str]| {
        let paths: Vec<String> = modules.iter().map(|module| format!("super::{module}")).collect();
        if paths.is_empty() { String::new() } else { format!("    {words} {};\n", paths.join(", ")) }
    };
    let label = place.label.map(|label| format!("    label \"{label}\";\n")).unwrap_or_default();
    let head = format!("{}{}{label}", paths("after", &place.after), paths("depends on", &place.depends));
    let message = message.replace(['\n', '\r'], " ");
    format!("{}! {{\n    //! {}\n{head}\n}}\n", source.migration_macro(), sentence(&message))
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
pub(super) fn say(common: &Common, module: &str, path: &std::path::Path, place: &NewPlace<'_>) -> Result<(), Failure> {
    let NewPlace { after, depends, label } = place;
    match common.format {
        Format::Json => {
            let file = shown(path);
            let document = json!({ "revision": module, "file": file, "after": after, "depends_on": depends, "label": label });
            terminal::print_json(&document)?;
        }
        Format::Text | Format::Github | Format::Sarif => {
            let first = if after.is_empty() { "a first migration".to_owned() } else { format!("after {}", after.join(", ")) };
            let depends = if depends.is_empty() { String::new() } else { format!("; depends on {}", depends.join(", ")) };
            let label = label.map(|label| format!("; label {label}")).unwrap_or_default();
            terminal::print(&format!("{}\n  {first}{depends}{label}\n", shown(path)))?;
        }
    }
    Ok(())
}
