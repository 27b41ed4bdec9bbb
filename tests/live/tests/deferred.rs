//! Deferred constraints whose checks are pending when a table is changed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::Database;
use migrate_live_tests::{compiled, server, shell, written};

const TABLES: &str = "
    create table p { id: bigint primary key, n: integer? }
    create table c { id: bigint primary key, p: bigint? references p (id) on delete cascade on update cascade deferrable initially deferred, n: integer? }
    create table s { id: bigint primary key, up: bigint? references s (id) deferrable initially deferred, n: integer? }
    create table u { n: integer?, named: unique (n) deferrable initially deferred }";

const ROWS: &str =
    "INSERT INTO p VALUES (1, 1), (2, 2); INSERT INTO c VALUES (1, 1, 1), (2, 2, 2); INSERT INTO s VALUES (1, 1, 1)";

/// SQL that writes rows, and the tables with checks after it.
const WRITES: &[(&str, &[&str])] = &[
    ("UPDATE p SET id = id + 10", &["p", "c"]),
    ("UPDATE c SET p = 1", &["c", "p"]),
    ("DELETE FROM p WHERE id = 2", &["c"]),
    ("UPDATE s SET id = id, up = id", &["s"]),
    ("INSERT INTO u VALUES (1)", &["u"]),
];

/// What is done to such a table.
const CHANGES: &[&str] = &[
    "alter table TABLE { add new: integer?; }",
    "alter table TABLE { alter n type bigint; }",
    "alter table TABLE { alter n set default 5; }",
    "create index on TABLE (n);",
    "rename table TABLE to renamed;",
    "alter table TABLE { add check (n is null or n < 1000); }",
    "alter table TABLE { #[allow(drop_column, reason = \"tested\")] drop n; }",
];

/// Runs a change of the tables with their rows, there and back.
async fn run(text: &str) {
    let drafts = vec![("origin", written::draft(TABLES)), ("change", written::draft(text))];
    let history = compiled::drafts("deferred", Database::Postgres, drafts);
    let url = server::postgres().database().await;
    migrate_runtime::upgrade(&url, &history, "origin").await.unwrap();
    shell::run(&url, ROWS).await;
    migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{text}: {error}"));
    migrate_live_tests::downgrade(&url, &history, "origin").await.unwrap_or_else(|error| panic!("{text}: {error}"));
}

#[tokio::test]
async fn a_table_is_changed_after_sql_that_leaves_checks_for_the_commit() {
    for (write, tables) in WRITES {
        for table in *tables {
            for change in CHANGES.iter().filter(|change| *table != "u" || !change.contains("drop n")) {
                run(&format!("sql {write:?} as nothing; {}", change.replace("TABLE", table))).await;
            }
        }
    }
}

#[tokio::test]
async fn what_comes_later_is_still_deferred() {
    let child_first = "INSERT INTO c VALUES (9, 9, 9); INSERT INTO p VALUES (9, 9)";
    for text in [
        format!("sql {child_first:?} as nothing; alter table c {{ add new: integer?; }}"),
        format!("sql \"UPDATE p SET n = 7\" as nothing; alter table p {{ add new: integer?; }} sql {child_first:?} as nothing;"),
        format!("sql {child_first:?} as nothing; rename table c to d; alter table d {{ add new: integer?; }}"),
        // Another table is not what the checks are about.
        "sql \"INSERT INTO c VALUES (9, 9, 9)\" as nothing; alter table u { add new: integer?; } sql \"INSERT INTO p VALUES (9, 9)\" as nothing;".to_owned(),
    ] {
        run(&text).await;
    }
}
