//! The proof: after the upgrade and the downgrade, the schema is what it was.

use crate::compile::downgrade::Downgrade;
use crate::compile::flow::Flow;
use crate::compile::group::UndoGroup;
use crate::compile::upgrade::Upgrade;
use crate::difference;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::transition::Transition;

/// Rule `undo_differs`: a written `undo` restores the schema before its statement.
pub(super) fn undo_leads_back(group: &UndoGroup<'_>, undo: &[Transition], problems: &mut Problems) {
    let end = Transition::end(undo, group.after());
    if let Some(difference) = difference::first(group.before(), end).filter(|_| group.is_sound()) {
        let message = format!("this `undo` does not restore the schema: {difference}");
        let help = "correct it, or remove it to have the downgrade inferred";
        problems.push(Problem::new("undo_differs", Slot::new(Role::Undo, ""), message).help(help));
    } else if let Some(misplaced) = Flow::new(group.before(), group.steps(), Some(undo)).misplaced() {
        problems.push(misplaced_rows("undo", Slot::new(Role::Undo, ""), &misplaced));
    }
}

/// Rule `misplaced_rows`: the schema is what it was, and the rows are not.
fn misplaced_rows(what: &str, slot: Slot, misplaced: &str) -> Problem {
    let message = format!("`{what}` does not restore the rows: {misplaced}");
    Problem::new("misplaced_rows", slot, message).help("rename each column and table to the name that it had before the upgrade")
}

/// Rules `down_differs` and `downgrade_fails`: the downgrade restores the schema after the parents.
pub(super) fn leads_back(upgrade: &Upgrade<'_>, downgrade: &Downgrade, problems: &mut Problems) {
    if downgrade.irreversible.is_some() {
        return;
    }
    let end = Transition::end(&downgrade.steps, &upgrade.end);
    let difference = difference::first(&upgrade.start, end);
    let misplaced = || Flow::new(&upgrade.start, upgrade.steps(), Some(&downgrade.steps)).misplaced();
    if let (None, true) = (&difference, upgrade.has_down)
        && let Some(misplaced) = misplaced()
    {
        problems.push(misplaced_rows("down", Slot::new(Role::Down, ""), &misplaced));
        return;
    }
    let Some(difference) = difference.or_else(misplaced) else { return };
    if upgrade.has_down {
        let message = format!("this `down` does not restore the schema: {difference}");
        let help = "correct it, or remove it to have the downgrade inferred";
        problems.push(Problem::new("down_differs", Slot::new(Role::Down, ""), message).help(help));
    } else if problems.is_empty() {
        let problem = Problem::new(
            "downgrade_fails",
            Slot::statement(),
            format!("the inferred downgrade does not restore the schema: {difference}"),
        );
        problems.push(problem.help("write `down { … }`").note("this is a bug in migrate: please report it with this migration"));
    }
}
