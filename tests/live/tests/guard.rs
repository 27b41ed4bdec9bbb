//! What a guard counts on the servers, whatever the values are.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::Database;
use migrate_live_tests::{compiled, server, shell, sqlite, written};

/// Converting such a value would stop the question itself.
#[tokio::test]
async fn numbers_that_are_too_large_or_too_small_for_a_real_are_counted() {
    // 0.1 has as few digits as a `real` keeps, so as a decimal it comes back.
    for (ty, count) in [("double", "4 values"), ("decimal", "3 values")] {
        let url = server::postgres().database().await;
        let drafts = vec![
            ("origin", written::draft("create table t { x: real? }")),
            ("change", written::draft(&format!("alter table t {{ alter x type {ty}; }}"))),
        ];
        let history = compiled::drafts("guard", Database::Postgres, drafts);
        migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{error}"));
        shell::run(&url, "INSERT INTO t VALUES (0.5), (0), (NULL), ('NaN'), ('Infinity'), ('-Infinity'), (1024)").await;
        shell::run(&url, "INSERT INTO t VALUES (1e300), (-1e300), (1e-300), (0.1)").await;
        let refused = migrate_live_tests::downgrade(&url, &history, "origin").await.expect_err("some do not fit").to_string();
        assert!(refused.contains(count), "{ty}: {refused}");
        shell::run(&url, "DELETE FROM t WHERE abs(x) IN (1e300, 1e-300, 0.1)").await;
        migrate_live_tests::downgrade(&url, &history, "origin").await.unwrap_or_else(|error| panic!("{ty}: {error}"));
    }
}

/// The elements of an array are asked one by one; one without elements fits every type.
#[tokio::test]
async fn elements_that_would_change_are_counted() {
    const CASES: [(&str, &str, &str, &str); 4] = [
        ("integer[]", "text[]", "('{1}'), ('{}'), ('{NULL,-3}'), (NULL)", "('{1,x}'), ('{007}')"),
        ("smallint[][]", "bigint[][]", "('{{1,2},{3,NULL}}'), ('{}')", "('{{1,2},{3,40000}}'), ('{40000}')"),
        ("decimal(4, 1)[]", "decimal[]", "('{1.5}')", "('{1.55}'), ('{0,1000}')"),
        ("mood[]", "text[]", "('{sad}'), ('{}')", "('{sad,other}'), ('{Sad}')"),
    ];
    for (from, to, fits, changes) in CASES {
        let url = server::postgres().database().await;
        let origin = format!("create enum mood (\"sad\", \"ok\"); create table t {{ x: {from}? }}");
        let undo = format!("undo {{ alter x type {from} using x::{from}; }}");
        let change = format!("alter table t {{ alter x type {to} using x::{to} {undo}; }}");
        let drafts = vec![("origin", written::draft(&origin)), ("change", written::draft(&change))];
        let history = compiled::drafts("guard", Database::Postgres, drafts);
        migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{error}"));
        shell::run(&url, &format!("INSERT INTO t VALUES {fits}")).await;
        shell::run(&url, &format!("INSERT INTO t VALUES {changes}")).await;
        let refused = migrate_live_tests::downgrade(&url, &history, "origin").await.expect_err("some do not fit").to_string();
        assert!(refused.contains("2 values"), "{from}: {refused}");
        shell::run(&url, "DELETE FROM t").await;
        shell::run(&url, &format!("INSERT INTO t VALUES {fits}")).await;
        migrate_live_tests::downgrade(&url, &history, "origin").await.unwrap_or_else(|error| panic!("{from}: {error}"));
    }
}

/// The conversion that the help shows where there is no cast is checked too: the text of a value may not be valid for the type.
#[tokio::test]
async fn texts_that_are_no_values_are_counted() {
    const CASES: [(&str, &str, &str, &str); 4] = [
        ("boolean", "date", "NULL", "'2024-05-01'"),
        ("date", "integer", "NULL", "20240501"),
        ("e", "f", "'b'", "'c'"),
        ("bytes", "uuid", "NULL", "NULL"),
    ];
    for (from, to, fits, changes) in CASES {
        for &database in Database::ALL {
            let file = sqlite::file();
            let url = match database {
                Database::Postgres => server::postgres().database().await,
                Database::Sqlite => file.url(),
            };
            let types = r#"create enum e ("a", "b"); create enum f ("b", "c");"#;
            let undo = format!("undo {{ alter x type {from} using x::text::{from}; }}");
            let change = format!("alter table t {{ alter x type {to} using x::text::{to} {undo}; }}");
            let origin = format!("{types} create table t {{ x: {from}? }}");
            let drafts = vec![("origin", written::draft(&origin)), ("change", written::draft(&change))];
            let history = compiled::drafts("guard", database, drafts);
            migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{error}"));
            shell::run(&url, &format!("INSERT INTO t VALUES ({fits}), ({changes})")).await;
            if changes != "NULL" {
                let refused = migrate_live_tests::downgrade(&url, &history, "origin").await.expect_err("one is none").to_string();
                assert!(refused.contains("1 value of `t.x` whose text is not a value"), "{from} on {database}: {refused}");
                shell::run(&url, &format!("DELETE FROM t WHERE x = {changes}")).await;
            }
            migrate_live_tests::downgrade(&url, &history, "origin").await.unwrap_or_else(|error| panic!("{from}: {error}"));
        }
    }
}

/// What raw SQL states is asked before the migration touches anything; where the text itself makes the rows fit, it is not.
#[tokio::test]
async fn what_raw_sql_states_is_asked_first() {
    let stated = "as { alter table t { alter x set not null; } }";
    let set = "ALTER TABLE t ALTER x SET NOT NULL";
    for (before, refused) in [("", true), ("UPDATE t SET x = 0 WHERE x IS NULL; ", false)] {
        let url = server::postgres().database().await;
        let change = format!("create table other {{ id: bigint }} sql {:?} {stated}", format!("{before}{set}"));
        let drafts = vec![("origin", written::draft("create table t { x: integer? }")), ("change", written::draft(&change))];
        let history = compiled::drafts("guard", Database::Postgres, drafts);
        migrate_runtime::upgrade(&url, &history, "origin").await.unwrap_or_else(|error| panic!("{error}"));
        shell::run(&url, "INSERT INTO t VALUES (1), (NULL)").await;
        let outcome = migrate_runtime::upgrade(&url, &history, "head").await;
        let tables = shell::ask(&url, "SELECT tablename FROM pg_tables WHERE tablename = 'other'").await;
        if refused {
            let error = outcome.expect_err("a row has no value").to_string();
            assert!(error.contains("null"), "{error}");
            assert!(tables.is_empty(), "nothing was touched");
        } else {
            outcome.unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(tables.len(), 1);
        }
    }
}
