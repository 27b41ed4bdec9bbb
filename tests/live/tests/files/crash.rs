//! A process was killed while it wrote.

use migrate_history::plan::Direction;
use migrate_live_tests::shell::{ask, run};
use migrate_live_tests::sqlite::{self, File};
use migrate_runtime::{Migrator, current, downgrade, upgrade};

use crate::shell::Shell;
use crate::{two, with_c};

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Journal {
    Rollback,
    Log,
}

/// A file in which `a` and `b` are applied and the application has 20,000 rows, each of which is one; the writer that was changing
/// all of them was killed when a part of them was in the file already.
pub async fn crashed(journal: Journal) -> File {
    let file = sqlite::file();
    upgrade(file.url(), &two(), "head").await.unwrap();
    let mode = if journal == Journal::Log { "PRAGMA journal_mode = wal;" } else { "" };
    let rows =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT 1, hex(randomblob(40)) FROM n";
    run(&file.url(), &format!("{mode} CREATE TABLE app (n integer, t text); INSERT INTO app {rows}")).await;
    let mut writer = Shell::open(&file.path());
    writer.run(
        "PRAGMA synchronous = FULL; PRAGMA cache_size = 5; PRAGMA wal_autocheckpoint = 0; INSERT INTO app VALUES (1, 'kept')",
    );
    writer.run("BEGIN; UPDATE app SET n = n + 1, t = hex(randomblob(41)); INSERT INTO b VALUES (7); DELETE FROM migrate_ledger");
    writer.kill();
    let beside = file.path().with_extension(if journal == Journal::Log { "db-wal" } else { "db-journal" });
    assert!(beside.metadata().unwrap().len() > 100_000, "the writer has written");
    file
}

/// The file is as it was before the writer began, and everything works.
async fn is_whole(file: &File) {
    assert_eq!(ask(&file.url(), "PRAGMA integrity_check").await, ["ok"]);
    assert_eq!(ask(&file.url(), "SELECT count(*) || ' ' || sum(n) FROM app").await, ["20001 20001"]);
    assert_eq!(ask(&file.url(), "SELECT count(*) || '' FROM b").await, ["0"]);
}

#[tokio::test]
async fn every_verb_works_on_a_file_whose_writer_was_killed() {
    for journal in [Journal::Rollback, Journal::Log] {
        for verb in ["current", "plan", "plan of a downgrade", "execute", "upgrade", "downgrade"] {
            let (file, history) = (crashed(journal).await, with_c());
            let url = file.url();
            let mut migrator = Migrator::new(&history);
            match verb {
                "current" => assert_eq!(current(&url, &history).await.unwrap().heads, ["b"]),
                "plan" => assert_eq!(migrator.plan(&url, Direction::Upgrade, "head").await.unwrap().migrations.len(), 1),
                "plan of a downgrade" => {
                    assert_eq!(migrator.plan(&url, Direction::Downgrade, "base").await.unwrap().migrations.len(), 2);
                }
                "execute" => {
                    let plan = migrator.plan(&url, Direction::Downgrade, "base").await.unwrap();
                    assert_eq!(migrator.execute(&url, &plan).await.unwrap().migrations.len(), 2);
                    assert_eq!(migrator.upgrade(&url, "b").await.unwrap().migrations.len(), 2);
                }
                "upgrade" => assert_eq!(upgrade(&url, &history, "head").await.unwrap().migrations.len(), 1, "{journal:?}"),
                _ => {
                    assert_eq!(downgrade(&url, &history, "base").await.unwrap().migrations.len(), 2, "{journal:?}");
                    upgrade(&url, &history, "b").await.unwrap();
                }
            }
            is_whole(&file).await;
        }
    }
}

/// Where the URL or the pool opens it for reading only, it cannot be brought in order.
#[tokio::test]
async fn a_file_that_only_opens_for_reading_says_what_to_do() {
    let (file, history) = (crashed(Journal::Rollback).await, with_c());
    let error = current(format!("{}?mode=ro", file.url()), &history).await.unwrap_err().to_string();
    assert!(error.contains("(776)") && error.contains("run `current` once as a user who may write"), "{error}");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file.path()).read_only(true);
    let pool = sqlx::sqlite::SqlitePoolOptions::new().connect_with(options).await.unwrap();
    let error = current(&pool, &history).await.unwrap_err().to_string();
    assert!(error.contains("must be rolled back first"), "{error}");
    pool.close().await;
    current(file.url(), &history).await.unwrap();
    assert_eq!(current(format!("{}?mode=ro", file.url()), &history).await.unwrap().heads, ["b"]);
    is_whole(&file).await;
}

/// What only reads brings the file in order and writes nothing else.
#[tokio::test]
async fn what_only_reads_writes_nothing_into_a_file_that_is_in_order() {
    let (file, history) = (sqlite::file(), with_c());
    upgrade(file.url(), &two(), "head").await.unwrap();
    run(&file.url(), "CREATE TABLE app (n integer)").await;
    let before = std::fs::read(file.path()).unwrap();
    current(file.url(), &history).await.unwrap();
    Migrator::new(&history).plan(file.url(), Direction::Upgrade, "head").await.unwrap();
    Migrator::new(&history).plan(file.url(), Direction::Downgrade, "base").await.unwrap();
    assert!(before == std::fs::read(file.path()).unwrap(), "the file is as it was");
    let names = std::fs::read_dir(file.path().parent().unwrap()).unwrap();
    assert_eq!(names.count(), 1, "nothing lies beside the file");
}
