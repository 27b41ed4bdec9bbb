//! What a downgrade drops is counted on real servers, and nothing of it is dropped that nobody agreed to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::plan::{Direction, Plan};
use migrate_history::{Count, Database, History};
use migrate_live_tests::{compiled, server, shell, sqlite, written};
use migrate_runtime::{Error, Migrator, downgrade, upgrade};

fn history(database: Database, migrations: &[(&'static str, &str)]) -> History {
    compiled::drafts("drops", database, migrations.iter().map(|(id, text)| (*id, written::draft(text))).collect())
}

/// A new, empty database of each kind; the file must live as long as it is used.
async fn both() -> ([(Database, String); 2], sqlite::File) {
    let (file, postgres) = (sqlite::file(), server::postgres().database().await);
    ([(Database::Postgres, postgres), (Database::Sqlite, file.url())], file)
}

/// Rows numbered from 1.
fn rows(table: &str, count: u32) -> String {
    let numbers = format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})");
    format!("INSERT INTO {table} (id) {numbers} SELECT i FROM n")
}

async fn plan(url: &str, history: &History, target: &str) -> Plan {
    Migrator::new(history).plan(url, Direction::Downgrade, target).await.unwrap()
}

fn counts(plan: &Plan) -> Vec<String> {
    plan.migrations.iter().flat_map(|planned| &planned.drops).map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_thousand_rows_are_counted_and_not_dropped_without_consent() {
    let (places, _file) = both().await;
    for (database, url) in &places {
        let history = history(*database, &[("m1", "create table t { id: integer primary key }")]);
        upgrade(url, &history, "head").await.unwrap();
        assert_eq!(counts(&plan(url, &history, "base").await), ["no rows of `t`"]);
        shell::run(url, &rows("t", 1_000)).await;
        let agreed = plan(url, &history, "base").await;
        assert_eq!(counts(&agreed), ["1,000 rows of `t`"]);
        assert!(agreed.needs_consent());
        let error = downgrade(url, &history, "base").await.unwrap_err();
        assert!(
            matches!(&error, Error::Losses { revision, losses } if revision == "m1" && losses[0].what == "1,000 rows of `t`"),
            "{error}"
        );
        assert_eq!(shell::ask(url, "SELECT count(*) FROM t").await, ["1000"]);
        // A number is not what was agreed to.
        shell::run(url, "INSERT INTO t VALUES (5000)").await;
        let report = Migrator::new(&history).execute(url, &agreed).await.unwrap();
        assert_eq!(report.migrations[0].dropped[0].count, Count::Of(1_001));
        assert!(shell::tables(url).await.is_empty());
    }
}

#[tokio::test]
async fn rows_that_came_after_nothing_was_counted_are_not_dropped() {
    let (places, _file) = both().await;
    for (database, url) in &places {
        let history = history(*database, &[("m1", "create table t { id: integer primary key }")]);
        upgrade(url, &history, "head").await.unwrap();
        let agreed = plan(url, &history, "base").await;
        assert!(!agreed.needs_consent());
        shell::run(url, &rows("t", 1)).await;
        let error = Migrator::new(&history).execute(url, &agreed).await.unwrap_err();
        assert!(error.to_string().contains("1 row of `t` (`m1`)"), "{error}");
        assert_eq!(shell::tables(url).await, ["t"]);
        let report = Migrator::new(&history).accept_losses().execute(url, &agreed).await.unwrap();
        assert_eq!(report.migrations[0].dropped[0].to_string(), "1 row of `t`");
        // Without rows nothing has to be agreed to.
        upgrade(url, &history, "head").await.unwrap();
        assert!(downgrade(url, &history, "base").await.unwrap().migrations[0].dropped.is_empty());
    }
}

#[tokio::test]
async fn a_large_table_is_not_read_to_its_end() {
    let (places, _file) = both().await;
    for (database, url) in &places {
        let history = history(*database, &[("m1", "create table t { id: integer primary key }")]);
        upgrade(url, &history, "head").await.unwrap();
        shell::run(url, &rows("t", 10_000)).await;
        assert_eq!(counts(&plan(url, &history, "base").await), ["10,000 rows of `t`"]);
        shell::run(url, "INSERT INTO t VALUES (20000), (20001)").await;
        assert_eq!(counts(&plan(url, &history, "base").await), ["more than 10,000 rows of `t`"]);
    }
}

#[tokio::test]
async fn what_can_be_counted_is_counted_before_the_run_and_the_rest_in_the_course_of_it() {
    let (places, _file) = both().await;
    for (database, url) in &places {
        let history = history(
            *database,
            &[
                ("m1", "create table t { id: integer primary key }"),
                ("m2", "create table u { id: integer primary key }"),
                ("m3", "alter table t { add note: text?; }"),
                ("m4", "rename table u to v;"),
            ],
        );
        upgrade(url, &history, "head").await.unwrap();
        shell::run(url, &rows("t", 2)).await;
        let before = plan(url, &history, "base").await;
        assert_eq!(counts(&before), ["no values of `t.note`", "the rows of `u`, counted when `m4` is undone", "2 rows of `t`"]);
        downgrade(url, &history, "base").await.expect_err("`t` has rows, which is known before the run");
        assert_eq!(shell::tables(url).await, ["t", "v"], "nothing was done");
        shell::run(url, "DELETE FROM t").await;
        shell::run(url, &rows("v", 3)).await;
        let unasked = plan(url, &history, "base").await;
        assert!(!unasked.needs_consent());
        let error = Migrator::new(&history).execute(url, &unasked.agreeing_to_nothing_uncounted()).await.unwrap_err();
        assert!(error.to_string().contains("`m2` is not undone:\n    3 rows of `u` (`m2`)"), "{error}");
        assert_eq!(shell::ask(url, "SELECT count(*) FROM u").await, ["3"], "what comes after it is undone");
    }
}

#[tokio::test]
async fn what_the_compiler_knows_to_be_lost_needs_consent_too() {
    let (places, _file) = both().await;
    for (database, url) in &places {
        let drop = "alter table t { drop a; }";
        let history = history(*database, &[("m1", "create table t { id: integer primary key, a: text? }"), ("m2", drop)]);
        upgrade(url, &history, "head").await.unwrap();
        let error = downgrade(url, &history, "-1").await.unwrap_err();
        assert!(error.to_string().contains("`m2` is not undone:\n    the values of `t.a` (`m2`)"), "{error}");
        let agreed = plan(url, &history, "-1").await;
        Migrator::new(&history).execute(url, &agreed).await.unwrap();
    }
}

/// A type, its default, another value as both databases read it.
const TYPES: &[(&[Database], &str, &str, &str)] = &[
    (Database::ALL, "boolean", "true", "FALSE"),
    (Database::ALL, "smallint", "-5", "6"),
    (Database::ALL, "bigint", "9000000000", "6"),
    (Database::ALL, "real", "0.5", "0.25"),
    (Database::ALL, "double", "0.1", "0.2"),
    (Database::ALL, "decimal(10, 2)", "1.5", "1.25"),
    (Database::ALL, "text", "\"it's\"", "'its'"),
    (Database::ALL, "varchar(9)", "\"a\"", "'b'"),
    (Database::ALL, "char(3)", "\"abc\"", "'abd'"),
    (Database::ALL, "uuid", "\"00112233-4455-6677-8899-aabbccddeeff\"", "'00112233-4455-6677-8899-aabbccddee00'"),
    (Database::ALL, "date", "\"2024-05-01\"", "'2024-05-02'"),
    (Database::ALL, "time", "\"10:00:00\"", "'10:00:01'"),
    (Database::ALL, "timestamp", "\"2024-05-01T10:00:00\"", "'2024-05-01 10:00:01'"),
    (Database::ALL, "timestamptz", "\"2024-05-01T10:00:00Z\"", "'2024-05-01T10:00:01+00:00'"),
    (Database::ALL, "json", "\"{}\"", "'[1]'"),
    (&[Database::Postgres], "bytes", "b\"a\"", "'b'"),
    (&[Database::Sqlite], "bytes", "b\"a\"", "X'62'"),
    (&[Database::Postgres], "interval", "interval \"2 days\"", "'3 days'"),
    (&[Database::Postgres], "text[]", "[\"a\", \"b\"]", "'{a}'"),
    (&[Database::Postgres], "varchar(4)[]", "[\"a\"]", "'{b}'"),
    (&[Database::Postgres], "postgres::json", "\"{}\"", "'[]'"),
    (&[Database::Postgres], "postgres::xml", "\"<a/>\"", "'<b/>'"),
    (&[Database::Postgres], "postgres::point", "\"(1,2)\"", "'(1,3)'"),
    (&[Database::Postgres], "postgres::inet", "\"10.0.0.1\"", "'10.0.0.2'"),
];

#[tokio::test]
async fn values_of_every_type_are_told_from_the_default_of_their_column() {
    let (places, _file) = both().await;
    for (database, url) in &places {
        for (place, (_, ty, default, other)) in TYPES.iter().filter(|(databases, ..)| databases.contains(database)).enumerate() {
            let (table, id) = (format!("t{place}"), &*format!("made{place}").leak());
            let (make, add) = (
                format!("create table {table} {{ id: integer primary key }}"),
                format!("alter table {table} {{ add c: {ty} default {default}; }}"),
            );
            let mut history = history(*database, &[(id, &make), ("added", &add)]);
            history.name = format!("types {place}").into();
            upgrade(url, &history, id).await.unwrap();
            shell::run(url, &rows(&table, 2)).await;
            upgrade(url, &history, "head").await.unwrap_or_else(|error| panic!("{database} {ty}: {error}"));
            shell::run(url, &format!("INSERT INTO {table} (id) VALUES (3)")).await;
            assert_eq!(counts(&plan(url, &history, "-1").await), [format!("no values of `{table}.c`")], "{database} {ty}");
            shell::run(url, &format!("UPDATE {table} SET c = {other} WHERE id > 1")).await;
            let error = downgrade(url, &history, "-1").await.expect_err("two have another value").to_string();
            assert!(error.contains(&format!("2 values of `{table}.c`")), "{database} {ty}: {error}");
            shell::run(url, &format!("DELETE FROM {table} WHERE id > 1")).await;
            downgrade(url, &history, "-1").await.unwrap_or_else(|error| panic!("{database} {ty}: {error}"));
        }
    }
}
