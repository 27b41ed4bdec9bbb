//! Rows by chance: values of every type, written and read the same way on both databases.

use std::collections::BTreeMap;

use migrate_compiler::expr::Expr;
use migrate_compiler::name::Name;
use migrate_compiler::schema::{Column, Rule, Schema, Table};
use migrate_compiler::sql::{expression, quote};
use migrate_compiler::types::{Family, Type};
use migrate_history::Database;
use migrate_live_tests::session::Session;

use crate::random::Choice;

/// The rows of each table, each as the texts of its columns by name.
pub type Rows = BTreeMap<String, Vec<BTreeMap<String, String>>>;

/// Statements that insert a few rows into every table, tables that are referred to first.
pub fn inserts(schema: &Schema, databases: &[Database], choice: &mut Choice<'_>, number: &mut u32) -> Vec<Vec<String>> {
    let mut statements = Vec::new();
    for (name, table) in in_order(schema) {
        for _ in 0..1 + choice.below(3) {
            *number += 1;
            let values: Vec<(&Column, Value)> =
                table.columns.iter().map(|column| (column, value(schema, table, column, choice, *number))).collect();
            statements.push(databases.iter().map(|database| insert(*database, name, &values)).collect());
        }
    }
    statements
}

/// The tables, each after those that it refers to, as far as that goes.
fn in_order(schema: &Schema) -> Vec<(&Name, &Table)> {
    let mut ordered: Vec<(&Name, &Table)> = Vec::new();
    for _ in 0..=schema.tables.len() {
        for (name, table) in schema.tables.iter() {
            let known = |target: &Name| target == name || ordered.iter().any(|(known, _)| *known == target);
            let ready = table.constraints.iter().filter_map(|one| one.foreign_key()).all(|key| known(&key.table));
            if ready && !ordered.iter().any(|(known, _)| *known == name) {
                ordered.push((name, table));
            }
        }
    }
    ordered
}

enum Value {
    Null,
    Literal(String),
    /// The key of some row of a table; null where it has too few.
    Key(Name, String, usize),
    /// The same, or this one.
    KeyOr(Name, String, usize, String),
}

fn value(schema: &Schema, table: &Table, column: &Column, choice: &mut Choice<'_>, number: u32) -> Value {
    let key = table.constraints.iter().find_map(|constraint| match &constraint.rule {
        Rule::ForeignKey(key) if key.columns == [column.name.clone()] => {
            Some((key.table.clone(), key.references.first()?.clone()))
        }
        Rule::ForeignKey(_) | Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::Check { .. } => None,
    });
    if column.nullable && choice.one_in(4) {
        return Value::Null;
    }
    match key {
        // SQLite numbers a row of which it is given no number, and PostgreSQL refuses it.
        _ if column.counter.is_some() => Value::Literal(literal(&column.ty, choice, number)),
        Some((target, references)) if schema.table(&target).is_some() => {
            let place = choice.below(3);
            // Nor does SQLite refuse null in a primary key of one whole number.
            if table.primary_key() == [column.name.clone()] && column.ty.is_integer() {
                Value::KeyOr(target, references, place, literal(&column.ty, choice, number))
            } else {
                Value::Key(target, references, place)
            }
        }
        _ => Value::Literal(literal(&column.ty, choice, number)),
    }
}

