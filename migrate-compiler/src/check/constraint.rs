//! What must hold of a constraint.

use migrate_history::Database;

use crate::check::expr::Owner;
use crate::check::{expr, method, name, user};
use crate::name::{Name, Written, WrittenList};
use crate::operation::resolve;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::{Column, Constraint, ForeignKey, ReferentialAction, Rule, Schema, Table, Timing};
use crate::sql::registry::{features, where_true};
use crate::types::Type;

/// Whether a table was there before its constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConstrainedTable {
    /// It is created with it.
    New,
    /// It was.
    Old,
}

/// Checks a constraint of a table, which the schema holds already with all of its columns.
pub fn constraint(schema: &Schema, (owner, of): (&Name, ConstrainedTable), constraint: &Constraint, problems: &mut Problems) {
    let Some(table) = schema.table(owner) else { return };
    let slot = Slot::new(Role::Constraint, constraint.name());
    name::new_name(schema, Role::Constraint, constraint.name(), &slot, problems);
    resolve::is_free_for_key(schema, owner, constraint, problems);
    timing(constraint, problems);
    too_many_keys(schema, constraint.rule.title(), own_columns(&constraint.rule), problems);
    match &constraint.rule {
        Rule::PrimaryKey { columns } => {
            let is_second = second_primary_key((owner, of), table, constraint, problems);
            if columns_exist(owner, table, columns, problems) && !is_second {
                nullable_primary_key(table, columns, problems);
                method::key_columns(schema, table, columns, problems);
            }
        }
        Rule::Unique { columns, .. } => {
            if columns_exist(owner, table, columns, problems) {
                method::key_columns(schema, table, columns, problems);
            }
        }
        Rule::ForeignKey(key) => foreign_key(schema, owner, table, key, problems),
        Rule::Check { condition } => {
            let help = "a check is about one row: compare its own columns, or write a foreign key";
            if expr::without_query("a check", (0, condition), help, problems) {
                expr::condition(&Owner::of(schema, owner, table), (0, condition), problems);
            }
        }
    }
}

/// The columns of a key or a foreign key.
fn own_columns(rule: &Rule) -> &[String] {
    match rule {
        Rule::PrimaryKey { columns } | Rule::Unique { columns, .. } | Rule::ForeignKey(ForeignKey { columns, .. }) => columns,
        Rule::Check { .. } => &[],
    }
}

/// Rule `too_many_keys`.
pub fn too_many_keys(schema: &Schema, what: &str, columns: &[String], problems: &mut Problems) {
    let limit = |database: &Database| Some((*database, features(*database).most_key_columns?));
    let Some((database, most)) = schema.databases.iter().find_map(limit) else { return };
    let Some(beyond) = columns.get(most) else { return };
    let message = format!("the {what} has {} columns, and {database} allows at most {most}", columns.len());
    problems.push(Problem::new("too_many_keys", Slot::new(Role::Use, beyond), message).help("remove columns from it"));
}

/// Rules `unknown_column` and `column_twice`.
pub fn columns_exist(owner: &Name, table: &Table, columns: &[String], problems: &mut Problems) -> bool {
    let known = problems.len();
    for (index, column) in columns.iter().enumerate() {
        resolve::column(owner, table, column, Role::Use, problems);
        let before = columns[..index].iter().filter(|other| *other == column).count();
        if before > 0 {
            let message = format!("duplicate column `{}`", Written(column));
            let slot = Slot::new(Role::Use, column).nth(before);
            problems.push(Problem::new("column_twice", slot, message).help("remove one of them"));
        }
    }
    problems.len() == known
}

/// Rule `check_deferrable`: no database can defer a check.
fn timing(constraint: &Constraint, problems: &mut Problems) {
    if constraint.timing != Timing::Immediate && matches!(constraint.rule, Rule::Check { .. }) {
        let slot = Slot::new(Role::Constraint, constraint.name());
        let help = format!("remove `{}`", constraint.timing.words());
        problems.push(Problem::new("check_deferrable", slot, "a check cannot be deferrable").help(help));
    }
}

