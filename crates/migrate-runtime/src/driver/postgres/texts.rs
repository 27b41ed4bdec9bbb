//! What is asked of a session, as SQL.

use migrate_model::history::Database;

use crate::ledger::TABLES;
use crate::query::literal;
use crate::settings::postgres::{LATER, SET};

/// Everything that a run must know of a session, in one row; of one that somebody has had before, what he set in it.
pub(super) fn look(had: Had) -> String {
    let set = match had {
        Had::Nobody => "NULL",
        Had::Somebody => SET,
    };
    format!(
        "SELECT pg_catalog.transaction_timestamp() = pg_catalog.statement_timestamp(), pg_catalog.current_schema(), \
         pg_catalog.current_setting('search_path'), pg_catalog.pg_is_in_recovery(), pg_catalog.pg_backend_pid(), \
         {}, {LATER}, pg_catalog.current_setting('session_authorization'), pg_catalog.current_setting('role'), {set}",
        there(&TABLES, "pg_catalog.current_schema()"),
    )
}

/// Who has had a session before us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Had {
    /// It is new, and nothing was set in it but by the role, the database and the URL.
    Nobody,
    /// The caller, or the callback of his pool.
    Somebody,
}

/// The search path of a session, as an expression.
pub(super) const SEARCH_PATH: &str = "pg_catalog.current_setting('search_path')";

/// The names of those tables that are there, with a space between them, as an expression: of functions, for a join over the
/// catalogue needs twice the time in a session that is new.
pub(super) fn there(tables: &[&str], schema: &str) -> String {
    let schema = format!("pg_catalog.quote_ident({schema})");
    let one = |name: &&str| {
        let relation = format!("pg_catalog.to_regclass({schema} || {})", literal(Database::Postgres, &format!(".{name}")));
        format!("CASE WHEN {relation} IS NOT NULL THEN {} END", literal(Database::Postgres, name))
    };
    format!("pg_catalog.concat_ws(' ', {})", tables.iter().map(one).collect::<Vec<_>>().join(", "))
}

/// The names of [`there`].
pub(super) fn names(found: Option<String>) -> Vec<String> {
    found.unwrap_or_default().split(' ').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// One key for a schema of a database, whatever histories share it; a script computes it in the same way.
pub(super) fn key(schema: &str) -> String {
    format!("pg_catalog.hashtextextended({}, 0)", literal(Database::Postgres, &format!("migrate {schema}")))
}

/// How `pg_locks` shows a lock with one key of 64 bits (manual, 54.12).
pub(super) const HELD: &str = "held.locktype = 'advisory' AND held.granted AND held.objsubid = 1 \
     AND held.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) \
     AND (held.classid::bigint << 32 | held.objid::bigint) = wanted.key";
