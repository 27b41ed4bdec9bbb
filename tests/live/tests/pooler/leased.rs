//! A pooler in transaction mode, with a lease for a lock.

use migrate_history::History;
use migrate_live_tests::history::{history, migration, table};
use migrate_live_tests::pooler::Pooling;
use migrate_live_tests::shell;
use migrate_runtime::{Migrator, RunLock};

use crate::{SHAPES, Site, history_that_fails};

/// Every mode of a step, and raw SQL that changes the session.
fn everything() -> History {
    let there = "SELECT CASE WHEN to_regclass('a_n') IS NULL THEN 'nothing' ELSE 'done' END";
    let gone = "SELECT CASE WHEN to_regclass('a_n') IS NULL THEN 'done' ELSE 'nothing' END";
    let next = "SELECT CAST(max(n) AS text) FROM (SELECT n FROM a WHERE {after} IS NULL OR n > CAST({after} AS integer) \
                ORDER BY n LIMIT 50) AS batch";
    let count = "UPDATE a SET m = m + 1 WHERE ({after} IS NULL OR n > CAST({after} AS integer)) AND n <= CAST({upto} AS integer)";
    let fill = "INSERT INTO a SELECT n, 0 FROM generate_series(1, 120) AS n";
    let index = migration("b", &["a"]).alone(&["CREATE INDEX CONCURRENTLY a_n ON a (n)"], there, &["DROP INDEX a_n"]).down_alone(
        &["DROP INDEX CONCURRENTLY a_n"],
        gone,
        &[],
    );
    let sets = ["SET statement_timeout = '7s'", "SET search_path = pg_catalog", "SET DateStyle = 'German'"];
    history([
        migration("a", &[]).up(&["CREATE TABLE a (n integer, m integer)", fill]).down(&["DROP TABLE a"]),
        index,
        migration("c", &["b"]).batches(next, &[count]).down(&["UPDATE a SET m = m - 1"]),
        migration("d", &["c"]).up(&sets).down(&["SET work_mem = '1MB'"]),
        migration("e", &["d"]).up(&["CREATE TABLE e (n integer) -- in pieces"]).down(&["DROP TABLE e"]),
    ])
}

fn leased(history: &History) -> Migrator<'_> {
    Migrator::new(history).lock(RunLock::Lease).accept_losses()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transaction_mode_works_and_is_left_clean() {
    for pooling in [Pooling::Transaction, Pooling::Session] {
        for (size, further) in SHAPES {
            let (site, history) = (Site::new(pooling, size, further).await, everything());
            let (through, what) = (site.through(), format!("{pooling:?} {size} {further}"));
            assert_eq!(leased(&history).upgrade(&through, "head").await.unwrap().migrations.len(), 5, "{what}");
            assert_eq!(shell::ask(&site.url, "SELECT m, count(*) FROM a GROUP BY m").await, ["1|120"]);
            site.is_clean(&format!("an upgrade, {what}")).await;
            assert_eq!(leased(&history).downgrade(&through, "base").await.unwrap().migrations.len(), 5, "{what}");
            assert_eq!(shell::tables(&site.url).await, ["app"]);
            site.is_clean(&format!("a downgrade, {what}")).await;
            leased(&history_that_fails()).upgrade(&through, "head").await.unwrap_err();
            site.is_clean(&format!("a failure, {what}")).await;
            let owners = shell::ask(&site.url, "SELECT owner FROM migrate_lock WHERE owner IS NOT NULL").await;
            assert_eq!(owners, Vec::<String>::new());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_runners_through_a_pooler_and_past_it_each_migration_is_run_by_one() {
    let site = Site::new(Pooling::Transaction, 3, "").await;
    let step = |id: &str, parents: &[&str]| {
        migration(id, parents)
            .up(&[&format!("CREATE TABLE {id} (n integer)"), "SELECT pg_sleep(0.1)"])
            .down(&[&format!("DROP TABLE {id}")])
    };
    let history = history([step("a", &[]), step("b", &["a"]), step("c", &["b"])]);
    let runners = (0..6).map(|number| {
        let (url, lock) = if number % 3 == 0 { (site.url.clone(), RunLock::Session) } else { (site.through(), RunLock::Lease) };
        let history = history.clone();
        tokio::spawn(
            async move { Migrator::new(&history).lock(lock).upgrade(&url, "head").await.map(|done| done.migrations.len()) },
        )
    });
    let mut applied = 0;
    for runner in runners.collect::<Vec<_>>() {
        applied += runner.await.unwrap().unwrap();
    }
    assert_eq!(applied, 3);
    site.is_clean("six runners").await;
}

/// A concurrent index build runs in a session that nobody has set: another table of that name is not taken for ours.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_that_went_elsewhere_is_found() {
    let site = Site::new(Pooling::Transaction, 1, "ignore_startup_parameters = extra_float_digits").await;
    let history = history([table("a", &[]), {
        let there = "SELECT CASE WHEN to_regclass('a_n') IS NULL THEN 'nothing' ELSE 'done' END";
        migration("b", &["a"])
            .alone(&["CREATE INDEX CONCURRENTLY a_n ON a (n)"], there, &["DROP INDEX a_n"])
            .down(&["DROP INDEX a_n"])
    }]);
    leased(&history).upgrade(&site.through(), "a").await.unwrap();
    shell::run(&site.url, "CREATE SCHEMA other; CREATE TABLE other.a (n integer)").await;
    // Somebody has left the session of the pool with another path, after the run has looked at it.
    let mut client = site.pooler.session(&site.url).await;
    let mut is_first = true;
    let (tell, told) = std::sync::mpsc::channel();
    let polluting = tokio::spawn(async move {
        tokio::task::spawn_blocking(move || told.recv().unwrap()).await.unwrap();
        migrate_live_tests::pooler::ask(&mut client, "SET search_path = other, public").await.unwrap();
    });
    let mut migrator = leased(&history).observer(move |event| {
        if matches!(event, migrate_runtime::Event::StepStarted { .. }) && std::mem::take(&mut is_first) {
            tell.send(()).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(300));
        }
    });
    let error = migrator.upgrade(&site.through(), "head").await.unwrap_err();
    drop(migrator);
    polluting.await.unwrap();
    assert!(error.to_string().contains("had no effect in schema `public`"), "{error}");
}
