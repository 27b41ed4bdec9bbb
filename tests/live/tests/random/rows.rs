//! Rows by chance: values of every type, written and read the same way on both databases.

use std::collections::BTreeMap;

use migrate_compiler::expr::Expr;
use migrate_compiler::name::Name;
use migrate_compiler::schema::{Column, KeptOf, Rule, Schema, Table};
use migrate_compiler::sql::{expression, quote};
use migrate_compiler::types::{EnumType, Family, Type};
use migrate_history::Database;
use migrate_live_tests::session::Session;

use crate::random::Choice;

/// The rows of each table, each as the texts of its columns by name.
pub type Rows = BTreeMap<String, Vec<BTreeMap<String, String>>>;

/// A row.
pub struct Insert {
    /// What inserts it, on each database.
    pub statements: Vec<String>,
    /// The types of its values, and of those at an edge.
    pub shapes: Vec<String>,
}

/// A few rows for every table, tables that are referred to first; none beside rows that are kept, for no application knows their table.
pub fn inserts(schema: &Schema, databases: &[Database], choice: &mut Choice<'_>, number: &mut u32) -> Vec<Insert> {
    let mut statements = Vec::new();
    let is_own = |table: &Table| table.kept.as_ref().is_none_or(|kept| kept.of == KeptOf::Table);
    for (name, table) in in_order(schema).into_iter().filter(|(_, table)| is_own(table)) {
        for _ in 0..1 + choice.below(3) {
            *number += 1;
            let values: Vec<(&Column, Value)> =
                table.columns.iter().map(|column| (column, value(schema, table, column, choice, *number))).collect();
            let texts = databases.iter().map(|database| insert(*database, name, &values)).collect();
            statements.push(Insert { statements: texts, shapes: values.iter().flat_map(shapes).collect() });
        }
    }
    statements
}

/// The tables, each after those that it refers to, as far as that goes.
fn in_order(schema: &Schema) -> Vec<(&Name, &Table)> {
    let mut ordered: Vec<(&Name, &Table)> = Vec::new();
    for _ in 0..=schema.tables().iter().count() {
        for (name, table) in schema.tables().iter() {
            let known = |target: &Name| target == name || ordered.iter().any(|(known, _)| *known == target);
            let ready = table.constraints.iter().filter_map(|one| one.foreign_key()).all(|key| known(&key.table));
            if ready && !ordered.iter().any(|(known, _)| *known == name) {
                ordered.push((name, table));
            }
        }
    }
    ordered
}

struct Literal {
    text: String,
    /// Whether it is one of [`edges`].
    is_edge: bool,
}

enum Value {
    Null,
    Literal(Literal),
    /// The key of some row of a table; null where it has too few.
    Key(Name, Column, usize),
    /// The same, or this one.
    KeyOr(Name, Column, usize, Literal),
}

fn value(schema: &Schema, table: &Table, column: &Column, choice: &mut Choice<'_>, number: u32) -> Value {
    let key = table.constraints.iter().find_map(|constraint| match &constraint.rule {
        Rule::ForeignKey(key) if key.columns == [column.name.clone()] => {
            Some((key.table.clone(), schema.table(&key.table)?.column(key.references.first()?)?.clone()))
        }
        Rule::ForeignKey(_) | Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::Check { .. } => None,
    });
    if column.nullable && choice.one_in(4) {
        return Value::Null;
    }
    match key {
        // SQLite numbers a row of which it is given no number, and PostgreSQL refuses it.
        _ if column.counter.is_some() => Value::Literal(literal(&column.ty, choice, number)),
        Some((target, references)) => {
            let place = choice.below(3);
            // Nor does SQLite refuse null in a primary key of one whole number.
            if table.primary_key() == [column.name.clone()] && column.ty.is_integer() {
                Value::KeyOr(target, references, place, literal(&column.ty, choice, number))
            } else {
                Value::Key(target, references, place)
            }
        }
        None => Value::Literal(literal(&column.ty, choice, number)),
    }
}

/// A text of a value of a type: mostly one that no other row has, else one that is at an edge.
fn literal(ty: &Type, choice: &mut Choice<'_>, number: u32) -> Literal {
    let edge = if choice.one_in(3) { choice.of(edges(ty)).map(|edge| (*edge).to_owned()) } else { None };
    let is_edge = edge.is_some();
    let text = edge.unwrap_or_else(|| own(ty, number));
    let cut = |length: u32| text.chars().take(length as usize).collect::<String>().trim_end().to_owned();
    let text = if let Type::Varchar(Some(length)) | Type::Char(length) = ty { cut(*length) } else { text };
    Literal { text, is_edge }
}

