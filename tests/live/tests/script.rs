//! A script does what the executor does: the same schema, the same ledger.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_compiler::example;
use migrate_compiler::operation::{AlterType, DropNotNull, SetNotNull};
use migrate_compiler::types::Type;
use migrate_history::plan::Direction;
use migrate_history::{Action, Database, History};
use migrate_live_tests::history::{history, migration, table, three};
use migrate_live_tests::snapshot::Snapshot;
use migrate_live_tests::{compiled, server, shell, sqlite};
use migrate_runtime::script;
use sqlx::{Connection, PgConnection};

/// The example schema, and a change whose downgrade has a guard and, on SQLite, a rebuild.
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
    migrate_live_tests::downgrade(&mine, &history, "origin").await.expect("it can be undone");
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
    assert!(String::from_utf8_lossy(&stopped.stderr).contains("another run is at work"));
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
    migrate_live_tests::downgrade(&mine.url(), &history, "origin").await.expect("it can be undone");
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

/// A new, empty database of each kind; the file must live as long as it is used.
async fn both() -> ([(Database, String); 2], sqlite::File) {
    let file = sqlite::file();
    ([(Database::Postgres, server::postgres().database().await), (Database::Sqlite, file.url())], file)
}

/// Makes a script and runs it.
fn run(
    history: &History,
    (database, url): &(Database, String),
    direction: Direction,
    from: &str,
    to: &str,
) -> Result<(), String> {
    let script = script(history, *database, direction, from, to).expect("a script");
    shell::script(url, &script)
}

fn stopped_by(result: Result<(), String>, reason: &str) {
    let said = result.expect_err("it should stop");
    assert!(said.contains(reason), "{said}");
}

#[tokio::test]
async fn a_script_stops_where_the_ledger_does_not_say_what_it_begins_with() {
    let (places, _file) = both().await;
    let (older, history) = (history([table("a", &[]), table("b", &["a"])]), three());
    for place in &places {
        let url = &place.1;
        stopped_by(run(&history, place, Direction::Upgrade, "a", "head"), "not applied, or edited since: a");
        migrate_runtime::upgrade(url, &history, "b").await.expect("it can be applied");
        stopped_by(run(&history, place, Direction::Upgrade, "a", "head"), "applied already: b");
        run(&history, place, Direction::Upgrade, "b", "head").expect("this is where it stands");
        stopped_by(run(&older, place, Direction::Downgrade, "b", "a"), "another one is applied after b");
        shell::run(url, "UPDATE migrate_ledger SET checksum = 'v1:another' WHERE revision = 'c'").await;
        stopped_by(run(&history, place, Direction::Downgrade, "head", "b"), "not applied, or edited since: c");
        assert_eq!(shell::tables(url).await, ["a", "b", "c"]);
    }
}

#[tokio::test]
async fn a_script_does_not_write_into_a_ledger_of_a_newer_version() {
    let (places, _file) = both().await;
    for place in &places {
        migrate_runtime::upgrade(&place.1, &three(), "a").await.expect("it can be applied");
        shell::run(&place.1, "UPDATE migrate_format SET format = 3").await;
        for (direction, from, to) in [(Direction::Upgrade, "a", "head"), (Direction::Downgrade, "a", "base")] {
            stopped_by(run(&three(), place, direction, from, to), "the ledger is of a newer version");
        }
        assert_eq!(shell::tables(&place.1).await, ["a"]);
    }
}

#[tokio::test]
async fn a_comment_swallows_nothing_and_a_text_of_several_lines_stays_a_comment() {
    let commented = migration("a", &[])
        .up(&["CREATE TABLE a (n integer) -- the first", "INSERT INTO a VALUES (1) -- a row"])
        .down(&["DROP TABLE a -- gone"])
        .guard("SELECT count(*) FROM a WHERE n > 1", "rows are\ntoo large");
    let last = migration("b", &["a"]).irreversible("nobody\nmay go back");
    let (places, _file) = both().await;
    let history = history([commented, last]);
    for place in &places {
        let rows = || shell::ask(&place.1, "SELECT revision FROM migrate_ledger ORDER BY 1");
        run(&history, place, Direction::Upgrade, "base", "head").expect("a row of its own each");
        assert_eq!(rows().await, ["a", "b"], "a migration without statements has its row too");
        shell::run(&place.1, "DELETE FROM migrate_ledger WHERE revision = 'b'").await;
        run(&history, place, Direction::Downgrade, "a", "base").expect("nothing is in the way");
        assert!(rows().await.is_empty());
    }
}

