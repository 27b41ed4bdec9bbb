//! A script does what the executor does: the same schema, the same ledger.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_live_tests::snapshot::Snapshot;
use migrate_live_tests::{compiled, history, server, shell, sqlite};
use migrate_model::example;
use migrate_model::history::{Database, History};
use migrate_model::operation::{AlterType, DropNotNull, SetNotNull};
use migrate_model::plan::Direction;
use migrate_model::types::Type;
use migrate_runtime::script;
use sqlx::{Connection, PgConnection};

/// The example schema, and a change whose way back has a guard and, on SQLite, a rebuild.
fn changed(database: Database) -> History {
    let alter = AlterType { table: "users".into(), column: "visits".into(), to: Type::BigInt, using: None };
    let drop = DropNotNull { table: "posts".into(), column: "title".into() };
    compiled::history("scripts", database, vec![("origin", example::statements()), ("change", vec![alter.into(), drop.into()])])
}

/// What the ledger says that does not depend on who wrote it and when.
async fn ledger(url: &str) -> Vec<String> {
    let row = "revision || ' ' || parents || ' ' || checksum || ' ' || operations || ' ' || level || ' ' || downgrade";
    shell::ask(url, &format!("SELECT {row} FROM migrate_ledger ORDER BY revision")).await
}

#[tokio::test]
async fn psql_does_what_the_executor_does() {
    let history = changed(Database::Postgres);
    let (mine, other) = (server::postgres().database().await, server::postgres().database().await);
    migrate_runtime::upgrade(&mine, &history, "head").await.expect("it can be applied");
    let upgrade = script(&history, Database::Postgres, Direction::Upgrade, "base", "head").expect("a script");
    let done = shell::psql(&other, &upgrade);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(Snapshot::take(&mine).await, Snapshot::take(&other).await);
    assert_eq!(ledger(&mine).await, ledger(&other).await);
    assert!(migrate_runtime::upgrade(&other, &history, "head").await.expect("it is known").is_empty());
    let downgrade = script(&history, Database::Postgres, Direction::Downgrade, "head", "origin").expect("a script");
    shell::run(&other, "INSERT INTO users (email, visits) VALUES ('a@b.c', 3000000000)").await;
    assert!(!shell::psql(&other, &downgrade).status.success(), "a value is in the way");
    shell::run(&other, "DELETE FROM users").await;
    assert!(shell::psql(&other, &downgrade).status.success());
    assert!(!shell::psql(&other, &downgrade).status.success(), "it is not applied any more");
    migrate_runtime::downgrade(&mine, &history, "origin").await.expect("it can be undone");
    assert_eq!(Snapshot::take(&mine).await.schema, Snapshot::take(&other).await.schema);
    assert_eq!(ledger(&mine).await, ledger(&other).await);
}

#[tokio::test]
async fn a_script_stops_while_a_runner_is_at_work() {
    let history = changed(Database::Postgres);
    let url = server::postgres().database().await;
    let upgrade = script(&history, Database::Postgres, Direction::Upgrade, "base", "head").expect("a script");
    let mut runner = PgConnection::connect(&url).await.expect("the server answers");
    let lock = "SELECT pg_advisory_lock(hashtextextended('migrate public', 0))";
    sqlx::raw_sql(lock).execute(&mut runner).await.expect("nobody has it");
    let stopped = shell::psql(&url, &upgrade);
    assert!(String::from_utf8_lossy(&stopped.stderr).contains("another runner is at work"));
    assert!(shell::tables(&url).await.is_empty());
    runner.close().await.expect("it was open");
    assert!(shell::psql(&url, &upgrade).status.success());
}

