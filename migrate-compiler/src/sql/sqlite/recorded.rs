//! New rows whose keys are recorded: what SQLite gives back of an `INSERT` no other statement can read (manual, "RETURNING"), so a trigger that is
//! there only for the moment sees each row that is inserted, and none that is left out.

use crate::name::Name;
use crate::rows::RowRecord;
use crate::sql::{quote, rows};

/// It keeps a value as it is where the column has no type.
pub(super) fn table_of_keys() -> String {
    format!("CREATE TABLE IF NOT EXISTS {}", rows::table_of_keys(""))
}

/// The statements between those that make the trigger and drop it.
pub(super) fn inserts(table: &Name, record: &RowRecord, inserts: Vec<String>) -> Vec<String> {
    let (into, values) = rows::into(table, record);
    let keys = record.key.iter().map(|name| format!("NEW.{}", quote::ident(name))).collect::<Vec<_>>().join(", ");
    let own = quote::ident(&table.name);
    let create = format!(
        "CREATE TEMP TRIGGER \"_migrate_inserted\" AFTER INSERT ON main.{own} BEGIN {into} VALUES ({values}, {keys}); END"
    );
    let drop = "DROP TRIGGER temp.\"_migrate_inserted\"".to_owned();
    std::iter::once(create).chain(inserts).chain([drop]).collect()
}
