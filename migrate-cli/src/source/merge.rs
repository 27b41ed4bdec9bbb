//! `merge`: a migration that comes after several heads, which is written only where they may be merged.

use std::process::ExitCode;

use migrate_source::{Finding, HistorySource, Outlined};

use super::arguments::MergeArguments;
use super::new::NewPlace;
use super::{check, name, new};
use crate::arguments::Common;
use crate::failure::Failure;
use crate::terminal;

/// Checks that the heads commute, and writes it.
pub(super) fn run(common: &Common, source: &HistorySource, merge: &MergeArguments) -> Result<ExitCode, Failure> {
    let outline = source.outline();
    let parents: Vec<&Outlined> = match merge.revisions.as_slice() {
        [] => outline.heads(),
        some => some.iter().map(|text| outline.find(text)).collect::<Result<_, _>>()?,
    };
    if parents.len() < 2 {
        let has = parents.first().map_or_else(|| "no migration".to_owned(), |one| format!("one head, `{}`", one.id));
        return Err(Failure::Usage(format!("nothing to merge: the history has {has}")));
    }
    let ids: Vec<&str> = parents.iter().map(|one| one.id.as_str()).collect();
    let message = merge.message.clone().unwrap_or_else(|| format!("Merge {}", ids.join(" and ")));
    let module = match &merge.rev_id {
        Some(chosen) => name::chosen(chosen)?,
        None => name::module(&message)?,
    };
    new::refuse_known(source, &outline, &module)?;
    let place = NewPlace { after: parents.iter().map(|one| one.word.as_str()).collect(), ..NewPlace::default() };
    let text = new::text(source, &message, &place);
    let sound = |findings: Vec<Finding>| findings.into_iter().filter(|finding| finding.rule != "two_heads").collect::<Vec<_>>();
    let before = sound(source.compile()?.findings);
    if !before.is_empty() {
        return check::refuse(common, &before);
    }
    let conflicts = sound(source.with(&module, &text)?.compile()?.findings);
    if !conflicts.is_empty() {
        conflicts.iter().for_each(|finding| terminal::tell_shown(&check::human(finding)));
        return Err(Failure::failed("the heads cannot be merged, so nothing was written"));
    }
    let path = source.write(&module, &text)?;
    new::say(common, &module, &path, &place)?;
    Ok(ExitCode::SUCCESS)
}
