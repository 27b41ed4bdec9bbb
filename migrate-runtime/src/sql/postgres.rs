//! PostgreSQL.

use migrate_history::KeptPlace;

use super::dialect::{Columns, LedgerDialect, Lines};
use super::query::quote;

/// Our statements on PostgreSQL: what is in `pg_catalog` is named with it, whatever the search path is.
pub(crate) struct PostgresDialect;

impl LedgerDialect for PostgresDialect {
    /// A backslash in `'…'` is read in two ways, in `E'…'` in one.
    fn literal(&self, text: &str) -> String {
        let doubled = text.replace('\'', "''");
        if text.contains('\\') { format!("E'{}'", doubled.replace('\\', "\\\\")) } else { format!("'{doubled}'") }
    }

    /// Casts the word to a number.
    fn fails_unless(&self, condition: &str, word: &str) -> String {
        format!("SELECT CAST(CASE WHEN {condition} THEN '0' ELSE '{word}' END AS bigint)")
    }

    fn once(&self, statement: &str) -> Vec<String> {
        let check = self.fails_unless("count(*) = 1", "gone");
        vec![format!("WITH written AS ({statement} RETURNING 1) {check} FROM written")]
    }

    fn columns(&self) -> Columns {
        Columns { number: "bigint", moment: "timestamptz", entry: "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY" }
    }

    fn now(&self) -> &'static str {
        "pg_catalog.clock_timestamp()"
    }

    fn transaction_duration(&self) -> &'static str {
        "(extract(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.transaction_timestamp()) * 1000)::bigint"
    }

    /// The estimate of the server; null where it has none.
    fn rows(&self, schema: Option<&str>, table: &str) -> String {
        let name = schema.into_iter().chain([table]).map(quote).collect::<Vec<_>>().join(".");
        let oid = format!("pg_catalog.to_regclass({})", self.literal(&name));
        format!("SELECT nullif(reltuples, -1)::bigint FROM pg_catalog.pg_class WHERE oid = {oid}")
    }

    fn values(&self, table: &str, column: &str) -> String {
        let column = quote(column);
        format!("SELECT count({column})::text, coalesce(sum(pg_catalog.pg_column_size({column})), 0)::text FROM {table}")
    }

    fn description(&self, place: &KeptPlace) -> Option<String> {
        let (table, column) = (self.literal(&table(place)), self.literal(place.column.as_deref()?));
        Some(format!(
            "SELECT pg_catalog.format_type(atttypid, atttypmod), pg_catalog.col_description(attrelid, attnum) \
             FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass({table}) AND attname = {column} AND NOT attisdropped"
        ))
    }

    /// A column is created again, for to write every row would take long and keep the old values until a VACUUM.
    fn empty(&self, place: &KeptPlace, described: &[Option<String>]) -> Vec<String> {
        let table = table(place);
        let Some(column) = place.column.as_deref().map(quote) else { return vec![format!("TRUNCATE {table}")] };
        let [Some(ty), comment] = described else { return Vec::new() };
        let anew = format!("ALTER TABLE {table} DROP COLUMN {column}, ADD COLUMN {column} {ty}");
        let comment = comment.as_ref().map(|text| format!("COMMENT ON COLUMN {table}.{column} IS {}", self.literal(text)));
        std::iter::once(anew).chain(comment).collect()
    }

    fn is_there(&self, place: &KeptPlace) -> String {
        let oid = format!("pg_catalog.to_regclass({})", self.literal(&table(place)));
        match &place.column {
            Some(column) => format!(
                "SELECT count(*)::text FROM pg_catalog.pg_attribute WHERE attrelid = {oid} AND attname = {} AND NOT attisdropped",
                self.literal(column)
            ),
            None => format!("SELECT count({oid})::text"),
        }
    }

    fn drop(&self, place: &KeptPlace) -> String {
        let table = table(place);
        match place.column.as_deref().map(quote) {
            Some(column) => format!("ALTER TABLE {table} DROP COLUMN {column}"),
            None => format!("DROP TABLE {table}"),
        }
    }

    fn moment(&self, column: &str) -> String {
        format!("pg_catalog.to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')")
    }

    fn lines(&self) -> Lines {
        Lines { join: "pg_catalog.string_agg", tab: "pg_catalog.chr(9)", line: "pg_catalog.chr(10)" }
    }
}

/// The table of a place, in quotes.
fn table(place: &KeptPlace) -> String {
    place.schema.as_deref().into_iter().chain([&*place.table]).map(quote).collect::<Vec<_>>().join(".")
}
