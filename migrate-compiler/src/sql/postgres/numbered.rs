//! Numbers that new rows are given in a column that the database numbers: SQLite counts on from them, and PostgreSQL would give one of them again.

use crate::name::Name;
use crate::rows::{ChangedRows, Given, RowChange};
use crate::schema::Column;
use crate::sql::quote;

/// What lets the sequences of a table count on from the numbers that new rows are given.
pub(super) fn counted_on(changed: &ChangedRows) -> Vec<String> {
    let ChangedRows { table, body, change, .. } = changed;
    if let RowChange::InsertQuery { columns, .. } = change {
        return columns.iter().filter_map(|name| from_highest(table, body.column(name)?)).collect();
    }
    let RowChange::Insert { columns, rows, .. } = change else { return Vec::new() };
    let highest = |place: usize| rows.iter().filter_map(|row| number(row.get(place)?)).max().filter(|highest| *highest > 0);
    let counted = |(place, name): (usize, &String)| {
        let sequence = sequence(body.column(name)?)?;
        let (sequence, highest) = (quote::name(&table.sibling(sequence)), highest(place)?);
        let shown = quote::text(&sequence);
        // Never back: others may take numbers meanwhile.
        Some(format!(
            "SELECT setval({shown}::regclass, {highest}) FROM {sequence} WHERE last_value < {highest} OR last_value = {highest} AND NOT is_called"
        ))
    };
    columns.iter().enumerate().filter_map(counted).collect()
}

/// What lets the sequence of a column go on after the highest number in it: which numbers a query gives is not known before.
fn from_highest(table: &Name, column: &Column) -> Option<String> {
    let sequence = quote::name(&table.sibling(sequence(column)?));
    let (shown, column, table) = (quote::text(&sequence), quote::ident(&column.name), quote::name(table));
    Some(format!(
        "SELECT setval({shown}::regclass, highest) FROM {sequence}, (SELECT max({column}) AS highest FROM {table}) AS given \
         WHERE highest > 0 AND (last_value < highest OR last_value = highest AND NOT is_called)"
    ))
}

fn sequence(column: &Column) -> Option<&str> {
    column.counter.as_ref().map(|counter| counter.sequence.as_str())
}

fn number(given: &Given) -> Option<i64> {
    given.value()?.digits()?.replace('_', "").parse().ok()
}
