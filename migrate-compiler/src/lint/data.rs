//! Constraints that are dropped.

use super::rule::{Case, Group, LintRule, Severity};
use crate::effect::Break;
use crate::name::Written;
use crate::problem::{Problem, Role, Slot};

/// The rules of the group that are not about types.
pub(super) const RULES: &[LintRule] = &[LintRule {
    name: "drop_constraint",
    group: Group::Data,
    severity: Severity::Allow,
    about: "a constraint is dropped, so that rows which it refused can be written",
    lock: "ACCESS EXCLUSIVE on the table, and of a foreign key on both tables, for a moment",
    instead: "keep it, or add the one that replaces it first",
    find: drop_constraint,
}];

/// Rule `drop_constraint`.
fn drop_constraint(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::DroppedConstraint { table, name } = one else { return None };
        let message = format!("without `{}`, rows of `{table}` can be written that it refused", Written(name));
        let problem = Problem::new("drop_constraint", Slot::new(Role::Constraint, name), message);
        Some(problem.help("keep it, or write `#[allow(drop_constraint, reason = \"…\")]` before the statement"))
    });
    found.collect()
}
