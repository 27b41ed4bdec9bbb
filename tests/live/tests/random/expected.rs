//! What the statements of a migration make of the rows, as far as that can be said without a database.

#![allow(clippy::wildcard_enum_match_arm, reason = "what a test does not look at is nothing to it")]

use std::collections::BTreeMap;

use migrate_compiler::draft::Draft;
use migrate_compiler::expr::Expr;
use migrate_compiler::footprint::{Part, Path};
use migrate_compiler::name::Name;
use migrate_compiler::operation::{DropValue, InsertRows, KeepRows, KeptChange, Operation, RenameValue, RestoreRows, UpdateRows};
use migrate_compiler::rows::{Given, KeyConflict, Which};
use migrate_compiler::schema::{Column, KeptOf, Schema, Table};
use migrate_compiler::types::{Family, Type};

use crate::rows::Rows;

/// What only the database knows.
const UNKNOWN: &str = "\u{0}";

/// Whether the rows after an upgrade are what its statements make of those before it.
pub fn compare(draft: &Draft, before: &Schema, was: &Rows, is: &Rows) -> Result<(), String> {
    let (mut expected, mut schema) = (was.clone(), before.clone());
    draft.pieces.iter().for_each(|piece| schema = follow(&piece.operation, &schema, &mut expected));
    for (table, rows) in &expected {
        let found = is.get(table).ok_or_else(|| format!("`{table}` is missing"))?;
        let known = |row: &BTreeMap<String, String>| {
            row.iter()
                .filter(|(column, _)| !rows.iter().any(|row| row.get(*column).is_some_and(|value| value == UNKNOWN)))
                .map(|(column, value)| (column.clone(), value.clone()))
                .collect::<BTreeMap<_, _>>()
        };
        let sorted = |rows: &[BTreeMap<String, String>]| {
            let mut rows: Vec<_> = rows.iter().map(known).collect();
            rows.sort();
            rows
        };
        if sorted(rows) != sorted(found) {
            return Err(format!("`{table}` holds {found:#?}, and should hold {rows:#?}"));
        }
    }
    Ok(())
}

/// Follows an operation that is done in this schema; the schema after it.
fn follow(operation: &Operation, schema: &Schema, rows: &mut Rows) -> Schema {
    let set = |rows: &mut Rows, table: &str, change: &dyn Fn(&mut BTreeMap<String, String>)| {
        rows.get_mut(table).into_iter().flatten().for_each(change);
    };
    match operation {
        Operation::CreateTable(create) => {
            rows.insert(create.name.to_string(), Vec::new());
        }
        Operation::DropTable(drop) => {
            rows.remove(&drop.name.to_string());
        }
        Operation::RenameTable(_) | Operation::KeepTable(_) | Operation::RestoreTable(_) => {
            if let Some((from, to)) = operation.about(schema).renames {
                let moved = rows.remove(&from.of.to_string());
                rows.extend(moved.map(|moved| (to.of.to_string(), moved)));
            }
        }
        Operation::AddColumn(add) => {
            let value = value(add.column.default.as_ref(), &add.column.ty, add.column.counter.is_some());
            set(rows, &add.table.to_string(), &|row| drop(row.insert(add.column.name.clone(), value.clone())));
        }
        Operation::DropColumn(dropped) => set(rows, &dropped.table.to_string(), &|row| drop(row.remove(&dropped.column))),
        Operation::RenameColumn(_) | Operation::KeepColumn(_) | Operation::RestoreColumn(_) => {
            let renames = operation.about(schema).renames;
            if let Some((Path { of, part: Part::Column(from) }, Path { part: Part::Column(to), .. })) = renames {
                set(rows, &of.to_string(), &|row| {
                    let value = row.remove(&from).unwrap_or_default();
                    row.insert(to.clone(), value);
                });
            }
        }
        Operation::AlterType(alter) => set(rows, &alter.table.to_string(), &|row| {
            row.insert(alter.column.clone(), UNKNOWN.to_owned());
        }),
        Operation::InsertRows(insert) if insert.conflict == KeyConflict::Skips => unknown(rows, &insert.table),
        Operation::InsertRows(insert) => inserted(insert, schema, rows),
        Operation::UpdateRows(update) => updated(update, schema, rows),
        Operation::Backfill(backfill) => updated(&backfill.update, schema, rows),
        Operation::DeleteRows(delete) => {
            let there = rows.get_mut(&delete.table.to_string());
            there.into_iter().for_each(|rows| rows.retain(|row| !is_one(&delete.which, row)));
        }
        Operation::KeepRows(keep) => kept(keep, operation, schema, rows),
        Operation::RestoreRows(restore) => restored(restore, operation, schema, rows),
        Operation::Truncate(truncate) => rows.get_mut(&truncate.table.to_string()).into_iter().for_each(Vec::clear),
        Operation::RunSql(raw) => {
            let effects = raw.effect.iter().flatten();
            return effects.fold(schema.clone(), |schema, effect| follow(effect, &schema, rows));
        }
        Operation::RenameValue(RenameValue { of, from, to })
        | Operation::DropValue(DropValue { of, value: from, into: Some(to) }) => {
            values(of, schema, (from.as_str(), to.as_str()), rows);
        }
        _ => {}
    }
    let mut completed = operation.clone();
    completed.complete(schema);
    completed.applied(schema)
}

/// The table of kept rows that an operation makes or drops, and what it is made of.
fn kept_table(with: &Schema, without: &Schema) -> Option<(String, Table)> {
    let (name, table) = with.tables().iter().find(|(name, table)| table.kept.is_some() && without.table(name).is_none())?;
    Some((name.to_string(), (**table).clone()))
}

