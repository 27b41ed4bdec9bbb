//! Changes for which PostgreSQL rewrites or reads a table that cannot be used until that is done.

use super::rule::{Case, Group, LintRule, Severity, everywhere, online};
use crate::effect::Break;
use crate::name::Written;
use crate::problem::{Problem, Role, Slot};

/// The rules of the group `rewrite`, and the one of `lock` and of `data` that are about types too.
pub(super) const RULES: &[LintRule] = &[
    LintRule {
        name: "rewrite_table",
        group: Group::Rewrite,
        severity: Severity::Deny,
        about: "the type of a column changes, for which PostgreSQL rewrites the table and its indexes",
        lock: "ACCESS EXCLUSIVE on the table until it is rewritten: it cannot be read or written until then, seconds for a gigabyte",
        instead: "add a column of the new type, fill it, read the new one, then drop the old one",
        on: online,
        find: rewrite_table,
    },
    LintRule {
        name: "scan_under_lock",
        group: Group::Lock,
        severity: Severity::Deny,
        about: "PostgreSQL reads all rows: the type of a column changes that a check or an index uses, or a column without an index is numbered",
        lock: "ACCESS EXCLUSIVE on the table until every row is read: it cannot be read or written until then",
        instead: "drop the check or the index before it, and add it again after it",
        on: online,
        find: scan_under_lock,
    },
    LintRule {
        name: "narrow_type",
        group: Group::Data,
        severity: Severity::Deny,
        about: "the type of a column changes to one that does not have all values of the old one",
        lock: "ACCESS EXCLUSIVE on the table until every row is read or rewritten: it cannot be read or written until then",
        instead: "add a column of the new type, fill it, read the new one, then drop the old one",
        on: everywhere,
        find: narrow_type,
    },
];

/// Rule `rewrite_table`.
fn rewrite_table(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::Retyped { table, column, from, to, rewrites: true, narrows: false, .. } = one else { return None };
        let message = format!("PostgreSQL rewrites `{table}` to change `{}` from `{from}` to `{to}`", Written(column));
        Some(retyped("rewrite_table", column, message, &to.to_string()))
    });
    found.collect()
}

/// Rule `scan_under_lock`.
fn scan_under_lock(case: &Case<'_>) -> Vec<Problem> {
    let numbered = case.effects.breaks.iter().filter_map(|one| {
        let Break::Numbered { table, column } = one else { return None };
        let shown = Written(column);
        let message = format!("PostgreSQL reads all rows of `{table}` for the highest value of `{shown}`");
        let help = format!("create an index on `{shown}` before it, or write `#[allow(scan_under_lock, reason = \"…\")]`");
        Some(Problem::new("scan_under_lock", Slot::new(Role::Column, column), message).help(help))
    });
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::Retyped { table, column, rewrites: false, narrows: false, rereads: Some(what), .. } = one else { return None };
        let message = format!("PostgreSQL reads all rows of `{table}` again: {what} uses `{}`", Written(column));
        let problem = Problem::new("scan_under_lock", Slot::new(Role::Column, column), message);
        let help =
            format!("drop {what} before it and add it again after it, or write `#[allow(scan_under_lock, reason = \"…\")]`");
        Some(problem.help(help))
    });
    found.chain(numbered).collect()
}

/// Rule `narrow_type`.
fn narrow_type(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::Retyped { column, from, to, narrows: true, .. } = one else { return None };
        let message = format!("the upgrade fails if a value of `{}` does not fit from `{from}` into `{to}`", Written(column));
        Some(retyped("narrow_type", column, message, &to.to_string()))
    });
    found.collect()
}

fn retyped(rule: &'static str, column: &str, message: String, to: &str) -> Problem {
    let help = format!(
        "add a column of `{to}`, fill it, read the new one, then drop the old one; or write `#[allow({rule}, reason = \"…\")]` before the statement"
    );
    Problem::new(rule, Slot::new(Role::Type, column), message).help(help)
}
