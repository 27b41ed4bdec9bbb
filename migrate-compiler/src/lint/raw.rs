//! What can be seen in raw SQL. The rest of it is accepted with the reason that its `undo` or `as` gives.

use super::rule::{Case, Group, LintRule, Severity};
use crate::effect::Break;
use crate::problem::{Problem, Role, Slot};
use crate::raw::Danger;

const fn rule(
    name: &'static str,
    group: Group,
    [about, lock, instead]: [&'static str; 3],
    find: fn(&Case<'_>) -> Vec<Problem>,
) -> LintRule {
    LintRule { name, group, severity: Severity::Deny, about, lock, instead, find }
}

/// The rules about raw SQL.
pub(super) const RULES: &[LintRule] = &[
    rule(
        "raw_index",
        Group::Lock,
        [
            "raw SQL builds an index",
            "SHARE on the table until the index is built: the table cannot be written until then",
            "write `create index`, which does not block writes",
        ],
        |case| found(case, Danger::Index, "raw_index"),
    ),
    rule(
        "raw_lock",
        Group::Lock,
        [
            "raw SQL locks a table",
            "the lock that it names, until the step is committed",
            "remove it: a step takes the locks that it needs",
        ],
        |case| found(case, Danger::Lock, "raw_lock"),
    ),
    rule(
        "raw_drop",
        Group::Compat,
        [
            "raw SQL drops a table, a column, a type or a schema",
            "ACCESS EXCLUSIVE, for a moment",
            "write a `drop` statement of the language, whose downgrade is known",
        ],
        |case| found(case, Danger::Drop, "raw_drop"),
    ),
    rule(
        "raw_truncate",
        Group::Data,
        [
            "raw SQL deletes all rows of a table",
            "ACCESS EXCLUSIVE on the table, for a moment",
            "delete only the rows that are no longer needed",
        ],
        |case| found(case, Danger::Truncate, "raw_truncate"),
    ),
    rule(
        "raw_rewrite",
        Group::Rewrite,
        [
            "raw SQL rewrites a table",
            "ACCESS EXCLUSIVE on the table until it is rewritten: the table cannot be read or written until then",
            "run it outside of the migrations, when the table is not in use",
        ],
        |case| found(case, Danger::Rewrite, "raw_rewrite"),
    ),
];

/// Rules `raw_index`, `raw_lock`, `raw_drop`, `raw_truncate` and `raw_rewrite`.
fn found(case: &Case<'_>, danger: Danger, rule: &'static str) -> Vec<Problem> {
    let locks = matches!(danger, Danger::Index | Danger::Lock | Danger::Rewrite);
    let is_it = |one: &&Break| matches!(one, Break::Raw { danger: found, .. } if *found == danger);
    let found = case.effects.breaks.iter().filter(is_it).filter(|_| !locks || case.is_online());
    let about = RULES.iter().find(|known| known.name == rule);
    let problem = |one: &Break| {
        let (Break::Raw { text, .. }, Some(about)) = (one, about) else { return None };
        let problem = Problem::new(rule, Slot::new(Role::Raw, text), about.about);
        let help = format!("{}, or write `#[allow({rule}, reason = \"…\")]` before the statement", about.instead);
        Some(problem.help(help).note(format!("PostgreSQL locks: {}", about.lock)))
    };
    found.filter_map(problem).collect()
}
