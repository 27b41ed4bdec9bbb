//! New rows whose keys are recorded: what SQLite gives back of an `INSERT` no other statement can read (manual, "RETURNING"), so a trigger that is
//! there only for the moment sees each row that is inserted, and none that is left out.

use migrate_history::Action;

use crate::name::Name;
use crate::rows::RowRecord;
use crate::sql::{quote, rows};

/// It keeps a value as it is where the column has no type.
pub(super) fn table_of_keys() -> String {
    format!("CREATE TABLE IF NOT EXISTS {}", rows::table_of_keys(""))
}

/// The values as literals: SQLite has no digest function.
pub(super) fn fingerprint(values: &[String]) -> String {
    let literals: Vec<String> = values.iter().map(|value| format!("quote({value})")).collect();
    literals.join(" || ',' || ")
}

/// The statements between those that make the trigger and drop it.
pub(super) fn inserts(table: &Name, record: &RowRecord, inserts: Vec<(Action, String)>) -> Vec<(Action, String)> {
    let (into, values) = rows::into(table, record);
    let new = |names: &[String]| names.iter().map(|name| format!("NEW.{}", quote::ident(name))).collect::<Vec<_>>();
    let (keys, inserted) = (new(&record.key).join(", "), fingerprint(&new(&record.columns)));
    let own = quote::ident(&table.name);
    let create = format!(
        "CREATE TEMP TRIGGER \"_migrate_inserted\" AFTER INSERT ON main.{own} BEGIN {into} VALUES ({values}, {keys}, {inserted}); END"
    );
    let drop = "DROP TRIGGER temp.\"_migrate_inserted\"".to_owned();
    std::iter::once((Action::Run, create)).chain(inserts).chain([(Action::Run, drop)]).collect()
}
