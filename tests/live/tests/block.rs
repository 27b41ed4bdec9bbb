//! What one `alter table` block says together, each action after the one before it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::Database;
use migrate_live_tests::snapshot::Snapshot;
use migrate_live_tests::{compiled, server, shell, sqlite, written};

/// Up, down and up again on both databases, with a row in the table; the row, as text, after that.
async fn after(origin: &str, row: &str, change: &str, databases: &[Database]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for database in databases {
        let file = sqlite::file();
        let url = match database {
            Database::Postgres => server::postgres().database().await,
            Database::Sqlite => file.url(),
        };
        let drafts = vec![("origin", written::draft(origin)), ("change", written::draft(change))];
        let history = compiled::drafts("block", *database, drafts);
        let told = |error| panic!("{change} on {database}: {error}");
        migrate_runtime::upgrade(&url, &history, "origin").await.unwrap_or_else(told);
        shell::run(&url, row).await;
        let before = Snapshot::take(&url).await;
        migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(told);
        migrate_live_tests::downgrade(&url, &history, "origin").await.unwrap_or_else(told);
        assert_eq!(before.schema, Snapshot::take(&url).await.schema, "{change} on {database}");
        migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(told);
        rows.push(shell::ask(&url, "SELECT * FROM t").await);
    }
    rows
}

#[tokio::test]
async fn a_constraint_goes_to_the_column_that_it_is_about() {
    let origin = "create table t { k: integer, b: integer? }";
    let change = "alter table t { add a: integer?; drop b; add check (a > 0); }";
    let rows = after(origin, "INSERT INTO t VALUES (1, 2)", change, Database::ALL).await;
    assert_eq!(rows, [["1|NULL"], ["1|NULL"]]);
}

#[tokio::test]
async fn what_is_kept_over_two_columns_follows_both() {
    let origin = "
        create table t { a: integer, b: integer, check (a < b) }
        create index on t (a) where a > 0 and b > 0;
    ";
    let change = "alter table t { alter a type bigint; alter b type bigint; }";
    let rows = after(origin, "INSERT INTO t VALUES (1, 2)", change, Database::ALL).await;
    assert_eq!(rows, [["1|2"], ["1|2"]]);
}

#[tokio::test]
async fn a_list_is_of_the_type_of_its_column() {
    let origin = "create table t { k: integer, tags: uuid[]? }";
    let change = r#"alter table t {
        add ids: uuid[] default ["00112233-4455-6677-8899-aabbccddeeff"];
        add days: timestamptz[] default ["2024-05-01T00:00:00Z"];
        add none: date[] default [];
        add words: varchar(5)[] default ["a", "b"];
        alter tags set default ["00112233-4455-6677-8899-aabbccddeeff"];
        add check (ids <> ["ffffffff-4455-6677-8899-aabbccddeeff"]);
    }"#;
    after(origin, "INSERT INTO t VALUES (1, NULL)", change, &[Database::Postgres]).await;
}

#[tokio::test]
async fn a_conversion_sees_what_was_done_before_it() {
    let origin = "create table t { k: integer, d: text }";
    let change = "alter table t {
        add c: integer default 5;
        alter d type integer using c undo { alter d type text; };
    }";
    let rows = after(origin, "INSERT INTO t VALUES (1, 'x')", change, Database::ALL).await;
    assert_eq!(rows, [["1|5|5"], ["1|5|5"]]);
}
