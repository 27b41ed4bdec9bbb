//! What a running version of the application still uses, and no longer finds as it was.

use super::rule::{Case, Group, LintRule, Severity, everywhere};
use crate::effect::{Break, Demand, Effects, Removed};
use crate::name::Written;
use crate::operation::plain_value;
use crate::problem::{Problem, Role, Slot};
use crate::schema::Schema;

/// What a rename or a drop locks.
const SHORT: &str = "ACCESS EXCLUSIVE on the table until the step is committed, and no rows are read or rewritten";

/// What a change of an enum locks that leaves its values as they are, and what a drop of something that no table uses does.
const NO_TABLE: &str = "the object alone until the step is committed, and no table";

/// What a value that goes locks.
const RECREATED: &str =
    "ACCESS EXCLUSIVE on each table that uses the type until it is rewritten: it cannot be read or written until then";

/// What a new constraint locks.
const APART: &str =
    "ACCESS EXCLUSIVE on the table, of a foreign key SHARE ROW EXCLUSIVE on both, for a moment, and the rows are read without it";

/// How something that is in use gets another name.
const EXPAND: &str = "add the new one, write both, read the new one, then drop the old one: three deploys";

const fn rule(name: &'static str, about: &'static str, instead: &'static str, find: fn(&Case<'_>) -> Vec<Problem>) -> LintRule {
    LintRule { name, group: Group::Compat, severity: Severity::Deny, about, lock: SHORT, instead, on: everywhere, find }
}

const fn optional(
    name: &'static str,
    about: &'static str,
    instead: &'static str,
    find: fn(&Case<'_>) -> Vec<Problem>,
) -> LintRule {
    LintRule { severity: Severity::Allow, ..rule(name, about, instead, find) }
}

/// The rules of the group.
pub(super) const RULES: &[LintRule] = &[
    rule(
        "add_required_column",
        "a column is added that must have a value, which neither the rows nor the running application give it",
        "add it as nullable or with a default",
        |case| required_columns(case.effects, case.after),
    ),
    rule("drop_column", "a column is dropped that running instances of the application may still use", UNUSED, drop_column),
    LintRule {
        lock: NO_TABLE,
        ..rule(
            "drop_object",
            "an enum, an extension or a schema is dropped that running instances of the application may still use",
            UNUSED,
            drop_object,
        )
    },
    rule("drop_table", "a table is dropped that running instances of the application may still use", UNUSED, drop_table),
    LintRule {
        lock: RECREATED,
        ..rule(
            "drop_value",
            "a value of an enum is dropped that running instances of the application may still write",
            UNUSED,
            drop_value,
        )
    },
    rule("rename_column", "a column is renamed that running instances of the application use", EXPAND, rename_column),
    LintRule {
        lock: NO_TABLE,
        ..rule("rename_enum", "an enum is renamed that running instances of the application use", EXPAND, rename_enum)
    },
    rule("rename_table", "a table is renamed that running instances of the application use", EXPAND, rename_table),
    LintRule {
        lock: NO_TABLE,
        ..rule(
            "rename_value",
            "a value of an enum is renamed that running instances of the application use",
            EXPAND,
            rename_value,
        )
    },
    optional(
        "change_default",
        "running instances of the application may rely on the old default",
        "deploy a version that does not rely on it first",
        change_default,
    ),
    optional(
        "drop_not_null",
        "running instances of the application may not expect null",
        "deploy a version that can read null first",
        drop_not_null,
    ),
    LintRule {
        lock: APART,
        ..optional(
            "new_restriction",
            "running instances of the application may write what is refused from now on",
            "deploy a version that writes only what is allowed first",
            new_restriction,
        )
    },
];

/// Why a name counts.
const SIDE_BY_SIDE: &str = "during a deploy, old and new versions of the application run at the same time";

const UNUSED: &str = "deploy a version that does not use it first";

/// Rule `add_required_column`: the rows that are there would have no value for it.
pub fn required_columns(effects: &Effects, after: &Schema) -> Vec<Problem> {
    let required = effects.demands.iter().filter_map(|demand| {
        let Demand::Empty { table, column } = demand else { return None };
        let shown = Written(column);
        let message = format!("`{shown}` is `not null` and has no default, so the rows of `{table}` have no value");
        let ty = &after.table(table)?.column(column)?.ty;
        let help = format!("write `add {shown}: {ty}?`, or `add {shown}: {ty} default {}`", plain_value(ty));
        Some(Problem::new("add_required_column", Slot::new(Role::Column, column), message).help(help))
    });
    required.collect()
}

/// Rule `drop_column`.
fn drop_column(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.removes.iter().filter_map(|removed| match removed {
        Removed::Column(table, column) => Some((table, column)),
        Removed::Table(_) => None,
    });
    let danger = |(table, column): (_, &String)| {
        dropped("drop_column", Slot::new(Role::Column, column), &format!("column `{}` of `{table}`", Written(column)))
    };
    found.map(danger).collect()
}

/// Rule `drop_object`.
fn drop_object(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::DroppedObject { kind, name } = one else { return None };
        let slot = Slot::new(Role::Object, name.to_string());
        Some(dropped("drop_object", slot, &format!("{} `{name}`", kind.word())))
    });
    found.collect()
}

