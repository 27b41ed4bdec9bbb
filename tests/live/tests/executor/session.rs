//! What a session of PostgreSQL is like during a run and after it.

use std::time::Duration;

use migrate_live_tests::history::{history, migration, table, three};
use migrate_live_tests::server;
use migrate_live_tests::shell::{ask, run, tables};
use migrate_runtime::{Error, Event, Migrator, current, upgrade};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap()
}

async fn send(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await.unwrap();
}

#[tokio::test]
async fn a_search_path_that_a_migration_sets_does_not_outlive_its_step() {
    let away = migration("away", &["a"]).up(&["CREATE SCHEMA elsewhere", "SET search_path = elsewhere"]);
    let history = history([table("a", &[]), away, table("b", &["away"])]);
    let url = server::postgres().database().await;
    upgrade(&url, &history, "head").await.unwrap();
    assert_eq!(tables(&url).await, ["a", "b"]);
    assert_eq!(ask(&url, "SELECT count(*) FROM public.migrate_ledger").await, ["3"]);
}

#[tokio::test]
async fn a_step_behind_a_long_reader_is_tried_again_and_others_wait_no_longer_than_the_timeout() {
    let url = server::postgres().database().await;
    let alter = migration("b", &["a"]).up(&["ALTER TABLE a ADD COLUMN m integer"]);
    let history = history([table("a", &[]), alter]);
    upgrade(&url, &history, "+1").await.unwrap();
    let mut reader = connect(&url).await;
    send(&mut reader, "BEGIN; SELECT * FROM a").await;
    let release = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(900)).await;
        send(&mut reader, "COMMIT").await;
    });
    let mut heard = Vec::new();
    let mut migrator =
        Migrator::new(&history).lock_timeout(Duration::from_millis(100)).observer(|event| heard.push(event.clone()));
    assert_eq!(migrator.upgrade(&url, "head").await.unwrap().migrations.len(), 1);
    drop(migrator);
    release.await.unwrap();
    assert!(heard.iter().any(|event| matches!(event, Event::Retrying { .. })), "{heard:?}");
}

#[tokio::test]
async fn a_table_that_stays_in_use_is_an_error_with_its_remedy() {
    let url = server::postgres().database().await;
    let history = history([table("a", &[]), migration("b", &["a"]).up(&["ALTER TABLE a ADD COLUMN m integer"])]);
    upgrade(&url, &history, "+1").await.unwrap();
    let mut reader = connect(&url).await;
    send(&mut reader, "BEGIN; SELECT * FROM a").await;
    let mut migrator = Migrator::new(&history).lock_timeout(Duration::from_millis(50)).retry_for(Duration::from_millis(500));
    let error = migrator.upgrade(&url, "head").await.unwrap_err();
    assert!(matches!(&error, Error::TableLocked { attempts: 2.., .. }), "{error}");
    assert!(error.to_string().contains("end the long transactions"), "{error}");
}

#[tokio::test]
async fn a_given_connection_is_left_as_it_was() {
    let url = server::postgres().database().await;
    let mut connection = connect(&url).await;
    send(&mut connection, "SET lock_timeout = '7s'; SET idle_in_transaction_session_timeout = '8s'").await;
    let report = upgrade(&mut connection, &three(), "head").await.unwrap();
    assert_eq!(report.migrations.len(), 3);
    let query = "SELECT current_setting('lock_timeout') || current_setting('idle_in_transaction_session_timeout') \
                 || current_setting('client_connection_check_interval') || (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())";
    let found: String = sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap();
    assert_eq!(found, "7s8s00");
    current(&mut connection, &three()).await.unwrap();
    send(&mut connection, "CREATE TABLE still_writable (n integer)").await;
}

#[tokio::test]
async fn a_given_connection_in_a_transaction_is_refused() {
    let url = server::postgres().database().await;
    let mut connection = connect(&url).await;
    send(&mut connection, "BEGIN").await;
    let error = upgrade(&mut connection, &three(), "head").await.unwrap_err();
    assert!(matches!(error, Error::InTransaction), "{error}");
    assert_eq!(tables(&url).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_pool_is_not_touched_and_may_be_full() {
    let url = server::postgres().database().await;
    let pool: PgPool = sqlx::postgres::PgPoolOptions::new().max_connections(1).connect(&url).await.unwrap();
    let _held = pool.acquire().await.unwrap();
    assert_eq!(upgrade(&pool, &three(), "head").await.unwrap().migrations.len(), 3);
}

#[tokio::test]
async fn a_role_that_may_only_read_sees_everything() {
    let url = server::postgres().database().await;
    let role = format!("reader_{}", url.rsplit('/').next().unwrap());
    run(&url, &format!("CREATE ROLE {role} LOGIN PASSWORD 'reader'")).await;
    let reader = url.replace(&format!("postgres:{}", server::PASSWORD), &format!("{role}:reader"));
    assert_eq!(current(&reader, &three()).await.unwrap().pending().count(), 3);
    upgrade(&url, &three(), "b").await.unwrap();
    run(&url, &format!("GRANT SELECT ON migrate_ledger, migrate_journal, migrate_format TO {role}")).await;
    let found = current(&reader, &three()).await.unwrap();
    assert_eq!((found.heads, found.revisions.len()), (vec!["b".into()], 3));
    let plan = Migrator::new(&three()).plan(&reader, migrate_history::plan::Direction::Upgrade, "head").await.unwrap();
    assert_eq!(plan.migrations.len(), 1);
    assert!(upgrade(&reader, &three(), "b").await.unwrap().is_empty(), "nothing to do needs no right to write");
    let error = upgrade(&reader, &three(), "head").await.unwrap_err();
    assert!(error.to_string().contains("permission denied"), "{error}");
}

#[tokio::test]
async fn without_a_schema_there_is_no_place_for_a_ledger() {
    let url = server::postgres().database().await;
    let error = upgrade(format!("{url}?options[search_path]=nowhere"), &three(), "head").await.unwrap_err();
    assert!(matches!(error, Error::NoSchema), "{error}");
}

#[tokio::test]
async fn the_ledger_lives_in_the_first_schema_of_the_search_path() {
    let url = server::postgres().database().await;
    run(&url, "CREATE SCHEMA \"Odd \"\"one\"").await;
    let there = format!("{url}?options[search_path]=%22Odd%20%22%22one%22");
    upgrade(&there, &three(), "head").await.unwrap();
    assert_eq!(ask(&url, "SELECT count(*) FROM \"Odd \"\"one\".migrate_ledger").await, ["3"]);
    assert_eq!(current(&there, &three()).await.unwrap().heads, ["c"]);
}

#[tokio::test]
async fn a_session_of_ours_notices_that_its_client_is_gone() {
    let url = server::postgres().database().await;
    let settings = ["client_connection_check_interval", "tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count"];
    let read = settings.map(|name| format!("current_setting('{name}')")).join(" || ' ' || ");
    let note = migration("note", &[]).up(&[&format!("CREATE TABLE seen AS SELECT {read} AS settings")]);
    upgrade(&url, &history([note]), "head").await.unwrap();
    assert_eq!(ask(&url, "SELECT settings FROM seen").await, ["1s 10 5 3"]);
}