#[tokio::test]
async fn sqlite3_keeps_foreign_keys_as_the_executor_does() {
    let make = migration("make", &[]).up(&[
        "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
        "CREATE TABLE child (parent_id integer REFERENCES parent (id) ON DELETE CASCADE)",
        "INSERT INTO parent VALUES (1), (2)",
        "INSERT INTO child VALUES (1), (2)",
    ]);
    let anew = ["CREATE TABLE anew (id INTEGER PRIMARY KEY)", "INSERT INTO anew SELECT id FROM parent", "DROP TABLE parent"];
    let anew = anew.into_iter().chain(["ALTER TABLE anew RENAME TO parent"]).map(|sql| (Action::Run, sql));
    let delete = migration("delete", &["rebuild"]).up(&["DELETE FROM parent WHERE id = 1"]);
    let history = history([make, migration("rebuild", &["make"]).rebuild(anew), delete]);
    let (mine, other) = (sqlite::file(), sqlite::file());
    migrate_runtime::upgrade(&mine.url(), &history, "head").await.expect("it can be applied");
    run(&history, &(Database::Sqlite, other.url()), Direction::Upgrade, "base", "head").expect("it runs");
    for url in [mine.url(), other.url()] {
        assert_eq!(shell::ask(&url, "SELECT parent_id FROM child").await, ["2"], "the row of the deleted one goes with it");
    }
}

/// What a session makes of texts, in a table of its own, and two migrations that set what they like.
fn odd() -> History {
    let note = "CREATE TABLE note AS SELECT 'a\\b' AS backslash, '2024-05-01 10:00'::timestamptz AS moment, '01/02/2024'::date AS day, \
                '01/02/2024 EST'::timestamptz::text AS zone, 0.1::float8::text AS number, 'é' AS letter, 'x'::bytea::text AS bytes";
    let sets = "SET standard_conforming_strings = off; SET TIME ZONE 'Asia/Tokyo'; SET DateStyle = 'SQL, DMY'; SET search_path = other; \
                SET extra_float_digits = '-10'; SET work_mem = '9MB'; SET default_transaction_isolation = 'serializable'";
    history([
        migration("first", &[]).up(&["CREATE TABLE first (n integer)", sets, "SET ROLE pg_monitor"]),
        migration("note", &["first"]).up(&[note]).down(&["DROP TABLE note"]).guard("SELECT 0", "rows are odd: 'é\\'"),
    ])
}

#[tokio::test]
async fn a_script_finds_the_settings_of_the_executor_and_puts_back_what_was_there() {
    let (mine, other) = (server::postgres().database().await, server::postgres().database().await);
    let database = other.rsplit('/').next().unwrap();
    for set in ["standard_conforming_strings = off", "timezone = 'Asia/Tokyo'", "datestyle = 'SQL, DMY'", "bytea_output = escape"]
    {
        shell::run(&other, &format!("ALTER DATABASE {database} SET {set}")).await;
    }
    migrate_runtime::upgrade(&mine, &odd(), "head").await.expect("it can be applied");
    let shown = "AS SELECT name, setting || ' ' || source AS setting FROM pg_settings WHERE name NOT LIKE 'transaction!_%' ESCAPE '!' \
                 UNION ALL SELECT 'role', current_setting('role') UNION ALL SELECT 'path', current_setting('search_path')";
    let client = "CREATE SCHEMA mine; SET search_path = mine; SET client_encoding = 'LATIN1'; SET extra_float_digits = '-15'; \
                  SET IntervalStyle = 'iso_8601'; SET ROLE postgres;";
    let script = script(&odd(), Database::Postgres, Direction::Upgrade, "base", "head").expect("a script");
    let done = shell::psql(&other, &format!("{client}\nCREATE TABLE before {shown};\n{script}\nCREATE TABLE after {shown};\n"));
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(String::from_utf8_lossy(&done.stdout), "", "it says nothing");
    let changed = "SELECT name || ' ' || setting FROM (SELECT * FROM mine.after EXCEPT SELECT * FROM mine.before) AS changed";
    assert_eq!(shell::ask(&other, changed).await, Vec::<String>::new());
    let rows = |schema| format!("SELECT to_jsonb(note)::text FROM {schema}.note");
    assert_eq!(shell::ask(&mine, &rows("public")).await, shell::ask(&other, &rows("mine")).await);
    let ledger = |schema| format!("SELECT revision, downgrade, message FROM {schema}.migrate_ledger ORDER BY revision");
    assert_eq!(shell::ask(&mine, &ledger("public")).await, shell::ask(&other, &ledger("mine")).await);
}

