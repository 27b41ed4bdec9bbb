//! `rebase`: a migration moved after another head, which is written only where the compiler finds nothing wrong with it.

use std::process::ExitCode;

use migrate_history::History;
use migrate_runtime::Migrator;
use migrate_source::{Finding, HistorySource, Outline, Outlined};
use serde_json::json;

use super::arguments::RebaseArguments;
use super::check;
use super::here::shown;
use crate::arguments::{Common, Format, Url};
use crate::failure::Failure;
use crate::{terminal, url};

/// Moves the migration, and says where it was and where it is.
pub(super) async fn run(common: &Common, source: &HistorySource, rebase: &RebaseArguments) -> Result<ExitCode, Failure> {
    let outline = source.outline();
    let moved = outline.find(&rebase.revision)?;
    let parent = match &rebase.after {
        Some(after) => outline.find(after)?,
        None => other_head(&outline, moved)?,
    };
    let from: Vec<&Outlined> = moved.parents.iter().filter_map(|&at| outline.0.get(at)).collect();
    if from == [parent] {
        terminal::print(&format!("nothing to do: `{}` comes after `{}`\n", moved.id, parent.id))?;
        return Ok(ExitCode::SUCCESS);
    }
    let before = source.compile()?;
    let unsound = sound(before.findings);
    if !unsound.is_empty() {
        return check::refuse(common, &unsound);
    }
    let rebased = source.rebased(moved, parent)?;
    refuse_more_heads(&outline, &rebased.source.outline(), (moved, parent), rebase)?;
    let conflicts = sound(rebased.source.compile()?.findings);
    if !conflicts.is_empty() {
        return refuse(common, &conflicts, moved, parent);
    }
    refuse_applied(common, &before.history, moved).await?;
    rebased.write()?;
    say(common, rebased.path(), &from, parent)?;
    Ok(ExitCode::SUCCESS)
}

/// What is wrong, but for the heads that are there before and may be there afterwards.
fn sound(findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().filter(|finding| finding.rule != "two_heads").collect()
}

/// The only head that is not of the branch that is moved.
fn other_head<'o>(outline: &'o Outline, moved: &Outlined) -> Result<&'o Outlined, Failure> {
    let branch = outline.branch(moved);
    let heads = outline.heads();
    let others: Vec<&Outlined> = heads.into_iter().filter(|head| !branch.contains(head)).collect();
    match others.as_slice() {
        [other] => Ok(other),
        [] => Err(Failure::Usage(format!(
            "no head is beside `{}`: every head is this migration or comes after it\nhelp: write `--after REVISION`",
            moved.id
        ))),
        [first, ..] => {
            let ids: Vec<&str> = others.iter().map(|one| one.id.as_str()).collect();
            let (ids, first) = (ids.join(", "), &first.id);
            Err(Failure::Usage(format!("`{}` could come after several heads: {ids}\nhelp: write `--after {first}`", moved.id)))
        }
    }
}

/// Refuses a move that leaves what the migration came after as one more head, and one without `--after` that joins nothing.
fn refuse_more_heads(
    outline: &Outline,
    has: &Outline,
    way: (&Outlined, &Outlined),
    rebase: &RebaseArguments,
) -> Result<(), Failure> {
    let (had, heads, (moved, parent)) = (outline.heads(), has.heads(), way);
    let is_joined = heads.len() < had.len() || rebase.after.is_some() && heads.len() == had.len();
    let is_new = |head: &&&Outlined| !had.iter().any(|one| one.id == head.id);
    let Some(left) = heads.iter().find(is_new).filter(|_| !is_joined) else { return Ok(()) };
    let first = first_of_branch(outline, moved, parent);
    let help = if first == moved {
        "write `--after` with a head".to_owned()
    } else {
        format!("move the whole branch: `cargo migrate rebase {} --after {}`", first.id, parent.id)
    };
    Err(Failure::failed(format!(
        "`{}` would be a head if `{}` came after `{}`, so nothing was written\nhelp: {help}",
        left.id, moved.id, parent.id
    )))
}

/// The first migration of the branch that a migration is in: the one before it is common to both.
fn first_of_branch<'o>(outline: &'o Outline, of: &'o Outlined, other: &Outlined) -> &'o Outlined {
    match of.parents.as_slice() {
        [above] if !outline.branch(&outline.0[*above]).contains(&other) => first_of_branch(outline, &outline.0[*above], other),
        _ => of,
    }
}

/// Shows what the compiler finds in the history as it would be.
fn refuse(common: &Common, conflicts: &[Finding], moved: &Outlined, parent: &Outlined) -> Result<ExitCode, Failure> {
    let message = format!("`{}` cannot come after `{}`, so nothing was written", moved.id, parent.id);
    if common.format == Format::Json {
        let found = conflicts.iter().map(check::json).collect::<Vec<_>>();
        terminal::tell_json(&json!({ "error": message, "status": 1, "revision": moved.id, "findings": found }));
        return Ok(ExitCode::FAILURE);
    }
    conflicts.iter().for_each(|finding| terminal::tell_shown(&check::human(finding)));
    Err(Failure::failed(message))
}

/// A database in which the migration is applied has it after the old parent. It is asked where one is named.
async fn refuse_applied(common: &Common, history: &History, moved: &Outlined) -> Result<(), Failure> {
    let Some(url) = url::find(common.database_url.as_ref().map(Url::as_str), None)? else { return Ok(()) };
    let current = Migrator::new(history).current(&url).await?;
    if !current.applied().any(|row| *row.revision == *moved.id) {
        return Ok(());
    }
    let message = format!(
        "`{0}` is applied in this database, so it cannot be moved\n\
         help: undo it first: `cargo migrate downgrade {0}-1`; where others have applied it too, write `cargo migrate merge` instead",
        moved.id
    );
    Err(Failure::Failed { message, revision: Some(moved.id.clone()) })
}

/// Says what was written.
fn say(common: &Common, path: &std::path::Path, from: &[&Outlined], parent: &Outlined) -> Result<(), Failure> {
    let before: Vec<&str> = from.iter().map(|one| one.id.as_str()).collect();
    match common.format {
        Format::Json => terminal::print_json(&json!({ "file": shown(path), "after": [parent.id], "before": before }))?,
        Format::Text | Format::Github | Format::Sarif => {
            let was = if before.is_empty() { "the first migration".to_owned() } else { format!("after {}", before.join(", ")) };
            terminal::print(&format!("{}\n  after {}, before: {was}\n", shown(path), parent.id))?;
        }
    }
    Ok(())
}
