//! By what the rows of a statement are found again.

use std::sync::Arc;

use crate::expr::{Binary, Expr};
use crate::name::Name;
use crate::rows::{Given, RowRecord, Seeds, Which};
use crate::schema::{Column, Rule, Schema, Table, Timing};
use crate::types::Type;

/// The condition for the rows that a statement inserts, by a key that it gives them; `None` where it gives them none that can be compared.
pub(super) fn condition(table: &Table, columns: &[String], rows: &[Vec<Given>]) -> Option<Expr> {
    keys(table).into_iter().find_map(|key| in_list(table, &key, columns, rows))
}

/// How many columns of a key the table of keys has.
const MOST: usize = 4;

/// The key by which new rows are recorded: one that every row has.
fn recordable(table: &Table) -> Option<Vec<String>> {
    let is_given = |name: &String| table.column(name).is_some_and(|column| !column.nullable);
    keys(table).into_iter().find(|key| key.len() <= MOST && key.iter().all(is_given))
}

/// The record of new rows: what is in any of their columns tells whether they are still as they were inserted.
pub(super) fn record(id: &str, table: &Table) -> Option<RowRecord> {
    let columns = table.columns.iter().map(|column| column.name.clone()).collect();
    Some(RowRecord { id: id.to_owned(), key: recordable(table)?, columns })
}

/// Rows that are known by their record alone.
pub(super) fn recorded(before: &Schema, table: &Name, record: Option<&RowRecord>) -> Option<Seeds> {
    let (body, which) = (Arc::clone(before.tables().get(table)?), Which::Recorded(record?.clone()));
    Some(Seeds { table: table.clone(), body, which: Some(which), unchanged: None })
}

/// The keys of a table, the primary key first.
pub(super) fn keys(table: &Table) -> Vec<Vec<String>> {
    let of_rule = |wanted: fn(&Rule) -> bool| {
        let found = table.constraints.iter().filter(move |one| one.timing == Timing::Immediate && wanted(&one.rule));
        found.map(|constraint| constraint.rule.key_columns().to_vec())
    };
    let primary = of_rule(|rule| matches!(rule, Rule::PrimaryKey { .. }));
    let unique = of_rule(|rule| matches!(rule, Rule::Unique { .. }));
    let whole = table.indexes.iter().filter(|index| index.unique && index.filter.is_none());
    let indexes = whole.map(|index| index.plain_columns()).filter(|columns| !columns.is_empty());
    primary.chain(unique).chain(indexes).collect()
}

/// `id in (1, 2)` or `(a, b) in ((1, "x"), (2, "y"))`
fn in_list(table: &Table, key: &[String], columns: &[String], rows: &[Vec<Given>]) -> Option<Expr> {
    let places = key.iter().map(|name| columns.iter().position(|column| column == name)).collect::<Option<Vec<_>>>()?;
    let key: Vec<&Column> = key.iter().map(|name| table.column(name)).collect::<Option<_>>()?;
    let value = |row: &Vec<Given>| {
        let values = places.iter().zip(&key).map(|(place, column)| known(row.get(*place)?, &column.ty));
        Some(one_or_row(values.collect::<Option<_>>()?))
    };
    let list = rows.iter().map(value).collect::<Option<Vec<_>>>()?;
    let operand = one_or_row(key.iter().map(|column| Expr::column(&column.name)).collect());
    Some(Expr::In { operand: Box::new(operand), list, negated: false })
}

/// How many rows are compared with what was inserted.
const MOST_COMPARED: usize = 100;

/// What is true for a row that has the values of one of these, in the columns of which all values are known.
pub(super) fn unchanged(table: &Table, columns: &[String], rows: &[Vec<Given>]) -> Option<Expr> {
    let compared: Vec<&Column> = table.columns.iter().filter(|column| is_known_in_all(column, columns, rows)).collect();
    let row = |row: &Vec<Given>| {
        let each = compared.iter().filter_map(|column| Some(is_as_given(column, &value_of(column, columns, row)?)));
        each.reduce(|left, right| Expr::binary(left, Binary::And, right))
    };
    let all: Option<Vec<Expr>> = if rows.len() <= MOST_COMPARED { rows.iter().map(row).collect() } else { None };
    all?.into_iter().reduce(|left, right| Expr::binary(left, Binary::Or, right))
}

