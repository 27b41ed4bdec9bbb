//! A function that no transaction may hold: it is called again where nobody knows whether it came to its end.

use std::process::Command;
use std::time::Duration;

use migrate::{Database, MayRunTwice, Migrator, Step};
use migrate_live_tests::programs::run;
use migrate_live_tests::{server, shell, sqlite};

use super::both;

migrate::history! {
    name: "outside";
    databases: postgres, sqlite;
    create;
    tidy;
    later;
}

mod create {
    migrate::migration! {
        //! What the function is to do, and how often it was called.
        create table jobs { id: bigint primary key, calls: integer default 0, what: text default "" }
    }
}

mod tidy {
    migrate::migration! {
        //! What no transaction may hold.
        after super::create;
        run super::vacuum outside of a transaction on jobs undo super::vacuum outside of a transaction;
    }
}

mod later {
    migrate::migration! {
        //! In a transaction of its own.
        after super::tidy;
        create table later { id: bigint primary key }
    }
}

/// Neither database has a `VACUUM` in a transaction.
async fn vacuum(step: &mut Step<'_>) -> Result<MayRunTwice, sqlx::Error> {
    run(step, "UPDATE jobs SET calls = calls + 1").await?;
    let what: String = match step.database() {
        Database::Postgres => sqlx::query_scalar("SELECT what FROM jobs").fetch_one(step.postgres()?).await?,
        Database::Sqlite => sqlx::query_scalar("SELECT what FROM jobs").fetch_one(step.sqlite()?).await?,
    };
    match &*what {
        "fail" => return Err(sqlx::Error::RowNotFound),
        "die" => tokio::time::sleep(Duration::from_secs(60)).await,
        "begin" => return run(step, "BEGIN").await.map(|()| MayRunTwice),
        _ => {}
    }
    run(step, "VACUUM").await?;
    Ok(MayRunTwice)
}

/// A database with one job.
async fn prepared(url: &str, what: &str) {
    migrate::upgrade(url, &HISTORY, "create").await.unwrap();
    shell::run(url, &format!("INSERT INTO jobs (id, what) VALUES (1, '{what}')")).await;
}

async fn calls(url: &str) -> Vec<String> {
    shell::ask(url, "SELECT CAST(calls AS text) FROM jobs").await
}

#[tokio::test]
async fn it_does_what_a_transaction_does_not_hold() {
    let (urls, _file) = both().await;
    for url in &urls {
        prepared(url, "").await;
        migrate::upgrade(url, &HISTORY, "head").await.unwrap();
        assert_eq!(calls(url).await, ["1"]);
        Migrator::new(&HISTORY).accept_losses().downgrade(url, "create").await.unwrap();
        assert_eq!(calls(url).await, ["2"]);
    }
}

#[tokio::test]
async fn what_it_did_before_it_failed_stays_and_the_next_run_calls_it_again() {
    let (urls, _file) = both().await;
    for url in &urls {
        prepared(url, "fail").await;
        let error = migrate::upgrade(url, &HISTORY, "head").await.unwrap_err().to_string();
        assert!(
            error.ends_with("it runs outside of a transaction, so what it did stays; the next run calls it again"),
            "{error}"
        );
        assert_eq!(calls(url).await, ["1"]);
        shell::run(url, "UPDATE jobs SET what = ''").await;
        migrate::upgrade(url, &HISTORY, "head").await.unwrap();
        assert_eq!(calls(url).await, ["2"]);
    }
}

/// A transaction that it leaves open does not hold what comes after it.
#[tokio::test]
async fn a_transaction_that_it_begins_ends_with_it() {
    let (urls, _file) = both().await;
    for url in &urls {
        prepared(url, "begin").await;
        migrate::upgrade(url, &HISTORY, "head").await.unwrap();
        assert!(shell::tables(url).await.contains(&"later".to_owned()));
        assert_eq!(calls(url).await, ["1"]);
    }
}

#[tokio::test]
async fn one_transaction_does_not_hold_it() {
    let (urls, _file) = both().await;
    for url in &urls {
        prepared(url, "").await;
        let error = Migrator::new(&HISTORY).atomic().upgrade(url, "head").await.unwrap_err().to_string();
        assert!(error.contains("a step cannot run in a transaction with others"), "{error}");
        assert_eq!(calls(url).await, ["0"]);
    }
}

/// Where the runner finds its database.
const URL: &str = "MIGRATE_TEST_OUTSIDE";

/// The process that is killed: it does something only where the environment requests it.
#[tokio::test]
async fn runner() {
    if let Ok(url) = std::env::var(URL) {
        migrate::upgrade(&*url, &HISTORY, "head").await.unwrap();
    }
}

#[tokio::test]
async fn a_runner_that_is_killed_in_it_is_followed_by_one_that_calls_it_again() {
    let file = sqlite::file();
    for url in [server::postgres().database().await, file.url()] {
        prepared(&url, "die").await;
        let this = std::env::current_exe().unwrap();
        let mut runner = Command::new(this).args(["--exact", "outside::runner", "--nocapture"]).env(URL, &url).spawn().unwrap();
        while calls(&url).await != ["1"] {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        runner.kill().unwrap();
        runner.wait().unwrap();
        shell::run(&url, "UPDATE jobs SET what = ''").await;
        migrate::upgrade(&url, &HISTORY, "head").await.unwrap();
        assert_eq!(calls(&url).await, ["2"]);
    }
}
