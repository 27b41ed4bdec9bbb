//! Other clients use the pool while it is looked at.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use migrate_live_tests::history::three;
use migrate_live_tests::pooler::{Pooling, ask};
use migrate_runtime::{Error, upgrade};
use tokio::task::JoinHandle;

use crate::{SHAPES, Site};

/// Clients that send short transactions until they are told to stop, with pauses of different lengths.
async fn traffic(site: &Site, clients: u64, stop: &Arc<AtomicBool>) -> Vec<JoinHandle<()>> {
    let mut tasks = Vec::new();
    for client in 0..clients {
        let (mut session, stop) = (site.pooler.session(&site.url).await, Arc::clone(stop));
        tasks.push(tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                ask(&mut session, "INSERT INTO app VALUES (2)").await.unwrap();
                tokio::time::sleep(Duration::from_micros(200 * client)).await;
            }
        }));
    }
    tasks
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_pool_is_refused_each_time() {
    for pooling in [Pooling::Transaction, Pooling::Statement] {
        for (size, further) in SHAPES {
            let (site, stop) = (Site::new(pooling, size, further).await, Arc::new(AtomicBool::new(false)));
            let clients = traffic(&site, 4, &stop).await;
            for _ in 0..10 {
                let error = upgrade(&site.through(), &three(), "head").await.unwrap_err();
                assert!(matches!(error, Error::Pooler), "{pooling:?} {size} {further}: {error}");
                assert_eq!(site.locks().await, Vec::<String>::new());
            }
            stop.store(true, Ordering::Relaxed);
            for client in clients {
                client.await.unwrap();
            }
            site.is_clean(&format!("ten refusals, {pooling:?} {size} {further}")).await;
        }
    }
}

/// The only session of a pool is in a transaction of somebody else: the answer comes when that has ended.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pool_of_one_that_is_in_use_is_refused_after_the_wait() {
    let site = Site::new(Pooling::Transaction, 1, "").await;
    let mut holder = site.pooler.session(&site.url).await;
    ask(&mut holder, "BEGIN").await.unwrap();
    let url = site.through();
    let run = tokio::spawn(async move { upgrade(&url, &three(), "head").await.map(drop) });
    tokio::time::sleep(Duration::from_secs(1)).await;
    ask(&mut holder, "COMMIT").await.unwrap();
    let error = run.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Pooler), "{error}");
    site.is_clean("a wait").await;
}

/// The second session is never given, so the answer to the first one is what tells.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn session_mode_is_recognised_though_every_other_session_is_in_use() {
    let site = Site::new(Pooling::Session, 2, "").await;
    let mut holder = site.pooler.session(&site.url).await;
    ask(&mut holder, "SELECT 1").await.unwrap();
    let started = std::time::Instant::now();
    assert_eq!(upgrade(&site.through(), &three(), "head").await.unwrap().migrations.len(), 3);
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}
