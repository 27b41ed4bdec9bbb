//! Whether a level is proved, or depends on what is stated about raw SQL and functions of the program.

use std::collections::BTreeSet;

use migrate_history::Basis;

use crate::compile::downgrade::Downgrade;
use crate::compile::flow::Loss;
use crate::compile::group::groups;
use crate::compile::upgrade::{Simulated, Upgrade};
use crate::compile::variant::is_for;
use crate::draft::{Draft, Piece, Undo};
use crate::effect::{Reach, Reached};
use crate::problem::PieceId;
use crate::transition::Transition;

/// What the level rests on: what raw SQL of the downgrade does is believed, and so is the effect that is stated of raw SQL in the
/// upgrade, which the downgrade is inferred from.
pub(super) fn basis(upgrades: &[Upgrade<'_>], downgrades: &[Downgrade]) -> Basis {
    if downgrades.iter().any(|downgrade| downgrade.irreversible.is_some()) {
        return Basis::Proved;
    }
    let up = upgrades.iter().flat_map(Upgrade::steps).any(|step| step.operation.is_unread());
    let is_stated =
        |(upgrade, downgrade): (&Upgrade<'_>, &Downgrade)| has_unread(&downgrade.steps) || writes_rows(upgrade, downgrade);
    if up || upgrades.iter().zip(downgrades).any(is_stated) { Basis::Stated } else { Basis::Proved }
}

/// Whether statements about rows are written to undo the upgrade: whether they bring the rows back is believed.
fn writes_rows(upgrade: &Upgrade<'_>, downgrade: &Downgrade) -> bool {
    let own: BTreeSet<PieceId> = upgrade.steps().map(|step| step.piece).collect();
    downgrade.steps.iter().any(|step| step.operation.is_about_rows() && !own.contains(&step.piece))
}

/// What the upgrade changes that nothing of the downgrade is written to bring back: by statements about rows, and what raw SQL and functions may
/// change.
pub(super) fn changed(upgrade: &Upgrade<'_>, downgrade: &Downgrade, draft: &Draft) -> BTreeSet<Loss> {
    if upgrade.has_down && (has_unread(&downgrade.steps) || writes_rows(upgrade, downgrade)) {
        return BTreeSet::new();
    }
    let groups = groups(upgrade, draft);
    let left = groups.iter().filter(|group| !is_answered(upgrade, group.undo)).flat_map(|group| group.statements);
    left.flat_map(lost).chain(upgrade.statements.iter().flat_map(|statement| lost_of_kept(upgrade, statement))).collect()
}

/// Rows that a statement keeps, where the migration itself drops them again.
fn lost_of_kept(upgrade: &Upgrade<'_>, statement: &Simulated<'_>) -> Vec<Loss> {
    if statement.effects.kept.is_empty() {
        return Vec::new();
    }
    let about = statement.step.operation.about(&statement.step.before);
    let place = about.tables.last();
    let is_dropped = upgrade.steps().any(|step| {
        let drops = step.operation.about(&step.before).drops;
        drops.is_some_and(|path| path.is_of_table() && Some(&path.of) == place)
    });
    if is_dropped { statement.effects.kept.iter().flat_map(lost_rows).collect() } else { Vec::new() }
}

fn lost(statement: &Simulated<'_>) -> Vec<Loss> {
    let operation = &statement.step.operation;
    let raw = operation.raw().map(|_| Loss::RawSql);
    let unread = raw.or_else(|| operation.program().map(|_| Loss::Program));
    statement.effects.reaches.iter().flat_map(lost_rows).chain(unread).collect()
}

fn lost_rows(Reached { table, reach }: &Reached) -> Vec<Loss> {
    match reach {
        Reach::Deleted => vec![Loss::Deleted(table.clone())],
        Reach::Updated(columns) => columns.iter().map(|column| Loss::Values(table.clone(), column.clone())).collect(),
    }
}

/// Whether raw SQL, a function or a statement about rows is written to undo it: that is believed.
fn is_answered(upgrade: &Upgrade<'_>, undo: &Undo) -> bool {
    let is_run = |piece: &&Piece| upgrade.start.databases.iter().any(|database| is_for(piece, *database));
    match undo {
        Undo::Written(pieces) => {
            pieces.iter().filter(is_run).any(|piece| piece.operation.is_unread() || piece.operation.is_about_rows())
        }
        Undo::Inferred | Undo::Default(_) | Undo::Nothing(_) | Undo::Irreversible(_) => false,
        Undo::Unread | Undo::Together | Undo::Part => false,
    }
}

fn has_unread(steps: &[Transition]) -> bool {
    steps.iter().any(|step| step.operation.is_unread())
}
