//! Numbers that new rows are given in a column that the database numbers: SQLite counts on from them, and PostgreSQL would give one of them again.

use crate::rows::{ChangedRows, Given, RowChange};
use crate::schema::Column;
use crate::sql::quote;

/// What lets the sequences of a table count on from the numbers that new rows are given.
pub(super) fn counted_on(changed: &ChangedRows) -> Vec<String> {
    match &changed.change {
        RowChange::Insert { columns, rows, .. } => {
            let highest = |place: usize| rows.iter().filter_map(|row| number(row.get(place)?)).max();
            let known = columns.iter().enumerate().filter_map(|(place, name)| Some((name, highest(place)?)));
            let counted = known.filter(|(_, highest)| *highest > 0);
            counted.filter_map(|(name, highest)| Some(after(&sequence(changed, name)?, &highest.to_string(), ""))).collect()
        }
        RowChange::Load { columns, .. } | RowChange::InsertQuery { columns, .. } => {
            let counted = |name: &String| {
                let (sequence, column, table) = (sequence(changed, name)?, quote::ident(name), quote::name(&changed.table));
                let highest = format!(", (SELECT max({column}) AS number FROM {table}) AS highest");
                Some(after(&sequence, "highest.number", &highest))
            };
            columns.iter().filter_map(counted).collect()
        }
        RowChange::Update { .. } | RowChange::Delete { .. } | RowChange::Truncate => Vec::new(),
    }
}

/// Sets a sequence to a number, never back: other sessions may take numbers at the same time.
fn after(sequence: &str, highest: &str, from: &str) -> String {
    let shown = quote::text(sequence);
    format!(
        "SELECT setval({shown}::regclass, {highest}) FROM {sequence}{from} \
         WHERE last_value < {highest} OR last_value = {highest} AND NOT is_called"
    )
}

/// The sequence of a column.
fn sequence(changed: &ChangedRows, column: &str) -> Option<String> {
    let counter = changed.body.column(column).map(|column: &Column| column.counter.as_ref())??;
    Some(quote::name(&changed.table.sibling(counter.sequence.as_str())))
}

fn number(given: &Given) -> Option<i64> {
    given.value()?.digits()?.replace('_', "").parse().ok()
}
