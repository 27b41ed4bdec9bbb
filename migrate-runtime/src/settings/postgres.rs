//! The settings of PostgreSQL, and the SQL that puts a session to them and back.
//!
//! What decides where and how a table is stored (`default_tablespace`, `default_table_access_method`, …), its language
//! (`lc_monetary`, `default_text_search_config`, …) and whether the role may write (`default_transaction_read_only`) is the choice of
//! who runs the database, so it is left as it is. A migration that changes it for itself does not change it for the next one.

use crate::sql::{self, LedgerDialect as _};

/// A setting of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    /// Its name, as `pg_settings` spells it.
    pub name: &'static str,
    /// What it is set to.
    pub value: &'static str,
    /// What it is for.
    pub purpose: SettingPurpose,
}

/// What a setting is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SettingPurpose {
    /// A statement means, stores or checks something else without it: a session that cannot have it is refused.
    Meaning,
    /// The server notices sooner that we are gone. Not every server and platform has it.
    Notice,
}

const fn meaning(name: &'static str, value: &'static str) -> Setting {
    Setting { name, value, purpose: SettingPurpose::Meaning }
}

const fn notice(name: &'static str, value: &'static str) -> Setting {
    Setting { name, value, purpose: SettingPurpose::Notice }
}

/// All of them. A server that does not know one of them behaves as if it were set.
pub(crate) const SETTINGS: [Setting; 26] = [
    // `'a\b'` has three letters; otherwise two.
    meaning("standard_conforming_strings", "on"),
    meaning("backslash_quote", "safe_encoding"),
    // The texts that we send are UTF-8.
    meaning("client_encoding", "UTF8"),
    // How a text becomes a moment, and a moment a text.
    meaning("TimeZone", "UTC"),
    meaning("timezone_abbreviations", "Default"),
    meaning("DateStyle", "ISO, MDY"),
    meaning("IntervalStyle", "postgres"),
    // How other values become texts.
    meaning("bytea_output", "hex"),
    meaning("extra_float_digits", "1"),
    meaning("xmlbinary", "base64"),
    meaning("xmloption", "content"),
    // `'{NULL}'` holds a null, `= NULL` is not `IS NULL`.
    meaning("array_nulls", "on"),
    meaning("transform_null_equals", "off"),
    // Foreign keys and triggers are in force, functions are checked when they are made.
    meaning("session_replication_role", "origin"),
    meaning("check_function_bodies", "on"),
    // A row that a policy hides is an error: it would neither be counted by a guard nor changed by a migration.
    meaning("row_security", "off"),
    // The ledger is read in a transaction of its own, and each step begins with its own characteristics.
    meaning("default_transaction_isolation", "read committed"),
    meaning("default_transaction_deferrable", "off"),
    // A limit for the application's statements is none for an index over a large table. Locks have a limit of their own.
    meaning("statement_timeout", "0"),
    meaning("transaction_timeout", "0"),
    meaning("idle_session_timeout", "0"),
    // A client that is gone must be noticed within seconds, for it holds the lock and its transaction until then: by default a
    // statement runs to its end first, and a silent network is noticed after two hours.
    notice("client_connection_check_interval", "1s"),
    notice("tcp_keepalives_idle", "10"),
    notice("tcp_keepalives_interval", "5"),
    notice("tcp_keepalives_count", "3"),
    notice("idle_in_transaction_session_timeout", "60s"),
];

/// Begins a transaction that has the characteristics of every step.
pub(crate) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED NOT DEFERRABLE";

/// What was set in a session since it began, as an expression: a text of JSON, which [`OriginalSession::set`] takes. Only what a user may set,
/// and not what a transaction is.
pub(crate) const SET: &str = "(SELECT coalesce(pg_catalog.json_object_agg(name, setting)::text, '{}') FROM pg_catalog.pg_settings \
     WHERE source = 'session' AND context IN ('user', 'superuser') \
     AND name NOT IN ('transaction_isolation', 'transaction_read_only', 'transaction_deferrable'))";

/// The schemas of the search path after the first that have a table with the columns of a ledger which the role may read, as an array of
/// JSON.
pub(crate) const LATER: &str = "(SELECT pg_catalog.json_agg(path.name ORDER BY path.place)::text \
     FROM ROWS FROM (pg_catalog.unnest(pg_catalog.current_schemas(false))) WITH ORDINALITY AS path (name, place), \
     LATERAL pg_catalog.to_regclass(pg_catalog.quote_ident(path.name) || '.migrate_ledger') AS found (ledger) \
     WHERE path.place > 1 AND path.name <> pg_catalog.current_schema() AND found.ledger IS NOT NULL \
     AND pg_catalog.has_table_privilege(found.ledger, 'SELECT') \
     AND (SELECT pg_catalog.count(*) FROM pg_catalog.pg_attribute WHERE attrelid = found.ledger AND NOT attisdropped \
     AND attname IN ('history', 'revision', 'checksum')) = 3)";