/// Rule `drop_table`.
fn drop_table(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.removes.iter().filter_map(|removed| match removed {
        Removed::Table(table) => Some(table),
        Removed::Column(..) => None,
    });
    found.map(|table| dropped("drop_table", Slot::new(Role::Table, table.to_string()), &format!("table `{table}`"))).collect()
}

/// Rule `drop_value`.
fn drop_value(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::DroppedValue { of, value } = one else { return None };
        Some(dropped("drop_value", Slot::new(Role::Literal, format!("{value:?}")), &format!("value {value:?} of `{of}`")))
    });
    found.collect()
}

fn dropped(rule: &'static str, slot: Slot, what: &str) -> Problem {
    Problem::new(rule, slot, format!("running instances of the application may still use {what}"))
        .help(format!("deploy a version that does not use it, then write `#[allow({rule}, reason = \"unused since 2.3\")]` before the statement"))
        .note(SIDE_BY_SIDE)
}

/// Rule `rename_table`.
fn rename_table(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::RenamedTable { from, to } = one else { return None };
        Some(renamed("rename_table", Slot::new(Role::Table, from.to_string()), &format!("table `{from}`"), &to.to_string()))
    });
    found.collect()
}

/// Rule `rename_column`.
fn rename_column(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::RenamedColumn { table, from, to } = one else { return None };
        let what = format!("column `{}` of `{table}`", Written(from));
        Some(renamed("rename_column", Slot::new(Role::Column, from), &what, &Written(to).to_string()))
    });
    found.collect()
}

/// Rule `rename_enum`.
fn rename_enum(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::RenamedObject { kind, from, to } = one else { return None };
        let slot = Slot::new(Role::Object, from.to_string());
        Some(renamed("rename_enum", slot, &format!("{} `{from}`", kind.word()), &to.to_string()))
    });
    found.collect()
}

/// Rule `rename_value`.
fn rename_value(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::RenamedValue { of, from, to } = one else { return None };
        let slot = Slot::new(Role::Literal, format!("{from:?}"));
        Some(renamed("rename_value", slot, &format!("value {from:?} of `{of}`"), &format!("{to:?}")))
    });
    found.collect()
}

fn renamed(rule: &'static str, slot: Slot, what: &str, to: &str) -> Problem {
    Problem::new(rule, slot, format!("renaming {what} breaks running instances of the application"))
        .help(format!("add `{to}`, write both, read the new one, then drop the old one; or, if no running instance uses it, write `#[allow({rule}, reason = \"…\")]` before the statement"))
        .note(SIDE_BY_SIDE)
}

/// Rule `change_default`.
fn change_default(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::ChangedDefault { table, column } = one else { return None };
        let message =
            format!("running instances of the application may rely on the old default of `{table}.{}`", Written(column));
        Some(accepted("change_default", Problem::new("change_default", Slot::new(Role::Column, column), message)))
    });
    found.collect()
}

/// Rule `drop_not_null`.
fn drop_not_null(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::NullableNow { table, column } = one else { return None };
        let message = format!("running instances of the application may not expect null in `{table}.{}`", Written(column));
        Some(accepted("drop_not_null", Problem::new("drop_not_null", Slot::new(Role::Column, column), message)))
    });
    found.collect()
}

/// Rule `new_restriction`.
fn new_restriction(case: &Case<'_>) -> Vec<Problem> {
    let found = case.effects.breaks.iter().filter_map(|one| {
        let Break::Restricted { table, slot, .. } = one else { return None };
        let message = format!("running instances of the application may write rows of `{table}` that this refuses");
        Some(accepted("new_restriction", Problem::new("new_restriction", slot.clone(), message)))
    });
    found.collect()
}

fn accepted(rule: &str, problem: Problem) -> Problem {
    problem.help(format!(
        "deploy a version that works before and after it, then write `#[allow({rule}, reason = \"…\")]` before the statement"
    ))
}
