//! A run does what was planned, and nothing that another run has brought about since.

use std::time::Duration;

use migrate_history::History;
use migrate_history::plan::Direction;
use migrate_live_tests::history::{history, migration, table};
use migrate_live_tests::server;
use migrate_live_tests::shell::{ask, tables};
use migrate_runtime::{Error, Migrator, downgrade, upgrade};

use super::Both;

fn four() -> History {
    history([table("a", &[]), table("b", &["a"]), table("c", &["b"]), table("d", &["c"])])
}

#[tokio::test]
async fn a_plan_that_would_be_about_more_by_now_is_refused() {
    let (both, history) = (Both::new().await, four());
    for url in both.urls() {
        upgrade(&url, &history, "c").await.unwrap();
        let plan = Migrator::new(&history).plan(&url, Direction::Downgrade, "-1").await.unwrap();
        upgrade(&url, &history, "head").await.unwrap();
        let error = Migrator::new(&history).execute(&url, &plan).await.unwrap_err();
        assert!(matches!(&error, Error::PlanChanged { revisions, .. } if revisions == &["d"]), "{error}");
        assert!(error.to_string().contains("the downgrade would now include `d` as well"), "{error}");
        assert_eq!(tables(&url).await, ["a", "b", "c", "d"]);
    }
}

#[tokio::test]
async fn what_another_runner_has_done_of_a_plan_is_not_done_again() {
    let (both, history) = (Both::new().await, four());
    for url in both.urls() {
        upgrade(&url, &history, "head").await.unwrap();
        let plan = Migrator::new(&history).plan(&url, Direction::Downgrade, "-2").await.unwrap();
        downgrade(&url, &history, "-1").await.unwrap();
        let report = Migrator::new(&history).execute(&url, &plan).await.unwrap();
        assert_eq!(report.migrations.iter().map(|done| &*done.revision).collect::<Vec<_>>(), ["c"]);
        assert!(Migrator::new(&history).execute(&url, &plan).await.unwrap().is_empty());
        assert_eq!(tables(&url).await, ["a", "b"]);
    }
}

#[tokio::test]
async fn a_plan_of_an_upgrade_is_carried_out_too() {
    let (both, history) = (Both::new().await, four());
    for url in both.urls() {
        let plan = Migrator::new(&history).plan(&url, Direction::Upgrade, "b").await.unwrap();
        assert_eq!(Migrator::new(&history).execute(&url, &plan).await.unwrap().migrations.len(), 2);
        assert_eq!(tables(&url).await, ["a", "b"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_downgrade_by_one_that_has_to_wait_is_about_what_it_saw() {
    let url = server::postgres().database().await;
    let last = migration("b", &["a"]).up(&["CREATE TABLE b (n integer)", "SELECT pg_sleep(0.7)"]).down(&["DROP TABLE b"]);
    let slow = history([table("a", &[]), last]);
    upgrade(&url, &slow, "a").await.unwrap();
    let other = tokio::spawn({
        let (url, slow) = (url.clone(), slow.clone());
        async move { upgrade(&url, &slow, "head").await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let error = downgrade(&url, &slow, "-1").await.unwrap_err();
    assert!(matches!(&error, Error::PlanChanged { revisions, .. } if revisions == &["b"]), "{error}");
    other.await.unwrap().unwrap();
    assert_eq!(ask(&url, "SELECT revision FROM migrate_ledger ORDER BY 1").await, ["a", "b"]);
}