/// Values at an edge of their type, or with something that must be written otherwise.
fn edges(ty: &Type) -> &'static [&'static str] {
    match ty {
        Type::SmallInt => &["0", "-3", "32767", "-32768"],
        Type::Integer => &["0", "-3", "2147483647", "-2147483648"],
        Type::BigInt => &["0", "-3", "5000000000", "9007199254740993", "9223372036854775807", "-9223372036854775808"],
        Type::Real => &["0", "0.5", "-2.25", "1048576", "-0.0625"],
        Type::Double => &["0.5", "0.1", "1e10", "-7", "0.30000000000000004", "9007199254740993"],
        Type::Decimal { precision: Some(8), .. } => &["0", "0.25", "-3.50", "999999.99", "-999999.99"],
        Type::Decimal { precision: Some(12), .. } => &["0", "0.0001", "-3.50", "99999999.9999"],
        Type::Decimal { precision: Some(_), .. } => &["0", "-3", "9999999999"],
        Type::Decimal { precision: None, .. } => &["0", "0.25", "123456789012345678901234567890.123456789"],
        Type::Boolean => &["true"],
        Type::Text | Type::Varchar(_) => &[
            "",
            "7",
            "007",
            "true",
            "2024-05-01",
            "it's",
            "a\\b",
            "x y",
            "äöü €",
            "two\nlines",
            "a text that is longer than forty characters are",
        ],
        Type::Char(_) => &["7", "abcdef", "", "äöü", "a b", "it's"],
        Type::Bytes => &["\\x00ff", "\\x", "\\x27", "\\x5c78"],
        Type::Uuid => &["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
        Type::Date => &["2024-02-29", "0001-01-01", "9999-12-31"],
        Type::Time => &["00:00:00", "23:59:59.5", "23:59:59.999999"],
        Type::Timestamp => {
            &["2024-05-01 00:00:00", "2024-05-01 10:30:00.25", "1969-12-31 23:59:59.999999", "9999-12-31 23:59:59"]
        }
        Type::Timestamptz => {
            &["2024-05-01T00:00:00Z", "2024-05-01T10:30:00.25Z", "1969-12-31T23:59:59.999999Z", "2024-02-29T23:30:00-03:30"]
        }
        // A document that becomes text keeps the white space of its database, so that there is none in these.
        Type::Json => &["null", "[]", "{}", "\"a: b\"", "\"it's\"", "true"],
        Type::Interval => &["1 day", "-3 hours", "1 year 2 months", "00:00:00.5"],
        Type::Array(element) if matches!(**element, Type::Text) => {
            &["{}", "{NULL}", "{\"a,b\",\"it's\",\"\"}", "{\"\\\"quoted\\\"\"}"]
        }
        Type::Array(element) if element.as_enum().is_some() => &["{}", "{NULL}"],
        Type::Array(_) => &["{}", "{NULL}", "{1,NULL,-3}"],
        Type::Enum(_) | Type::Native(_) => &[],
    }
}

/// One of the values of an enum.
fn one_of(of: &EnumType, number: u32) -> String {
    of.values[number as usize % of.values.len()].clone()
}

/// A value that no other row has, or few.
fn own(ty: &Type, number: u32) -> String {
    match ty {
        Type::SmallInt | Type::Integer | Type::BigInt | Type::Real | Type::Double | Type::Json => number.to_string(),
        Type::Decimal { precision: Some(_), scale: None } => number.to_string(),
        Type::Decimal { .. } => format!("{number}.5"),
        Type::Boolean => "false".into(),
        Type::Text | Type::Varchar(_) | Type::Char(_) | Type::Native(_) => format!("v{number}"),
        Type::Bytes => format!("\\x{number:08x}"),
        Type::Uuid => format!("00112233-4455-6677-8899-{number:012x}"),
        Type::Date => format!("2{:03}-05-01", number % 1000),
        Type::Time => format!("10:{:02}:{:02}", number / 60 % 60, number % 60),
        Type::Timestamp => format!("2{:03}-05-01 10:00:00", number % 1000),
        Type::Timestamptz => format!("2{:03}-05-01T10:00:00Z", number % 1000),
        Type::Interval => format!("{number} days"),
        Type::Enum(of) => one_of(of, number),
        Type::Array(element) if matches!(**element, Type::Text) => format!("{{v{number}}}"),
        Type::Array(element) if element.as_enum().is_some() => {
            let value = element.as_enum().map(|of| one_of(of, number)).unwrap_or_default();
            format!("{{\"{}\"}}", value.replace('\\', "\\\\").replace('"', "\\\""))
        }
        Type::Array(_) => format!("{{{number}}}"),
    }
}

fn shapes((column, value): &(&Column, Value)) -> Vec<String> {
    match value {
        Value::Null | Value::Key(..) => Vec::new(),
        Value::Literal(literal) | Value::KeyOr(_, _, _, literal) => {
            let edge = literal.is_edge.then(|| format!("edge of {}", column.ty));
            std::iter::once(format!("value of {}", column.ty)).chain(edge).collect()
        }
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
            let (target, own, key) = (quote::name(target), quote::ident(&key.name), as_type(database, key, &column.ty));
            // PostgreSQL would convert the keys of the other rows too.
            format!("(SELECT {key} FROM (SELECT {own} FROM {target} ORDER BY {own} LIMIT 1 OFFSET {place}) AS one)")
        }
        Value::KeyOr(target, key, place, literal) => {
            let key = sql(database, column, &Value::Key(target.clone(), key.clone(), *place));
            format!("coalesce({key}, {})", written(database, column, &literal.text))
        }
        Value::Literal(literal) => written(database, column, &literal.text),
    }
}

/// The value of a column in a type: SQLite itself would keep a fraction as an `integer`.
fn as_type(database: Database, column: &Column, to: &Type) -> String {
    if column.ty == *to {
        return quote::ident(&column.name);
    }
    let cast = Expr::Cast { operand: Box::new(Expr::column(&column.name)), to: to.clone() };
    expression(database, std::slice::from_ref(column), &cast)
        .unwrap_or_else(|unsupported| panic!("{} as {to}: {}", column.ty, unsupported.what))
}

fn written(database: Database, column: &Column, text: &str) -> String {
    let cast = Expr::Cast { operand: Box::new(Expr::Text(text.into())), to: column.ty.clone() };
    expression(database, &[], &cast).unwrap_or_else(|unsupported| panic!("{text} as {}: {}", column.ty, unsupported.what))
}

/// What every table of a schema holds.
pub async fn read(session: &mut Session, database: Database, schema: &Schema) -> Rows {
    let mut rows = Rows::new();
    for (name, table) in schema.tables().iter() {
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
        Family::Interval | Family::Enum(_) | Family::Array(_) | Family::Native(_) => text.to_owned(),
    }
}