/// Who a session is and what was set in it when it was found, each as an expression of SQL: a literal, or a variable of psql.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OriginalSession {
    /// `session_authorization`
    pub user: String,
    /// `role`
    pub role: String,
    /// `search_path`
    pub search_path: String,
    /// What [`SET`] gave.
    pub set: String,
}

impl OriginalSession {
    /// The query that puts the session to `ours`, and everything else back to what it was.
    pub fn again(&self, ours: &str) -> String {
        self.put(&format!("{}::pg_catalog.jsonb || {ours}", self.set))
    }

    /// The query that puts everything back to what it was.
    pub fn back(&self) -> String {
        self.put(&format!("{}::pg_catalog.jsonb", self.set))
    }

    /// Who the session is comes first, since that decides what it may set.
    fn put(&self, wanted: &str) -> String {
        let OriginalSession { user, role, .. } = self;
        format!(
            "SELECT pg_catalog.count(pg_catalog.set_config(name, value, false)) AS migrate_set FROM (\
             VALUES ('session_authorization', {user}), ('role', {role}) UNION ALL \
             SELECT now.name, was.value FROM pg_catalog.pg_settings AS now \
             LEFT JOIN pg_catalog.jsonb_each_text({wanted}) AS was (name, value) USING (name) \
             WHERE now.context IN ('user', 'superuser') AND (now.source = 'session' OR was.value IS NOT NULL) \
             AND now.name NOT IN ('transaction_isolation', 'transaction_read_only', 'transaction_deferrable')) AS wanted (name, value) \
             WHERE pg_catalog.current_setting(name, true) IS DISTINCT FROM value"
        )
    }

    /// The query that makes the session this user and this role again.
    pub fn who(&self) -> String {
        let OriginalSession { user, role, .. } = self;
        format!(
            "SELECT pg_catalog.count(pg_catalog.set_config(name, value, false)) FROM (\
             VALUES ('session_authorization', {user}), ('role', {role})) AS wanted (name, value) \
             WHERE pg_catalog.current_setting(name, true) <> value"
        )
    }
}

/// These settings and the search path, as an expression that [`set`] and [`OriginalSession::again`] take.
pub(crate) fn ours<'s>(settings: impl IntoIterator<Item = &'s Setting>, search_path: &str) -> String {
    let pairs: serde_json::Map<String, serde_json::Value> =
        settings.into_iter().map(|setting| (setting.name.to_owned(), setting.value.into())).collect();
    let pairs = sql::PostgresDialect.literal(&serde_json::Value::Object(pairs).to_string());
    let search_path = temporary_last(search_path);
    format!("{pairs}::pg_catalog.jsonb || pg_catalog.jsonb_build_object('search_path', {search_path})")
}

/// A path in which a temporary table hides no other one. It is searched first where the path does not name its schema (manual,
/// "search_path"), so that a migration would change the table of somebody's script instead.
fn temporary_last(search_path: &str) -> String {
    format!("{search_path} || CASE WHEN pg_catalog.strpos({search_path}, 'pg_temp') > 0 THEN '' ELSE ', pg_temp' END")
}

/// The query that sets what the server knows of these and has otherwise. It does not touch what is as it should be, for which the
/// role may lack the right.
pub(crate) fn set(ours: &str) -> String {
    set_for(ours, "false")
}

/// The same, until the transaction ends: for a session that somebody else has then.
pub(crate) fn set_local(ours: &str) -> String {
    set_for(ours, "true")
}

fn set_for(ours: &str, is_local: &str) -> String {
    format!(
        "SELECT pg_catalog.count(pg_catalog.set_config(name, value, {is_local})) \
         FROM pg_catalog.jsonb_each_text({ours}) AS wanted (name, value) \
         WHERE pg_catalog.current_setting(name, true) <> value"
    )
}

#[cfg(test)]
mod tests {
    use migrate_history::KEPT_SETTINGS;

    use super::*;

    /// How long one statement may run is its own business.
    #[test]
    fn a_statement_has_none_of_our_settings_to_itself() {
        let own = SETTINGS.iter().map(|setting| setting.name.to_lowercase());
        let own: Vec<String> = own.filter(|name| !KEPT_SETTINGS.contains(&name.as_str())).collect();
        assert_eq!(own, ["statement_timeout"]);
        assert!(KEPT_SETTINGS.is_sorted() && KEPT_SETTINGS.iter().all(|name| *name == name.to_lowercase()));
    }

    #[test]
    fn no_setting_is_listed_twice() {
        let mut names: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SETTINGS.len());
    }

    #[test]
    fn what_is_left_to_the_user_is_not_set() {
        for name in ["default_tablespace", "default_table_access_method", "default_transaction_read_only", "lock_timeout"] {
            assert!(SETTINGS.iter().all(|setting| setting.name != name), "{name}");
        }
    }
}
