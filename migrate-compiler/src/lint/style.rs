//! What is better written otherwise: of new tables, columns, keys and indexes.

use super::rule::{Case, Group, LintRule, Severity, everywhere};
use crate::effect::Repeat;
use crate::name::{Name, Written};
use crate::problem::{Problem, Role, Slot};
use crate::schema::{Column, Constraint, CounterKind, Index, Table};
use crate::sql::registry::features;
use crate::types::Type;

const fn rule(name: &'static str, about: &'static str, instead: &'static str, find: fn(&Case<'_>) -> Vec<Problem>) -> LintRule {
    LintRule { name, group: Group::Style, severity: Severity::Allow, about, lock: "nothing", instead, on: everywhere, find }
}

/// The rules of the group, and the one of `lock` that is about what is missing.
pub(super) const RULES: &[LintRule] = &[
    LintRule {
        severity: Severity::Deny,
        ..rule("duplicate_key", "a key or an index is created that the table already has", "remove it", duplicate_key)
    },
    LintRule {
        on: |database| features(database).json_is_text,
        ..rule(
            "json_column",
            "PostgreSQL's `json` has no equality, so `distinct` and `group by` fail",
            "`json` of the language is `jsonb`",
            json_column,
        )
    },
    rule(
        "no_primary_key",
        "a table without a primary key is not replicated row by row, nor changed in batches",
        "add one",
        no_primary_key,
    ),
    rule("prefer_bigint", "the values of a 32-bit key run out after two billion rows", "`bigint`", prefer_bigint),
    rule(
        "prefer_identity",
        "a `serial` is only a default: an insert can give another value, and its sequence needs a grant of its own",
        "`identity`",
        prefer_identity,
    ),
    rule("prefer_text", "the length of a `varchar(n)` or `char(n)` is hard to change", "`text` with a check", prefer_text),
    rule("prefer_timestamptz", "a `timestamp` has no time zone", "`timestamptz`", prefer_timestamptz),
    rule(
        "redundant_index",
        "an index whose columns are the first columns of another index is not needed",
        "drop the shorter one",
        redundant_index,
    ),
    rule("wide_index", "an index of more than three columns costs more than it helps", "fewer columns", wide_index),
    LintRule {
        group: Group::Lock,
        lock: "a delete in the referenced table reads the whole referencing table and locks its rows, one by one",
        ..rule(
            "unindexed_foreign_key",
            "a delete in the referenced table searches the referencing table, which has no index for that",
            "an index on its columns",
            unindexed_foreign_key,
        )
    },
];

fn found(rule: &'static str, slot: Slot, message: String, help: String) -> Problem {
    Problem::new(rule, slot, message)
        .help(help)
        .note(format!("accept it with `#[allow({rule}, reason = \"…\")]` before the statement"))
}

/// The tables that a statement makes or changes, as they were and as they are.
fn tables<'c>(case: &Case<'c>) -> Vec<(&'c Name, Option<&'c Table>, &'c Table)> {
    let changed = case.before.changed(case.after).into_iter();
    changed.filter_map(|(name, before, after)| Some((name, before.map(|table| &**table), &**after?))).collect()
}

/// The columns that a statement adds.
fn columns<'c>(case: &Case<'c>) -> Vec<(&'c Name, &'c Table, &'c Column)> {
    let new = |(name, before, after): (&'c Name, Option<&'c Table>, &'c Table)| {
        let is_new = move |column: &&Column| before.is_none_or(|before| before.column(&column.name).is_none());
        after.columns.iter().filter(is_new).map(|column| (name, after, column)).collect::<Vec<_>>()
    };
    tables(case).into_iter().flat_map(new).collect()
}

/// What a type ends with in a nullable column.
fn mark(column: &Column) -> &'static str {
    if column.nullable { "?" } else { "" }
}

