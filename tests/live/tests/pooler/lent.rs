//! A connection that is lent, of which no second one can be opened.

use std::time::Duration;

use migrate_live_tests::history::{history, migration, table};
use migrate_live_tests::pooler::{Pooling, ask};
use migrate_live_tests::shell;
use migrate_runtime::{Error, upgrade};

use crate::{SHAPES, Site};

/// Where nobody else is there, a lent connection is served as if the session were its own, and gets it back as it was.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lent_connection_leaves_nothing_behind() {
    for pooling in [Pooling::Session, Pooling::Transaction] {
        for (size, further) in SHAPES {
            let site = Site::new(pooling, size, further).await;
            let mut session = site.pooler.session(&site.url).await;
            let done = upgrade(&mut session, &history([table("a", &[]), table("b", &["a"])]), "head").await;
            if let Err(error) = done {
                assert!(matches!(error, Error::Pooler), "{pooling:?} {size} {further}: {error}");
            }
            drop(session);
            site.is_clean(&format!("a lent connection, {pooling:?} {size} {further}")).await;
        }
    }
}

/// The session with the lock is taken by somebody else between two steps; the lock is released there all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_on_a_session_that_was_given_away_is_released() {
    let site = Site::new(Pooling::Transaction, 2, "").await;
    let mut session = site.pooler.session(&site.url).await;
    let steals = migration("a", &[]).up(&["CREATE TABLE a (n integer)"]);
    let mut other = site.pooler.session(&site.url).await;
    let mut sent = false;
    let history = history([steals, table("b", &["a"])]);
    let (tell, told) = std::sync::mpsc::channel();
    let url = site.url.clone();
    let thief = tokio::spawn(async move {
        let () = tokio::task::spawn_blocking(move || told.recv().unwrap()).await.unwrap();
        ask(&mut other, "BEGIN").await.unwrap();
        tokio::time::sleep(Duration::from_millis(700)).await;
        ask(&mut other, "COMMIT").await.unwrap();
    });
    let mut migrator = migrate_runtime::Migrator::new(&history).observer(move |event| {
        if matches!(event, migrate_runtime::Event::Finished { .. }) && !std::mem::replace(&mut sent, true) {
            tell.send(()).unwrap();
            std::thread::sleep(Duration::from_millis(300));
        }
    });
    let error = migrator.upgrade(&mut session, "head").await.unwrap_err();
    assert!(matches!(error.reason(), Error::Pooler), "{error}");
    drop(migrator);
    thief.await.unwrap();
    assert_eq!(site.locks().await, Vec::<String>::new());
    assert_eq!(shell::tables(&url).await, ["a", "app"]);
}
