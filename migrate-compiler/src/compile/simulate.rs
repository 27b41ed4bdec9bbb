//! Doing the statements to a schema, one after the other.

use std::sync::Arc;

use crate::check;
use crate::compile::apply::apply;
use crate::compile::constant::Constants;
use crate::compile::created::Created;
use crate::compile::later;
use crate::compile::records::RowRecords;
use crate::compile::upgrade::{Simulated, Upgrade};
use crate::compile::variant::{RunVariant, is_for};
use crate::draft::{Draft, Piece};
use crate::footprint::Footprint;
use crate::operation::Operation;
use crate::problem::{Problem, Problems, Role};
use crate::schema::Schema;
use crate::state::State;
use crate::transition::Transition;

/// Does the pieces that are for the variant's databases, in order.
pub(super) fn upgrade<'d>(
    variant: RunVariant,
    draft: &'d Draft,
    records: &RowRecords<'_>,
    problems: &mut Problems,
) -> Upgrade<'d> {
    let RunVariant { before: start, record } = variant;
    let mut schema = start.clone();
    let mut created = Created::default();
    let mut constants = Constants::of(&start);
    let mut statements = Vec::new();
    let pieces: Vec<&Piece> = own(&draft.pieces, &start).collect();
    for (place, piece) in pieces.iter().enumerate() {
        let statement = statement(piece, &pieces[place + 1..], schema, (&created, records), problems);
        if statement.sound {
            problems.of(piece.id, |problems| constants.check(&statement, &created, problems));
        }
        constants.follow(&statement.step);
        created.note(&statement.step.operation, &statement.step.before);
        schema = statement.step.after.clone();
        statements.push(statement);
    }
    Upgrade { start, statements, end: schema, record, has_down: draft.down.is_some() }
}

/// The pieces that are for the databases of a schema.
pub(super) fn own<'d>(pieces: &'d [Piece], schema: &Schema) -> impl Iterator<Item = &'d Piece> {
    let databases = Arc::clone(&schema.databases);
    pieces.iter().filter(move |piece| databases.iter().any(|database| is_for(piece, *database)))
}

fn statement<'d>(
    piece: &'d Piece,
    later: &[&Piece],
    before: Schema,
    (created, records): (&Created, &RowRecords<'_>),
    problems: &mut Problems,
) -> Simulated<'d> {
    let mut operation = piece.operation.clone();
    operation.complete(&before);
    if records.are_needed(piece) && created.effects(&operation, &before).inserts.is_some() {
        operation.recorded_as(&records.of(piece), &before);
    }
    let (after, sound) = apply_written(&operation, piece, later, &before, problems);
    let effects = created.effects(&operation, &before);
    Simulated {
        piece,
        step: Transition { piece: piece.id, settings: piece.settings.clone(), operation, before, after },
        effects,
        sound,
    }
}

/// Does one operation as it was written, before others. Where it may mean a column by a string literal, no other error is reported of its
/// expressions.
pub(super) fn apply_written(
    operation: &Operation,
    piece: &Piece,
    later: &[&Piece],
    before: &Schema,
    problems: &mut Problems,
) -> (Schema, bool) {
    let mut found = Problems::new();
    let (after, sound) = apply(operation, piece.id, before, &mut found);
    let ambiguous = check::string::text_or_column(&after, operation);
    found.remarks().iter().for_each(|remark| problems.remark(remark.clone()));
    let of_expression = [Role::Expression, Role::Literal, Role::Operator, Role::Function, Role::Using];
    let is_sound = sound && ambiguous.is_empty();
    let is_kept = |problem: &Problem| ambiguous.is_empty() || !of_expression.contains(&problem.slot.role);
    let kept: Vec<Problem> = found.take().into_iter().filter(is_kept).collect();
    let kept = kept.into_iter().map(|problem| later::explain(problem, &piece.operation, before, later));
    problems.of(piece.id, |problems| kept.chain(ambiguous).for_each(|problem| problems.push(problem)));
    (after, is_sound)
}

/// What the migration hands on to its children.
pub(super) fn after(before: &State, upgrades: &[Upgrade<'_>], footprints: Vec<Footprint>) -> State {
    let mut state = State { variants: Vec::new(), ..before.clone() };
    for (upgrade, footprint) in upgrades.iter().zip(footprints) {
        let Schema { objects, databases, unsure: _ } = upgrade.end.clone();
        let mut record = upgrade.record.clone();
        record.note(&footprint.folded(&databases), before.now());
        state.variants.push(crate::state::Variant { databases: databases.to_vec(), objects, record });
    }
    state
}
