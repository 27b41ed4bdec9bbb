//! Doing the statements to a schema, one after the other.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::check;
use crate::compile::constant::Constants;
use crate::compile::fresh::Fresh;
use crate::compile::later;
use crate::compile::world::{World, is_for};
use crate::draft::{Allow, Draft, Piece};
use crate::fact::{Demand, Facts};
use crate::footprint::{Footprint, Record};
use crate::lint;
use crate::name::Written;
use crate::operation::Operation;
use crate::problem::{PieceId, Problem, Problems, Role, Slot};
use crate::schema::Schema;
use crate::state::State;

/// An operation that was done, between two schemas.
#[derive(Clone, Debug)]
pub(super) struct Step<'d> {
    /// The piece that says it.
    pub piece: &'d Piece,
    /// The operation, completed.
    pub operation: Operation,
    /// The schema before it.
    pub before: Schema,
    /// The schema after it.
    pub after: Schema,
    /// Its facts, without what is only about things that the migration made itself.
    pub facts: Facts,
    /// Whether it could be done as it was written.
    pub sound: bool,
}

/// The statements of one world, done.
#[derive(Debug)]
pub(super) struct Run<'d> {
    /// The schema that the parents leave behind.
    pub start: Schema,
    /// What was done.
    pub steps: Vec<Step<'d>>,
    /// The schema that is left behind.
    pub end: Schema,
    /// Who touched what before.
    pub record: Record,
    /// Whether the whole way back was written.
    pub has_down: bool,
}

/// Does the pieces that are for the world's databases, in order.
pub(super) fn run<'d>(world: World, draft: &'d Draft, problems: &mut Problems) -> Run<'d> {
    let World { before: start, record } = world;
    let mut schema = start.clone();
    let mut fresh = Fresh::default();
    let mut constants = Constants::of(&start);
    let mut steps = Vec::new();
    let pieces: Vec<&Piece> = own(&draft.pieces, &start).collect();
    for (place, piece) in pieces.iter().enumerate() {
        let step = step(piece, &pieces[place + 1..], schema, &fresh, problems);
        if step.sound {
            constants.check(&step, &fresh, problems);
        }
        constants.follow(&step);
        fresh.note(&step.operation);
        schema = step.after.clone();
        steps.push(step);
    }
    problems.at(None);
    Run { start, steps, end: schema, record, has_down: draft.down.is_some() }
}

/// The pieces that are for the databases of a schema.
pub(super) fn own<'d>(pieces: &'d [Piece], schema: &Schema) -> impl Iterator<Item = &'d Piece> {
    let databases = Arc::clone(&schema.databases);
    pieces.iter().filter(move |piece| databases.iter().any(|database| is_for(piece, *database)))
}

fn step<'d>(piece: &'d Piece, later: &[&Piece], before: Schema, fresh: &Fresh, problems: &mut Problems) -> Step<'d> {
    let mut operation = piece.operation.clone();
    operation.complete(&before);
    let (after, sound) = apply_written(&operation, piece, later, &before, problems);
    let facts = fresh.sift(operation.facts(&before));
    if sound {
        add_required_column(&facts, &after, |table| fresh.has_table(table), problems);
    }
    Step { piece, operation, before, after, facts, sound }
}

/// Does one operation as somebody wrote it, before others. Where it may mean a column by a string literal, nothing else is said of its
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
    problems.at(Some(piece.id));
    let kept = kept.into_iter().map(|problem| later::explain(problem, &piece.operation, later));
    kept.chain(ambiguous).for_each(|problem| problems.push(problem));
    (after, is_sound)
}

/// Does one operation. What is said about things of which the schema is unsure is kept back; what is missing makes it unsure.
pub(super) fn apply(operation: &Operation, piece: PieceId, before: &Schema, problems: &mut Problems) -> (Schema, bool) {
    let mut after = before.clone();
    let mut found = Problems::new();
    operation.apply(&mut after, &mut found);
    found.remarks().iter().for_each(|remark| problems.remark(remark.clone()));
    let found = found.take();
    let sound = found.is_empty();
    if let Operation::AddColumn(add) = operation
        && !sound
    {
        // What uses the column later is not wrong because of that.
        after.unsure.insert(add.column.name.clone());
    }
    problems.at(Some(piece));
    for problem in found {
        let known = before.unsure.contains(&problem.slot.name);
        if problem.code.starts_with("unknown_") {
            after.unsure.insert(problem.slot.name.clone());
        }
        if !known {
            problems.push(problem);
        }
    }
    (after, sound)
}

/// Rule `add_required_column`: the rows that are there would have no value for it.
pub(super) fn add_required_column(
    facts: &Facts,
    after: &Schema,
    is_new: impl Fn(&crate::name::Name) -> bool,
    problems: &mut Problems,
) {
    for demand in &facts.demands {
        if let Demand::Empty { table, column } = demand
            && !is_new(table)
        {
            let shown = Written(column);
            let message =
                format!("`{shown}` is not null and has no default, so the rows of `{table}` would have no value for it");
            let problem = Problem::new("add_required_column", Slot::new(Role::Column, column), message);
            let ty = after.table(table).and_then(|table| table.column(column)).map(|column| column.ty.to_string());
            let ty = ty.unwrap_or_default();
            problems
                .push(problem.help(format!("write `add {shown}: {ty}?` for a column that may be null, or give it a `default`")));
        }
    }
}

/// Reports what may hurt a running application. A way back is not asked, so an `allow` there is never used.
pub(super) fn dangers(run: &Run<'_>, draft: &Draft, problems: &mut Problems) {
    for step in run.steps.iter().filter(|step| step.sound) {
        problems.at(Some(step.piece.id));
        lint::lint(&step.facts, &step.piece.allows, problems);
        let in_vain = |allow: &&Allow| {
            !run.steps
                .iter()
                .any(|step| step.piece.allows.contains(allow) && (!step.sound || lint::needs(&step.facts, &allow.rule)))
        };
        for allow in step.piece.allows.iter().filter(in_vain) {
            lint::unused_allow(allow, problems);
        }
    }
    let asked: BTreeSet<PieceId> = draft.pieces.iter().map(|piece| piece.id).collect();
    for piece in draft.every_piece().into_iter().filter(|piece| !asked.contains(&piece.id)) {
        problems.at(Some(piece.id));
        lint::lint(&Facts::default(), &piece.allows, problems);
        piece.allows.iter().for_each(|allow| lint::unused_allow(allow, problems));
    }
    problems.at(None);
}

/// What the migration hands on to its children.
pub(super) fn after(before: &State, runs: &[Run<'_>], footprints: Vec<Footprint>, draft: &Draft) -> State {
    let mut state = State { worlds: Vec::new(), ..before.clone() };
    for (run, footprint) in runs.iter().zip(footprints) {
        let now = run.end.now();
        let Schema { tables, gone, databases, unsure, .. } = run.end.clone();
        let mut record = run.record.clone();
        record.note(&footprint.folded(&databases), now);
        state.unsure.extend(unsure);
        state.worlds.push(crate::state::World { databases: databases.to_vec(), tables, gone, record });
    }
    state.unsure.extend(draft.unread.iter().cloned());
    state
}