#[tokio::test]
async fn sqlite3_does_what_the_executor_does() {
    let history = changed(Database::Sqlite);
    let (mine, other) = (sqlite::file(), sqlite::file());
    migrate_runtime::upgrade(&mine.url(), &history, "head").await.expect("it can be applied");
    let upgrade = script(&history, Database::Sqlite, Direction::Upgrade, "base", "head").expect("a script");
    let done = shell::sqlite3(&other.path(), &upgrade);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(Snapshot::take(&mine.url()).await, Snapshot::take(&other.url()).await);
    assert_eq!(ledger(&mine.url()).await, ledger(&other.url()).await);
    let downgrade = script(&history, Database::Sqlite, Direction::Downgrade, "head", "origin").expect("a script");
    assert!(shell::sqlite3(&other.path(), &downgrade).status.success());
    migrate_runtime::downgrade(&mine.url(), &history, "origin").await.expect("it can be undone");
    assert_eq!(ledger(&mine.url()).await, ledger(&other.url()).await);
}

#[tokio::test]
async fn a_trigger_stops_a_script_that_could_not_keep_it() {
    let drop = DropNotNull { table: "posts".into(), column: "title".into() };
    let set = SetNotNull { table: "posts".into(), column: "title".into() };
    let migrations = vec![("origin", example::statements()), ("change", vec![drop.into()]), ("again", vec![set.into()])];
    let history = compiled::history("scripts", Database::Sqlite, migrations);
    let file = sqlite::file();
    migrate_runtime::upgrade(&file.url(), &history, "origin").await.expect("it can be applied");
    shell::run(&file.url(), "CREATE TRIGGER t AFTER INSERT ON posts BEGIN SELECT 1; END").await;
    let upgrade = script(&history, Database::Sqlite, Direction::Upgrade, "origin", "head").expect("a script");
    let done = shell::sqlite3(&file.path(), &upgrade);
    assert!(!done.status.success());
    assert!(String::from_utf8_lossy(&done.stderr).contains("triggers"), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(shell::ask(&file.url(), "SELECT revision FROM migrate_ledger").await, ["origin"]);
}

#[tokio::test]
async fn a_script_stops_where_the_database_is_not_what_it_begins_with() {
    for database in Database::ALL {
        let history = changed(database);
        let upgrade = script(&history, database, Direction::Upgrade, "origin", "head").expect("a script");
        let (url, done) = match database {
            Database::Postgres => {
                let url = server::postgres().database().await;
                (url.clone(), shell::psql(&url, &upgrade))
            }
            Database::Sqlite => {
                let file = sqlite::file();
                let done = shell::sqlite3(&file.path(), &upgrade);
                (file.url(), done)
            }
        };
        assert!(!done.status.success(), "on {database}");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(said.contains("origin is not applied"), "{said}");
        if database == Database::Postgres {
            assert!(shell::tables(&url).await.is_empty(), "nothing is left behind");
        }
    }
}

#[tokio::test]
async fn a_comment_at_the_end_of_a_statement_swallows_nothing() {
    let commented = || {
        let create = "CREATE TABLE a (n integer) -- the first";
        history::history([history::migration("a", &[])
            .up(&[create, "INSERT INTO a VALUES (1) -- a row"])
            .down(&["DROP TABLE a -- gone"])])
    };
    let (url, file) = (server::postgres().database().await, sqlite::file());
    for (database, url) in [(Database::Postgres, url), (Database::Sqlite, file.url())] {
        for (direction, from, to) in [(Direction::Upgrade, "base", "head"), (Direction::Downgrade, "head", "base")] {
            let script = script(&commented(), database, direction, from, to).expect("a script");
            let done = match database {
                Database::Postgres => shell::psql(&url, &script),
                Database::Sqlite => shell::sqlite3(&file.path(), &script),
            };
            assert!(done.status.success(), "{}\n{script}", String::from_utf8_lossy(&done.stderr));
            let rows = if direction == Direction::Upgrade { "1" } else { "0" };
            assert_eq!(shell::ask(&url, "SELECT count(*) FROM migrate_ledger").await, [rows], "{direction} on {database}");
        }
    }
}
