//! Rows that get other values while others use their table.

use super::rule::{Case, Group, LintRule, Severity, online};
use crate::effect::Break;
use crate::problem::{Problem, Role, Slot};

/// The rules of the group `lock` that are about rows.
pub(super) const RULES: &[LintRule] = &[LintRule {
    name: "update_in_one_transaction",
    group: Group::Lock,
    severity: Severity::Deny,
    about: "rows of a table that existed before are updated in one transaction, and no key says which",
    lock: "ROW EXCLUSIVE on the table, and each row that is updated, until the step is committed, and the table keeps the old rows until they are vacuumed",
    instead: "name the rows by a key in `where`, or write `backfill`, which updates them in batches",
    on: online,
    find: update_in_one_transaction,
}];

/// Rule `update_in_one_transaction`.
fn update_in_one_transaction(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::UpdatedRows { table } = one else { return None };
        let message = format!("rows of `{table}` stay locked until the last one is updated");
        let slot = Slot::new(Role::Table, table.to_string());
        let batches = "use `backfill`, which updates them in batches";
        let help = "write `#[allow(update_in_one_transaction, reason = \"…\")]` before the statement if the rows are few";
        Some(Problem::new("update_in_one_transaction", slot, message).help(batches).help(help))
    });
    found.collect()
}
