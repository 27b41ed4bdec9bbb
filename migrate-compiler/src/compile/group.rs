//! The statements that are undone together: those of one statement, of one action, or of a whole `alter table` block.

use crate::compile::upgrade::{Simulated, Upgrade};
use crate::draft::{Draft, Undo};
use crate::problem::PieceId;
use crate::schema::Schema;
use crate::transition::Transition;

/// Neighbouring statements, and what was written about their downgrade.
pub(super) struct UndoGroup<'r> {
    /// What was written.
    pub undo: &'r Undo,
    /// The piece at which it was written: the first, which may be for another database than the run.
    pub piece: PieceId,
    /// Whether the statements after the first are parts of what it makes: its constraints and indexes.
    pub has_parts: bool,
    /// The statements, in the order of the upgrade.
    pub statements: &'r [Simulated<'r>],
    first: &'r Simulated<'r>,
    last: &'r Simulated<'r>,
}

/// The statements of an upgrade, those together that are undone together.
pub(super) fn groups<'r>(upgrade: &'r Upgrade<'r>, draft: &'r Draft) -> Vec<UndoGroup<'r>> {
    let mut left = upgrade.statements.as_slice();
    let mut groups = Vec::new();
    for pieces in draft.groups() {
        let own = |statement: &&Simulated<'_>| pieces.iter().any(|piece| piece.id == statement.piece.id);
        let (statements, others) = left.split_at(left.iter().take_while(own).count());
        left = others;
        if let (Some(piece), Some(first), Some(last)) = (pieces.first(), statements.first(), statements.last()) {
            let has_parts = statements.len() > 1 && matches!(last.piece.undo, Undo::Part);
            groups.push(UndoGroup { undo: &piece.undo, piece: piece.id, has_parts, statements, first, last });
        }
    }
    groups
}

impl<'r> UndoGroup<'r> {
    /// The first statement alone, and those of its parts.
    pub fn without_parts(&self) -> (UndoGroup<'r>, &'r [Simulated<'r>]) {
        let (own, parts) = self.statements.split_at(1);
        (UndoGroup { has_parts: false, statements: own, last: self.first, ..*self }, parts)
    }

    /// What they do.
    pub fn steps(&self) -> impl Iterator<Item = &'r Transition> + Clone {
        self.statements.iter().map(|statement| &statement.step)
    }

    /// The schema before the first step.
    pub fn before(&self) -> &'r Schema {
        &self.first.step.before
    }

    /// The schema after the last step.
    pub fn after(&self) -> &'r Schema {
        &self.last.step.after
    }

    /// Whether every one could be done as it was written.
    pub fn is_sound(&self) -> bool {
        self.statements.iter().all(|statement| statement.sound)
    }
}
