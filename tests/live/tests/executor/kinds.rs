//! What a program decides by when a run fails, provoked kind by kind.

use std::error::Error as _;
use std::time::Duration;

use migrate_history::History;
use migrate_live_tests::history::{history, migration, table, three};
use migrate_live_tests::proxy::{Loss, Proxy};
use migrate_live_tests::shell::run;
use migrate_live_tests::{server, sqlite};
use migrate_runtime::{Error, ErrorKind, Migrator, downgrade, upgrade};
use sqlx::{Connection, SqliteConnection};

use super::Both;

/// A database that `three` was applied to.
async fn with_three() -> sqlite::File {
    let file = sqlite::file();
    upgrade(file.url(), &three(), "head").await.unwrap();
    file
}

/// The kind of an error whose chain repeats nothing.
fn kind(error: &Error) -> ErrorKind {
    let text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        assert!(!text.contains(&source.to_string()), "twice: {source}");
        next = source.source();
    }
    error.kind()
}

async fn upgrading(url: &str, history: &History) -> Error {
    upgrade(url, history, "head").await.unwrap_err()
}

#[tokio::test]
async fn usage() {
    let file = sqlite::file();
    for (url, target) in [("mysql://host/app", "head"), ("app.db", "head"), (&*file.url(), "nowhere"), (&*file.url(), "+9")] {
        let error = upgrade(url, &three(), target).await.unwrap_err();
        assert!(kind(&error) == ErrorKind::Usage && error.is_usage() && error.as_sqlx().is_none(), "{error}");
    }
}

#[tokio::test]
async fn connection() {
    let error = upgrading("postgres://me@127.0.0.1:1/app", &three()).await;
    assert_eq!(kind(&error), ErrorKind::Connection, "{error}");
    assert!(matches!(error.as_sqlx(), Some(sqlx::Error::Io(_))), "{error:?}");
    let wrong = server::postgres().url("postgres").replace(server::PASSWORD, "wrong");
    let error = upgrading(&wrong, &three()).await;
    assert_eq!(kind(&error), ErrorKind::Connection, "{error}");
    let code = error.as_sqlx().and_then(|error| error.as_database_error()?.code());
    assert_eq!(code.as_deref(), Some("28P01"));
}

#[tokio::test]
async fn session() {
    let url = server::postgres().database().await;
    let error = upgrading(&format!("{url}?options[search_path]=nowhere"), &three()).await;
    assert_eq!(kind(&error), ErrorKind::Session, "{error}");
}

#[tokio::test]
async fn busy() {
    let file = with_three().await;
    let mut other = SqliteConnection::connect(&file.url()).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let more = history([table("a", &[]), table("b", &["a"]), table("c", &["b"]), table("d", &["c"])]);
    let error = Migrator::new(&more).lock_wait(Duration::from_millis(300)).upgrade(file.url(), "head").await.unwrap_err();
    assert_eq!(kind(&error), ErrorKind::Busy, "{error}");
}

#[tokio::test]
async fn plan() {
    let file = with_three().await;
    let error = upgrading(&file.url(), &history([table("a", &[]), table("b", &["a"])])).await;
    assert_eq!(kind(&error), ErrorKind::Plan, "{error}");
}

#[tokio::test]
async fn edited() {
    let file = with_three().await;
    let edited = table("c", &["b"]).operations(&["-- another"]);
    let error = upgrading(&file.url(), &history([table("a", &[]), table("b", &["a"]), edited])).await;
    assert_eq!(kind(&error), ErrorKind::Edited, "{error}");
}

#[tokio::test]
async fn consent() {
    let (file, history) = (sqlite::file(), history([table("a", &[]).drops("a")]));
    upgrade(file.url(), &history, "head").await.unwrap();
    run(&file.url(), "INSERT INTO a VALUES (1)").await;
    let error = downgrade(file.url(), &history, "base").await.unwrap_err();
    assert_eq!(kind(&error), ErrorKind::Consent, "{error}");
}

#[tokio::test]
async fn guard() {
    let guarded = table("a", &[]).guard("SELECT count(*) FROM a", "rows of `a`");
    let unanswered = table("b", &["a"]).guard("SELECT count(*) FROM nowhere", "rows of `nowhere`");
    let (both, history) = (Both::new().await, history([guarded, unanswered]));
    for url in both.urls() {
        upgrade(&url, &history, "head").await.unwrap();
        let error = downgrade(&url, &history, "base").await.unwrap_err();
        assert_eq!(kind(&error), ErrorKind::Guard, "{error}");
        assert!(error.as_sqlx().is_some(), "{error}");
        run(&url, "CREATE TABLE nowhere (n integer)").await;
        run(&url, "INSERT INTO a VALUES (1)").await;
        let error = downgrade(&url, &history, "base").await.unwrap_err();
        assert_eq!(kind(&error), ErrorKind::Guard, "{error}");
    }
}

#[tokio::test]
async fn statement() {
    let both = Both::new().await;
    for (url, code) in both.urls().into_iter().zip(["42P07", "1"]) {
        let error =
            upgrading(&url, &history([table("a", &[]), migration("b", &["a"]).up(&["CREATE TABLE a (n integer)"])])).await;
        assert_eq!(kind(&error), ErrorKind::Statement, "{error}");
        let found = error.as_sqlx().and_then(|error| error.as_database_error()?.code());
        assert_eq!(found.as_deref(), Some(code));
    }
}

#[tokio::test]
async fn ledger() {
    let file = with_three().await;
    run(&file.url(), "ALTER TABLE migrate_ledger RENAME COLUMN checksum TO other").await;
    let error = upgrading(&file.url(), &three()).await;
    assert_eq!(kind(&error), ErrorKind::Ledger, "{error}");
}

#[tokio::test]
async fn an_outcome_that_is_unknown() {
    let (url, port) = (server::postgres().database().await, server::postgres().port());
    let proxy = Proxy::start(port, Loss::Reply, 3, true).await;
    let through = url.replace(&format!(":{port}/"), &format!(":{}/", proxy.port));
    let history = three();
    let error = Migrator::new(&history).reconnect_for(Duration::ZERO).upgrade(&through, "head").await.unwrap_err();
    assert_eq!(kind(&error), ErrorKind::OutcomeUnknown, "{error}");
    assert!(error.as_sqlx().is_some(), "{error}");
}
