//! Statements about rows, which the databases write alike.

use migrate_history::ROWS_TABLE;

use crate::name::Name;
use crate::rows::{Assignment, ChangedRows, Given, KeyConflict, RowChange, RowRecord, Which};
use crate::schema::{Column, Table};
use crate::sql::dialect::{RowAge, Writer};
use crate::sql::{Rendered, Sql, Unsupported, quote};

/// How many rows one statement inserts: some thousands of literals, far below what a database reads in one statement.
const MOST_ROWS: usize = 1000;

/// A change of rows as statements; the writer has the columns of the table.
pub(super) fn change(writer: &Writer<'_>, changed: &ChangedRows) -> Result<Rendered, Unsupported> {
    let table = quote::name(&changed.table);
    match &changed.change {
        RowChange::Insert { columns, rows, conflict, record } => {
            // Rows may refer to rows after them, if they come in one statement.
            let refers_to_itself = changed.body.foreign_keys().any(|(_, key)| key.table == changed.table);
            let most = if refers_to_itself { rows.len().max(1) } else { MOST_ROWS };
            let statement = |rows| insert(writer, (&table, &changed.body), columns, rows, *conflict);
            let inserts = rows.chunks(most).map(statement).collect::<Result<Vec<_>, _>>()?;
            let Some(record) = record else { return Ok(Rendered::run(inserts)) };
            Ok(Rendered::run(begun(writer, record).into_iter().chain(writer.dialect.recording(changed, record, inserts))))
        }
        RowChange::Update { sets, which, batches: _ } => {
            let (values, condition) = updated(writer, &changed.body, sets, which)?;
            let condition = condition.map(|condition| format!(" WHERE {condition}")).unwrap_or_default();
            Ok(Rendered::run([format!("UPDATE {table} SET {values}{condition}")]))
        }
        RowChange::Delete { which } => {
            let after = if let Which::Recorded(record) = which { Some(forgotten(record)) } else { None };
            Ok(Rendered::run(std::iter::once(format!("DELETE FROM {table}{}", filter(writer, which)?)).chain(after)))
        }
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
    Ok((set.join(", "), condition(writer, which)?))
}

/// ` WHERE …`
fn filter(writer: &Writer<'_>, which: &Which) -> Sql {
    Ok(condition(writer, which)?.map(|condition| format!(" WHERE {condition}")).unwrap_or_default())
}

/// The condition for rows of the table of the writer; `None` for all.
pub(super) fn condition(writer: &Writer<'_>, which: &Which) -> Result<Option<String>, Unsupported> {
    match which {
        Which::All => Ok(None),
        Which::Where(condition) => writer.expr(condition).map(Some),
        Which::Recorded(record) => recorded(writer, record).map(Some),
    }
}

/// The table of keys, and nothing in it of an earlier time that this one was recorded.
fn begun(writer: &Writer<'_>, record: &RowRecord) -> Vec<String> {
    vec![writer.dialect.table_of_keys(), forgotten(record)]
}

/// The table of keys, its keys being of a type, or of none.
pub(super) fn table_of_keys(ty: &str) -> String {
    let keys: String = keys().map(|key| format!(", {key}{ty}")).collect();
    format!("{} (record text NOT NULL, of_table text NOT NULL{keys})", quote::ident(ROWS_TABLE))
}

/// What takes away what is recorded.
fn forgotten(record: &RowRecord) -> String {
    format!("DELETE FROM {} WHERE record = {}", quote::ident(ROWS_TABLE), quote::text(&record.id))
}

/// The columns of the table of keys.
pub(super) fn keys() -> impl Iterator<Item = String> {
    (1..=4).map(|place| format!("key{place}"))
}

/// The columns that a record of rows of a table is inserted into.
pub(super) fn into(table: &Name, record: &RowRecord) -> (String, String) {
    let keys: Vec<String> = keys().take(record.key.len()).collect();
    let into = format!("INSERT INTO {} (record, of_table, {})", quote::ident(ROWS_TABLE), keys.join(", "));
    (into, format!("{}, {}", quote::text(&record.id), quote::text(&table.to_string())))
}

/// `("a", "b") IN (SELECT …)`
fn recorded(writer: &Writer<'_>, record: &RowRecord) -> Sql {
    let known = keys().zip(&record.key).filter_map(|(key, name)| {
        let column = writer.columns.iter().find(|column| column.name == *name)?;
        Some(writer.dialect.key_value(&key, &column.ty))
    });
    let known = known.collect::<Result<Vec<_>, _>>()?.join(", ");
    let own = quote::idents(&record.key);
    let (rows, id) = (quote::ident(ROWS_TABLE), quote::text(&record.id));
    Ok(format!("({own}) IN (SELECT {known} FROM {rows} WHERE record = {id})"))
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
