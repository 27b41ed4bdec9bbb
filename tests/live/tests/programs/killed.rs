//! Runners that are killed between two batches and in the middle of one.

use std::process::{Child, Command};
use std::time::Duration;

use migrate_live_tests::{server, shell, sqlite};

use super::migrations::HISTORY;
use super::{calls, prepared};

/// Where the runner finds its database.
const URL: &str = "MIGRATE_TEST_RUNNER";

/// The process that is killed: it does something only where the environment requests it.
#[tokio::test]
async fn runner() {
    if let Ok(url) = std::env::var(URL) {
        migrate::upgrade(&*url, &HISTORY, "head").await.unwrap();
    }
}

fn start(url: &str) -> Child {
    let this = std::env::current_exe().unwrap();
    Command::new(this).args(["--exact", "killed::runner", "--nocapture"]).env(URL, url).spawn().unwrap()
}

async fn sum(url: &str) -> u32 {
    let sum = shell::ask(url, "SELECT CAST(sum(calls) AS text) FROM people").await;
    sum.first().and_then(|sum| sum.parse().ok()).unwrap()
}

/// Each batch is done once, however often its runner is killed.
async fn killed(url: &str, order: &str) {
    prepared(url, &[]).await;
    migrate::upgrade(url, &HISTORY, "after_it").await.unwrap();
    shell::run(url, &format!("INSERT INTO orders VALUES ('{order}')")).await;
    for pause in [0, 50, 120, 200, 350, 500, 900] {
        let mut runner = start(url);
        tokio::time::sleep(Duration::from_millis(pause)).await;
        // On Unix it is a SIGKILL.
        runner.kill().unwrap();
        runner.wait().unwrap();
        assert!([0, 2, 4, 6].contains(&sum(url).await));
    }
    shell::run(url, "DELETE FROM orders").await;
    migrate::upgrade(url, &HISTORY, "head").await.unwrap();
    assert_eq!(calls(url).await, ["1"]);
}

#[tokio::test]
async fn between_two_batches_and_within_one_on_postgres() {
    let url = server::postgres().database().await;
    killed(&url, "pause").await;
    let url = server::postgres().database().await;
    killed(&url, "pause long").await;
}

#[tokio::test]
async fn between_two_batches_and_within_one_on_sqlite() {
    let file = sqlite::file();
    killed(&file.url(), "pause").await;
    let file = sqlite::file();
    killed(&file.url(), "pause long").await;
}
