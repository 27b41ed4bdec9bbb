//! The lock as a lease: two runners at once, runners that are killed or paused, and runners with the other kind of lock.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod paused;

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use migrate_history::plan::Direction;
use migrate_history::{Database, History};
use migrate_live_tests::history::{history, migration, table, three};
use migrate_live_tests::shell::{ask, run, tables};
use migrate_live_tests::{server, shell};
use migrate_runtime::{Error, ErrorKind, Event, Migrator, RunLock, script, upgrade};

/// What a process that a test starts of itself is to do, and where.
const CHILD: &str = "MIGRATE_TEST_CHILD";

/// Starts a test again, in a process of its own.
fn spawn(test: &str, url: &str) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env(CHILD, url);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// What this process was started for.
fn child() -> Option<String> {
    std::env::var(CHILD).ok()
}

/// A runner whose lock is a lease of so many seconds.
fn leased(history: &History, seconds: u64) -> Migrator<'_> {
    Migrator::new(history).lock(RunLock::Lease).lease(Duration::from_secs(seconds))
}

/// Three tables, made slowly.
fn slow(pause: &str) -> History {
    let step = |id: &str, parents: &[&str]| migration(id, parents).up(&[&format!("CREATE TABLE {id} (n integer)"), pause]);
    history([step("a", &[]), step("b", &["a"]), step("c", &["b"])])
}

