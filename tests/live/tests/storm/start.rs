//! Instances of an application that start together.

use std::sync::Arc;

use migrate_history::plan::Direction;
use migrate_live_tests::shell::{ask, tables};
use migrate_live_tests::{server, sqlite};
use migrate_runtime::{Error, Migrator, current, downgrade, upgrade};

use super::witness::{check, counting};
use super::{child, spawn, wanted};

/// How many migrations there are.
const LENGTH: usize = 8;

/// What one of them does.
const ROLES: [&str; 12] = [
    "upgrade", "current", "upgrade", "plan", "upgrade", "current", "upgrade", "upgrade", "back", "upgrade", "upgrade", "upgrade",
];

async fn act(role: &str, url: &str) -> Result<usize, Error> {
    let history = counting(LENGTH, url);
    match role {
        "upgrade" => upgrade(url, &history, "head").await.map(|report| report.migrations.len()),
        "current" => current(url, &history).await.map(|found| found.applied().count()),
        "plan" => Migrator::new(&history).plan(url, Direction::Upgrade, "head").await.map(|plan| plan.migrations.len()),
        "back" => Migrator::new(&history).plan(url, Direction::Downgrade, "base").await.map(|plan| plan.migrations.len()),
        "downgrade" => downgrade(url, &history, "base").await.map(|report| report.migrations.len()),
        other => panic!("{other}"),
    }
}

/// A database in which nothing is; it goes with the guard.
async fn fresh(kind: usize) -> (String, Option<sqlite::File>) {
    if kind == 0 {
        return (server::postgres().database().await, None);
    }
    let file = sqlite::file();
    (file.url(), Some(file))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn of_those_that_start_together_none_fails() {
    for storm in 0..wanted("STORMS", 12) {
        for kind in 0..2 {
            let (url, _file) = fresh(kind).await;
            let barrier = Arc::new(tokio::sync::Barrier::new(ROLES.len()));
            let acting = ROLES.map(|role| {
                let (url, barrier) = (url.clone(), Arc::clone(&barrier));
                tokio::spawn(async move {
                    barrier.wait().await;
                    (role, act(role, &url).await)
                })
            });
            let mut applied = 0;
            for one in acting {
                let (role, done) = one.await.unwrap();
                let done = done.unwrap_or_else(|error| panic!("storm {storm} on {url}: {role}: {error}"));
                applied += if role == "upgrade" { done } else { 0 };
            }
            assert_eq!(applied, LENGTH, "storm {storm} on {url}: each is applied by one");
            check(&url, "after a storm").await;
            assert_eq!(tables(&url).await.len(), LENGTH + 1);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn beside_a_downgrade_none_fails_either() {
    for storm in 0..wanted("STORMS", 12).div_ceil(3) {
        for kind in 0..2 {
            let (url, _file) = fresh(kind).await;
            upgrade(&url, &counting(LENGTH, &url), "head").await.unwrap();
            let roles = ["downgrade", "upgrade", "current", "plan", "back", "downgrade", "upgrade", "current"];
            let acting = roles.map(|role| {
                let url = url.clone();
                tokio::spawn(async move { (role, act(role, &url).await) })
            });
            for one in acting {
                let (role, done) = one.await.unwrap();
                done.unwrap_or_else(|error| panic!("storm {storm} on {url}: {role}: {error}"));
            }
            check(&url, "after a storm").await;
            upgrade(&url, &counting(LENGTH, &url), "head").await.unwrap();
            let sums = "SELECT revision FROM migrate_journal WHERE event = 'done' AND step = steps GROUP BY revision \
                        HAVING sum(CASE WHEN direction = 'upgrade' THEN 1 ELSE -1 END) <> 1";
            assert_eq!(ask(&url, sums).await, Vec::<String>::new(), "what was done and undone is journaled");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_processes_that_start_together_none_fails() {
    if let Some((role, url)) = child() {
        act(&role, &url).await.unwrap_or_else(|error| panic!("{role}: {error}"));
        return;
    }
    for storm in 0..wanted("STORMS", 12).div_ceil(10) {
        for kind in 0..2 {
            let (url, _file) = fresh(kind).await;
            let children = ROLES.map(|role| (role, spawn("start::of_processes_that_start_together_none_fails", role, &url)));
            for (role, child) in children {
                let output = tokio::task::spawn_blocking(|| child.wait_with_output()).await.unwrap().unwrap();
                let said = String::from_utf8_lossy(&output.stdout);
                assert!(output.status.success(), "storm {storm} on {url}: {role}: {said}");
            }
            check(&url, "after a storm").await;
            assert_eq!(tables(&url).await.len(), LENGTH + 1);
        }
    }
}
