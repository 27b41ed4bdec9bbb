//! Statements about rows by chance.

use migrate_compiler::draft::{Piece, Undo};
use migrate_compiler::expr::{Duplicates, Expr, FromTable, Join, Order, Select, Unary};
use migrate_compiler::name::Name;
use migrate_compiler::operation::{
    Backfill, DeleteRows, Deleter, InsertQuery, InsertRows, KeepRows, KeptChange, Operation, Truncate, UpdateRows,
};
use migrate_compiler::rows::{Assignment, Given, KeyConflict, Which};
use migrate_compiler::schema::{Column, Schema, Table, Timing};
use migrate_compiler::types::{Family, Type};

use super::{Choice, piece, shape};

/// A statement about the rows of a table; none where the choice fits nothing of it.
pub fn rows(schema: &Schema, name: &Name, table: &Table, choice: &mut Choice<'_>, first: usize) -> Vec<Piece> {
    let made = match choice.below(6) {
        2 => copy(name, table, choice, first),
        0 | 1 => insert(name, table, choice).map(|operation| piece(operation, first)),
        3 => update(name, table, choice, first),
        4 => update(name, table, choice, first).map(|update| in_batches(update, table, first)),
        _ if schema.incoming(name).next().is_some() => None,
        _ => Some(delete(name, table, choice, first)),
    };
    made.into_iter().collect()
}

/// Whether a foreign key of the table is of the column.
fn refers(table: &Table, column: &Column) -> bool {
    table.foreign_keys().any(|(_, key)| key.columns.contains(&column.name))
}

/// A few rows, each with values that few others have.
fn insert(name: &Name, table: &Table, choice: &mut Choice<'_>) -> Option<Operation> {
    // The rows that the tests insert themselves are given numbers, and only SQLite counts on from those.
    let is_needed = |column: &Column| column.is_required() || column.counter.is_some();
    let columns = table.columns.iter().filter(|column| !refers(table, column));
    let columns: Vec<&Column> = columns.filter(|column| is_needed(column) || !choice.one_in(3)).collect();
    let missing = table.columns.iter().any(|column| column.is_required() && refers(table, column));
    if columns.is_empty() || missing {
        return None;
    }
    let mut rows = Vec::new();
    for _ in 0..1 + choice.below(3) {
        let values: Option<Vec<Given>> = columns.iter().map(|column| given(column, choice)).collect();
        rows.push(values?);
    }
    let conflict = if choice.one_in(4) { KeyConflict::Skips } else { KeyConflict::Fails };
    let columns = columns.into_iter().map(|column| column.name.clone()).collect();
    Some(InsertRows { table: name.clone(), columns, rows, conflict, record: None }.into())
}

fn given(column: &Column, choice: &mut Choice<'_>) -> Option<Given> {
    if column.default.is_some() && column.counter.is_none() && choice.one_in(4) {
        return Some(Given::Default);
    }
    if column.nullable && choice.one_in(4) {
        return Some(Given::Value(Expr::Null));
    }
    let number = 10 + choice.below(20_000);
    let value = match &column.ty {
        Type::SmallInt | Type::Integer | Type::BigInt => Expr::Number(number.to_string()),
        Type::Text | Type::Varchar(_) => Expr::Text(format!("i{number}").as_str().into()),
        Type::Uuid => Expr::Text(format!("00112233-4455-6677-8899-{number:012x}").as_str().into()),
        other => shape::default(other, choice)?,
    };
    Some(Given::Value(value))
}

