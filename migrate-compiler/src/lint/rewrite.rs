//! Changes for which PostgreSQL writes or reads a table while nobody can use it.

use super::rule::{Case, Group, Rule, Severity};
use crate::effect::Break;
use crate::name::Written;
use crate::problem::{Problem, Role, Slot};

/// The rules of the group `rewrite`, and the one of `lock` and of `data` that are about types too.
pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "rewrite_table",
        group: Group::Rewrite,
        severity: Severity::Deny,
        about: "a column gets a type for which PostgreSQL writes the table and its indexes anew",
        lock: "ACCESS EXCLUSIVE on the table until it is written: nobody reads or writes it meanwhile, seconds for a gigabyte",
        instead: "add a column of the new type, fill it, move the readers, then drop the old one",
        find: rewrite_table,
    },
    Rule {
        name: "scan_under_lock",
        group: Group::Lock,
        severity: Severity::Deny,
        about: "a column gets a type for which PostgreSQL reads all rows again: a check or an index uses it",
        lock: "ACCESS EXCLUSIVE on the table until every row is read: nobody reads or writes it meanwhile",
        instead: "drop the check or the index before it, and add it again after it",
        find: scan_under_lock,
    },
    Rule {
        name: "narrow_type",
        group: Group::Data,
        severity: Severity::Deny,
        about: "a column gets a type that not every value of the old one fits",
        lock: "ACCESS EXCLUSIVE on the table until every row is read, or written anew",
        instead: "add a column of the new type, fill it, move the readers, then drop the old one",
        find: narrow_type,
    },
];

/// Rule `rewrite_table`.
fn rewrite_table(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::Retyped { table, column, from, to, rewrites: true, narrows: false, .. } = one else { return None };
        let message = format!("`{}` from `{from}` to `{to}`: PostgreSQL writes the whole of `{table}` anew", Written(column));
        Some(retyped("rewrite_table", column, message, &to.to_string()))
    });
    found.filter(|_| case.is_online()).collect()
}

/// Rule `scan_under_lock`.
fn scan_under_lock(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::Retyped { table, column, rewrites: false, narrows: false, rereads: Some(what), .. } = one else { return None };
        let message = format!("PostgreSQL reads all rows of `{table}` again, since {what} uses `{}`", Written(column));
        let problem = Problem::new("scan_under_lock", Slot::new(Role::Column, column), message);
        let help =
            format!("drop {what} before it and add it again after it, or write `#[allow(scan_under_lock, reason = \"…\")]`");
        Some(problem.help(help).note("nobody can read or write the table until that is done (ACCESS EXCLUSIVE)"))
    });
    found.filter(|_| case.is_online()).collect()
}

/// Rule `narrow_type`.
fn narrow_type(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::Retyped { column, from, to, narrows: true, .. } = one else { return None };
        let message = format!("not every `{from}` is a `{to}`, so values of `{}` may stop the upgrade", Written(column));
        Some(retyped("narrow_type", column, message, &to.to_string()))
    });
    found.collect()
}

fn retyped(rule: &'static str, column: &str, message: String, to: &str) -> Problem {
    let help = format!(
        "add a column of `{to}`, fill it, move the readers, then drop the old one; or write `#[allow({rule}, reason = \"…\")]` before the statement"
    );
    Problem::new(rule, Slot::new(Role::Type, column), message)
        .help(help)
        .note("nobody can read or write the table until it is done (PostgreSQL: ACCESS EXCLUSIVE; SQLite: the whole file)")
}