/// Rule `duplicate_key`.
fn duplicate_key(case: &Case<'_>) -> Vec<Problem> {
    let problem = |repeat: &Repeat| {
        let message = format!("duplicate of {}", repeat.other);
        Problem { entry: repeat.entry, ..Problem::new("duplicate_key", repeat.slot.clone(), message) }
            .help("remove it, or write `#[allow(duplicate_key, reason = \"…\")]` before the statement")
            .note("a second one takes as much space again and slows down each write")
    };
    case.effects.repeats.iter().map(problem).collect()
}

/// Rule `json_column`.
fn json_column(case: &Case<'_>) -> Vec<Problem> {
    let is_json = |column: &Column| matches!(&column.ty, Type::Native(native) if native.name == "json");
    let all = columns(case).into_iter().filter(|(_, _, column)| is_json(column));
    let problem = |(_, _, column): (_, _, &Column)| {
        let message = format!("`{}` is `postgres::json`, which has no equality", Written(&column.name));
        found(
            "json_column",
            Slot::new(Role::Type, &column.name),
            message,
            "write `json`, which is `jsonb` on PostgreSQL".to_owned(),
        )
    };
    all.map(problem).collect()
}

/// Rule `no_primary_key`.
fn no_primary_key(case: &Case<'_>) -> Vec<Problem> {
    let new = tables(case).into_iter().filter(|(_, before, after)| before.is_none() && after.primary_key().is_empty());
    let problem = |(name, _, _): (&Name, _, _)| {
        let message = format!("`{name}` has no primary key");
        let help = "write `id: bigint primary key identity`".to_owned();
        found("no_primary_key", Slot::new(Role::Table, name.to_string()), message, help)
    };
    new.map(problem).collect()
}

/// Rule `prefer_bigint`.
fn prefer_bigint(case: &Case<'_>) -> Vec<Problem> {
    let is_key = |table: &Table, column: &Column| table.primary_key() == [column.name.clone()] || column.counter.is_some();
    let is_small = |column: &Column| matches!(column.ty, Type::Integer | Type::SmallInt);
    let all = columns(case).into_iter().filter(|(_, table, column)| is_small(column) && is_key(table, column));
    let problem = |(_, _, column): (_, _, &Column)| {
        let shown = Written(&column.name);
        let message = format!("the key `{shown}` is `{}`, whose values may run out", column.ty);
        found("prefer_bigint", Slot::new(Role::Type, &column.name), message, format!("write `{shown}: bigint`"))
    };
    all.map(problem).collect()
}

/// Rule `prefer_identity`.
fn prefer_identity(case: &Case<'_>) -> Vec<Problem> {
    let is_serial = |column: &Column| column.counter.as_ref().is_some_and(|counter| counter.kind == CounterKind::Serial);
    let all = columns(case).into_iter().filter(|(_, _, column)| is_serial(column));
    let problem = |(_, table, column): (_, &Table, &Column)| {
        let shown = Written(&column.name);
        let key = if table.primary_key() == [column.name.clone()] { " primary key" } else { "" };
        let message = format!("`{shown}` is `serial`; `identity` is the SQL standard");
        found(
            "prefer_identity",
            Slot::new(Role::Column, &column.name),
            message,
            format!("write `{shown}: {}{key} identity`", column.ty),
        )
    };
    all.map(problem).collect()
}

/// Rule `prefer_text`.
fn prefer_text(case: &Case<'_>) -> Vec<Problem> {
    let all = columns(case).into_iter().filter_map(|found| Some((found.2, found.2.ty.length()?)));
    let problem = |(column, length): (&Column, u32)| {
        let shown = Written(&column.name);
        let message = format!("the length of `{shown}`, {length}, is hard to change later");
        found(
            "prefer_text",
            Slot::new(Role::Type, &column.name),
            message,
            format!("write `{shown}: text{} check (length({shown}) <= {length})`", mark(column)),
        )
    };
    all.map(problem).collect()
}