/// Rule `nullable_primary_key`.
fn nullable_primary_key(table: &Table, columns: &[String], problems: &mut Problems) {
    for column in columns.iter().filter_map(|column| table.column(column)).filter(|column| column.nullable) {
        let shown = Written(&column.name);
        let message = format!("`{shown}` is nullable, so it cannot be in a primary key");
        let help = format!("write `{shown}: {}`, or `alter {shown} set not null;` before it", column.ty);
        problems.push(Problem::new("nullable_primary_key", Slot::new(Role::Use, &column.name), message).help(help));
    }
}

/// Rule `second_primary_key`; whether it is one. The third of a new table is told with the second.
fn second_primary_key(
    (owner, of): (&Name, ConstrainedTable),
    table: &Table,
    constraint: &Constraint,
    problems: &mut Problems,
) -> bool {
    let keys: Vec<&Constraint> = table.constraints.iter().filter(|other| matches!(other.rule, Rule::PrimaryKey { .. })).collect();
    let Some(first) = keys.first().filter(|first| first.name != constraint.name) else { return false };
    if of == ConstrainedTable::New && keys.get(1).is_some_and(|second| second.name != constraint.name) {
        return true;
    }
    let message = format!("`{owner}` already has a primary key: `({})`", WrittenList(first.rule.key_columns()));
    let mut columns: Vec<String> = Vec::new();
    for column in keys.iter().chain([&constraint]).flat_map(|key| key.rule.key_columns()) {
        if !columns.contains(column) {
            columns.push(column.clone());
        }
    }
    let one_key = format!("one key of all columns, `primary key ({})`", WrittenList(&columns));
    let help = match (of, within(&keys, columns.len())) {
        (ConstrainedTable::New, Some(within)) => format!("remove {within}"),
        (ConstrainedTable::New, None) => format!("write {one_key}"),
        (ConstrainedTable::Old, _) => format!("write {one_key}, or `drop constraint {};` before it", Written(first.name())),
    };
    problems.push(Problem::new("second_primary_key", Slot::new(Role::Constraint, constraint.name()), message).help(help));
    true
}

/// The keys of single columns, as they are written, where another key has all columns.
fn within(keys: &[&Constraint], all: usize) -> Option<String> {
    let (wide, narrow): (Vec<&Constraint>, Vec<&Constraint>) = keys.iter().partition(|key| key.rule.key_columns().len() == all);
    let shown: Option<Vec<String>> = narrow
        .iter()
        .map(|key| match key.rule.key_columns() {
            [column] => Some(format!("`primary key` after `{}`", Written(column))),
            _ => None,
        })
        .collect();
    shown.filter(|shown| wide.len() == 1 && !shown.is_empty()).map(|shown| shown.join(" and "))
}

fn foreign_key(schema: &Schema, owner: &Name, table: &Table, key: &ForeignKey, problems: &mut Problems) {
    let own = columns_exist(owner, table, &key.columns, problems);
    set_columns(key, problems);
    let Some(target) = resolve::table(schema, &key.table, Role::Target, problems) else { return };
    let known = problems.len();
    for column in &key.references {
        resolve::column(&key.table, target, column, Role::TargetColumn, problems);
    }
    if problems.len() == known && own {
        foreign_key_fits(schema, table, target, key, problems);
        foreign_key_actions(table, key, problems);
    }
}

/// Rule `set_columns`: an action sets columns of the foreign key, each once.
fn set_columns(key: &ForeignKey, problems: &mut Problems) {
    for (place, column) in key.set_columns.iter().enumerate() {
        // It is written among the columns of the key too.
        let before = key.set_columns[..place].iter().chain(&key.columns).filter(|other| *other == column).count();
        let slot = Slot::new(Role::Use, column).nth(before);
        if before == 0 {
            let message = format!("`{}` is not a column of this foreign key", Written(column));
            problems.push(Problem::new("set_columns", slot, message).help(format!(
                "write `on delete {} ({})`",
                key.on_delete.words(),
                WrittenList(&key.columns)
            )));
        } else if key.set_columns[..place].contains(column) {
            let message = format!("duplicate column `{}`", Written(column));
            problems.push(Problem::new("column_twice", slot, message).help("remove one of them"));
        }
    }
}

