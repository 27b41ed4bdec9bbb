//! Whether a level is proved, or rests on what is stated about raw SQL.

use migrate_history::Basis;

use crate::compile::group::{Group, groups};
use crate::compile::reverse::{BackStep, WayBack};
use crate::compile::simulate::Run;
use crate::compile::world::is_for;
use crate::draft::{Draft, Piece, Undo};
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
pub(super) fn changes_data(run: &Run<'_>, back: &WayBack, draft: &Draft) -> bool {
    let has_raw_down = run.has_down && has_raw(&back.steps);
    let changes = |group: &Group<'_>| group.steps.iter().any(|step| is_raw(&step.operation)) && !is_answered(run, group.undo);
    !has_raw_down && groups(run, draft).iter().any(changes)
}

/// Whether raw SQL is written to undo it: that is believed.
fn is_answered(run: &Run<'_>, undo: &Undo) -> bool {
    let is_run = |piece: &&Piece| run.start.databases.iter().any(|database| is_for(piece, *database));
    match undo {
        Undo::Written(pieces) => pieces.iter().filter(is_run).any(|piece| is_raw(&piece.operation)),
        Undo::Inferred | Undo::Default(_) | Undo::Nothing(_) | Undo::Irreversible(_) => false,
        Undo::Unread | Undo::Together | Undo::Part => false,
    }
}

fn has_raw(steps: &[BackStep]) -> bool {
    steps.iter().any(|step| is_raw(&step.operation))
}

fn is_raw(operation: &Operation) -> bool {
    matches!(operation, Operation::RunSql(_))
}
