//! The whole of a direction of one migration: as the code has it, or as the ledger does.

use super::{Applied, Course, Dropped, PlanError, Planned, Progress, Stored};
use crate::{Database, Level, List, Migration, Script, Text};

/// The upgrade of a migration of which nothing is there.
pub(super) fn forward(migration: &'static Migration, database: Database) -> Planned {
    let compiled = migration.compiled();
    Planned {
        revision: migration.id.clone(),
        message: compiled.message.clone(),
        level: compiled.level,
        basis: compiled.basis,
        losses: compiled.losses.clone(),
        notes: compiled.notes.clone(),
        drops: Vec::new(),
        moves: List::default(),
        steps: compiled.script(database).map(|script| script.upgrade.clone()).unwrap_or_default(),
        done: 0,
        begun: None,
        migration: Some(migration),
        stored: false,
        course: Course::Whole,
        unfinished: None,
    }
}

/// The compiled downgrade undoes what the code says; the stored one undoes what was applied. They differ when the code
/// is older or was edited, and in the middle of a downgrade only the stored one is known to be the one begun.
pub(super) fn backward(row: &Applied, migration: Option<&'static Migration>, database: Database) -> Result<Planned, PlanError> {
    let compiled = migration
        .filter(|migration| !row.is_edited(migration) && row.is_complete())
        .and_then(|migration| Some((migration, migration.compiled().script(database)?)));
    let planned = match compiled {
        Some((migration, script)) => compiled_way(row, migration, script),
        None => stored_way(row, migration)?,
    };
    match (planned.level, planned.course) {
        (Level::Irreversible, Course::Whole) => Err(irreversible(row, compiled.map(|(migration, _)| migration))),
        // Only of the steps of an upgrade that were done, to which nothing irreversible belonged.
        (Level::Irreversible, Course::Continued | Course::Unwound) => Ok(Planned { level: Level::Schema, ..planned }),
        (Level::Exact | Level::Schema, _) => Ok(planned),
    }
}

fn compiled_way(row: &Applied, migration: &'static Migration, script: &Script) -> Planned {
    Planned {
        revision: migration.id.clone(),
        message: migration.compiled().message.clone(),
        level: migration.compiled().level,
        basis: migration.compiled().basis,
        losses: migration.compiled().losses.clone(),
        notes: row.note(migration).into_iter().chain(migration.compiled().notes.iter().cloned()).collect(),
        drops: script.drops.iter().map(Dropped::unasked).collect(),
        moves: script.moves.clone(),
        steps: script.downgrade.clone(),
        done: 0,
        begun: None,
        migration: Some(migration),
        stored: false,
        course: Course::Whole,
        unfinished: None,
    }
}

fn stored_way(row: &Applied, migration: Option<&'static Migration>) -> Result<Planned, PlanError> {
    let Some(stored) = &row.stored else { return Err(PlanError::NotRead { revision: row.revision.clone() }) };
    let drops = match &stored.drops {
        // It was agreed to when the downgrade began.
        _ if !row.is_complete() => Vec::new(),
        Some(drops) => drops.iter().map(Dropped::unasked).collect(),
        None if stored.downgrade.iter().all(|step| step.statements.is_empty()) => Vec::new(),
        None => vec![Dropped::unknown()],
    };
    let (done, course) = match row.progress {
        Progress::Downgrading { step, steps: _ } => (step, Course::Continued),
        Progress::Complete | Progress::Upgrading { .. } => (0, Course::Whole),
    };
    let (steps, begun) = (stored.downgrade.clone(), stored.begun.clone());
    Ok(Planned { drops, steps, done, begun, course, ..of_ledger(row, stored, migration) })
}

/// What the ledger says of a migration, without steps.
pub(super) fn of_ledger(row: &Applied, stored: &Stored, migration: Option<&'static Migration>) -> Planned {
    Planned {
        revision: row.revision.clone(),
        message: stored.message.clone(),
        level: stored.level,
        basis: stored.basis,
        losses: stored.losses.clone(),
        notes: stored.notes.clone(),
        drops: Vec::new(),
        moves: stored.moves.clone(),
        steps: List::default(),
        done: 0,
        begun: None,
        migration,
        stored: true,
        course: Course::Whole,
        unfinished: None,
    }
}

fn irreversible(row: &Applied, migration: Option<&Migration>) -> PlanError {
    let written = migration.and_then(|migration| migration.compiled().irreversible.clone());
    let reason = written.or_else(|| row.stored.as_ref()?.irreversible.clone());
    PlanError::Irreversible {
        revision: row.revision.clone(),
        reason: reason.unwrap_or(Text::Borrowed("its author gave no reason")),
    }
}
