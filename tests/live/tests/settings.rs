//! `#[set(name = "value")]` on a server: a statement has its settings, and the next one does not, in a transaction, outside of one, in batches
//! and in a script.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::plan::Direction;
use migrate_history::{Database, History};
use migrate_live_tests::{compiled, server, shell, written};
use migrate_runtime::{Migrator, script, upgrade};
use sqlx::{Connection, PgConnection};

const ORIGIN: &str = "create table seen { id: integer primary key identity, value: text?, note: text? } \
                      create table t { id: integer primary key, v: text? }";

/// What a session says of a setting, written down by the statement itself.
const NOTE: &str = r#"sql "INSERT INTO seen (value, note) SELECT current_setting('work_mem'), current_setting('app.note', true)" as nothing
    undo nothing "a test";"#;

fn history(change: &str) -> History {
    let drafts = vec![("origin", written::draft(ORIGIN)), ("change", written::draft(change))];
    compiled::drafts("settings", Database::Postgres, drafts)
}

async fn seen(url: &str) -> Vec<String> {
    shell::ask(url, "SELECT value, coalesce(note, '') FROM seen ORDER BY id").await
}

/// The second value is put back to what the first statement has set, not to that of the session.
fn in_a_transaction() -> History {
    let set = r#"sql "SET LOCAL work_mem = '5MB'" as nothing undo nothing "a test";"#;
    history(&format!("{set} {NOTE} #[set(work_mem = \"7MB\", app.note = \"it's; --\")] {NOTE} {NOTE}"))
}

const IN_A_TRANSACTION: [&str; 3] = ["5MB|", "7MB|it's; --", "5MB|"];

#[tokio::test]
async fn a_statement_in_a_transaction_has_its_settings() {
    let url = server::postgres().database().await;
    upgrade(&url, &in_a_transaction(), "head").await.unwrap();
    assert_eq!(seen(&url).await, IN_A_TRANSACTION);
}

#[tokio::test]
async fn a_script_sets_them_too() {
    let url = server::postgres().database().await;
    let text = script(&in_a_transaction(), Database::Postgres, Direction::Upgrade, "base", "head").unwrap();
    let done = shell::psql(&url, &text);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(seen(&url).await, IN_A_TRANSACTION);
}

/// An index that cannot be built within a millisecond, and others after it.
#[tokio::test]
async fn a_statement_outside_of_a_transaction_has_its_settings() {
    let url = server::postgres().database().await;
    let fill = "INSERT INTO t SELECT n, 'value ' || n FROM generate_series(1, 50000) AS n";
    let short = history("create index on t (id, v); #[set(statement_timeout = \"1\")] create index on t (v);");
    upgrade(&url, &short, "origin").await.unwrap();
    shell::run(&url, fill).await;
    let error = upgrade(&url, &short, "head").await.expect_err("there is no time for it");
    assert!(error.to_string().contains("statement timeout"), "{error}");
    let first = history("#[set(statement_timeout = \"1h\", app.note = \"x\")] create index on t (id, v);");
    shell::run(&url, "DELETE FROM migrate_ledger WHERE revision = 'change'; DROP INDEX IF EXISTS t_id_v_idx, t_v_idx").await;
    let mut lent = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("SET statement_timeout = '2h'; SET work_mem = '5MB'").execute(&mut lent).await.unwrap();
    Migrator::new(&first).upgrade(&mut lent, "head").await.unwrap();
    let after = "SELECT current_setting('statement_timeout') || ' ' || current_setting('work_mem') || ' ' \
                 || coalesce(current_setting('app.note', true), '')";
    let after: String = sqlx::query_scalar(after).fetch_one(&mut lent).await.unwrap();
    assert_eq!(after, "2h 5MB ");
    assert_eq!(shell::ask(&url, "SELECT indexname::text FROM pg_indexes WHERE indexname = 't_id_v_idx'").await, ["t_id_v_idx"]);
}

#[tokio::test]
async fn each_batch_has_its_settings() {
    let url = server::postgres().database().await;
    let change = "#[set(app.note = \"{after 1}\")] backfill t set v = sql(\"current_setting('app.note')\") in batches of 40 \
                  undo nothing \"a test\";";
    let history = history(change);
    upgrade(&url, &history, "origin").await.unwrap();
    shell::run(&url, "INSERT INTO t SELECT n, 'value' FROM generate_series(1, 100) AS n").await;
    upgrade(&url, &history, "head").await.unwrap();
    assert_eq!(shell::ask(&url, "SELECT DISTINCT v FROM t").await, ["{after 1}"]);
}

#[tokio::test]
async fn a_setting_that_the_server_does_not_know_leaves_nothing() {
    let url = server::postgres().database().await;
    let history = history(&format!("{NOTE} #[set(work_men = \"7MB\")] {NOTE}"));
    let error = upgrade(&url, &history, "head").await.expect_err("there is no such setting");
    assert!(error.to_string().contains("work_men"), "{error}");
    assert_eq!(seen(&url).await, [""; 0]);
}
