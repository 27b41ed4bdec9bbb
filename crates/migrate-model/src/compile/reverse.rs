//! The way back: worked out from the schema before each statement, or as it was written.

use crate::compile::detour::without_detours;
use crate::compile::guard::is_always_null;
use crate::compile::prove;
use crate::compile::simulate::{Run, Step, add_required_column, apply};
use crate::compile::world::is_for;
use crate::draft::{Draft, Piece, Undo};
use crate::name::Written;
use crate::operation::{Operation, Reversal};
use crate::problem::{PieceId, Problem, Problems, Role, Slot};
use crate::schema::Schema;

/// The way back of one world.
#[derive(Debug, Default)]
pub(super) struct WayBack {
    /// What is done, in order.
    pub steps: Vec<BackStep>,
    /// Why there is none.
    pub irreversible: Option<String>,
}

/// One operation of the way back.
#[derive(Clone, Debug)]
pub(super) struct BackStep {
    /// The operation, completed.
    pub operation: Operation,
    /// The piece that it undoes, or that says it.
    pub piece: PieceId,
    /// The schema before it.
    pub before: Schema,
    /// The schema after it.
    pub after: Schema,
}

/// Works out the way back. Rules `needs_undo`, `undo_nothing`, `down_and_undo` and those of what was written.
pub(super) fn way_back(run: &Run<'_>, draft: &Draft, problems: &mut Problems) -> WayBack {
    if let Some(down) = &draft.down {
        down_and_undo(run, problems);
        let steps = written(down, run.end.clone(), problems);
        problems.at(None);
        return WayBack { steps, irreversible: None };
    }
    let irreversible: Vec<&str> = run.steps.iter().filter_map(|step| reason(step.piece)).collect();
    if !irreversible.is_empty() {
        return WayBack { steps: Vec::new(), irreversible: Some(irreversible.join("; ")) };
    }
    let mut operations: Vec<(PieceId, Operation)> = Vec::new();
    for step in run.steps.iter().rev() {
        problems.at(Some(step.piece.id));
        operations.extend(undo(step, problems));
    }
    problems.at(None);
    let (steps, _) = walk(operations, run.end.clone());
    let steps = without_detours(steps, &run.end);
    always_null(run, &steps, problems);
    WayBack { steps, irreversible: None }
}

fn reason(piece: &Piece) -> Option<&str> {
    match &piece.undo {
        Undo::Irreversible(reason) => Some(reason),
        Undo::Inferred | Undo::Written(_) | Undo::Nothing(_) => None,
    }
}

/// The way back of one statement.
fn undo(step: &Step<'_>, problems: &mut Problems) -> Vec<(PieceId, Operation)> {
    let piece = step.piece;
    match &piece.undo {
        Undo::Inferred => inferred(step, problems),
        Undo::Written(pieces) => {
            let mut found = Problems::new();
            let steps = written(&said(step, pieces), step.after.clone(), &mut found);
            // What is wrong with the statement may be wrong with its way back, and is said once.
            problems.add_new(found);
            problems.at(Some(piece.id));
            prove::undo_leads_back(step, &steps, problems);
            steps.into_iter().map(|step| (step.piece, step.operation)).collect()
        }
        Undo::Nothing(_) => {
            undo_nothing(step, problems);
            Vec::new()
        }
        Undo::Irreversible(_) => Vec::new(),
    }
}

/// What was written, raw SQL with the effect that it must have: the compiler does not read it, so what it is for is believed.
fn said(step: &Step<'_>, pieces: &[Piece]) -> Vec<Piece> {
    let mut pieces = pieces.to_vec();
    if let [Piece { operation: Operation::RunSql(raw), .. }] = pieces.as_mut_slice()
        && raw.effect.is_none()
    {
        raw.effect = match step.operation.reverse(&step.before) {
            Reversal::Back(operations) => Some(operations),
            Reversal::Impossible { .. } => Some(Vec::new()),
        };
    }
    pieces
}

