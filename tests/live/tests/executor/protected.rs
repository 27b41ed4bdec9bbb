//! Databases where only a reviewed plan runs.

use std::time::Duration;

use migrate_history::History;
use migrate_history::plan::Direction;
use migrate_live_tests::history::{history, migration, table, three};
use migrate_live_tests::shell::{ask, run, script, tables};
use migrate_live_tests::{server, sqlite as lite};
use migrate_runtime::{Error, ErrorKind, Migrator, OldRows, Protection, Unreviewed, current, upgrade};
use sqlx::Connection;

use super::Both;

fn unreviewed(error: Error) -> Unreviewed {
    assert_eq!(error.kind(), ErrorKind::Unreviewed, "{error}");
    let Error::Unreviewed(unreviewed) = error else { panic!("{error}") };
    *unreviewed
}

async fn hash(url: &str, history: &History, direction: Direction, target: &str) -> String {
    Migrator::new(history).plan(url, direction, target).await.unwrap().hash()
}

#[tokio::test]
async fn only_the_reviewed_plan_runs_where_the_ledger_says_so() {
    let (both, history) = (Both::new().await, three());
    for url in both.urls() {
        Migrator::new(&history).protect(&url).await.unwrap();
        Migrator::new(&history).protect(&url).await.unwrap();
        assert_eq!(current(&url, &history).await.unwrap().protection, Some(Protection::Ledger));
        let refused = unreviewed(upgrade(&url, &history, "head").await.unwrap_err());
        assert_eq!((&refused.protection, &refused.given), (&Some(Protection::Ledger), &None));
        let first = hash(&url, &history, Direction::Upgrade, "a").await;
        let refused = unreviewed(Migrator::new(&history).reviewed(&*first).upgrade(&url, "head").await.unwrap_err());
        assert_eq!(refused.hash, hash(&url, &history, Direction::Upgrade, "head").await);
        assert_eq!(refused.given.as_ref(), Some(&first));
        assert!(tables(&url).await.is_empty());
        let report = Migrator::new(&history).reviewed(&*first).upgrade(&url, "a").await.unwrap();
        assert_eq!(report.migrations.len(), 1);
        // Nothing is left to do, which need not be reviewed.
        upgrade(&url, &history, "a").await.unwrap();
        Migrator::new(&history).reviewed(&*first).upgrade(&url, "a").await.unwrap();
        // What was reviewed then is not what would be done now.
        let rest = hash(&url, &history, Direction::Upgrade, "head").await;
        assert_ne!(rest, refused.hash);
        unreviewed(Migrator::new(&history).reviewed(refused.hash).upgrade(&url, "head").await.unwrap_err());
        Migrator::new(&history).reviewed(&*rest).upgrade(&url, "head").await.unwrap();
        assert_eq!(tables(&url).await, ["a", "b", "c"]);
        unreviewed(Migrator::new(&history).accept_losses().downgrade(&url, "-1").await.unwrap_err());
        // A plan in the hands of a program is none that was reviewed.
        let plan = Migrator::new(&history).plan(&url, Direction::Downgrade, "-1").await.unwrap();
        unreviewed(Migrator::new(&history).execute(&url, &plan).await.unwrap_err());
        unreviewed(Migrator::new(&history).reviewed(&*rest).execute(&url, &plan).await.unwrap_err());
        Migrator::new(&history).reviewed(plan.hash()).execute(&url, &plan).await.unwrap();
        unreviewed(Migrator::new(&history).atomic().upgrade(&url, "head").await.unwrap_err());
        assert_eq!(tables(&url).await, ["a", "b"]);
        Migrator::new(&history).unprotect(&url).await.unwrap();
        assert_eq!(current(&url, &history).await.unwrap().protection, None);
        upgrade(&url, &history, "head").await.unwrap();
        // A review is kept to where none is required.
        unreviewed(Migrator::new(&history).accept_losses().reviewed(&*rest).downgrade(&url, "-1").await.unwrap_err());
    }
}

#[tokio::test]
async fn what_is_recorded_is_reviewed_too() {
    let (both, history) = (Both::new().await, three());
    for url in both.urls() {
        Migrator::new(&history).protect(&url).await.unwrap();
        let refused = unreviewed(Migrator::new(&history).stamp(&url, "b", OldRows::Kept).await.unwrap_err());
        assert!(refused.to_string().contains("it would record `a` as applied, record `b` as applied"), "{refused}");
        assert_eq!(current(&url, &history).await.unwrap().heads.len(), 0);
        unreviewed(Migrator::new(&history).reviewed(&*refused.hash).stamp(&url, "c", OldRows::Kept).await.unwrap_err());
        Migrator::new(&history).reviewed(refused.hash).stamp(&url, "b", OldRows::Kept).await.unwrap();
        assert_eq!(current(&url, &history).await.unwrap().heads, ["b"]);
        Migrator::new(&history).stamp(&url, "b", OldRows::Kept).await.unwrap();
    }
}

/// The history of three on a database that a pattern describes.
fn protecting(pattern: &str) -> History {
    let mut history = three();
    history.protected = vec![pattern.to_owned().into()].into();
    history
}

