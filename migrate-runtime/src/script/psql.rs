//! psql, which keeps what it is set to in variables, and so the statement that sets it.

use super::shell::{Question, Shell};
use crate::settings::postgres::{BEGIN, LATER, OriginalSession, SET, SETTINGS, SettingPurpose, ours};
use crate::sql::{self, LedgerDialect as _, Parameter};

pub(super) struct Psql;

/// The session of psql as the script finds it, in its variables.
fn origin() -> OriginalSession {
    let variable = |name: &str| format!(":'migrate_{name}'");
    OriginalSession {
        user: variable("user"),
        role: variable("role"),
        search_path: variable("search_path"),
        set: variable("set_before"),
    }
}

/// The settings that hold for a script: psql itself is the client, and no other session waits for it.
fn settings() -> String {
    ours(SETTINGS.iter().filter(|setting| setting.purpose == SettingPurpose::Meaning), &origin().search_path)
}

/// The command that sets a variable: a text in quotes, within which a backslash is doubled.
fn set(name: &str, text: &str) -> String {
    format!("\\set {name} {}\n", sql::SqliteDialect.literal(&text.replace('\\', "\\\\")))
}

/// The query that counts the rows of a history in the ledgers of the later schemas of the search path, as an expression.
fn counting_elsewhere(history: &str) -> String {
    let history = sql::PostgresDialect.literal(history);
    format!(
        "(SELECT coalesce(pg_catalog.string_agg(pg_catalog.format(\
         'SELECT pg_catalog.count(*) FROM %I.migrate_ledger WHERE history = %L', name, {history}), ' UNION ALL '), 'SELECT 0') \
         FROM pg_catalog.json_array_elements_text({LATER}::pg_catalog.json) AS later (name))"
    )
}

/// The query that counts the leases that have not expired, as an expression.
const COUNTING_LEASES: &str = "CASE WHEN pg_catalog.to_regclass(pg_catalog.quote_ident(pg_catalog.current_schema()) || '.migrate_lock') \
     IS NULL THEN 'SELECT 0' ELSE pg_catalog.format('SELECT pg_catalog.count(*) FROM %I.migrate_lock \
     WHERE owner IS NOT NULL AND expires_at > pg_catalog.clock_timestamp()', pg_catalog.current_schema()) END";

impl Shell for Psql {
    /// What psql has read of a statement is discarded by `\r`, which prints a message unless it is quiet.
    fn stop(&self) -> &'static str {
        ".print This script is for psql, not for sqlite3.\n\
         .exit 1 \\set migrate_quiet :QUIET \\\\ \\set QUIET on \\\\ \\r \\\\ \\set QUIET :migrate_quiet\n"
    }

    fn place(&self) -> Option<&'static str> {
        Some("It works in the current schema of psql: the first of its search path that exists.")
    }

    fn schema(&self) -> Option<String> {
        Some(":migrate_schema".to_owned())
    }

    fn by(&self) -> Parameter {
        Parameter::Expression("CURRENT_USER::text")
    }

    fn settled(&self, history: &str) -> String {
        let elsewhere = counting_elsewhere(history);
        let columns = [
            (&*elsewhere, "elsewhere"),
            (COUNTING_LEASES, "lease"),
            ("pg_catalog.quote_ident(pg_catalog.current_schema())", "schema"),
            ("pg_catalog.current_setting('session_authorization')", "user"),
            ("pg_catalog.current_setting('role')", "role"),
            ("pg_catalog.current_setting('search_path')", "search_path"),
            (SET, "set_before"),
        ];
        let columns: Vec<String> = columns.iter().map(|(value, name)| format!("{value} AS migrate_{name}")).collect();
        format!(
            "\\set ON_ERROR_STOP on\nSELECT {} \\gset\n{}{}{}",
            columns.join(",\n    "),
            set("migrate_settings", &origin().again(&settings())),
            set("migrate_before", &origin().back()),
            self.again()
        )
    }

    fn again(&self) -> String {
        ":migrate_settings \\gset\n".to_owned()
    }

    fn put_back(&self) -> String {
        ":migrate_before \\gset\n".to_owned()
    }

    fn locks(&self) -> Vec<Question> {
        let key = "pg_catalog.hashtextextended('migrate ' || pg_catalog.current_schema(), 0)";
        let query = format!("SELECT 1 - pg_catalog.pg_try_advisory_lock({key})::integer");
        let leased = "SELECT pg_catalog.sum(found.rows)::bigint FROM (:migrate_lease) AS found (rows)".to_owned();
        vec![Question { name: "another run is at work", query }, Question { name: "another run has a lease", query: leased }]
    }

    fn begin(&self) -> &'static str {
        BEGIN
    }

    /// What a migration has set in a transaction holds for the ledger's row too.
    fn around_step(&self) -> (String, String) {
        (String::new(), self.again())
    }

    fn elsewhere(&self) -> Option<Question> {
        let query = "SELECT pg_catalog.sum(found.rows)::bigint FROM (:migrate_elsewhere) AS found (rows)".to_owned();
        Some(Question { name: "this history is applied in a later schema of the path", query })
    }
}
