//! What still uses something, and the statement that drops it, as an error shows them.

use crate::brief;
use crate::name::{Name, Written};
use crate::problem::{Problem, Slot};
use crate::schema::{Constraint, Index};

/// The error that something is still used: by what, where that is one thing and the line is short, or by how many, which are in the note then.
pub(crate) fn still_used(rule: &'static str, slot: Slot, shown: &str, users: Vec<(String, String)>) -> Option<Problem> {
    let (what, how): (Vec<String>, Vec<String>) = users.into_iter().unzip();
    let message = |users: &str| format!("{shown} is still used by {users}");
    let is_short = |line: &str| line.chars().count() <= brief::LONGEST;
    let problem = match what.as_slice() {
        [] => return None,
        [one] if is_short(&message(one)) => Problem::new(rule, slot, message(one)),
        [one] => Problem::new(rule, slot, message("1 object")).note(format!("it is used by {one}")),
        several => {
            let note = format!("it is used by {}", several.join(", "));
            Problem::new(rule, slot, message(&format!("{} objects", several.len()))).note(note)
        }
    };
    Some(problem.help(format!("write before it: {}", how.join(" "))))
}

/// A constraint of a table.
pub(crate) fn constraint(owner: &Name, constraint: &Constraint) -> (String, String) {
    let what = format!("the {} `{}` of `{owner}`", constraint.rule.title(), constraint.name());
    (what, format!("`alter table {owner} {{ drop constraint {}; }}`", Written(constraint.name())))
}

/// An index of a table.
pub(crate) fn index(owner: &Name, index: &Index) -> (String, String) {
    (format!("the index `{}`", index.name()), format!("`drop index {};`", owner.sibling(index.name())))
}
