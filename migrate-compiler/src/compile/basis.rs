//! Whether a level is proved, or rests on what is stated about raw SQL and functions of the program.

use std::collections::BTreeSet;

use migrate_history::Basis;

use crate::compile::downgrade::Downgrade;
use crate::compile::flow::Loss;
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
    let up = upgrades.iter().flat_map(Upgrade::steps).any(|step| step.operation.is_unread());
    if up || downgrades.iter().any(|downgrade| has_unread(&downgrade.steps)) { Basis::Stated } else { Basis::Proved }
}

/// What raw SQL and functions of the upgrade may change that no raw SQL or function of the downgrade is written to bring back.
pub(super) fn changed(upgrade: &Upgrade<'_>, downgrade: &Downgrade, draft: &Draft) -> BTreeSet<Loss> {
    if upgrade.has_down && has_unread(&downgrade.steps) {
        return BTreeSet::new();
    }
    let groups = groups(upgrade, draft);
    let left = groups.iter().filter(|group| !is_answered(upgrade, group.undo)).flat_map(UndoGroup::steps);
    let loss = |step: &Transition| {
        let raw = step.operation.raw().map(|_| Loss::RawSql);
        raw.or_else(|| step.operation.program().map(|_| Loss::Program))
    };
    left.filter_map(loss).collect()
}

/// Whether raw SQL or a function is written to undo it: that is believed.
fn is_answered(upgrade: &Upgrade<'_>, undo: &Undo) -> bool {
    let is_run = |piece: &&Piece| upgrade.start.databases.iter().any(|database| is_for(piece, *database));
    match undo {
        Undo::Written(pieces) => pieces.iter().filter(is_run).any(|piece| piece.operation.is_unread()),
        Undo::Inferred | Undo::Default(_) | Undo::Nothing(_) | Undo::Irreversible(_) => false,
        Undo::Unread | Undo::Together | Undo::Part => false,
    }
}

fn has_unread(steps: &[Transition]) -> bool {
    steps.iter().any(|step| step.operation.is_unread())
}
