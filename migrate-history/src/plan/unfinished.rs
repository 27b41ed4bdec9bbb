//! A migration that an earlier run has left between two of its steps: the same direction continues as it began, and the other one undoes the
//! steps that are done. Where this is unknown, what has begun is finished first.

use super::whole::{backward, forward, of_ledger};
use super::{Applied, Course, Dropped, PlanError, Planned, Progress, Stored};
use crate::{Beginning, Database, Level, List, Migration, Step, Text, Unwind};

/// The upgrade of a migration that is not complete.
pub(super) fn or_whole(row: Option<&Applied>, migration: &'static Migration, database: Database) -> Result<Planned, PlanError> {
    let whole = forward(migration, database);
    let Some(row) = row else { return Ok(whole) };
    match row.progress {
        Progress::Complete => Ok(whole),
        Progress::Upgrading { step, steps: _ } => Ok(continued(row, whole, step)),
        Progress::Downgrading { step, steps: _ } => {
            let stored = stored(row)?;
            if let Some((_, steps)) = unwind(stored, &stored.downgrade, step) {
                let notes = undone(row, &whole.notes);
                return Ok(Planned { steps: steps.into(), notes, course: Course::Unwound, ..whole });
            }
            let unfinished = Some(Box::new(backward(row, Some(migration), database)?));
            Ok(Planned { unfinished, notes: finished_first(row, &whole.notes), ..whole })
        }
    }
}

/// The downgrade of a migration.
pub(super) fn or_backward(
    row: &Applied,
    migration: Option<&'static Migration>,
    database: Database,
) -> Result<Planned, PlanError> {
    let step = match row.progress {
        Progress::Complete | Progress::Downgrading { .. } => return backward(row, migration, database),
        Progress::Upgrading { step, steps: _ } => step,
    };
    let stored = stored(row)?;
    if let Some((unwind, steps)) = stored.upgrade.as_deref().and_then(|upgrade| unwind(stored, upgrade, step)) {
        return Ok(unwound(row, stored, migration, unwind, steps));
    }
    let first = rest(row, stored, migration, step, database)?;
    let whole = backward(&Applied { progress: Progress::Complete, ..row.clone() }, migration, database)?;
    Ok(Planned { unfinished: Some(Box::new(first)), notes: finished_first(row, &whole.notes), ..whole })
}

fn stored(row: &Applied) -> Result<&Stored, PlanError> {
    row.stored.as_deref().ok_or_else(|| PlanError::NotRead { revision: row.revision.clone() })
}

/// What undoes the steps that are done, of those that were begun.
fn unwind<'s>(stored: &'s Stored, begun: &'s [Step], done: usize) -> Option<(&'s Unwind, Vec<Step>)> {
    let unwind = begun.get(done)?.unwind.as_deref()?;
    let beginning = if stored.begun.is_some() { Beginning::Begun } else { Beginning::NotBegun };
    Some((unwind, unwind.from(beginning)?))
}

/// The upgrade continues as it began: this program may divide the same migration into other steps.
fn continued(row: &Applied, whole: Planned, done: usize) -> Planned {
    let begun = row.stored.as_ref().and_then(|stored| stored.upgrade.clone());
    Planned {
        stored: begun.is_some(),
        steps: begun.unwrap_or_else(|| whole.steps.clone()),
        done,
        begun: row.stored.as_ref().and_then(|stored| stored.begun.clone()),
        course: Course::Continued,
        ..whole
    }
}

/// What is left of an upgrade, for a program that may not know the migration, or know another one.
fn rest(
    row: &Applied,
    stored: &Stored,
    migration: Option<&'static Migration>,
    done: usize,
    database: Database,
) -> Result<Planned, PlanError> {
    if let Some(migration) = migration.filter(|migration| !row.is_edited(migration)) {
        return Ok(continued(row, forward(migration, database), done));
    }
    let unfinished = || PlanError::Unfinished { revision: row.revision.clone(), progress: row.progress };
    let steps = stored.upgrade.clone().ok_or_else(unfinished)?;
    let (begun, course) = (stored.begun.clone(), Course::Continued);
    Ok(Planned { steps, done, begun, course, ..of_ledger(row, stored, migration) })
}

/// The downgrade of the steps of an upgrade that are done. What these lose is less than what all of them do, and may be nothing where all
/// of them are irreversible.
fn unwound(row: &Applied, stored: &Stored, migration: Option<&'static Migration>, unwind: &Unwind, steps: Vec<Step>) -> Planned {
    Planned {
        level: if unwind.losses.is_empty() { Level::Exact } else { Level::Schema },
        losses: unwind.losses.clone(),
        drops: unwind.drops.iter().map(Dropped::unasked).collect(),
        moves: unwind.moves.clone(),
        steps: steps.into(),
        course: Course::Unwound,
        notes: undone(row, &stored.notes),
        ..of_ledger(row, stored, migration)
    }
}

/// The notes of a migration, with one that says what is undone.
fn undone(row: &Applied, notes: &[Text]) -> List<Text> {
    with(notes, format!("{}, and what it has done is undone", stopped(row)))
}

/// The notes of a migration, with one that says what is finished before its steps.
fn finished_first(row: &Applied, notes: &[Text]) -> List<Text> {
    with(notes, format!("{}, and is finished first", stopped(row)))
}

fn with(notes: &[Text], note: String) -> List<Text> {
    std::iter::once(Text::Owned(note)).chain(notes.iter().cloned()).collect()
}

/// "its upgrade stopped after step 2 of 5"
fn stopped(row: &Applied) -> String {
    match row.progress {
        Progress::Complete => "it is complete".to_owned(),
        Progress::Upgrading { step: 0, .. } => "its upgrade stopped in its first step".to_owned(),
        Progress::Downgrading { step: 0, .. } => "its downgrade stopped in its first step".to_owned(),
        Progress::Upgrading { step, steps } => format!("its upgrade stopped after step {step} of {steps}"),
        Progress::Downgrading { step, steps } => format!("its downgrade stopped after step {step} of {steps}"),
    }
}
