//! A table that is dropped takes no other rows along.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::Database;
use migrate_live_tests::snapshot::Snapshot;
use migrate_live_tests::{compiled, shell, sqlite, written};

const TABLE: &str = "create table t { id: integer primary key, up: integer? references t on delete restrict }";

/// With foreign keys on, `DROP TABLE` deletes the rows first.
#[tokio::test]
async fn rows_that_refer_to_their_own_table_are_not_in_its_way_on_sqlite() {
    let file = sqlite::file();
    let history = compiled::drafts("drop", Database::Sqlite, vec![("origin", written::draft(TABLE))]);
    migrate_runtime::upgrade(&file.url(), &history, "head").await.unwrap_or_else(|error| panic!("{error}"));
    shell::run(&file.url(), "INSERT INTO t VALUES (1, NULL), (2, 1)").await;
    migrate_live_tests::downgrade(&file.url(), &history, "base").await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(shell::tables(&file.url()).await, Vec::<String>::new());
}

/// A table that somebody made by hand is not known to the compiler.
#[tokio::test]
async fn rows_of_a_table_made_by_hand_are_not_deleted_with_what_they_refer_to() {
    let file = sqlite::file();
    let history = compiled::drafts("drop", Database::Sqlite, vec![("origin", written::draft(TABLE))]);
    migrate_runtime::upgrade(&file.url(), &history, "head").await.unwrap_or_else(|error| panic!("{error}"));
    shell::run(&file.url(), "INSERT INTO t VALUES (1, NULL); CREATE TABLE by_hand (t_id INTEGER REFERENCES t ON DELETE CASCADE); INSERT INTO by_hand VALUES (1)").await;
    let before = Snapshot::take(&file.url()).await;
    let refused =
        migrate_live_tests::downgrade(&file.url(), &history, "base").await.expect_err("by_hand refers to it").to_string();
    assert!(refused.contains("by_hand"), "{refused}");
    assert_eq!(before, Snapshot::take(&file.url()).await);
}
