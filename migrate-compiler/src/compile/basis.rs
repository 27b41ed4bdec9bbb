//! Whether a level is proved, or rests on what is stated about raw SQL.

use migrate_history::Basis;

use crate::compile::downgrade::Downgrade;
use crate::compile::group::{UndoGroup, groups};
use crate::compile::upgrade::Upgrade;
use crate::compile::variant::is_for;
use crate::draft::{Draft, Piece, Undo};
use crate::transition::Transition;

/// What the level rests on: what raw SQL of the downgrade does is believed, and so is the effect that is stated of raw SQL in the
/// upgrade, which the downgrade is inferred from.
pub(super) fn basis(upgrades: &[Upgrade<'_>], downgrades: &[Downgrade]) -> Basis {
    if downgrades.iter().any(|downgrade| downgrade.irreversible.is_some()) {
        return Basis::Proved;
    }
    let up = upgrades.iter().flat_map(Upgrade::steps).any(|step| step.operation.raw().is_some());
    if up || downgrades.iter().any(|downgrade| has_raw(&downgrade.steps)) { Basis::Stated } else { Basis::Proved }
}

/// Whether raw SQL of the upgrade may change data that no raw SQL of the downgrade is written to bring back.
pub(super) fn changes_data(upgrade: &Upgrade<'_>, downgrade: &Downgrade, draft: &Draft) -> bool {
    let has_raw_down = upgrade.has_down && has_raw(&downgrade.steps);
    let changes =
        |group: &UndoGroup<'_>| group.steps().any(|step| step.operation.raw().is_some()) && !is_answered(upgrade, group.undo);
    !has_raw_down && groups(upgrade, draft).iter().any(changes)
}

/// Whether raw SQL is written to undo it: that is believed.
fn is_answered(upgrade: &Upgrade<'_>, undo: &Undo) -> bool {
    let is_run = |piece: &&Piece| upgrade.start.databases.iter().any(|database| is_for(piece, *database));
    match undo {
        Undo::Written(pieces) => pieces.iter().filter(is_run).any(|piece| piece.operation.raw().is_some()),
        Undo::Inferred | Undo::Default(_) | Undo::Nothing(_) | Undo::Irreversible(_) => false,
        Undo::Unread | Undo::Together | Undo::Part => false,
    }
}

fn has_raw(steps: &[Transition]) -> bool {
    steps.iter().any(|step| step.operation.raw().is_some())
}
