//! Whether a level is proved, or rests on what is stated about raw SQL.

use crate::compile::reverse::{BackStep, WayBack};
use crate::compile::simulate::{Run, Step};
use crate::draft::{Piece, Undo};
use crate::history::Basis;
use crate::operation::Operation;

/// What the level rests on: what raw SQL of the downgrade does is believed, and so is the effect that is stated of raw SQL in the
/// upgrade, which the downgrade is inferred from.
pub(super) fn basis(runs: &[Run<'_>], backs: &[WayBack]) -> Basis {
    if backs.iter().any(|back| back.irreversible.is_some()) {
        return Basis::Proved;
    }
    let up = runs.iter().flat_map(|run| &run.steps).any(|step| is_raw(&step.operation));
    if up || backs.iter().any(|back| has_raw(&back.steps)) { Basis::Stated } else { Basis::Proved }
}

/// Whether raw SQL of the upgrade may change data that no raw SQL of the downgrade is written to bring back.
pub(super) fn changes_data(run: &Run<'_>, back: &WayBack) -> bool {
    let whole = run.has_down && has_raw(&back.steps);
    !whole && run.steps.iter().any(|step| is_raw(&step.operation) && !is_answered(step))
}

/// Whether raw SQL is written to undo it: that is believed.
fn is_answered(step: &Step<'_>) -> bool {
    match &step.piece.undo {
        Undo::Written(pieces) => pieces.iter().any(|piece: &Piece| is_raw(&piece.operation)),
        Undo::Inferred | Undo::Nothing(_) | Undo::Irreversible(_) => false,
    }
}

fn has_raw(steps: &[BackStep]) -> bool {
    steps.iter().any(|step| is_raw(&step.operation))
}

fn is_raw(operation: &Operation) -> bool {
    matches!(operation, Operation::RunSql(_))
}
