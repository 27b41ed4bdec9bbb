//! Several runners at once, and runners that die.

use std::time::{Duration, Instant};

use migrate_history::History;
use migrate_live_tests::history::{history, migration, three};
use migrate_live_tests::shell::{ask, tables};
use migrate_live_tests::{server, sqlite};
use migrate_runtime::{Error, Event, Migrator, upgrade};
use sqlx::{Connection, PgConnection, SqliteConnection};

use super::Both;

/// Three tables, made slowly.
fn slow(pause: &str) -> History {
    let step = |id: &str, parents: &[&str]| migration(id, parents).up(&[&format!("CREATE TABLE {id} (n integer)"), pause]);
    history([step("a", &[]), step("b", &["a"]), step("c", &["b"])])
}

/// Something that takes a while on SQLite.
const SQLITE_PAUSE: &str =
    "INSERT INTO a WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT max(i) FROM n";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_runners_each_migration_is_run_by_one() {
    let both = Both::new().await;
    for (url, pause) in both.urls().into_iter().zip(["SELECT pg_sleep(0.1)", SQLITE_PAUSE]) {
        let runners = (0..8).map(|_| {
            let (url, history) = (url.clone(), slow(pause));
            tokio::spawn(async move { upgrade(&url, &history, "head").await.map(|report| report.migrations.len()) })
        });
        let mut applied = 0;
        for runner in runners.collect::<Vec<_>>() {
            applied += runner.await.unwrap().unwrap();
        }
        assert_eq!(applied, 3, "on {url}");
        assert_eq!(ask(&url, "SELECT count(*) FROM migrate_journal").await, ["3"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_second_runner_says_who_holds_the_lock_and_then_finds_nothing_to_do() {
    let url = server::postgres().database().await;
    let first = tokio::spawn({
        let url = url.clone();
        async move { upgrade(&url, &slow("SELECT pg_sleep(0.7)"), "head").await.map(|report| report.migrations.len()) }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let (history, mut heard) = (slow("SELECT pg_sleep(0.7)"), Vec::new());
    let mut migrator = Migrator::new(&history).observer(|event| heard.push(event.clone()));
    let report = migrator.upgrade(&url, "head").await.unwrap();
    drop(migrator);
    assert!(report.is_empty() && first.await.unwrap().unwrap() == 3);
    let waiting = heard.iter().find_map(|event| if let Event::Waiting { holder, .. } = event { holder.clone() } else { None });
    assert_eq!(waiting.expect("it waited for longer than a second").application, "migrate");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_wait_has_an_end() {
    let (both, history) = (Both::new().await, three());
    let urls = both.urls();
    upgrade(&urls[1], &history, "+1").await.unwrap();
    let mut postgres = PgConnection::connect(&urls[0]).await.unwrap();
    let lock = "SELECT pg_advisory_lock(hashtextextended('migrate public', 0))";
    sqlx::raw_sql(lock).execute(&mut postgres).await.unwrap();
    let mut lite = SqliteConnection::connect(&urls[1]).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut lite).await.unwrap();
    for url in urls {
        let error = Migrator::new(&history).lock_wait(Duration::from_millis(300)).upgrade(&url, "head").await.unwrap_err();
        assert!(matches!(error.reason(), Error::LockWait { .. }), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn dropping_the_future_lets_the_lock_and_the_transaction_go() {
    let both = Both::new().await;
    // SQLite cannot be stopped in a statement, so what is cut off there ends, and the rest is done by the next run.
    let rest = [three(), slow(SQLITE_PAUSE)];
    for ((url, pause), again) in both.urls().into_iter().zip(["SELECT pg_sleep(30)", SQLITE_PAUSE]).zip(rest) {
        let history = slow(pause);
        let cut = tokio::time::timeout(Duration::from_millis(20), upgrade(&url, &history, "head")).await;
        assert!(cut.is_err(), "on {url} it was to be cut");
        let started = Instant::now();
        Migrator::new(&again).lock_wait(Duration::from_secs(20)).upgrade(&url, "head").await.unwrap();
        assert!(started.elapsed() < Duration::from_secs(10), "the lock was held for {:?}", started.elapsed());
        assert_eq!(tables(&url).await, ["a", "b", "c"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_pool_of_sqlite_gets_a_clean_connection_back_after_a_dropped_future() {
    let (file, history) = (sqlite::file(), slow(SQLITE_PAUSE));
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file.path()).create_if_missing(true);
    let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    // Some end in mid-statement, some between a statement's end and the moment at which that is known.
    for pause in (1..=40).map(|step| step * 100) {
        let cut = tokio::time::timeout(Duration::from_micros(pause), upgrade(&pool, &history, "head")).await;
        drop(cut);
        let mut connection = pool.acquire().await.unwrap();
        sqlx::raw_sql("BEGIN IMMEDIATE; ROLLBACK").execute(&mut *connection).await.expect("no transaction is left open");
        let timeout: i64 = sqlx::query_scalar("PRAGMA busy_timeout").fetch_one(&mut *connection).await.unwrap();
        assert_eq!(timeout, 5000, "the settings are those of the pool");
    }
    upgrade(&pool, &history, "head").await.unwrap();
    assert_eq!(tables(&file.url()).await, ["a", "b", "c"]);
}

/// Runs the rest of this test in a process of its own, which the test then kills.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_runner_that_is_killed_in_mid_transaction_leaves_nothing() {
    if let Ok(url) = std::env::var("MIGRATE_TEST_CHILD") {
        let pause = if url.starts_with("sqlite") { ENDLESS } else { "SELECT pg_sleep(600)" };
        upgrade(&url, &slow(pause), "head").await.unwrap();
        return;
    }
    let both = Both::new().await;
    for url in both.urls() {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "runners::a_runner_that_is_killed_in_mid_transaction_leaves_nothing"])
            .env("MIGRATE_TEST_CHILD", &url)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let found = ask(&url, "SELECT count(*) FROM migrate_ledger").await;
        assert_eq!(found, ["0"], "the child is in its first step");
        let early = Migrator::new(&three()).lock_wait(Duration::from_millis(200)).upgrade(&url, "head").await.unwrap_err();
        assert!(matches!(early.reason(), Error::LockWait { .. }), "{early}");
        child.kill().unwrap();
        child.wait().unwrap();
        let started = Instant::now();
        let report = upgrade(&url, &three(), "head").await.unwrap();
        assert_eq!(report.migrations.len(), 3);
        assert!(started.elapsed() < Duration::from_secs(5), "the lock was held for {:?}", started.elapsed());
    }
}

const ENDLESS: &str = "INSERT INTO a WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_at_once() {
    if let Ok(url) = std::env::var("MIGRATE_TEST_CHILD") {
        upgrade(&url, &slow(pause_for(&url)), "head").await.unwrap();
        return;
    }
    let both = Both::new().await;
    for url in both.urls() {
        let spawn = || {
            std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "runners::two_processes_at_once"])
                .env("MIGRATE_TEST_CHILD", &url)
                .output()
        };
        let outputs = std::thread::scope(|scope| {
            let both: Vec<_> = (0..2).map(|_| scope.spawn(spawn)).collect();
            both.into_iter().map(|one| one.join().unwrap().unwrap()).collect::<Vec<_>>()
        });
        for output in outputs {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        }
        assert_eq!(ask(&url, "SELECT count(*) FROM migrate_journal").await, ["3"]);
    }
}

fn pause_for(url: &str) -> &'static str {
    if url.starts_with("sqlite") { SQLITE_PAUSE } else { "SELECT pg_sleep(0.2)" }
}
