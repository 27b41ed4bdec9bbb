//! What only SQLite has: tables rebuilt, and pragmas.

use migrate_history::{Action, History};
use migrate_live_tests::history::{history, migration, table, three};
use migrate_live_tests::shell::{ask, run};
use migrate_live_tests::sqlite;
use migrate_runtime::{Error, current, upgrade};
use sqlx::{Connection, Row, SqliteConnection};

const KEEP: &str = "SELECT sql FROM sqlite_schema WHERE tbl_name = 'parent' AND type IN ('trigger', 'index') AND sql IS NOT NULL";

/// The table `parent` with a child and a view, rebuilt in the second migration.
fn rebuilt(middle: &[&str]) -> History {
    let make = migration("make", &[]).up(&[
        "CREATE TABLE parent (id INTEGER PRIMARY KEY, name text)",
        "CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id integer REFERENCES parent (id) ON DELETE CASCADE)",
        "CREATE TABLE log (name text)",
        "CREATE VIEW names AS SELECT name FROM parent",
    ]);
    let mut statements = vec![(Action::Keep, KEEP)];
    statements.extend(
        [
            "CREATE TABLE _migrate_new_parent (id INTEGER PRIMARY KEY, name text NOT NULL)",
            "INSERT INTO _migrate_new_parent SELECT id, name FROM parent",
            "DROP TABLE parent",
            "PRAGMA legacy_alter_table = ON",
            "ALTER TABLE _migrate_new_parent RENAME TO parent",
        ]
        .map(|sql| (Action::Run, sql)),
    );
    statements.extend(middle.iter().map(|sql| (Action::Run, *sql)));
    statements.extend([(Action::Run, "PRAGMA legacy_alter_table = OFF"), (Action::Restore, KEEP)]);
    history([make, migration("rebuild", &["make"]).rebuild(statements)])
}

async fn filled(file: &sqlite::File, history: &History) -> SqliteConnection {
    upgrade(file.url(), history, "+1").await.unwrap();
    run(
        &file.url(),
        "INSERT INTO parent VALUES (1, 'one'), (2, 'two'); INSERT INTO child VALUES (1, 1), (2, 1), (3, 2); \
         CREATE TRIGGER told AFTER INSERT ON parent BEGIN INSERT INTO log VALUES (new.name); END; \
         CREATE INDEX by_name ON parent (name)",
    )
    .await;
    SqliteConnection::connect(&file.url()).await.unwrap()
}

async fn foreign_keys(connection: &mut SqliteConnection) -> i64 {
    sqlx::raw_sql("PRAGMA foreign_keys").fetch_one(connection).await.unwrap().get(0)
}

#[tokio::test]
async fn a_rebuild_keeps_children_triggers_indexes_and_views() {
    for setting in [1, 0] {
        let (file, history) = (sqlite::file(), rebuilt(&[]));
        let mut connection = filled(&file, &history).await;
        let pragma = if setting == 1 { "PRAGMA foreign_keys = ON" } else { "PRAGMA foreign_keys = OFF" };
        sqlx::raw_sql(pragma).execute(&mut connection).await.unwrap();
        upgrade(&mut connection, &history, "head").await.unwrap();
        assert_eq!(foreign_keys(&mut connection).await, setting, "the setting comes back");
        assert_eq!(ask(&file.url(), "SELECT count(*) FROM child").await, ["3"]);
        assert_eq!(ask(&file.url(), "SELECT name FROM names ORDER BY 1").await, ["one", "two"]);
        run(&file.url(), "INSERT INTO parent VALUES (3, 'three')").await;
        assert_eq!(ask(&file.url(), "SELECT name FROM log").await, ["three"]);
        assert_eq!(ask(&file.url(), "SELECT name FROM sqlite_schema WHERE name = 'by_name'").await, ["by_name"]);
    }
}

