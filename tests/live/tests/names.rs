//! Names that must be kept: what holds of a column of such a name holds on both servers, and what raw SQL cannot have is what
//! they refuse.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::Database;
use migrate_live_tests::snapshot::Snapshot;
use migrate_live_tests::{compiled, server, shell, sqlite, written};

/// Names, each as the language and as SQL spells it.
const NAMES: [(&str, &str); 8] = [
    ("r#Score", "\"Score\""),
    ("r#select", "\"select\""),
    ("r#case", "\"case\""),
    ("r#not", "\"not\""),
    ("r#deletedAt", "\"deletedAt\""),
    ("column(\"Order Items\")", "\"Order Items\""),
    ("column(\"say \\\"hi\\\"\")", "\"say \"\"hi\"\"\""),
    ("column(\"größe\")", "\"größe\""),
];

async fn url(database: Database, file: &sqlite::File) -> String {
    match database {
        Database::Postgres => server::postgres().database().await,
        Database::Sqlite => file.url(),
    }
}

/// Upgrades to a history of an empty table and one change, with its URL.
async fn changed(database: Database, file: &sqlite::File, origin: &str, change: &str) -> String {
    let url = url(database, file).await;
    let history =
        compiled::drafts("names", database, vec![("origin", written::draft(origin)), ("change", written::draft(change))]);
    migrate_runtime::upgrade(&url, &history, "origin").await.unwrap_or_else(|error| panic!("{origin}: {error}"));
    let before = Snapshot::take(&url).await;
    migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{change}: {error}"));
    migrate_runtime::downgrade(&url, &history, "origin").await.unwrap_or_else(|error| panic!("{change}: {error}"));
    assert_eq!(before, Snapshot::take(&url).await, "{change}");
    migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{change}: {error}"));
    url
}

#[tokio::test]
async fn what_holds_of_a_kept_name_holds_on_the_server() {
    for (name, sql) in NAMES {
        let bare = name.strip_prefix("column(").and_then(|name| name.strip_suffix(')')).unwrap_or(name);
        let origin = format!("create table t {{ k: integer, {bare}: integer? }}");
        for &database in Database::ALL {
            let file = sqlite::file();
            let change = format!("alter table t {{ add check ({name} > 0 and abs({name}) in ({name})); }}");
            let checked = changed(database, &file, &origin, &change).await;
            shell::run(&checked, &format!("INSERT INTO t (k, {sql}) VALUES (1, 1)")).await;
            let refused = shell::try_ask(&checked, &format!("INSERT INTO t (k, {sql}) VALUES (2, 0)")).await;
            assert!(refused.is_err(), "{change} on {database}");

            let file = sqlite::file();
            let change = format!("create unique index on t ({bare}) where {name} <> 7;");
            let unique = changed(database, &file, &origin, &change).await;
            shell::run(&unique, &format!("INSERT INTO t (k, {sql}) VALUES (1, 1), (2, 7), (3, 7), (4, 2)")).await;
            let refused = shell::try_ask(&unique, &format!("INSERT INTO t (k, {sql}) VALUES (5, 1)")).await;
            assert!(refused.is_err(), "{change} on {database}");
        }
    }
}

#[tokio::test]
async fn a_type_and_a_function_of_a_kept_name_are_those_of_the_server() {
    let url = server::postgres().database().await;
    shell::run(&url, "CREATE DOMAIN \"Amount\" AS integer CHECK (VALUE >= 0)").await;
    shell::run(&url, "CREATE FUNCTION \"isEven\"(n integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT n % 2 = 0'").await;
    let origin = "create table t { a: postgres::r#Amount, check (r#isEven(a::integer)) }";
    let history = compiled::drafts("names", Database::Postgres, vec![("origin", written::draft(origin))]);
    migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{error}"));
    shell::run(&url, "INSERT INTO t VALUES (2)").await;
    for value in [-2, 3] {
        assert!(shell::try_ask(&url, &format!("INSERT INTO t VALUES ({value})")).await.is_err(), "{value}");
    }
}

/// The other side of the rule `raw_outside` and its sisters: nothing is refused that a server runs in a transaction.
#[tokio::test]
async fn what_cannot_run_in_a_transaction_cannot() {
    let url = server::postgres().database().await;
    shell::run(&url, "CREATE TABLE t (a integer)").await;
    for text in [
        "VACUUM t",
        "CREATE DATABASE migrate_never",
        "DROP DATABASE migrate_never",
        "CREATE INDEX CONCURRENTLY ON t (a)",
        "DROP INDEX CONCURRENTLY i",
        "REINDEX TABLE CONCURRENTLY t",
        "REINDEX SCHEMA public",
        "ALTER SYSTEM SET work_mem = '1MB'",
        "CLUSTER",
        "DISCARD ALL",
        "CREATE TABLESPACE s LOCATION '/tmp/never'",
    ] {
        let refused = shell::try_ask(&url, &format!("BEGIN; {text}; COMMIT")).await.expect_err(text);
        assert!(refused.contains("transaction block") || refused.contains("does not exist"), "{text}: {refused}");
    }
}
