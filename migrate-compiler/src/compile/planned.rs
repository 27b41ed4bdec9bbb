//! The changes of each operation as parts of a plan, before those of other operations join them.

use std::collections::BTreeSet;

use migrate_history::{Database, Touches};

use crate::compile::created::Created;
use crate::compile::strategy::{Site, Stage, stages};
use crate::compile::touched::touched;
use crate::compile::transactions::{Held, PlacedStage, held};
use crate::online::{FilledRows, Online};
use crate::problem::PieceId;
use crate::trace::Trace;
use crate::transition::Transition;

/// A change as a part of a plan, before its neighbours are known.
pub(super) struct PlannedStage {
    pub stage: Stage,
    /// What it holds so that others wait.
    pub held: BTreeSet<Held>,
    /// What it does to tables that others use.
    pub touches: Touches,
    /// The operations that it came from.
    pub operations: Vec<String>,
    pub parts: Vec<(PieceId, PlacedStage)>,
}

/// The changes of each operation, each with what it does to tables that others use.
pub(super) fn planned(steps: &[&Transition], database: Database) -> Vec<Vec<PlannedStage>> {
    let mut created = Created::default();
    let mut trace = steps.first().map(|step| Trace::of(&step.before)).unwrap_or_default();
    let mut backfills: Vec<FilledRows> = Vec::new();
    let mut planned = Vec::new();
    for (place, step) in steps.iter().enumerate() {
        let site = Site { database, created: &created, before: &step.before, trace: &trace, backfills: &backfills };
        let changes = step.operation.lower(&step.before, &step.after);
        let stages: Vec<Stage> = changes.into_iter().flat_map(|ddl| stages(site, ddl)).collect();
        let filled: Vec<FilledRows> = stages.iter().filter_map(filled).collect();
        let one = |stage: Stage| PlannedStage {
            held: held(site, &stage),
            touches: touched(site, &stage),
            operations: vec![step.operation.label()],
            parts: vec![(step.piece, PlacedStage { place, stage: stage.clone() })],
            stage,
        };
        planned.push(stages.into_iter().map(one).collect());
        created.note(&step.operation, &step.before);
        trace.follow(&step.operation, &step.before, &step.after);
        if step.operation.about(&step.before).renames.is_some() {
            backfills.clear();
        }
        backfills.extend(filled);
    }
    planned
}

/// What is filled in batches.
fn filled(stage: &Stage) -> Option<FilledRows> {
    match stage {
        Stage::Online(Online::Backfill(filled)) => Some(filled.clone()),
        Stage::Joined(_) | Stage::Apart(_) | Stage::Online(_) | Stage::Program(..) => None,
    }
}
