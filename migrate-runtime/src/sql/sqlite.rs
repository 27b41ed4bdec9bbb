//! SQLite.

use migrate_history::KeptPlace;

use super::dialect::{Columns, LedgerDialect, Lines};
use super::query::quote;

/// Our statements on SQLite.
pub(crate) struct SqliteDialect;

impl LedgerDialect for SqliteDialect {
    fn literal(&self, text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }

    /// Takes the absolute value of the one number that has none (manual, "Built-In Scalar SQL Functions").
    fn fails_unless(&self, condition: &str, _: &str) -> String {
        format!("SELECT CASE WHEN {condition} THEN 0 ELSE abs(-9223372036854775807 - 1) END")
    }

    fn once(&self, statement: &str) -> Vec<String> {
        vec![statement.to_owned(), self.fails_unless("changes() = 1", "gone")]
    }

    /// Rows are never deleted from the journal, so the next id is a new one without `AUTOINCREMENT`, which writes a table more.
    fn columns(&self) -> Columns {
        Columns { number: "INTEGER", moment: "TEXT", entry: "INTEGER PRIMARY KEY" }
    }

    fn now(&self) -> &'static str {
        "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
    }

    fn transaction_duration(&self) -> &'static str {
        "0"
    }

    fn rows(&self, _: Option<&str>, table: &str) -> String {
        format!("SELECT count(*) FROM {}", quote(table))
    }

    fn values(&self, table: &str, column: &str) -> String {
        let column = quote(column);
        let bytes = format!("coalesce(sum(length(CAST({column} AS BLOB))), 0)");
        format!("SELECT CAST(count({column}) AS text), CAST({bytes} AS text) FROM {table}")
    }

    fn description(&self, _: &KeptPlace) -> Option<String> {
        None
    }

    fn empty(&self, place: &KeptPlace, _: &[Option<String>]) -> Vec<String> {
        let table = quote(&place.table);
        vec![match place.column.as_deref().map(quote) {
            Some(column) => format!("UPDATE {table} SET {column} = NULL WHERE {column} IS NOT NULL"),
            None => format!("DELETE FROM {table}"),
        }]
    }

    fn is_there(&self, place: &KeptPlace) -> String {
        let table = self.literal(&place.table);
        match &place.column {
            Some(column) => {
                format!("SELECT CAST(count(*) AS text) FROM pragma_table_info({table}) WHERE name = {}", self.literal(column))
            }
            None => format!("SELECT CAST(count(*) AS text) FROM sqlite_schema WHERE type = 'table' AND name = {table}"),
        }
    }

    fn drop(&self, place: &KeptPlace) -> String {
        let table = quote(&place.table);
        match place.column.as_deref().map(quote) {
            Some(column) => format!("ALTER TABLE {table} DROP COLUMN {column}"),
            None => format!("DROP TABLE {table}"),
        }
    }

    /// It is kept as one.
    fn moment(&self, column: &str) -> String {
        column.to_owned()
    }

    fn lines(&self) -> Lines {
        Lines { join: "group_concat", tab: "char(9)", line: "char(10)" }
    }
}