/// Rules `foreign_key_arity`, `foreign_key_no_key` and `foreign_key_type`.
fn foreign_key_fits(schema: &Schema, table: &Table, target: &Table, key: &ForeignKey, problems: &mut Problems) {
    let slot = Slot::new(Role::Target, key.table.to_string());
    if key.references.is_empty() {
        let message = format!("`{}` has no primary key for the foreign key to reference", key.table);
        let unique = target.constraints.iter().find(|other| matches!(other.rule, Rule::Unique { .. }));
        let help = match unique {
            Some(unique) => format!("write `references {} ({})`", key.table, WrittenList(unique.rule.key_columns())),
            None => format!("add a primary key to `{}`", key.table),
        };
        problems.push(Problem::new("foreign_key_no_key", slot, message).help(help));
    } else if key.references.len() != key.columns.len() {
        let (own, other) = (WrittenList(&key.columns), WrittenList(&key.references));
        let message = format!("the foreign key has {} and references {}", count(&key.columns), count(&key.references));
        let problem = Problem::new("foreign_key_arity", slot, message).help("write as many columns as it references");
        problems.push(problem.note(format!("its columns are ({own}), and it references ({other})")));
    } else if !target.is_key(&key.references) {
        // Of a key with an unknown column it is not known which columns it was to have.
        if target.constraints.iter().any(|other| other.rule.key_columns().iter().any(|column| target.column(column).is_none())) {
            return;
        }
        let columns = WrittenList(&key.references);
        let is_same = |other: &Constraint| {
            let own = other.rule.key_columns();
            own.len() == key.references.len() && own.iter().all(|column| key.references.contains(column))
        };
        let state = if target.constraints.iter().any(is_same) { "deferrable" } else { "not unique" };
        let message = format!("`{} ({columns})` is {state}, so a foreign key cannot reference it", key.table);
        let help = if std::ptr::eq(table, target) {
            format!("add `unique ({columns})` to the table")
        } else {
            format!("write before it: `alter table {} {{ add unique ({columns}); }}`", key.table)
        };
        let slot = Slot::new(Role::TargetColumn, key.references.first().map_or("", String::as_str));
        problems.push(Problem::new("foreign_key_no_key", slot, message).help(help));
    } else {
        foreign_key_type(schema, table, target, key, problems);
    }
}

fn count(columns: &[String]) -> String {
    if columns.len() == 1 { "1 column".to_owned() } else { format!("{} columns", columns.len()) }
}

/// Whether a column of one type can refer to a column of the other. PostgreSQL compares with the operators of the key's index, so
/// the type that refers must be in their family or have an implicit cast to the other (manual, "CREATE TABLE", `REFERENCES`; tables
/// `pg_amop` and `pg_cast` of version 15).
pub fn refers(own: &Type, other: &Type, schema: &Schema) -> bool {
    let rank = |ty: &Type| match ty {
        Type::SmallInt | Type::Integer | Type::BigInt => 0,
        Type::Decimal { .. } => 1,
        Type::Real | Type::Double => 2,
        Type::Boolean | Type::Text | Type::Varchar(_) | Type::Char(_) | Type::Bytes | Type::Uuid | Type::Date => 0,
        Type::Time | Type::Timestamp | Type::Timestamptz | Type::Interval | Type::Json | Type::Enum(_) => 0,
        Type::Array(_) | Type::Native(_) => 0,
    };
    if where_true(schema, |features| features.foreign_keys_need_operators).is_none() {
        return own.family() == other.family();
    }
    // One operator compares arrays, and both must be of one type.
    if let (Type::Array(own), Type::Array(other)) = (own, other) {
        return is_one_type(own, other);
    }
    own.family() == other.family() && rank(own) <= rank(other)
}

