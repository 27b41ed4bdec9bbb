//! Everything that is accepted as a database: one runner at a time, our settings during the run, and the caller's after it.

use std::time::Duration;

use migrate_history::History;
use migrate_live_tests::history::{history, migration};
use migrate_live_tests::shell::{ask, run, tables};
use migrate_live_tests::{server, sqlite};
use migrate_runtime::{ErrorKind, Migrator, current, downgrade, upgrade};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Connection, PgConnection, SqliteConnection};

/// Writes down what a statement of a migration can tell of its session.
fn notes(note: &str) -> History {
    history([migration("a", &[]).up(&[&format!("CREATE TABLE a AS SELECT {note} AS setting")]).down(&["DROP TABLE a"])])
}

/// Runs up and down through `$database`, which is evaluated again for each call, and fails while another run has the lock of `$url`.
macro_rules! runs {
    ($url:expr, $history:expr, $lock:expr, $setting:expr, $database:expr) => {{
        let (url, history, accepted): (&str, &History, &str) = ($url, $history, stringify!($database));
        let other = $lock;
        let error = Migrator::new(history).lock_wait(Duration::from_millis(50)).upgrade($database, "head").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Busy, "{accepted}: {error}");
        other.close().await.unwrap();
        assert_eq!(upgrade($database, history, "head").await.unwrap().migrations.len(), 1, "{accepted}");
        assert_eq!(ask(url, "SELECT setting FROM a").await, [$setting], "{accepted}");
        assert!(current($database, history).await.unwrap().is_at_head(), "{accepted}");
        assert_eq!(downgrade($database, history, "base").await.unwrap().migrations.len(), 1, "{accepted}");
        assert_eq!(tables(url).await, Vec::<String>::new(), "{accepted}");
    }};
}

async fn locked_postgres(url: &str) -> PgConnection {
    let mut other = PgConnection::connect(url).await.unwrap();
    let lock = "SELECT pg_advisory_lock(hashtextextended('migrate public', 0))";
    sqlx::raw_sql(lock).execute(&mut other).await.unwrap();
    other
}

const TOKYO: &str = "SET TIME ZONE 'Asia/Tokyo'";

async fn zone(connection: &mut PgConnection) -> String {
    sqlx::query_scalar("SELECT current_setting('TimeZone')").fetch_one(connection).await.unwrap()
}

#[tokio::test]
async fn postgres() {
    let (url, history) = (&*server::postgres().database().await, &notes("current_setting('TimeZone')"));
    let options: PgConnectOptions = url.parse().unwrap();
    let pool = PgPoolOptions::new().max_connections(1).connect_with(options.clone()).await.unwrap();
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(TOKYO).execute(&mut connection).await.unwrap();
    sqlx::raw_sql(TOKYO).execute(&pool).await.unwrap();
    macro_rules! runs_through {
        ($database:expr) => {
            runs!(url, history, locked_postgres(url).await, "UTC", $database)
        };
    }
    runs_through!(url);
    runs_through!(url.to_owned());
    runs_through!(options.clone());
    runs_through!(&options);
    runs_through!(pool.clone());
    runs_through!(&pool);
    runs_through!(&mut pool.acquire().await.unwrap());
    runs_through!(&mut connection);
    for connection in [&mut connection, &mut pool.acquire().await.unwrap()] {
        assert_eq!(zone(connection).await, "Asia/Tokyo", "it is what it was before");
    }
    // It is closed, and the pool opens another one.
    runs_through!(pool.acquire().await.unwrap());
}

async fn locked_sqlite(url: &str) -> SqliteConnection {
    let mut other = SqliteConnection::connect(url).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    other
}

#[tokio::test]
async fn sqlite() {
    let (file, history) = (sqlite::file(), &notes("(SELECT * FROM pragma_recursive_triggers)"));
    let url = &*file.url();
    run(url, "SELECT 1").await;
    let options = SqliteConnectOptions::new().filename(file.path()).pragma("recursive_triggers", "1");
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await.unwrap();
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    macro_rules! runs_through {
        ($database:expr) => {
            runs!(url, history, locked_sqlite(url).await, "0", $database)
        };
    }
    runs_through!(url);
    runs_through!(url.to_owned());
    runs_through!(options.clone());
    runs_through!(&options);
    runs_through!(pool.clone());
    runs_through!(&pool);
    runs_through!(pool.acquire().await.unwrap());
    runs_through!(&mut pool.acquire().await.unwrap());
    runs_through!(&mut connection);
    for connection in [&mut connection, &mut pool.acquire().await.unwrap()] {
        let found: i64 = sqlx::query_scalar("PRAGMA recursive_triggers").fetch_one(connection).await.unwrap();
        assert_eq!(found, 1, "it is what it was before");
    }
}

#[tokio::test]
async fn options_make_a_file_only_where_they_say_so_and_the_target_makes_sense() {
    let (file, history) = (sqlite::file(), notes("1"));
    let options = SqliteConnectOptions::new().filename(file.path());
    let error = upgrade(&options, &history, "head").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
    let options = options.create_if_missing(true);
    upgrade(&options, &history, "+2").await.unwrap_err();
    downgrade(&options, &history, "a").await.unwrap_err();
    assert!(downgrade(&options, &history, "base").await.unwrap().is_empty());
    assert_eq!(current(&options, &history).await.unwrap().pending().count(), 1);
    assert!(!file.path().exists());
    upgrade(&options, &history, "head").await.unwrap();
    assert!(file.path().exists());
}

#[tokio::test]
async fn options_that_lead_into_memory_are_not_taken_for_a_missing_file() {
    let options = SqliteConnectOptions::new().filename("file:shared-by-a-test").in_memory(true).shared_cache(true);
    let _kept = SqliteConnection::connect_with(&options).await.unwrap();
    let history = notes("1");
    upgrade(&options, &history, "head").await.unwrap();
    assert!(current(&options, &history).await.unwrap().is_at_head());
    assert_eq!(downgrade(&options, &history, "-1").await.unwrap().migrations.len(), 1);
}
