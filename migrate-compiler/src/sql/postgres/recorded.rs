//! New rows whose keys are recorded: PostgreSQL gives back those that it has inserted (manual, "INSERT").

use crate::name::Name;
use crate::rows::Record;
use crate::sql::{quote, rows};

/// The statements, each with the record of its rows.
pub(super) fn inserts(table: &Name, record: &Record, inserts: Vec<String>) -> Vec<String> {
    let (into, values) = rows::into(table, record);
    let own = quote::idents(&record.key);
    let texts = record.key.iter().map(|name| format!("CAST({} AS text)", quote::ident(name))).collect::<Vec<_>>().join(", ");
    let one = |insert: String| {
        format!("WITH inserted AS (\n{insert}\nRETURNING {own}\n)\n{into} SELECT {values}, {texts} FROM inserted")
    };
    inserts.into_iter().map(one).collect()
}