#[tokio::test]
async fn a_rebuild_that_fails_leaves_the_rows_and_the_pragmas() {
    let (file, history) = (sqlite::file(), rebuilt(&["INSERT INTO nowhere VALUES (1)"]));
    let mut connection = filled(&file, &history).await;
    upgrade(&mut connection, &history, "head").await.unwrap_err();
    assert_eq!(foreign_keys(&mut connection).await, 1);
    let legacy: i64 = sqlx::raw_sql("PRAGMA legacy_alter_table").fetch_one(&mut connection).await.unwrap().get(0);
    assert_eq!(legacy, 0, "the pragma that the step had set is put back");
    let busy: i64 = sqlx::raw_sql("PRAGMA busy_timeout").fetch_one(&mut connection).await.unwrap().get(0);
    assert_eq!(busy, 5000);
    assert_eq!(ask(&file.url(), "SELECT count(*) FROM child").await, ["3"]);
    assert_eq!(ask(&file.url(), "SELECT count(*) FROM parent").await, ["2"]);
}

#[tokio::test]
async fn only_rows_that_dangle_since_then_stop_a_rebuild() {
    let (file, history) = (sqlite::file(), rebuilt(&["DELETE FROM parent WHERE id = 2"]));
    drop(filled(&file, &history).await);
    run(&file.url(), "PRAGMA foreign_keys = OFF; INSERT INTO child VALUES (9, 99)").await;
    let error = upgrade(file.url(), &history, "head").await.unwrap_err();
    assert!(
        matches!(&error, Error::ForeignKeys { violations, .. } if violations == &["1 of `child` that reference `parent`"]),
        "{error}"
    );
    assert_eq!(ask(&file.url(), "SELECT count(*) FROM parent").await, ["2"]);
    upgrade(file.url(), &rebuilt(&[]), "head").await.expect("a row that dangled before is not its business");
}

#[tokio::test]
async fn a_given_connection_in_a_transaction_is_refused() {
    let file = sqlite::file();
    run(&file.url(), "CREATE TABLE there (n integer)").await;
    let mut connection = SqliteConnection::connect(&file.url()).await.unwrap();
    sqlx::raw_sql("BEGIN").execute(&mut connection).await.unwrap();
    let error = upgrade(&mut connection, &three(), "head").await.unwrap_err();
    assert!(matches!(error, Error::InTransaction), "{error}");
}

#[tokio::test]
async fn an_in_memory_pool_is_migrated_where_it_is() {
    let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await.unwrap();
    upgrade(&pool, &three(), "head").await.unwrap();
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM migrate_ledger").fetch_one(&pool).await.unwrap();
    assert_eq!(count, 3);
}

#[tokio::test]
async fn a_file_that_may_only_be_read_is_read_and_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let (file, history) = (sqlite::file(), history([table("a", &[]), table("b", &["a"])]));
    upgrade(file.url(), &history, "a").await.unwrap();
    std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o444)).unwrap();
    let before = std::fs::read(file.path()).unwrap();
    let found = current(format!("{}?mode=ro", file.url()), &history).await.unwrap();
    assert_eq!((found.heads.clone(), found.pending().count()), (vec!["a".into()], 1));
    current(file.url(), &history).await.unwrap();
    assert_eq!(std::fs::read(file.path()).unwrap(), before);
}

#[tokio::test]
async fn a_full_disk_leaves_the_last_step_that_fitted() {
    let file = sqlite::file();
    let history = history([
        table("small", &[]),
        migration("large", &["small"]).up(&["CREATE TABLE large (t text)", "INSERT INTO large VALUES (zeroblob(1000000))"]),
    ]);
    run(&file.url(), "SELECT 1").await;
    let mut connection = SqliteConnection::connect(&file.url()).await.unwrap();
    sqlx::raw_sql("PRAGMA max_page_count = 60").execute(&mut connection).await.unwrap();
    let error = upgrade(&mut connection, &history, "head").await.unwrap_err();
    assert!(error.to_string().contains("statement 2 of 2: database or disk is full"), "{error}");
    let known = current(&mut connection, &history).await.unwrap();
    assert_eq!(known.applied().map(|one| &*one.revision).collect::<Vec<_>>(), ["small"]);
    assert_eq!(ask(&file.url(), "SELECT name FROM sqlite_schema WHERE name = 'large'").await.len(), 0);
    let report = upgrade(&file.url(), &history, "head").await.unwrap();
    assert_eq!(report.migrations.len(), 1, "with room it goes on where it was");
}
