//! What can be seen in raw SQL. The rest of it is accepted with the reason that its `undo` or `as` gives.

use super::rule::{Case, Group, LintRule, Severity, everywhere, online};
use super::told::told;
use crate::effect::Break;
use crate::problem::{Problem, Role, Slot};

const fn rule(
    name: &'static str,
    group: Group,
    [about, lock, instead]: [&'static str; 3],
    find: fn(&Case<'_>) -> Vec<Problem>,
) -> LintRule {
    let on = match group {
        // As `Danger::is_lock` has it.
        Group::Lock | Group::Rewrite => online,
        Group::Data | Group::Compat | Group::Style => everywhere,
    };
    LintRule { name, group, severity: Severity::Deny, about, lock, instead, on, find }
}

/// The rules about raw SQL.
pub(super) const RULES: &[LintRule] = &[
    rule(
        "raw_delete",
        Group::Data,
        [
            "raw SQL deletes all rows of a table, one by one",
            "ROW EXCLUSIVE on the table, and each of its rows, until the step is committed",
            "write `WHERE` with the rows that are no longer needed",
        ],
        |case| found(case, "raw_delete"),
    ),
    rule(
        "raw_drop",
        Group::Compat,
        [
            "raw SQL drops something that running instances of the application may still use",
            "ACCESS EXCLUSIVE on a table, a view or the table of a trigger, a rule or a policy, until the step is committed: no rows are read or rewritten; for a function, a type or a schema that object alone",
            "deploy a version that does not use it first; drop a table, a column, an enum, an extension or a schema by the statement of the language, whose downgrade is known",
        ],
        |case| found(case, "raw_drop"),
    ),
    rule(
        "raw_index",
        Group::Lock,
        [
            "raw SQL builds an index, alone or for a constraint, or drops one",
            "SHARE on the table until the index is built: the table cannot be written until then; for a constraint ACCESS EXCLUSIVE until it is built: the table cannot be read either; ACCESS EXCLUSIVE until the step is committed where it is dropped",
            "write `create index`, `drop index` or `add unique (…)`, which do not block reads or writes",
        ],
        |case| found(case, "raw_index"),
    ),
    rule(
        "raw_lock",
        Group::Lock,
        [
            "raw SQL locks a table",
            "the lock that it names, ACCESS EXCLUSIVE if it names none, until the step is committed",
            "remove it: a step takes the locks that it needs",
        ],
        |case| found(case, "raw_lock"),
    ),
    rule(
        "raw_rename",
        Group::Compat,
        [
            "raw SQL renames something that running instances of the application use",
            "ACCESS EXCLUSIVE on a table or a view, until the step is committed: no rows are read or rewritten; for a type or a function that object alone",
            "add the new one, write both, read the new one, then drop the old one: three deploys",
        ],
        |case| found(case, "raw_rename"),
    ),
    rule(
        "raw_rewrite",
        Group::Rewrite,
        [
            "raw SQL rewrites a table or refreshes a materialized view",
            "ACCESS EXCLUSIVE on the table or the view until it is rewritten: it cannot be read or written until then",
            "write the statement of the language, which fills a new column in batches; else run it outside of the migrations, when the table is not in use",
        ],
        |case| found(case, "raw_rewrite"),
    ),
    rule(
        "raw_scan",
        Group::Lock,
        [
            "raw SQL adds a constraint or a `not null` for which PostgreSQL reads all rows of a table under its lock",
            "ACCESS EXCLUSIVE on the table until every row is read: it cannot be read or written until then; for a foreign key SHARE ROW EXCLUSIVE on both tables: they cannot be written until then",
            "write `add check (…)`, `add foreign key …` or `alter COLUMN set not null`, which read the rows while others use the table",
        ],
        |case| found(case, "raw_scan"),
    ),
    rule(
        "raw_truncate",
        Group::Data,
        [
            "raw SQL deletes all rows of a table at once",
            "ACCESS EXCLUSIVE on the table until the step is committed: it cannot be read or written until then",
            "delete only the rows that are no longer needed",
        ],
        |case| found(case, "raw_truncate"),
    ),
    rule(
        "raw_update",
        Group::Lock,
        [
            "raw SQL updates all rows of a table in one transaction",
            "ROW EXCLUSIVE on the table, and each of its rows, until the step is committed, and the table keeps the old rows until they are vacuumed",
            "write `backfill`, which updates them in batches",
        ],
        |case| found(case, "raw_update"),
    ),
];

/// Each of the rules.
fn found(case: &Case<'_>, rule: &'static str) -> Vec<Problem> {
    let mut found: Vec<Problem> = Vec::new();
    for one in &case.effects.breaks {
        let Break::Raw { danger, text, .. } = one else { continue };
        let told = told(*danger);
        let help = format!("{}, or write `#[allow({rule}, reason = \"…\")]` before the statement", told.instead);
        let problem = Problem::new(rule, Slot::new(Role::Raw, text), told.message).help(help);
        let problem = problem.note(case.locks(told.lock));
        if told.rule == rule && !found.contains(&problem) {
            found.push(problem);
        }
    }
    found
}
