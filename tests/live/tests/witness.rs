//! An independent witness: the server's own dump and its rows, before an upgrade and after its downgrade.
//!
//! What the compiler proves on its model is asked here of the databases themselves, for every operation in the list.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_live_tests::snapshot::Snapshot;
use migrate_live_tests::{compiled, server, sqlite};
use migrate_model::example;
use migrate_model::history::{Database, History, Level};
use migrate_model::operation::Operation;
use migrate_model::schema::Schema;

/// Rows for the example schema, in SQL that both databases read.
const ROWS: &str = "
    INSERT INTO users (email, nickname, visits, active) VALUES ('a@b.c', 'ann', 3, TRUE), ('b@b.c', 'bob', 0, FALSE);
    INSERT INTO posts (user_id, reply_to, title, score) SELECT id, NULL, 'first', 0.5 FROM users WHERE nickname = 'ann';
    INSERT INTO posts (user_id, reply_to, title, score) SELECT id, 1, 'second', NULL FROM users WHERE nickname = 'bob';
";

/// The example schema as one migration, and an operation on it as the next.
fn history(database: Database, operation: Operation) -> History {
    compiled::history("witness", database, vec![("origin", example::statements()), ("change", vec![operation])])
}

/// The examples that a database has.
fn examples(database: Database) -> impl Iterator<Item = Operation> {
    let on_it = move |(before, _): &(Schema, Operation)| before.databases.contains(&database);
    Operation::examples().into_iter().filter(on_it).map(|(_, operation)| operation)
}

/// Upgrades and downgrades again, and compares what the server says.
async fn witness(url: &str, database: Database, operation: &Operation) {
    let history = history(database, operation.clone());
    migrate_runtime::upgrade(url, &history, "origin").await.expect("the example schema can be made");
    migrate_live_tests::shell::run(url, ROWS).await;
    let before = Snapshot::take(url).await;
    migrate_runtime::upgrade(url, &history, "head").await.unwrap_or_else(|error| panic!("{operation}\n{error}"));
    let between = Snapshot::take(url).await;
    assert!(database == Database::Sqlite || before.schema != between.schema, "{operation}: the upgrade changed nothing");
    migrate_runtime::downgrade(url, &history, "origin").await.unwrap_or_else(|error| panic!("{operation}\n{error}"));
    let after = Snapshot::take(url).await;
    assert_eq!(before.schema, after.schema, "{operation}: the schema does not come back");
    if history.migrations[1].level == Level::Exact {
        assert_eq!(before.rows, after.rows, "{operation}: the rows do not come back");
    }
}

#[tokio::test]
async fn every_operation_leads_back_on_postgresql() {
    for operation in examples(Database::Postgres) {
        let url = server::postgres().database().await;
        migrate_live_tests::shell::run(&url, "CREATE SCHEMA billing").await;
        witness(&url, Database::Postgres, &operation).await;
    }
}

#[tokio::test]
async fn every_operation_leads_back_on_sqlite() {
    for operation in examples(Database::Sqlite) {
        let file = sqlite::file();
        witness(&file.url(), Database::Sqlite, &operation).await;
    }
}