/// Rule `prefer_timestamptz`.
fn prefer_timestamptz(case: &Case<'_>) -> Vec<Problem> {
    let all = columns(case).into_iter().filter(|(_, _, column)| column.ty == Type::Timestamp);
    let problem = |(_, _, column): (_, _, &Column)| {
        let shown = Written(&column.name);
        let message = format!("`{shown}` is `timestamp`, which has no time zone");
        found(
            "prefer_timestamptz",
            Slot::new(Role::Type, &column.name),
            message,
            format!("write `{shown}: timestamptz{}`", mark(column)),
        )
    };
    all.map(problem).collect()
}

/// The indexes that a statement adds.
fn indexes<'c>(case: &Case<'c>) -> Vec<(&'c Name, &'c Table, &'c Index)> {
    let new = |(name, before, after): (&'c Name, Option<&'c Table>, &'c Table)| {
        let is_new = move |index: &&Index| before.is_none_or(|before| before.index(index.name()).is_none());
        after.indexes.iter().filter(is_new).map(|index| (name, after, index)).collect::<Vec<_>>()
    };
    tables(case).into_iter().flat_map(new).collect()
}

/// Rule `wide_index`.
fn wide_index(case: &Case<'_>) -> Vec<Problem> {
    let all = indexes(case).into_iter().filter(|(_, _, index)| index.keys.len() > 3);
    let problem = |(_, _, index): (_, _, &Index)| {
        let message = format!("`{}` has {} columns", Written(index.name()), index.keys.len());
        found(
            "wide_index",
            Slot::new(Role::Index, index.name()),
            message,
            "keep at most three columns, those with the most distinct values".to_owned(),
        )
    };
    all.map(problem).collect()
}

/// Rule `redundant_index`.
fn redundant_index(case: &Case<'_>) -> Vec<Problem> {
    let plain = |index: &Index| !index.unique && index.filter.is_none() && index.include.is_empty() && index.method.is_none();
    let longer = |table: &Table, index: &Index| {
        let own = index.plain_columns();
        let begins = |columns: &[String]| columns.len() > own.len() && columns.starts_with(&own);
        let mut other = table.indexes.iter().filter(|other| other.filter.is_none() && other.method.is_none());
        let other = other.find(|other| begins(&other.plain_columns())).map(|other| other.name().to_owned());
        let key = || table.constraints.iter().find(|key| begins(key.rule.key_columns())).map(|key| key.name().to_owned());
        if own.is_empty() { None } else { other.or_else(key) }
    };
    let all = indexes(case).into_iter().filter(|(_, _, index)| plain(index));
    let problem = |(name, table, index): (&Name, &Table, &Index)| {
        let other = longer(case.end.table(name).unwrap_or(table), index)?;
        let message = format!("the columns of `{}` are the first of `{}`", Written(index.name()), Written(&other));
        Some(found("redundant_index", Slot::new(Role::Index, index.name()), message, "remove it".to_owned()))
    };
    all.filter_map(problem).collect()
}

/// Rule `unindexed_foreign_key`.
fn unindexed_foreign_key(case: &Case<'_>) -> Vec<Problem> {
    let is_found = |table: &Table, columns: &[String]| {
        let by_index =
            table.indexes.iter().filter(|index| index.filter.is_none()).any(|index| index.plain_columns().starts_with(columns));
        by_index || table.constraints.iter().any(|key| key.rule.key_columns().starts_with(columns))
    };
    let mut all = Vec::new();
    for (name, before, after) in tables(case) {
        let is_new = |one: &&Constraint| before.is_none_or(|before| before.constraint(one.name()).is_none());
        for (constraint, key) in after.constraints.iter().filter(is_new).filter_map(|one| Some((one, one.foreign_key()?))) {
            if !is_found(case.end.table(name).unwrap_or(after), &key.columns) {
                let columns: Vec<String> = key.columns.iter().map(|column| Written(column).to_string()).collect();
                let message = format!("the foreign key from `{name}` to `{}` has no index", key.table);
                let help = format!("write `create index on {name} ({});`", columns.join(", "));
                all.push(found("unindexed_foreign_key", Slot::new(Role::Constraint, constraint.name()), message, help));
            }
        }
    }
    all
}
