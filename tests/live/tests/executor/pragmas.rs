//! Every session of SQLite has the same pragmas, whatever a connection or the migration before say.

use migrate_history::{Action, History};
use migrate_live_tests::history::{Builder, history, migration, table};
use migrate_live_tests::shell::{ask, run};
use migrate_live_tests::sqlite;
use migrate_runtime::{current, upgrade};
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

const ODD: &str = "PRAGMA foreign_keys = OFF; PRAGMA recursive_triggers = ON; PRAGMA case_sensitive_like = ON; \
     PRAGMA legacy_alter_table = ON; PRAGMA ignore_check_constraints = ON; PRAGMA reverse_unordered_selects = ON; \
     PRAGMA writable_schema = ON; PRAGMA busy_timeout = 77; PRAGMA cache_size = 1234";

const ASK: [&str; 10] = [
    "PRAGMA foreign_keys",
    "PRAGMA recursive_triggers",
    "SELECT 'a' LIKE 'A'",
    "PRAGMA legacy_alter_table",
    "PRAGMA ignore_check_constraints",
    "PRAGMA reverse_unordered_selects",
    "PRAGMA writable_schema",
    "PRAGMA busy_timeout",
    "PRAGMA cache_size",
    "SELECT count(*) FROM temp.sqlite_master",
];

async fn shown(connection: &mut SqliteConnection) -> Vec<i64> {
    let mut shown = Vec::new();
    for query in ASK {
        shown.push(sqlx::raw_sql(query).fetch_one(&mut *connection).await.unwrap().get(0));
    }
    shown
}

/// What the session is like, in a table of its own: a pragma that has a value can be selected from.
fn notes(id: &str, parents: &[&str]) -> Builder {
    let pragmas = ["foreign_keys", "recursive_triggers", "legacy_alter_table", "ignore_check_constraints", "writable_schema"];
    let values = pragmas.map(|pragma| format!("(SELECT * FROM pragma_{pragma})")).join(" || ");
    let note = format!("CREATE TABLE {id} AS SELECT {values} || ('a' LIKE 'A') AS settings");
    migration(id, parents).up(&[&note])
}

/// A migration whose SQL sets everything and leaves things of its own behind, and two that find nothing of it.
fn odd_first() -> History {
    let temporary = "CREATE TEMPORARY TABLE b (n integer); CREATE TEMPORARY VIEW \"odd \"\"one\" AS SELECT 1; \
                     CREATE TEMPORARY TRIGGER t AFTER INSERT ON there BEGIN DELETE FROM there; END";
    let sets = migration("sets", &[]).up(&["CREATE TABLE there (n integer)", ODD, temporary]);
    let fill = migration("fill", &["b"]).up(&["INSERT INTO b VALUES (1)", "INSERT INTO there VALUES (1)"]);
    history([sets, notes("a", &["sets"]), table("b", &["a"]), fill])
}

async fn found(url: &str) {
    assert_eq!(ask(url, "SELECT settings FROM a").await, ["100001"]);
    assert_eq!(ask(url, "SELECT n || '' FROM b UNION ALL SELECT n || '' FROM there").await, ["1", "1"]);
}

#[tokio::test]
async fn what_a_migration_sets_does_not_reach_the_next_one() {
    let file = sqlite::file();
    upgrade(file.url(), &odd_first(), "head").await.unwrap();
    found(&file.url()).await;
}

#[tokio::test]
async fn a_given_connection_and_one_of_a_pool_get_everything_back() {
    let file = sqlite::file();
    run(&file.url(), "SELECT 1").await;
    let mut connection = SqliteConnection::connect(&file.url()).await.unwrap();
    let odd = format!("{ODD}; CREATE TEMPORARY TABLE mine (n integer)");
    sqlx::raw_sql(AssertSqlSafe(&*odd)).execute(&mut connection).await.unwrap();
    let before = shown(&mut connection).await;
    current(&mut connection, &odd_first()).await.unwrap();
    assert_eq!(shown(&mut connection).await, before);
    upgrade(&mut connection, &odd_first(), "head").await.unwrap();
    assert_eq!(shown(&mut connection).await, before);
    found(&file.url()).await;

    let other = sqlite::file();
    run(&other.url(), "SELECT 1").await;
    let pool = SqlitePoolOptions::new().max_connections(1).connect(&other.url()).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(&*odd)).execute(&pool).await.unwrap();
    upgrade(&pool, &odd_first(), "head").await.unwrap();
    assert_eq!(shown(&mut pool.acquire().await.unwrap()).await, before);
    found(&other.url()).await;
}

#[tokio::test]
async fn a_failed_rebuild_puts_everything_back() {
    let file = sqlite::file();
    let anew = ["CREATE TABLE anew (n)", "PRAGMA legacy_alter_table = ON", "INSERT INTO nowhere VALUES (1)"];
    let anew = migration("anew", &["a"]).rebuild(anew.map(|sql| (Action::Run, sql)));
    run(&file.url(), "SELECT 1").await;
    let mut connection = SqliteConnection::connect(&file.url()).await.unwrap();
    let before = shown(&mut connection).await;
    upgrade(&mut connection, &history([table("a", &[]), anew]), "head").await.unwrap_err();
    assert_eq!(shown(&mut connection).await, before);
}