#[tokio::test]
async fn only_the_reviewed_plan_runs_where_the_history_says_so() {
    let file = lite::file();
    let postgres = server::postgres().database().await;
    let database = postgres.rsplit_once('/').unwrap().1.split('?').next().unwrap().to_owned();
    let path = file.path();
    let path = path.canonicalize().unwrap_or(path);
    for (url, pattern, other) in [
        (postgres, format!("*/{database}"), format!("db.prod.example.com/{database}")),
        (file.url(), path.display().to_string(), "*/other.db".to_owned()),
    ] {
        let (protected, open) = (protecting(&pattern), protecting(&other));
        let refused = unreviewed(upgrade(&url, &protected, "head").await.unwrap_err());
        assert_eq!(refused.protection, Some(Protection::Setting(pattern.clone().into())));
        // No ledger was made for it.
        assert_eq!(current(&url, &protected).await.unwrap().format, None);
        upgrade(&url, &open, "a").await.unwrap();
        assert_eq!(current(&url, &open).await.unwrap().protection, None);
        unreviewed(upgrade(&url, &protected, "head").await.unwrap_err());
        // It stays so, for it is not the ledger that says it.
        Migrator::new(&protected).unprotect(&url).await.unwrap();
        unreviewed(upgrade(&url, &protected, "head").await.unwrap_err());
        let reviewed = hash(&url, &protected, Direction::Upgrade, "head").await;
        Migrator::new(&protected).reviewed(reviewed).upgrade(&url, "head").await.unwrap();
        assert_eq!(tables(&url).await, ["a", "b", "c"]);
    }
}

#[tokio::test]
async fn a_pool_and_a_connection_lead_to_the_same_database() {
    let file = lite::file();
    let postgres = server::postgres().database().await;
    let database = postgres.rsplit_once('/').unwrap().1.split('?').next().unwrap().to_owned();
    // Of the caller's connection the host is not known, so the database decides.
    let (history, named) = (protecting(&format!("*/{database}")), protecting(&format!("db.prod.example.com/{database}")));
    let pool = sqlx::PgPool::connect(&postgres).await.unwrap();
    let mut connection = sqlx::PgConnection::connect(&postgres).await.unwrap();
    unreviewed(upgrade(&pool, &history, "head").await.unwrap_err());
    unreviewed(upgrade(&mut connection, &history, "head").await.unwrap_err());
    unreviewed(upgrade(&mut connection, &named, "head").await.unwrap_err());
    upgrade(&pool, &named, "head").await.unwrap();
    let pool = sqlx::SqlitePool::connect(&format!("{}?mode=rwc", file.url())).await.unwrap();
    let history = protecting(&format!("*/{}", file.path().file_name().unwrap().to_string_lossy()));
    unreviewed(upgrade(&pool, &history, "head").await.unwrap_err());
    let mut connection = pool.acquire().await.unwrap();
    unreviewed(upgrade(&mut *connection, &history, "head").await.unwrap_err());
    assert!(tables(&file.url()).await.is_empty());
}

/// A program that does not know the flag takes it for a later format.
#[tokio::test]
async fn an_older_program_does_not_write_and_a_script_stops() {
    let (both, history) = (Both::new().await, three());
    for url in both.urls() {
        upgrade(&url, &history, "a").await.unwrap();
        Migrator::new(&history).protect(&url).await.unwrap();
        assert_eq!(ask(&url, "SELECT CAST(max(format) AS text) FROM migrate_format").await, ["1000"]);
        let database =
            if url.starts_with("sqlite") { migrate_history::Database::Sqlite } else { migrate_history::Database::Postgres };
        let sql = migrate_runtime::script(&history, database, Direction::Upgrade, "a", "head").unwrap();
        let stopped = script(&url, &sql).unwrap_err();
        assert!(stopped.contains("the database is protected: only a reviewed plan runs"), "{stopped}");
        assert_eq!(tables(&url).await, ["a"]);
        Migrator::new(&history).unprotect(&url).await.unwrap();
        assert_eq!(ask(&url, "SELECT CAST(max(format) AS text) FROM migrate_format").await, ["2"]);
        script(&url, &sql).unwrap();
    }
}

/// It was not protected when the run began to wait for the lock.
#[tokio::test]
async fn a_run_that_waits_is_refused_once_the_database_is_protected() {
    let url = server::postgres().database().await;
    let slow = history([migration("slow", &[]).up(&["SELECT pg_sleep(2)"])]);
    let other = history([migration("slow", &[]).up(&["SELECT pg_sleep(2)"]), table("late", &["slow"])]);
    upgrade(&url, &history([]), "head").await.unwrap();
    let first = tokio::spawn({
        let url = url.clone();
        async move { upgrade(&url, &slow, "head").await }
    });
    tokio::time::sleep(Duration::from_millis(700)).await;
    let second = tokio::spawn({
        let url = url.clone();
        async move { upgrade(&url, &other, "head").await }
    });
    tokio::time::sleep(Duration::from_millis(700)).await;
    run(&url, "INSERT INTO migrate_format VALUES (1000, 'by hand')").await;
    first.await.unwrap().unwrap();
    unreviewed(second.await.unwrap().unwrap_err());
    assert!(tables(&url).await.is_empty());
}