/// Rule `needs_undo`: no way back fits every row.
fn inferred(step: &Step<'_>, problems: &mut Problems) -> Vec<(PieceId, Operation)> {
    if !step.sound {
        return Vec::new();
    }
    match step.operation.reverse(&step.before) {
        Reversal::Back(operations) => operations.into_iter().map(|operation| (step.piece.id, operation)).collect(),
        Reversal::Impossible { why, write } => {
            let message = format!("this needs an `undo`: {why}");
            problems.push(
                Problem::new("needs_undo", Slot::statement(), message)
                    .help(format!("write `{write}`, or end it with `irreversible \"reason\"`")),
            );
            Vec::new()
        }
    }
}

/// Rule `needs_undo`, where two statements together leave no value for the rows: a column that becomes nullable and is dropped.
fn always_null(run: &Run<'_>, steps: &[BackStep], problems: &mut Problems) {
    for place in 0..steps.len() {
        let Some((table, column)) = is_always_null(steps, place, &run.end) else { continue };
        let added = |step: &&BackStep| matches!(&step.operation, Operation::AddColumn(add) if add.column.name == column && add.table == table);
        let culprit = steps[..place].iter().rev().find(added).unwrap_or(&steps[place]);
        let shown = Written(&column);
        let message = format!("this needs an `undo`: `{shown}` becomes not null again, and the rows would have no value for it");
        problems.at(Some(culprit.piece));
        let problem = Problem::new("needs_undo", Slot::statement(), message);
        problems.push(problem.help(format!("write `drop {shown} undo default …;`, or end it with `irreversible \"reason\"`")));
        problems.at(None);
    }
}

/// Rule `undo_nothing`: what changed the schema is not undone by doing nothing.
fn undo_nothing(step: &Step<'_>, problems: &mut Problems) {
    if let Some(difference) = crate::difference::first(&step.before, &step.after).filter(|_| step.sound) {
        let message = format!("`undo nothing` does not lead back: {difference}");
        let help = "remove it to have the way back worked out, or write `undo { … }`";
        problems.push(Problem::new("undo_nothing", Slot::new(Role::Undo, ""), message).help(help));
    }
}

/// Rule `down_and_undo`: two ways back were written.
fn down_and_undo(run: &Run<'_>, problems: &mut Problems) {
    for step in run.steps.iter().filter(|step| !matches!(step.piece.undo, Undo::Inferred)) {
        problems.at(Some(step.piece.id));
        let message = "`down { … }` replaces the whole way back, so this is never used";
        problems.push(Problem::new("down_and_undo", Slot::new(Role::Undo, ""), message).help("remove one of the two"));
    }
    problems.at(None);
}

/// Does what was written as a way back, reporting what is wrong with it.
fn written(pieces: &[Piece], from: Schema, problems: &mut Problems) -> Vec<BackStep> {
    let mut schema = from;
    let mut steps = Vec::new();
    let databases = std::sync::Arc::clone(&schema.databases);
    for piece in pieces.iter().filter(|piece| databases.iter().any(|database| is_for(piece, *database))) {
        let mut operation = piece.operation.clone();
        operation.complete(&schema);
        let (after, sound) = apply(&operation, piece.id, &schema, problems);
        if sound {
            add_required_column(&operation.facts(&schema), |_| false, problems);
        }
        let before = std::mem::replace(&mut schema, after.clone());
        steps.push(BackStep { operation, piece: piece.id, before, after });
    }
    steps
}

/// Does the operations again from the end, so that each stands between its own two schemas; and whether all of them can be done.
pub(super) fn walk(operations: Vec<(PieceId, Operation)>, from: Schema) -> (Vec<BackStep>, bool) {
    let mut schema = from;
    let mut steps = Vec::new();
    let mut all_sound = true;
    for (piece, operation) in operations {
        let mut quiet = Problems::new();
        let (after, sound) = apply(&operation, piece, &schema, &mut quiet);
        all_sound &= sound;
        drop(quiet.take());
        let before = std::mem::replace(&mut schema, after.clone());
        steps.push(BackStep { operation, piece, before, after });
    }
    (steps, all_sound)
}
