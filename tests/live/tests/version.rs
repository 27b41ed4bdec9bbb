//! SQL that the server is too old for: nothing of the plan is run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_compiler::compile::compile;
use migrate_compiler::parse;
use migrate_compiler::state::{Settings, State};
use migrate_history::plan::Direction;
use migrate_history::{Database, History, Version};
use migrate_live_tests::history::{history, migration};
use migrate_live_tests::{server, shell, sqlite};
use migrate_runtime::{Error, Migrator, script};

/// Two migrations, of which the second one has SQL of PostgreSQL 18 there and back.
fn newer() -> History {
    let first = migration("first", &[]).up(&["CREATE TABLE t (a integer)"]).down(&["DROP TABLE t"]);
    let add = "ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED";
    history([first, migration("second", &["first"]).up(&[add]).down(&[add])])
}

async fn found(url: &str) -> Version {
    let number = shell::ask(url, Version::query(Database::Postgres)).await[0].parse().unwrap();
    Version { database: Database::Postgres, number }
}

#[tokio::test]
async fn an_older_server_is_refused_before_anything_is_done() {
    let url = server::postgres().database().await;
    let found = found(&url).await;
    if found.number >= 180_000 {
        return;
    }
    let newer = newer();
    let expected =
        format!("`second` requires PostgreSQL 18 for `NOT ENFORCED`, and the server is {found}\nnote: nothing was run");
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
    assert_eq!(done.is_ok(), found(&url).await.number >= 150_000, "{done:?}");
}

/// A history that supports servers of later, and has nothing that requires one.
fn served(version: Version) -> History {
    let mut history = history([migration("one", &[]).up(&["CREATE TABLE t (a integer)"]).down(&["DROP TABLE t"])]);
    history.servers = vec![version].into();
    history
}

#[tokio::test]
async fn a_server_that_the_history_does_not_serve_is_refused_before_anything_else() {
    let file = sqlite::file();
    let sites = [(server::postgres().database().await, Database::Postgres, "99"), (file.url(), Database::Sqlite, "3.99")];
    for (url, database, later) in sites {
        let history = served(Version::from_written(database, later).unwrap());
        let expected = format!("the history supports {database} {later} or later, and this {} is ", database.program());
        let errors = [
            migrate_runtime::upgrade(&url, &history, "head").await.unwrap_err(),
            migrate_runtime::downgrade(&url, &history, "base").await.unwrap_err(),
            Migrator::new(&history).plan(&url, Direction::Upgrade, "head").await.unwrap_err(),
        ];
        for error in errors {
            let Error::UnservedServer { found, .. } = &error else { panic!("{error}") };
            assert!(*found >= Version::oldest(database), "{found}");
            assert!(error.to_string().starts_with(&expected) && error.to_string().contains(&found.setting()), "{error}");
            assert_eq!(error.revision(), None);
        }
        // What only looks may look.
        assert_eq!(migrate_runtime::current(&url, &history).await.unwrap().format, None);
        migrate_runtime::upgrade(&url, &served(Version::oldest(database)), "head").await.unwrap();
    }
}

#[tokio::test]
async fn a_script_stops_on_a_server_that_the_history_does_not_serve() {
    let (url, file) = (server::postgres().database().await, sqlite::file());
    let text = |database, later| {
        let history = served(Version::from_written(database, later).unwrap());
        script(&history, database, Direction::Upgrade, "base", "head").unwrap()
    };
    let stops = [
        (shell::psql(&url, &text(Database::Postgres, "99")), "the history supports PostgreSQL 99 or later"),
        (shell::sqlite3(&file.path(), &text(Database::Sqlite, "3.99")), "the history supports SQLite 3.99 or later"),
    ];
    for (stopped, why) in stops {
        assert!(!stopped.status.success() && String::from_utf8_lossy(&stopped.stderr).contains(why), "{stopped:?}");
    }
    assert_eq!(shell::tables(&url).await, Vec::<String>::new());
}

/// What is written for servers that do not look at the rows of a new column runs on those that do.
#[tokio::test]
async fn a_check_of_a_new_column_is_asked_of_the_rows_for_older_libraries() {
    let oldest = Version::oldest(Database::Sqlite);
    let state = State::root(Settings::tested([oldest]));
    let first = "create table t { id: bigint primary key }";
    let first = compile(state.next(""), &parse::migration(first.parse().unwrap()).draft, "");
    let text = "alter table t { add n: integer default 5 check (n > 3); }";
    let second = compile(first.after.named("m1").next(""), &parse::migration(text.parse().unwrap()).draft, "").migration.unwrap();
    let statements: Vec<String> = second.compiled().scripts[0]
        .upgrade
        .iter()
        .flat_map(|step| step.statements.iter())
        .map(|one| one.sql.to_string())
        .collect();
    let [add, look] = &statements[..] else { panic!("{statements:?}") };
    let file = sqlite::file();
    let made = shell::sqlite3(
        &file.path(),
        &format!("CREATE TABLE t (id BIGINT PRIMARY KEY); INSERT INTO t VALUES (1); {add}; {look};"),
    );
    assert!(made.status.success() && made.stdout.is_empty(), "{made:?}");
    // As an older library adds it: the check is not asked of the rows.
    let by_hand =
        "CREATE TABLE u (id BIGINT PRIMARY KEY); INSERT INTO u VALUES (1); ALTER TABLE u ADD COLUMN n INTEGER DEFAULT 2;";
    let found = shell::sqlite3(&file.path(), &format!("{by_hand} {};", look.replace("FROM \"t\"", "FROM \"u\"")));
    assert!(String::from_utf8_lossy(&found.stderr).contains("1 rows of `t` in violation of `n > 3`"), "{found:?}");
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