/// Whether two types differ in their length or precision alone, or one is taken for the other as it is.
fn is_one_type(own: &Type, other: &Type) -> bool {
    // The operator is that of `text`, which no array of `varchar` is.
    let is_varchar = [own, other].iter().any(|ty| matches!(ty, Type::Varchar(_)));
    let differ_in_length = matches!((own, other), (Type::Decimal { .. }, Type::Decimal { .. }) | (Type::Char(_), Type::Char(_)));
    !is_varchar && (differ_in_length || own == other)
}

/// Rule `foreign_key_type`: an error only where the database cannot compare the two.
pub fn foreign_key_type(schema: &Schema, table: &Table, target: &Table, key: &ForeignKey, problems: &mut Problems) {
    for (own, other) in key.columns.iter().zip(&key.references) {
        let (Some(own), Some(other)) = (table.column(own), target.column(other)) else { continue };
        let is_known = !own.ty.is_unknown() && !other.ty.is_unknown();
        if is_known && !refers(&own.ty, &other.ty, schema) {
            let (name, refers) = (Written(&own.name), Written(&other.name));
            let message = format!("`{name}` is `{}`, but references `{}.{refers}`, which is `{}`", own.ty, key.table, other.ty);
            let problem = Problem::new("foreign_key_type", Slot::new(Role::Type, &own.name), message);
            problems.push(problem.help(format!("write `{name}: {}`", other.ty)));
        }
    }
}

/// Rules `set_null_not_null` and `set_default_missing`: an action that could never succeed.
fn foreign_key_actions(table: &Table, key: &ForeignKey, problems: &mut Problems) {
    for column in key.columns.iter().filter_map(|column| table.column(column)) {
        for Impossible { rule, message, help } in impossible_actions(column, key) {
            problems.push(Problem::new(rule, Slot::new(Role::Use, &column.name), message).help(help));
        }
    }
}

/// The same rules, where the column becomes one on which an action of a foreign key could never succeed.
pub fn still_acts(owner: &Name, table: &Table, column: &Column, problems: &mut Problems) {
    for constraint in table.constraints.iter().filter(|constraint| constraint.rule.columns().contains(&column.name.as_str())) {
        for Impossible { rule, message, help: _ } in
            constraint.foreign_key().map(|key| impossible_actions(column, key)).unwrap_or_default()
        {
            let (what, how) = user::constraint(owner, constraint);
            let problem = Problem::new(rule, Slot::new(Role::Column, &column.name), message);
            problems.push(problem.help(format!("write before it: {how}")).note(format!("it is an action of {what}")));
        }
    }
}

/// An action of a foreign key that could never succeed.
struct Impossible {
    rule: &'static str,
    message: String,
    help: String,
}

/// The actions of a foreign key that could never succeed on a column.
fn impossible_actions(column: &Column, key: &ForeignKey) -> Vec<Impossible> {
    let shown = Written(&column.name);
    let is_set = key.set_columns.is_empty() || key.set_columns.contains(&column.name);
    let on = |action: ReferentialAction| key.on_delete == action && is_set || key.on_update == action;
    let null = on(ReferentialAction::SetNull) && !column.nullable;
    let null = null.then(|| Impossible {
        rule: "set_null_not_null",
        message: format!("`set null` would always fail: `{shown}` is `not null`"),
        help: format!("write `{shown}: {}?`, or use another action", column.ty),
    });
    let default = on(ReferentialAction::SetDefault) && column.default.is_none() && !column.nullable;
    let default = default.then(|| Impossible {
        rule: "set_default_missing",
        message: format!("`set default` would always fail: `{shown}` is `not null` and has no default"),
        help: "give the column a default, or use another action".to_owned(),
    });
    null.into_iter().chain(default).collect()
}