/// The rows of the table once more, but for those whose key is there.
fn copy(name: &Name, table: &Table, choice: &mut Choice<'_>, first: usize) -> Option<Piece> {
    let is_deferred = table.constraints.iter().any(|one| one.timing != Timing::Immediate && !one.rule.key_columns().is_empty());
    let is_counted = table.columns.iter().any(|column| column.counter.is_some());
    if is_deferred || is_counted || table.primary_key().is_empty() {
        return None;
    }
    let alias = Name::new("copied");
    let value = |column: &str| Expr::Qualified { table: alias.clone(), column: column.to_owned() };
    let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let order =
        table.primary_key().iter().map(|column| Order { value: value(column), descending: choice.one_in(2), nulls_first: None });
    let query = Select {
        duplicates: Duplicates::Kept,
        values: columns.iter().map(|column| value(column)).collect(),
        from: vec![FromTable { table: name.clone(), alias: Some(alias.name.clone()), join: Join::First }],
        filter: None,
        groups: Vec::new(),
        having: None,
        order: order.collect(),
        limit: None,
    };
    let insert = InsertQuery { table: name.clone(), columns, query, conflict: KeyConflict::Skips, record: None };
    Some(Piece { undo: Undo::Nothing("tested".to_owned()), ..piece(insert.into(), first) })
}

/// Another value in some rows: its undo is written, and true where it is one.
fn update(name: &Name, table: &Table, choice: &mut Choice<'_>, first: usize) -> Option<Piece> {
    let is_free =
        |column: &&Column| !refers(table, column) && column.counter.is_none() && !table.primary_key().contains(&column.name);
    let columns: Vec<&Column> = table.columns.iter().filter(is_free).collect();
    let column = *choice.of(&columns)?;
    let (is_turned, which) = (column.ty.family() == Family::Boolean, which(table, choice));
    let value = if is_turned {
        let operand = Box::new(Expr::column(&column.name));
        Given::Value(Expr::Unary { operator: Unary::Not, operand })
    } else if column.default.is_some() && choice.one_in(3) {
        Given::Default
    } else {
        Given::Value(shape::default(&column.ty, choice)?)
    };
    // What is turned must be the same rows both ways.
    let which = if is_turned { Which::All } else { which };
    let update =
        UpdateRows { table: name.clone(), sets: vec![Assignment { column: column.name.clone(), value }], from: None, which };
    if choice.one_in(3) && !table.primary_key().is_empty() {
        return Some(piece(KeepRows { change: KeptChange::Update(update), number: None }.into(), first));
    }
    let undo =
        if is_turned { Undo::Written(vec![piece(update.clone().into(), first + 1)]) } else { Undo::Nothing("tested".to_owned()) };
    Some(Piece { undo, ..piece(update.into(), first) })
}

/// The same in batches, where the table has a key by which they can go.
fn in_batches(piece: Piece, table: &Table, number: usize) -> Piece {
    let Operation::UpdateRows(update) = piece.operation else { return piece };
    let backfill = Backfill { update, most: number.is_multiple_of(2).then_some(2) };
    if backfill.key(table).is_none() {
        return Piece { operation: backfill.update.into(), ..piece };
    }
    let undo = match piece.undo {
        Undo::Written(pieces) => Undo::Written(pieces.into_iter().map(|piece| in_batches(piece, table, number)).collect()),
        undo => undo,
    };
    Piece { operation: backfill.into(), undo, ..piece }
}

/// All rows, or those with or without a value in a column.
fn which(table: &Table, choice: &mut Choice<'_>) -> Which {
    match choice.of(&table.columns) {
        Some(column) if choice.one_in(2) => {
            let operand = Box::new(Expr::column(&column.name));
            Which::Where(Expr::IsNull { operand, negated: choice.one_in(2) })
        }
        Some(_) | None => Which::All,
    }
}

fn delete(name: &Name, table: &Table, choice: &mut Choice<'_>, first: usize) -> Piece {
    let table_name = name.clone();
    let operation = if choice.one_in(3) {
        Operation::from(Truncate { table: table_name })
    } else {
        let delete = DeleteRows { table: table_name, which: which(table, choice), author: Deleter::User };
        if choice.one_in(2) && !table.primary_key().is_empty() {
            return piece(KeepRows { change: KeptChange::Delete(delete), number: None }.into(), first);
        }
        delete.into()
    };
    Piece { undo: Undo::Nothing("tested".to_owned()), ..piece(operation, first) }
}