async fn is_free(url: &str) {
    let locks = "SELECT pid FROM pg_locks JOIN pg_database AS d ON d.oid = database \
                 WHERE locktype = 'advisory' AND datname = current_database()";
    assert_eq!(ask(url, locks).await, Vec::<String>::new());
    assert_eq!(ask(url, "SELECT owner FROM migrate_lock WHERE owner IS NOT NULL").await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_runners_of_both_kinds_each_migration_is_run_by_one() {
    let url = server::postgres().database().await;
    let runners = (0..8).map(|number| {
        let (url, history) = (url.clone(), slow("SELECT pg_sleep(0.1)"));
        tokio::spawn(async move {
            let lock = if number % 2 == 0 { RunLock::Lease } else { RunLock::Session };
            Migrator::new(&history).lock(lock).upgrade(&url, "head").await.map(|report| report.migrations.len())
        })
    });
    let mut applied = 0;
    for runner in runners.collect::<Vec<_>>() {
        applied += runner.await.unwrap().unwrap();
    }
    assert_eq!(applied, 3);
    assert_eq!(ask(&url, "SELECT count(*) FROM migrate_journal").await, ["3"]);
    is_free(&url).await;
    assert_eq!(ask(&url, "SELECT (token > 0)::text FROM migrate_lock").await, ["true"]);
}

#[tokio::test]
async fn every_mode_of_a_step_works_with_a_lease() {
    let url = server::postgres().database().await;
    let there = "SELECT CASE WHEN to_regclass('t_n') IS NULL THEN 'nothing' ELSE 'done' END";
    let gone = "SELECT CASE WHEN to_regclass('t_n') IS NULL THEN 'done' ELSE 'nothing' END";
    let next = "SELECT CAST(max(n) AS text) FROM (SELECT n FROM a WHERE {after} IS NULL OR n > CAST({after} AS integer) \
                ORDER BY n LIMIT 50) AS batch";
    let count = "UPDATE a SET m = m + 1 WHERE ({after} IS NULL OR n > CAST({after} AS integer)) AND n <= CAST({upto} AS integer)";
    let fill = "INSERT INTO a SELECT n, 0 FROM generate_series(1, 200) AS n";
    let made = migration("a", &[]).up(&["CREATE TABLE a (n integer, m integer)", fill]).down(&["DROP TABLE a"]);
    let index = migration("b", &["a"]).alone(&["CREATE INDEX CONCURRENTLY t_n ON a (n)"], there, &["DROP INDEX t_n"]).down_alone(
        &["DROP INDEX CONCURRENTLY t_n"],
        gone,
        &[],
    );
    let batched = migration("c", &["b"]).batches(next, &[count]).down(&["UPDATE a SET m = m - 1"]);
    let several = migration("d", &["c"]).up(&["CREATE TABLE d (n integer) -- in pieces"]).down(&["DROP TABLE d"]);
    let history = history([made, index, batched, several]);
    assert_eq!(leased(&history, 30).upgrade(&url, "head").await.unwrap().migrations.len(), 4);
    assert_eq!(ask(&url, "SELECT m, count(*) FROM a GROUP BY m").await, ["1|200"]);
    is_free(&url).await;
    assert_eq!(leased(&history, 30).accept_losses().downgrade(&url, "base").await.unwrap().migrations.len(), 4);
    assert!(tables(&url).await.is_empty());
    is_free(&url).await;
    // Everything in one transaction, and a failure.
    leased(&history, 30).atomic().upgrade(&url, "a").await.unwrap();
    let fails = migrate_live_tests::history::history([table("x", &[]), migration("y", &["x"]).up(&["SELECT 1 / 0"])]);
    assert!(leased(&fails, 30).upgrade(&url, "head").await.is_err());
    is_free(&url).await;
}

const KILLED: &str = "the_lease_of_a_killed_runner_is_waited_for_and_taken_over";

/// Whatever kind of lock the next runner has.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lease_of_a_killed_runner_is_waited_for_and_taken_over() {
    if let Some(url) = child() {
        leased(&slow("SELECT pg_sleep(60)"), 4).upgrade(&url, "head").await.unwrap();
        return;
    }
    for lock in [RunLock::Lease, RunLock::Session] {
        let url = server::postgres().database().await;
        upgrade(&url, &slow("SELECT 1"), "a").await.unwrap();
        let mut child = spawn(KILLED, &url);
        let started = Instant::now();
        while shell::try_ask(&url, "SELECT owner FROM migrate_lock WHERE owner IS NOT NULL").await.unwrap_or_default().is_empty()
        {
            assert!(started.elapsed() < Duration::from_secs(30), "the child takes the lease");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        child.kill().unwrap();
        let pid = child.id();
        child.wait().unwrap();
        let killed = Instant::now();
        // A script does not wait.
        let sql = script(&slow("SELECT 1"), Database::Postgres, Direction::Upgrade, "a", "head").unwrap();
        let refused = shell::psql(&url, &sql);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said.contains("another run"), "{said}");
        let (history, mut heard) = (slow("SELECT 1"), Vec::new());
        let mut migrator = leased(&history, 4).lock(lock).observer(|event| heard.push(event.clone()));
        assert_eq!(migrator.upgrade(&url, "head").await.unwrap().migrations.len(), 2);
        drop(migrator);
        let waited = killed.elapsed();
        assert!(waited > Duration::from_secs(2) && waited < Duration::from_secs(12), "{waited:?}");
        let holders =
            heard.iter().filter_map(|event| if let Event::Waiting { holder, .. } = event { holder.clone() } else { None });
        let holder = holders.into_iter().find(|holder| holder.lease.is_some()).expect("it says for whom it waits");
        assert_eq!(holder.pid, i64::from(pid));
        assert!(holder.to_string().contains(" with a lease that expires in "), "{holder}");
        is_free(&url).await;
        assert_eq!(tables(&url).await, ["a", "b", "c"]);
    }
}

/// A statement outside of a transaction may take longer than the lease, which is renewed meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_lease_is_renewed_while_a_statement_runs() {
    use sqlx::{Connection, PgConnection};
    let url = server::postgres().database().await;
    let there = "SELECT CASE WHEN to_regclass('t_n') IS NULL THEN 'nothing' ELSE 'done' END";
    let index = migration("b", &["a"]).alone(&["CREATE INDEX CONCURRENTLY t_n ON a (n)"], there, &["DROP INDEX t_n"]);
    let history = history([table("a", &[]), index.down(&["DROP INDEX t_n"])]);
    upgrade(&url, &history, "a").await.unwrap();
    let mut writer = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("BEGIN; INSERT INTO a VALUES (1)").execute(&mut writer).await.unwrap();
    let first = tokio::spawn({
        let (url, history) = (url.clone(), history.clone());
        async move { leased(&history, 2).upgrade(&url, "head").await.map(|report| report.migrations.len()) }
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    for lock in [RunLock::Lease, RunLock::Session] {
        let wait = Duration::from_secs(3);
        let error = leased(&history, 2).lock(lock).lock_wait(wait).upgrade(&url, "head").await.unwrap_err();
        assert!(matches!(&error, Error::LockWait { holder: Some(holder), .. } if holder.lease.is_some()), "{error}");
        assert_eq!(error.kind(), ErrorKind::Busy);
    }
    sqlx::raw_sql("COMMIT").execute(&mut writer).await.unwrap();
    assert_eq!(first.await.unwrap().unwrap(), 1);
    is_free(&url).await;
}

/// A role that has the ledger but not the table of the lease, and one that may make none.
#[tokio::test]
async fn a_table_of_that_name_is_no_lease_of_others() {
    let url = server::postgres().database().await;
    run(&url, "CREATE TABLE migrate_lock (n integer)").await;
    let error = leased(&three(), 30).upgrade(&url, "head").await.unwrap_err();
    assert!(error.to_string().starts_with("cannot take the lease of the migration lock: "), "{error}");
}
