//! New rows whose keys are recorded: PostgreSQL gives back those that it has inserted (manual, "INSERT").

use migrate_history::{Action, ROWS_TABLE};

use crate::name::Name;
use crate::rows::RowRecord;
use crate::sql::{quote, rows};

/// What makes the table next to the ledger. `CREATE TABLE IF NOT EXISTS` requires the right to create it even where it is there.
pub(super) fn table_of_keys() -> String {
    let there = format!("pg_catalog.to_regclass(pg_catalog.quote_ident(pg_catalog.current_schema()) || '.{ROWS_TABLE}')");
    format!("DO $$ BEGIN IF {there} IS NULL THEN CREATE TABLE {}; END IF; END $$", rows::table_of_keys(" text"))
}

/// A digest of the values as they are written: the settings of a session are always the same.
pub(super) fn fingerprint(values: &[String]) -> String {
    format!("encode(sha256(convert_to(CAST(ROW({}) AS text), 'UTF8')), 'base64')", values.join(", "))
}

/// The statements, each with the record of its rows.
pub(super) fn inserts(table: &Name, record: &RowRecord, inserts: Vec<(Action, String)>) -> Vec<(Action, String)> {
    let (into, values) = rows::into(table, record);
    let text = |(place, name): (usize, &String)| format!("CAST({} AS text) AS key{}", quote::ident(name), place + 1);
    let texts = record.key.iter().enumerate().map(text).collect::<Vec<_>>().join(", ");
    let columns: Vec<String> = record.columns.iter().map(|name| quote::ident(name)).collect();
    let inserted = fingerprint(&columns);
    let one = |(action, insert): (Action, String)| {
        let recorded = format!(
            "WITH inserted AS (\n{insert}\nRETURNING {texts}, {inserted} AS inserted\n)\n{into} SELECT {values}, inserted.* FROM inserted"
        );
        (action, recorded)
    };
    inserts.into_iter().map(one).collect()
}
