//! Other processes use the file.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use migrate_history::plan::Direction;
use migrate_live_tests::history::{history, migration, table, three};
use migrate_live_tests::shell::{run, tables};
use migrate_live_tests::sqlite::{self, File};
use migrate_runtime::{Error, Event, Migrator, current, upgrade};

use crate::shell::Shell;

/// Reads the file all the time as an application does; the longest that it had to wait for an answer.
fn readers(file: &File, stop: &Arc<AtomicBool>) -> std::thread::JoinHandle<Duration> {
    let (path, stop) = (file.path(), Arc::clone(stop));
    std::thread::spawn(move || {
        let mut shell = Shell::open(&path);
        shell.run("PRAGMA busy_timeout = 60000");
        let mut longest = Duration::ZERO;
        while !stop.load(Ordering::Relaxed) {
            let started = Instant::now();
            shell.run("SELECT count(*) FROM a");
            longest = longest.max(started.elapsed());
            std::thread::sleep(Duration::from_millis(5));
        }
        longest
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_behind_one_reader_blocks_the_others_no_longer_than_the_lock_timeout() {
    let (file, history) = (sqlite::file(), three());
    upgrade(file.url(), &history, "a").await.unwrap();
    let mut reader = Shell::open(&file.path());
    reader.run("BEGIN; SELECT * FROM a");
    let stop = Arc::new(AtomicBool::new(false));
    let others = readers(&file, &stop);
    let mut heard = Vec::new();
    let mut migrator = Migrator::new(&history)
        .lock_timeout(Duration::from_millis(500))
        .retry_for(Duration::from_secs(60))
        .observer(|event| heard.push(event.clone()));
    let release = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(5));
        reader.run("COMMIT");
        reader.close();
    });
    assert_eq!(migrator.upgrade(file.url(), "head").await.unwrap().migrations.len(), 2);
    drop(migrator);
    release.join().unwrap();
    stop.store(true, Ordering::Relaxed);
    let longest = others.join().unwrap();
    assert!(longest < Duration::from_millis(1200), "another reader waited for {longest:?}");
    let told = heard.iter().filter(|event| matches!(event, Event::Retrying { .. })).count();
    assert!(told >= 2, "{heard:?}");
    assert_eq!(tables(&file.url()).await, ["a", "b", "c"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_stays_is_an_error_with_its_remedy_and_nothing_is_left() {
    let (file, history) = (sqlite::file(), three());
    upgrade(file.url(), &history, "a").await.unwrap();
    let mut reader = Shell::open(&file.path());
    reader.run("BEGIN; SELECT * FROM a");
    let mut migrator = Migrator::new(&history).lock_timeout(Duration::from_millis(200)).retry_for(Duration::from_millis(1500));
    let error = migrator.upgrade(file.url(), "head").await.unwrap_err();
    assert!(matches!(&error, Error::TableLocked { attempts: 2.., .. }), "{error}");
    assert!(error.to_string().contains("another process reads or writes the file"), "{error}");
    let mut other = Shell::open(&file.path());
    other.run("SELECT count(*) FROM a");
    assert_eq!(tables(&file.url()).await, ["a"], "a new reader is let in, and nothing was done");
}

/// The ledger is made in a transaction of its own, before which somebody reads too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_is_made_behind_a_reader_too() {
    let (file, history) = (sqlite::file(), three());
    run(&file.url(), "CREATE TABLE app (n integer)").await;
    let mut reader = Shell::open(&file.path());
    reader.run("BEGIN; SELECT * FROM app");
    let release = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(2));
        reader.run("COMMIT");
        reader.close();
    });
    let mut migrator = Migrator::new(&history).lock_timeout(Duration::from_millis(200));
    assert_eq!(migrator.upgrade(file.url(), "head").await.unwrap().migrations.len(), 3);
    release.join().unwrap();
}

/// A step that is larger than the cache of a session does not write into the file before its end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_step_lets_readers_in() {
    let file = sqlite::file();
    let fill = "INSERT INTO b WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600000) \
                SELECT hex(randomblob(20)) FROM n";
    let history = history([table("a", &[]), migration("b", &["a"]).up(&["CREATE TABLE b (t text)", fill])]);
    upgrade(file.url(), &history, "a").await.unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let others = readers(&file, &stop);
    let started = Instant::now();
    upgrade(file.url(), &history, "head").await.unwrap();
    let whole = started.elapsed();
    stop.store(true, Ordering::Relaxed);
    let longest = others.join().unwrap();
    assert!(longest < whole / 2, "a reader waited for {longest:?} of {whole:?}");
}

/// Another process has the file for itself: reads and writes wait, tell, and end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_another_process_has_for_itself_is_waited_for() {
    let (file, history) = (sqlite::file(), three());
    upgrade(file.url(), &history, "a").await.unwrap();
    for lock in ["BEGIN EXCLUSIVE", "BEGIN IMMEDIATE"] {
        let mut writer = Shell::open(&file.path());
        writer.run(lock);
        let id = writer.id();
        let blocked = Instant::now();
        let quick = || Migrator::new(&history).lock_wait(Duration::from_millis(700)).retry_for(Duration::from_millis(700));
        let error = quick().upgrade(file.url(), "head").await.unwrap_err().to_string();
        assert!(error.contains(&format!("process {id}")), "{lock}: {error}");
        if lock == "BEGIN EXCLUSIVE" {
            for error in [
                quick().current(file.url()).await.unwrap_err().to_string(),
                quick().plan(file.url(), Direction::Upgrade, "head").await.unwrap_err().to_string(),
            ] {
                assert!(error.contains(&format!("process {id}")), "{error}");
            }
        } else {
            current(file.url(), &history).await.unwrap();
        }
        assert!(blocked.elapsed() < Duration::from_secs(6), "{:?}", blocked.elapsed());
        let release = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs(2));
            writer.run("ROLLBACK");
            writer.close();
        });
        let mut heard = Vec::new();
        let mut migrator = Migrator::new(&history).observer(|event| heard.push(event.clone()));
        migrator.current(file.url()).await.unwrap();
        migrator.plan(file.url(), Direction::Upgrade, "head").await.unwrap();
        migrator.upgrade(file.url(), "+1").await.unwrap();
        drop(migrator);
        release.join().unwrap();
        let named = |event: &Event| matches!(event, Event::Waiting { holder: Some(holder), .. } if holder.pid == i64::from(id));
        assert!(heard.iter().any(named), "{lock}: {heard:?}");
    }
}