/// A text of a value of a type: mostly one that no other row has, else one that is at an edge.
fn literal(ty: &Type, choice: &mut Choice<'_>, number: u32) -> String {
    let mut of = |edges: &[&str], own: String| {
        if choice.one_in(3) { choice.of(edges).map_or(own, |edge| (*edge).to_owned()) } else { own }
    };
    let cut = |text: String, length: u32| text.chars().take(length as usize).collect::<String>().trim_end().to_owned();
    let short = format!("v{number}");
    match ty {
        Type::SmallInt => of(&["0", "-3", "32000"], number.to_string()),
        Type::Integer => of(&["0", "-3", "2000000000"], number.to_string()),
        Type::BigInt => of(&["0", "-3", "5000000000", "9007199254740993"], number.to_string()),
        Type::Real => of(&["0", "0.5", "-2.25"], number.to_string()),
        Type::Double => of(&["0.5", "0.1", "1e10", "-7"], number.to_string()),
        Type::Decimal { precision: Some(_), scale: None } => of(&["0", "-3"], number.to_string()),
        Type::Decimal { .. } => of(&["0", "0.25", "-3.50", "999.99"], format!("{number}.5")),
        Type::Boolean => of(&["true"], "false".into()),
        Type::Text | Type::Varchar(None) => {
            of(&["", "7", "007", "true", "2024-05-01", "it's", "a\\b", "a text that is longer than forty characters are"], short)
        }
        Type::Varchar(Some(length)) => cut(of(&["7", "x y", "a text that is longer"], short), *length),
        Type::Char(length) => cut(of(&["7", "abcdef"], short), *length),
        Type::Bytes => of(&["\\x00ff", "\\x"], format!("\\x{:08x}", number)),
        Type::Uuid => format!("00112233-4455-6677-8899-{number:012x}"),
        Type::Date => of(&["2024-02-29"], format!("2{:03}-05-01", number % 1000)),
        Type::Time => of(&["00:00:00", "23:59:59.5"], format!("10:{:02}:{:02}", number / 60 % 60, number % 60)),
        Type::Timestamp => {
            of(&["2024-05-01 00:00:00", "2024-05-01 10:30:00.25"], format!("2{:03}-05-01 10:00:00", number % 1000))
        }
        Type::Timestamptz => {
            of(&["2024-05-01T00:00:00Z", "2024-05-01T10:30:00.25Z"], format!("2{:03}-05-01T10:00:00Z", number % 1000))
        }
        // A document that becomes text keeps the white space of its database, so that there is none in these.
        Type::Json => of(&["null", "[]", "{}", "\"a: b\""], number.to_string()),
        Type::Interval => of(&["1 day"], format!("{number} days")),
        Type::Array(element) if matches!(**element, Type::Text) => of(&["{}"], format!("{{v{number}}}")),
        Type::Array(_) => of(&["{}"], format!("{{{number}}}")),
        Type::Native(_) => short,
    }
}

fn insert(database: Database, name: &Name, values: &[(&Column, Value)]) -> String {
    let columns: Vec<String> = values.iter().map(|(column, _)| column.name.clone()).collect();
    let values: Vec<String> = values.iter().map(|(column, value)| sql(database, column, value)).collect();
    format!("INSERT INTO {} ({}) VALUES ({})", quote::name(name), quote::idents(&columns), values.join(", "))
}

fn sql(database: Database, column: &Column, value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Key(target, key, place) => {
            let (target, key) = (quote::name(target), quote::ident(key));
            format!("(SELECT {key} FROM {target} ORDER BY 1 LIMIT 1 OFFSET {place})")
        }
        Value::KeyOr(target, key, place, literal) => {
            let key = sql(database, column, &Value::Key(target.clone(), key.clone(), *place));
            format!("coalesce({key}, {})", sql(database, column, &Value::Literal(literal.clone())))
        }
        Value::Literal(text) => {
            let cast = Expr::Cast { operand: Box::new(Expr::Text(text.clone().into())), to: column.ty.clone() };
            expression(database, &[], &cast).unwrap_or_else(|unsupported| panic!("{text} as {}: {}", column.ty, unsupported.what))
        }
    }
}

/// What every table of a schema holds.
pub async fn read(session: &mut Session, database: Database, schema: &Schema) -> Rows {
    let mut rows = Rows::new();
    for (name, table) in schema.tables.iter() {
        let text = |column: &Column| {
            let cast = Expr::Cast { operand: Box::new(Expr::column(&column.name)), to: Type::Text };
            expression(database, &table.columns, &cast).unwrap_or_else(|unsupported| panic!("{}", unsupported.what))
        };
        let texts: Vec<String> = table.columns.iter().map(text).collect();
        let found = session.rows(&format!("SELECT {} FROM {}", texts.join(", "), quote::name(name))).await;
        let row = |values: Vec<Option<String>>| {
            let named = table.columns.iter().zip(values);
            named
                .map(|(column, value)| (column.name.clone(), value.map_or("NULL".to_owned(), |value| plain(&value, &column.ty))))
                .collect()
        };
        let mut found: Vec<BTreeMap<String, String>> = found.into_iter().map(row).collect();
        found.sort();
        rows.insert(name.to_string(), found);
    }
    rows
}

/// A value in one form for both databases, which write some of them in several.
fn plain(text: &str, ty: &Type) -> String {
    match ty.family() {
        Family::Number => match text.parse::<f64>() {
            Ok(number) if !ty.is_integer() => format!("{number:?}"),
            Ok(_) | Err(_) => text.to_owned(),
        },
        Family::Json => text.replace(": ", ":").replace(", ", ","),
        Family::Text | Family::Boolean | Family::Bytes | Family::Uuid | Family::Time | Family::Moment => text.to_owned(),
        Family::Interval | Family::Array(_) | Family::Native(_) => text.to_owned(),
    }
}
