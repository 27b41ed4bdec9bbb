//! Constraints that are dropped, and rows that go.

use super::rule::{Case, Group, LintRule, Severity, everywhere};
use crate::effect::Break;
use crate::footprint::Part;
use crate::name::Written;
use crate::problem::{Problem, Role, Slot};

/// The rules of the group that are not about types.
pub(super) const RULES: &[LintRule] = &[
    LintRule {
        name: "drop_constraint",
        group: Group::Data,
        severity: Severity::Allow,
        about: "a constraint or a unique index is dropped, so that rows which it refused can be written",
        lock: "ACCESS EXCLUSIVE on the table, of a foreign key on both tables, until the step is committed, and no rows are read",
        instead: "keep it, or add the one that replaces it first",
        on: everywhere,
        find: drop_constraint,
    },
    LintRule {
        name: "delete_all_rows",
        group: Group::Data,
        severity: Severity::Deny,
        about: "all rows of a table that existed before are deleted, one by one",
        lock: "ROW EXCLUSIVE on the table, and each of its rows, until the step is committed",
        instead: "write `where` with the rows that are no longer needed",
        on: everywhere,
        find: delete_all_rows,
    },
    LintRule {
        name: "truncate_table",
        group: Group::Data,
        severity: Severity::Deny,
        about: "all rows of a table that existed before are deleted at once",
        lock: "ACCESS EXCLUSIVE on the table until the step is committed: it cannot be read or written until then",
        instead: "write `delete from` with the rows that are no longer needed",
        on: everywhere,
        find: truncate_table,
    },
];

/// Rule `drop_constraint`.
fn drop_constraint(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::DroppedConstraint { table, part, slot } = one else { return None };
        let (Part::Constraint(name) | Part::Index(name)) = part else { return None };
        let message = format!("without `{}`, rows of `{table}` can be written that it refused", Written(name));
        let problem = Problem::new("drop_constraint", slot.clone(), message);
        Some(problem.help("keep it, or write `#[allow(drop_constraint, reason = \"…\")]` before the statement"))
    });
    found.collect()
}

/// Rule `delete_all_rows`.
fn delete_all_rows(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::DeletedAll { table } = one else { return None };
        let message = format!("without `where`, every row of `{table}` is deleted");
        let help = format!(
            "delete the rows of `{table}` that are not needed, with `where`, or write `#[allow(delete_all_rows, reason = \"…\")]` before the statement"
        );
        Some(Problem::new("delete_all_rows", Slot::new(Role::Table, table.to_string()), message).help(help))
    });
    found.collect()
}

/// Rule `truncate_table`.
fn truncate_table(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::Truncated { table } = one else { return None };
        let message = format!("every row of `{table}` is deleted");
        let help = format!(
            "delete the rows of `{table}` that are not needed, with `where`, or write `#[allow(truncate_table, reason = \"…\")]` before the statement"
        );
        Some(Problem::new("truncate_table", Slot::new(Role::Table, table.to_string()), message).help(help))
    });
    found.collect()
}