/// The rows are in a table of their own before they are changed.
fn kept(keep: &KeepRows, operation: &Operation, schema: &Schema, rows: &mut Rows) {
    let Some((place, table)) = kept_table(&operation.applied(schema), schema) else { return };
    let (name, which, change) = match &keep.change {
        KeptChange::Update(update) => (&update.table, &update.which, Operation::from(update.clone())),
        KeptChange::Delete(delete) => (&delete.table, &delete.which, Operation::from(delete.clone())),
    };
    let own = |row: &BTreeMap<String, String>| {
        row.iter()
            .filter(|(column, _)| table.column(column).is_some())
            .map(|(column, value)| (column.clone(), value.clone()))
            .collect()
    };
    let there = rows.get(&name.to_string()).into_iter().flatten();
    let copies = there.filter(|row| is_one(which, row)).map(own).collect();
    rows.insert(place, copies);
    follow(&change, schema, rows);
}

/// The rows that were kept come back, or get their values back by key.
fn restored(restore: &RestoreRows, operation: &Operation, schema: &Schema, rows: &mut Rows) {
    let Some((place, table)) = kept_table(schema, &operation.applied(schema)) else { return };
    let Some(body) = schema.table(&restore.table) else { return };
    let copies = rows.remove(&place).unwrap_or_default();
    let there = rows.entry(restore.table.to_string()).or_default();
    for copy in copies {
        if table.kept.as_ref().is_some_and(|kept| kept.of == KeptOf::Values) {
            let is_same =
                |row: &&mut BTreeMap<String, String>| table.primary_key().iter().all(|key| row.get(key) == copy.get(key));
            there.iter_mut().filter(is_same).for_each(|row| row.extend(copy.clone()));
        } else {
            let others = body.columns.iter().filter(|column| !copy.contains_key(&column.name));
            let others: Vec<_> = others.map(|column| (column.name.clone(), given_value(&Given::Default, column))).collect();
            there.push(copy.into_iter().chain(others).collect());
        }
    }
}

/// The new rows with the values that they are given.
fn inserted(insert: &InsertRows, schema: &Schema, rows: &mut Rows) {
    let Some(table) = schema.table(&insert.table) else { return };
    for given in &insert.rows {
        let of = |column: &Column| {
            let place = insert.columns.iter().position(|name| *name == column.name);
            given_value(place.map_or(&Given::Default, |place| &given[place]), column)
        };
        let row = table.columns.iter().map(|column| (column.name.clone(), of(column))).collect();
        if let Some(rows) = rows.get_mut(&insert.table.to_string()) {
            rows.push(row);
        }
    }
}

fn updated(update: &UpdateRows, schema: &Schema, rows: &mut Rows) {
    let Some(table) = schema.table(&update.table) else { return };
    for row in rows.get_mut(&update.table.to_string()).into_iter().flatten() {
        if is_one(&update.which, row) {
            for set in &update.sets {
                let Some(column) = table.column(&set.column) else { continue };
                row.insert(set.column.clone(), given_value(&set.value, column));
            }
        }
    }
}

fn given_value(given: &Given, column: &Column) -> String {
    match given {
        Given::Value(Expr::Null) => "NULL".to_owned(),
        Given::Value(given) => value(Some(given), &column.ty, false),
        Given::Default => value(column.default.as_ref(), &column.ty, column.counter.is_some()),
    }
}

/// Whether a row is one of those: the generator asks only for nulls.
fn is_one(which: &Which, row: &BTreeMap<String, String>) -> bool {
    match which {
        Which::All => true,
        Which::Where(Expr::IsNull { operand, negated }) => {
            let column = operand.columns().first().map(|column| (*column).to_owned()).unwrap_or_default();
            row.get(&column).is_some_and(|value| value == "NULL") != *negated
        }
        Which::Where(other) => panic!("{other} is not followed"),
        Which::Recorded(record) => panic!("{record:?} is not written"),
    }
}

/// Which of the rows were inserted only the database knows: nothing is compared of the table.
fn unknown(rows: &mut Rows, table: &Name) {
    rows.remove(&table.to_string());
}

/// Rows with one value of an enum get another.
fn values(of: &Name, schema: &Schema, (from, to): (&str, &str), rows: &mut Rows) {
    for (name, table) in schema.tables().iter() {
        for column in table.columns_of(of) {
            for row in rows.get_mut(&name.to_string()).into_iter().flatten() {
                let Some(value) = row.get_mut(&column.name) else { continue };
                if matches!(column.ty, Type::Array(_)) {
                    UNKNOWN.clone_into(value);
                } else if value == from {
                    to.clone_into(value);
                }
            }
        }
    }
}

fn value(default: Option<&Expr>, ty: &Type, is_numbered: bool) -> String {
    match default {
        _ if is_numbered => UNKNOWN.to_owned(),
        None => "NULL".to_owned(),
        Some(Expr::Bool(value)) => value.to_string(),
        Some(Expr::Number(digits)) if ty.is_integer() => digits.clone(),
        Some(Expr::Text(text)) if matches!(ty.family(), Family::Text | Family::Enum(_)) => (**text).to_owned(),
        Some(_) => UNKNOWN.to_owned(),
    }
}

/// Whether every row that was there is there again, each as often.
pub fn contains(found: &Rows, wanted: &Rows) -> Result<(), String> {
    for (table, rows) in wanted {
        let mut left = found.get(table).ok_or_else(|| format!("`{table}` is missing"))?.clone();
        for row in rows {
            let Some(place) = left.iter().position(|one| one == row) else {
                return Err(format!("`{table}` has lost {row:#?}; it holds {:#?}", found.get(table)));
            };
            left.swap_remove(place);
        }
    }
    Ok(())
}
