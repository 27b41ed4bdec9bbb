//! What is asked of a session, as SQL.

use migrate_model::history::Database;

use crate::ledger::TABLES;
use crate::query::literal;

/// What a session of ours is set to. A client that is gone must be noticed within seconds, for it holds the lock and its
/// transaction until then: by default a statement runs to its end first, and a silent network is noticed after two hours.
/// Not every server and platform has each of them.
pub(super) const SETTINGS: [(&str, &str); 5] = [
    ("client_connection_check_interval", "1s"),
    ("tcp_keepalives_idle", "10"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
    ("idle_in_transaction_session_timeout", "60s"),
];

/// A session that only reads.
pub(super) const READ_ONLY: (&str, &str) = ("default_transaction_read_only", "on");

/// Everything that a run must know of a session, in one row.
pub(super) fn look() -> String {
    let settings: Vec<String> =
        SETTINGS.iter().chain([&READ_ONLY]).map(|(name, _)| format!("pg_catalog.current_setting('{name}', true)")).collect();
    format!(
        "SELECT pg_catalog.transaction_timestamp() = pg_catalog.statement_timestamp(), pg_catalog.current_schema(), \
         pg_catalog.current_setting('search_path'), pg_catalog.pg_is_in_recovery(), pg_catalog.pg_backend_pid(), \
         {}, {}",
        there(&TABLES, "pg_catalog.current_schema()"),
        settings.join(", ")
    )
}

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

/// Sets what the server has of these.
pub(super) fn set<V: AsRef<str>>(settings: &[(&'static str, V)]) -> String {
    let set = settings.iter().map(|(name, value)| {
        let value = literal(Database::Postgres, value.as_ref());
        format!(
            "CASE WHEN pg_catalog.current_setting('{name}', true) IS NOT NULL \
             THEN pg_catalog.set_config('{name}', {value}, false) END"
        )
    });
    format!("SELECT {}", set.collect::<Vec<_>>().join(", "))
}

/// One key for a schema of a database, whatever histories share it; a script computes it in the same way.
pub(super) fn key(schema: &str) -> String {
    format!("pg_catalog.hashtextextended({}, 0)", literal(Database::Postgres, &format!("migrate {schema}")))
}

/// How `pg_locks` shows a lock with one key of 64 bits (manual, 54.12).
pub(super) const HELD: &str = "held.locktype = 'advisory' AND held.granted AND held.objsubid = 1 \
     AND held.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) \
     AND (held.classid::bigint << 32 | held.objid::bigint) = wanted.key";
