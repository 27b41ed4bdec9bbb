//! What is asked of a session, as SQL.

use super::link::Had;
use super::pooler::Mark;
use crate::ledger::TABLES;
use crate::purpose::Purpose;
use crate::settings::postgres::{LATER, SET};
use crate::sql::{self, LedgerDialect as _};

/// Everything that a run must know of a session, in one row: whether it has the mark, and what was set in it where somebody has had it
/// before and it will be set.
pub(super) fn look(had: Had, mark: Option<&Mark>, purpose: Purpose) -> String {
    let marked = mark.map_or_else(|| "false".to_owned(), Mark::is_seen);
    let set = match (purpose, had) {
        (Purpose::Read, Had::Nobody | Had::Somebody) => "NULL".to_owned(),
        // Behind a pooler somebody has had it, too.
        (Purpose::Write | Purpose::Create, Had::Nobody) => format!("CASE WHEN {marked} THEN NULL ELSE {SET} END"),
        (Purpose::Write | Purpose::Create, Had::Somebody) => SET.to_owned(),
    };
    format!(
        "SELECT pg_catalog.transaction_timestamp() = pg_catalog.statement_timestamp(), pg_catalog.current_schema(), \
         pg_catalog.current_setting('search_path'), pg_catalog.pg_is_in_recovery(), pg_catalog.pg_backend_pid(), \
         {}, {LATER}, {marked}, pg_catalog.current_setting('session_authorization'), pg_catalog.current_setting('role'), {set}",
        there(&TABLES, "pg_catalog.current_schema()"),
    )
}

/// The search path of a session, as an expression.
pub(super) const SEARCH_PATH: &str = "pg_catalog.current_setting('search_path')";

/// The names of those tables that exist, with a space between them, as an expression. A query over the catalogue sees one moment; a
/// `to_regclass` for each name sees what was committed until that very call, and so a part of what another run has just made.
pub(super) fn there(tables: &[&str], schema: &str) -> String {
    let wanted: Vec<String> = tables.iter().map(|name| sql::PostgresDialect.literal(name)).collect();
    format!(
        "(SELECT pg_catalog.string_agg(relation.relname::text, ' ') FROM pg_catalog.pg_class AS relation \
         WHERE relation.relname IN ({}) AND relation.relnamespace = \
         (SELECT namespace.oid FROM pg_catalog.pg_namespace AS namespace WHERE namespace.nspname = {schema}))",
        wanted.join(", ")
    )
}

/// The names of [`there`].
pub(super) fn names(found: Option<String>) -> Vec<String> {
    found.unwrap_or_default().split(' ').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// One key for a schema of a database, whatever histories share it; a script computes it in the same way.
pub(super) fn key(schema: &str) -> String {
    format!("pg_catalog.hashtextextended({}, 0)", sql::PostgresDialect.literal(&format!("migrate {schema}")))
}

/// How `pg_locks` shows a lock with one key of 64 bits (manual, 54.12).
pub(super) const HELD: &str = "held.locktype = 'advisory' AND held.granted AND held.objsubid = 1 \
     AND held.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) \
     AND (held.classid::bigint << 32 | held.objid::bigint) = wanted.key";
