//! New rows whose keys are recorded: PostgreSQL gives back those that it has inserted (manual, "INSERT").

use migrate_history::ROWS_TABLE;

use crate::name::Name;
use crate::rows::RowRecord;
use crate::sql::{quote, rows};

/// What makes the table beside the ledger. `CREATE TABLE IF NOT EXISTS` requires the right to create it even where it is there.
pub(super) fn table_of_keys() -> String {
    let there = format!("pg_catalog.to_regclass(pg_catalog.quote_ident(pg_catalog.current_schema()) || '.{ROWS_TABLE}')");
    format!("DO $$ BEGIN IF {there} IS NULL THEN CREATE TABLE {}; END IF; END $$", rows::table_of_keys(" text"))
}

/// The statements, each with the record of its rows.
pub(super) fn inserts(table: &Name, record: &RowRecord, inserts: Vec<String>) -> Vec<String> {
    let (into, values) = rows::into(table, record);
    let own = quote::idents(&record.key);
    let texts = record.key.iter().map(|name| format!("CAST({} AS text)", quote::ident(name))).collect::<Vec<_>>().join(", ");
    let one = |insert: String| {
        format!("WITH inserted AS (\n{insert}\nRETURNING {own}\n)\n{into} SELECT {values}, {texts} FROM inserted")
    };
    inserts.into_iter().map(one).collect()
}
