//! The steps that are undone together: those of one statement, of one action, or of a whole `alter table` block.

use crate::compile::simulate::{Run, Step};
use crate::draft::{Draft, Undo};
use crate::problem::PieceId;
use crate::schema::Schema;

/// Neighbouring steps, and what was written about their downgrade.
pub(super) struct Group<'r> {
    /// What was written.
    pub undo: &'r Undo,
    /// The piece at which it was written: the first, which may be for another database than the run.
    pub piece: PieceId,
    /// Whether the steps after the first are parts of what it makes: its constraints and indexes.
    pub has_parts: bool,
    /// The steps, in the order of the upgrade.
    pub steps: &'r [Step<'r>],
    first: &'r Step<'r>,
    last: &'r Step<'r>,
}

/// The steps of a run, those together that are undone together.
pub(super) fn groups<'r>(run: &'r Run<'r>, draft: &'r Draft) -> Vec<Group<'r>> {
    let mut left = run.steps.as_slice();
    let mut groups = Vec::new();
    for pieces in draft.groups() {
        let own = |step: &&Step<'_>| pieces.iter().any(|piece| piece.id == step.piece.id);
        let (steps, others) = left.split_at(left.iter().take_while(own).count());
        left = others;
        if let (Some(piece), Some(first), Some(last)) = (pieces.first(), steps.first(), steps.last()) {
            let has_parts = steps.len() > 1 && matches!(last.piece.undo, Undo::Part);
            groups.push(Group { undo: &piece.undo, piece: piece.id, has_parts, steps, first, last });
        }
    }
    groups
}

impl<'r> Group<'r> {
    /// The first step alone, and those of its parts.
    pub fn without_parts(&self) -> (Group<'r>, &'r [Step<'r>]) {
        let (own, parts) = self.steps.split_at(1);
        (Group { has_parts: false, steps: own, last: self.first, ..*self }, parts)
    }

    /// The schema before the first step.
    pub fn before(&self) -> &'r Schema {
        &self.first.before
    }

    /// The schema after the last step.
    pub fn after(&self) -> &'r Schema {
        &self.last.after
    }

    /// Whether every step could be done as it was written.
    pub fn is_sound(&self) -> bool {
        self.steps.iter().all(|step| step.sound)
    }
}