/// Whether every value that the rows have is known.
pub(super) fn is_compared(table: &Table, columns: &[String], rows: &[Vec<Given>]) -> bool {
    // Nobody gives a row another number than that of the database.
    let is_number = |column: &Column| column.counter.is_some() && !columns.contains(&column.name);
    rows.len() <= MOST_COMPARED && table.columns.iter().all(|column| is_number(column) || is_known_in_all(column, columns, rows))
}

fn is_known_in_all(column: &Column, columns: &[String], rows: &[Vec<Given>]) -> bool {
    rows.iter().all(|row| value_of(column, columns, row).is_some())
}

/// What a new row has in a column, its default included; `None` where only the database knows it, or keeps it in another form.
fn value_of(column: &Column, columns: &[String], row: &[Given]) -> Option<Expr> {
    let place = columns.iter().position(|name| *name == column.name);
    let given = place.map_or(&Given::Default, |place| row.get(place).unwrap_or(&Given::Default));
    let value = match given {
        Given::Value(_) => given.clone(),
        Given::Default if column.counter.is_some() => return None,
        Given::Default => Given::Value(column.default.clone().unwrap_or(Expr::Null)),
    };
    if value.value() == Some(&Expr::Null) { Some(Expr::Null) } else { known(&value, &column.ty) }
}

fn is_as_given(column: &Column, value: &Expr) -> Expr {
    let own = Expr::column(&column.name);
    if *value == Expr::Null {
        return Expr::IsNull { operand: Box::new(own), negated: false };
    }
    Expr::binary(own, Binary::Equal, value.clone())
}

fn one_or_row(mut values: Vec<Expr>) -> Expr {
    match values.len() {
        1 => values.swap_remove(0),
        _ => Expr::Row(values),
    }
}

/// The value, where it is a literal that the database keeps as it is, so that a comparison finds it again.
pub(super) fn known(given: &Given, ty: &Type) -> Option<Expr> {
    let value = given.value()?;
    let is_literal = value.is_number() || matches!(value, Expr::Bool(_) | Expr::Text(_) | Expr::Bytes(_));
    let is_kept = match ty {
        Type::Boolean | Type::SmallInt | Type::Integer | Type::BigInt => true,
        Type::Text | Type::Varchar(_) | Type::Uuid | Type::Date | Type::Enum(_) | Type::Bytes => true,
        Type::Real | Type::Double | Type::Decimal { .. } | Type::Char(_) | Type::Time | Type::Timestamp => false,
        Type::Timestamptz | Type::Interval | Type::Json | Type::Array(_) | Type::Native(_) => false,
    };
    (is_literal && is_kept).then(|| value.clone())
}

/// Whether a condition is true for a few rows for certain, which it names by a key.
pub(super) fn is_bounded(table: &Table, which: &Which) -> bool {
    let named = which.condition().map(fixed).unwrap_or_default();
    keys(table).iter().any(|key| key.iter().all(|column| named.contains(&column.as_str())))
}

/// The columns of which a condition says that they are one of a few values.
fn fixed(condition: &Expr) -> Vec<&str> {
    if let Expr::Binary { first, rest } = condition {
        return match rest.as_slice() {
            [(Binary::Equal, value)] if is_fixed(value) => columns(first),
            all if all.iter().all(|(operator, _)| *operator == Binary::And) => {
                let operands = std::iter::once(&**first).chain(all.iter().map(|(_, operand)| operand));
                operands.flat_map(fixed).collect()
            }
            _ => Vec::new(),
        };
    }
    if let Expr::In { operand, list, negated: false } = condition
        && list.iter().all(is_fixed)
    {
        columns(operand)
    } else {
        Vec::new()
    }
}

/// Whether an expression is the same value for every row. A query may name columns of the tables around it.
fn is_fixed(value: &Expr) -> bool {
    let mut is_fixed = true;
    value.walk(&mut |part| is_fixed &= !matches!(part, Expr::Column(_) | Expr::Qualified { .. } | Expr::Raw(_)));
    is_fixed
}

/// The columns that an operand is.
fn columns(operand: &Expr) -> Vec<&str> {
    let is_column = |part: &Expr| matches!(part, Expr::Column(_));
    let is_row = matches!(operand, Expr::Row(list) if list.iter().all(is_column));
    if is_column(operand) || is_row { operand.columns() } else { Vec::new() }
}
