//! Statements about rows, which the databases write alike.

use crate::rows::{Assignment, ChangedRows, Given, KeyConflict, RowChange, Which};
use crate::schema::{Column, Table};
use crate::sql::dialect::{RowAge, Writer};
use crate::sql::{Rendered, Sql, Unsupported, quote};

/// How many rows one statement inserts: some thousands of literals, far below what a database reads in one statement.
const MOST_ROWS: usize = 1000;

/// A change of rows as statements; the writer has the columns of the table.
pub(super) fn change(writer: &Writer<'_>, changed: &ChangedRows) -> Result<Rendered, Unsupported> {
    let table = quote::name(&changed.table);
    match &changed.change {
        RowChange::Insert { columns, rows, conflict } => {
            // Rows may refer to rows after them, if they come in one statement.
            let refers_to_itself = changed.body.foreign_keys().any(|(_, key)| key.table == changed.table);
            let most = if refers_to_itself { rows.len().max(1) } else { MOST_ROWS };
            let statement = |rows| insert(writer, (&table, &changed.body), columns, rows, *conflict);
            Ok(Rendered::run(rows.chunks(most).map(statement).collect::<Result<Vec<_>, _>>()?))
        }
        RowChange::Update { sets, which, batches: _ } => {
            let (values, condition) = updated(writer, &changed.body, sets, which)?;
            let condition = condition.map(|condition| format!(" WHERE {condition}")).unwrap_or_default();
            Ok(Rendered::run([format!("UPDATE {table} SET {values}{condition}")]))
        }
        RowChange::Delete { which } => Ok(Rendered::run([format!("DELETE FROM {table}{}", filter(writer, which)?)])),
        RowChange::Truncate => Ok(Rendered::run([writer.dialect.emptied(&changed.table)])),
    }
}

/// `INSERT INTO "t" (…) VALUES …`, a line a row.
fn insert(
    writer: &Writer<'_>,
    (table, body): (&str, &Table),
    columns: &[String],
    rows: &[Vec<Given>],
    conflict: KeyConflict,
) -> Sql {
    let found: Vec<Option<&Column>> = columns.iter().map(|name| body.column(name)).collect();
    let row = |row: &Vec<Given>| {
        let values = row.iter().zip(&found).filter_map(|(given, column)| Some((given, (*column)?)));
        let values = values.map(|(given, column)| self::given(writer, given, column, RowAge::New));
        Ok(format!("({})", values.collect::<Result<Vec<_>, _>>()?.join(", ")))
    };
    let rows = rows.iter().map(row).collect::<Result<Vec<_>, Unsupported>>()?;
    let skips = match conflict {
        KeyConflict::Fails => "",
        KeyConflict::Skips => "\nON CONFLICT DO NOTHING",
    };
    Ok(format!("INSERT INTO {table} ({}) VALUES\n    {}{skips}", quote::idents(columns), rows.join(",\n    ")))
}

/// What an `UPDATE` has after `SET`, and after `WHERE`.
pub(super) fn updated(
    writer: &Writer<'_>,
    body: &Table,
    sets: &[Assignment],
    which: &Which,
) -> Result<(String, Option<String>), Unsupported> {
    let known = sets.iter().filter_map(|set| Some((set, body.column(&set.column)?)));
    let set = known.map(|(set, column)| {
        let value = given(writer, &set.value, column, RowAge::There)?;
        Ok(format!("{} = {value}", quote::ident(&set.column)))
    });
    let set = set.collect::<Result<Vec<_>, Unsupported>>()?;
    Ok((set.join(", "), which.condition().map(|condition| writer.expr(condition)).transpose()?))
}

/// ` WHERE …`
fn filter(writer: &Writer<'_>, which: &Which) -> Sql {
    match which {
        Which::All => Ok(String::new()),
        Which::Where(condition) => Ok(format!(" WHERE {}", writer.expr(condition)?)),
    }
}

/// A value as it is assigned to a column.
fn given(writer: &Writer<'_>, given: &Given, column: &Column, row: RowAge) -> Sql {
    match given {
        Given::Default => writer.dialect.defaulted(column, row),
        Given::Value(value) => match row {
            RowAge::New => writer.without_columns().assigned(value, &column.ty),
            RowAge::There => writer.assigned(value, &column.ty),
        },
    }
}
