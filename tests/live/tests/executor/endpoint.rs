//! Databases that cannot be reached, and passwords that must not be shown.

use migrate_history::plan::Direction;
use migrate_history::{Database, History, Version};
use migrate_live_tests::history::three;
use migrate_live_tests::{server, sqlite};
use migrate_runtime::{Error, IntoEndpoint, current, downgrade, upgrade};

const CANARY: &str = "c4n4ry";

async fn error(url: &str, history: &History) -> Error {
    let error = upgrade(url, history, "head").await.expect_err("the database cannot be reached");
    for shown in [error.to_string(), format!("{error:?}"), format!("{error:#?}")] {
        assert!(!shown.contains(CANARY), "{shown}");
    }
    error
}

#[tokio::test]
async fn a_password_appears_nowhere() {
    let history = three();
    let port = server::postgres().port();
    let wrong = error(&format!("postgres://postgres:{CANARY}@127.0.0.1:{port}/postgres"), &history).await;
    assert!(wrong.to_string().contains("password authentication failed"), "{wrong}");
    let dead = error(&format!("postgres://postgres:{CANARY}@127.0.0.1:1/postgres"), &history).await;
    assert!(dead.to_string().contains("check that the server runs"), "{dead}");
    let nowhere = error(
        &format!("postgres://postgres:{}@127.0.0.1:{port}/{CANARY}x", server::PASSWORD).replace(&format!("{CANARY}x"), "absent"),
        &history,
    )
    .await;
    assert!(nowhere.to_string().contains("\"absent\" does not exist"), "{nowhere}");
    assert!(error(&format!("postgres://u:{CANARY}/@127.0.0.1:{port}/x"), &history).await.is_usage());
}

/// Everything that a program can print of a run: what it returns, and what an observer hears.
#[tokio::test]
async fn a_password_is_in_nothing_that_a_program_can_print() {
    let (url, history) = (server::postgres().database().await, three());
    let mut heard = Vec::new();
    let mut migrator = migrate_runtime::Migrator::new(&history).observer(|event| heard.push(format!("{event:?}")));
    let mut shown = vec![
        format!("{:?}", migrator.plan(&url, Direction::Upgrade, "head").await),
        format!("{:?}", migrator.upgrade(&url, "head").await),
        format!("{:?}", migrator.current(&url).await),
        format!("{:?}", migrator.journal(&url, 9).await),
        format!("{:?}", migrator.downgrade(&url, "base").await),
        format!("{:?}", IntoEndpoint::into_endpoint(&url)),
    ];
    for odd in ["?port=", "?sslmode=", "?sslpassword=", "?", "?x=", "?host="] {
        shown.push(format!("{:?}", migrator.current(format!("{url}{odd}{}", server::PASSWORD)).await.map(drop)));
    }
    drop(migrator);
    for shown in shown.iter().chain(&heard) {
        assert!(!shown.contains(server::PASSWORD), "{shown}");
    }
    assert!(!heard.is_empty());
}

#[tokio::test]
async fn every_form_of_a_url_reaches_the_server() {
    let server = server::postgres();
    let (url, port) = (server.database().await, server.port());
    let name = url.rsplit('/').next().unwrap();
    let user = format!("postgres:{}", server::PASSWORD.replace('-', "%2D"));
    for url in [
        format!("postgresql://{user}@127.0.0.1:{port}/{name}?connect_timeout=10&keepalives=1&application_name=a%20b"),
        format!("postgres://{user}@/{name}?host=127.0.0.1&port={port}"),
        format!(
            "postgres:///?host=localhost&hostaddr=127.0.0.1&port={port}&dbname={name}&user=postgres&password={}",
            server::PASSWORD
        ),
        format!("postgres://{user}@%31%32%37.0.0.1:{port}/%{:02x}{}", name.as_bytes()[0], &name[1..]),
    ] {
        assert_eq!(current(&url, &three()).await.unwrap().schema.as_deref(), Some("public"));
    }
}

#[tokio::test]
async fn encryption_that_was_not_built_in_is_named() {
    let url = server::postgres().database().await;
    let wrong = error(&format!("{url}?sslmode=require"), &three()).await;
    assert!(wrong.to_string().contains("features = [\"tls-rustls\"]"), "{wrong}");
}

#[tokio::test]
async fn a_standby_is_read_and_not_written() {
    let Some(standby) = server::standby() else { return };
    let url = standby.url("postgres");
    assert_eq!(current(&url, &three()).await.unwrap().pending().count(), 3);
    let refused = error(&url, &three()).await;
    assert!(refused.to_string().contains("this server is a standby"), "{refused}");
}

#[tokio::test]
async fn a_ledger_holds_no_password() {
    let url = server::postgres().database().await;
    upgrade(&url, &three(), "head").await.unwrap();
    let query = "SELECT ledger::text || journal::text FROM migrate_ledger AS ledger, migrate_journal AS journal";
    for row in migrate_live_tests::shell::ask(&url, query).await {
        assert!(!row.contains(server::PASSWORD), "{row}");
    }
}

#[tokio::test]
async fn a_history_of_one_database_says_so_for_another() {
    let mut history = three();
    history.servers = vec![Version::oldest(Database::Sqlite)].into();
    let wrong = error("postgres://nobody@127.0.0.1:1/x", &history).await;
    assert!(wrong.is_usage() && wrong.to_string().contains("this history supports SQLite, not PostgreSQL"), "{wrong}");
}

#[tokio::test]
async fn a_file_that_is_missing_is_empty_until_an_upgrade_makes_it() {
    let file = sqlite::file();
    assert_eq!(current(file.url(), &three()).await.unwrap().pending().count(), 3);
    assert!(downgrade(file.url(), &three(), "base").await.unwrap().is_empty());
    assert!(!file.path().exists());
    upgrade(file.url(), &three(), "head").await.unwrap();
    assert!(file.path().exists());
    let lost = error("sqlite:///nonexistent/folder/app.db", &three()).await;
    assert!(lost.to_string().contains("its folder `/nonexistent/folder` does not exist\nhelp: create it"), "{lost}");
}

/// A future that cannot be sent to another thread is of no use in a web service.
#[tokio::test(flavor = "multi_thread")]
async fn the_futures_can_be_spawned() {
    let (url, file) = (server::postgres().database().await, sqlite::file());
    let pool = sqlx::PgPool::connect_lazy(&url).unwrap();
    let lite = sqlx::sqlite::SqlitePoolOptions::new()
        .connect_lazy_with(sqlx::sqlite::SqliteConnectOptions::new().filename(file.path()).create_if_missing(true));
    tokio::spawn(async move { upgrade(&pool, &three(), "head").await }).await.unwrap().unwrap();
    tokio::spawn(async move { upgrade(&lite, &three(), "head").await }).await.unwrap().unwrap();
}
