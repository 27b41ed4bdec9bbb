//! SQL that the server is too old for: nothing of the plan is run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::plan::Direction;
use migrate_history::sql::Version;
use migrate_history::{Database, History};
use migrate_live_tests::history::{history, migration};
use migrate_live_tests::{server, shell, sqlite};
use migrate_runtime::{Error, Migrator, script};

/// Two migrations, of which the second one has SQL of PostgreSQL 18 there and back.
fn newer() -> History {
    let first = migration("first", &[]).up(&["CREATE TABLE t (a integer)"]).down(&["DROP TABLE t"]);
    let add = "ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED";
    history([first, migration("second", &["first"]).up(&[add]).down(&[add])])
}

async fn number(url: &str) -> u32 {
    shell::ask(url, Version::query(Database::Postgres)).await[0].parse().unwrap()
}

#[tokio::test]
async fn an_older_server_is_refused_before_anything_is_done() {
    let url = server::postgres().database().await;
    let found = number(&url).await;
    if found >= 18 {
        return;
    }
    let newer = newer();
    let expected =
        format!("`second` requires PostgreSQL 18 for `NOT ENFORCED`, and the server is PostgreSQL {found}; nothing was run");
    let errors = [
        migrate_runtime::upgrade(&url, &newer, "head").await.unwrap_err(),
        Migrator::new(&newer).plan(&url, Direction::Upgrade, "head").await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, Error::OldServer { .. }) && error.to_string().starts_with(&expected), "{error}");
        assert_eq!(error.revision(), Some("second"));
    }
    assert_eq!(shell::tables(&url).await, Vec::<String>::new());
    let upgrade = script(&newer, Database::Postgres, Direction::Upgrade, "base", "head").unwrap();
    let stopped = shell::psql(&url, &upgrade);
    assert!(String::from_utf8_lossy(&stopped.stderr).contains("NOT ENFORCED requires PostgreSQL 18"), "{stopped:?}");
    assert_eq!(shell::tables(&url).await, Vec::<String>::new());
    // What comes before it is run.
    migrate_runtime::upgrade(&url, &newer, "first").await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_new_enough_runs_it() {
    let url = server::postgres().database().await;
    let table = "CREATE TABLE t (a integer, b integer, UNIQUE NULLS NOT DISTINCT (a))";
    let history = history([migration("one", &[]).up(&[table]).down(&["DROP TABLE t"])]);
    let done = migrate_runtime::upgrade(&url, &history, "head").await;
    assert_eq!(done.is_ok(), number(&url).await >= 15, "{done:?}");
}

#[test]
fn an_older_shell_of_sqlite_is_refused_too() {
    let file = sqlite::file();
    let version = std::process::Command::new("sqlite3").arg("--version").output().unwrap().stdout;
    let version = String::from_utf8_lossy(&version).into_owned();
    let minor: u32 = version.split('.').nth(1).unwrap().parse().unwrap();
    let history = history([migration("one", &[]).up(&["CREATE TABLE t (a blob)", "INSERT INTO t VALUES (unhex('00'))"])]);
    let script = script(&history, Database::Sqlite, Direction::Upgrade, "base", "head").unwrap();
    let done = shell::sqlite3(&file.path(), &script);
    assert_eq!(done.status.success(), minor >= 41, "{version}: {done:?}");
    assert!(minor >= 41 || String::from_utf8_lossy(&done.stderr).contains("unhex (…) requires SQLite 3.41"), "{done:?}");
}