#[tokio::test]
async fn a_script_of_sqlite_sets_the_pragmas_of_the_executor() {
    let sets = "PRAGMA recursive_triggers = ON; PRAGMA case_sensitive_like = ON; PRAGMA ignore_check_constraints = ON; \
                PRAGMA legacy_alter_table = ON";
    let note = "CREATE TABLE note AS SELECT (SELECT * FROM pragma_recursive_triggers) || (SELECT * FROM pragma_foreign_keys) || \
                (SELECT * FROM pragma_ignore_check_constraints) || (SELECT * FROM pragma_legacy_alter_table) || ('a' LIKE 'A') AS found";
    let history = history([migration("first", &[]).up(&[sets]), migration("note", &["first"]).up(&[note])]);
    let (mine, other) = (sqlite::file(), sqlite::file());
    migrate_runtime::upgrade(&mine.url(), &history, "head").await.expect("it can be applied");
    let script = script(&history, Database::Sqlite, Direction::Upgrade, "base", "head").expect("a script");
    shell::script(&other.url(), &format!("{sets};\n{script}")).expect("it runs");
    for url in [mine.url(), other.url()] {
        assert_eq!(shell::ask(&url, "SELECT found FROM note").await, ["01001"]);
    }
}

#[tokio::test]
async fn a_script_checks_everything_that_it_builds_on() {
    let (places, _file) = both().await;
    let history = three();
    for place in &places {
        let url = &place.1;
        migrate_runtime::upgrade(url, &history, "b").await.expect("it can be applied");
        // `a` is no head: `b` comes after it.
        for (spoil, mend) in [
            (
                "UPDATE migrate_ledger SET checksum = 'v1:another' WHERE revision = 'a'",
                "UPDATE migrate_ledger SET checksum = 'v1:a' WHERE revision = 'a'",
            ),
            (
                "UPDATE migrate_ledger SET steps = 2 WHERE revision = 'a'",
                "UPDATE migrate_ledger SET steps = 1 WHERE revision = 'a'",
            ),
            (
                "UPDATE migrate_ledger SET revision = 'x' WHERE revision = 'a'",
                "UPDATE migrate_ledger SET revision = 'a' WHERE revision = 'x'",
            ),
        ] {
            shell::run(url, spoil).await;
            for (direction, to) in [(Direction::Upgrade, "head"), (Direction::Downgrade, "a")] {
                stopped_by(run(&history, place, direction, "b", to), "an earlier migration is not applied, or edited since");
            }
            assert_eq!(shell::tables(url).await, ["a", "b"]);
            shell::run(url, mend).await;
        }
        run(&history, place, Direction::Upgrade, "b", "head").expect("this is where it stands");
    }
}

/// What both shells understand, in a migration that has everything which could end a comment or a text.
#[tokio::test]
async fn a_script_does_nothing_in_the_other_shell() {
    let all = "CREATE TABLE everywhere (n integer); -- */ ' \" ]\nCREATE TABLE more (n integer)";
    let history =
        history([migration("first", &[]).up(&["CREATE TABLE first (n integer)"]), migration("all", &["first"]).up(&[all])]);
    let (places, _file) = both().await;
    let [(_, postgres), (_, lite)] = &places;
    for (direction, from, to) in [(Direction::Upgrade, "base", "head"), (Direction::Downgrade, "head", "base")] {
        let of_postgres = script(&history, Database::Postgres, direction, from, to).expect("a script");
        let done = shell::sqlite3(std::path::Path::new(lite.trim_start_matches("sqlite://")), &of_postgres);
        assert_eq!(done.status.code(), Some(1));
        assert_eq!(String::from_utf8_lossy(&done.stdout), "This script is for psql, not for sqlite3.\n");
        assert_eq!(String::from_utf8_lossy(&done.stderr), "");
        assert_eq!(std::fs::metadata(lite.trim_start_matches("sqlite://")).map_or(0, |file| file.len()), 0);
        let of_sqlite = script(&history, Database::Sqlite, direction, from, to).expect("a script");
        let done = shell::psql(postgres, &of_sqlite);
        assert!(!done.status.success());
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(said.matches("ERROR").count() == 1 && said.contains("This script is for sqlite3, not for psql."), "{said}");
        assert_eq!(
            shell::ask(postgres, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace").await,
            ["0"]
        );
    }
    for place in &places {
        run(&history, place, Direction::Upgrade, "base", "head").expect("in its own shell it runs");
        assert!(shell::tables(&place.1).await.contains(&"everywhere".to_owned()));
    }
}
