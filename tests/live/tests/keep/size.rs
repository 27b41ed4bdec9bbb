//! Nothing is copied on PostgreSQL, whatever the size, and a lock is held for a moment.

use std::time::{Duration, Instant};

use migrate_history::Database;
use migrate_live_tests::shell;

use crate::site::Site;

const ORIGIN: &str = "create table users { id: bigint primary key, code: text default \"none\" }
    create table audit { id: bigint primary key, line: text }";
const ROWS: &str = "INSERT INTO users SELECT n, 'code ' || n FROM generate_series(1, 300000) AS n;
    INSERT INTO audit SELECT n, repeat('x', 100) FROM generate_series(1, 300000) AS n; ANALYZE";
const CHANGE: &str = "alter table users { drop code keep data; add extra: text default \"x\"; } drop table audit keep data;
    create table made { id: bigint primary key, line: text }";

/// The files that hold the rows of tables, each by one of the names that it has.
async fn files(site: &Site, tables: &str) -> Vec<String> {
    site.ask(&format!("SELECT pg_relation_filenode(oid)::text FROM pg_class WHERE relname IN ({tables}) ORDER BY oid")).await
}

/// How long a reader of the table had to wait at most while something was done.
async fn waited(site: &Site, done: impl Future<Output = ()>) -> Duration {
    let (mut longest, mut done) = (Duration::ZERO, std::pin::pin!(done));
    loop {
        let started = Instant::now();
        let read = async {
            shell::try_ask(&site.url, "SELECT max(id)::text FROM users WHERE id < 10").await.unwrap();
            tokio::time::sleep(Duration::from_millis(1)).await;
        };
        tokio::select! {
            () = &mut done => return longest,
            () = read => longest = longest.max(started.elapsed()),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_stay_in_their_files() {
    let site = Site::new(Database::Postgres, ORIGIN, ROWS, &[CHANGE]).await;
    let before = files(&site, "'users', 'audit'").await;
    let keep = waited(&site, site.upgrade("head")).await;
    assert_eq!(files(&site, "'users', '_kept_audit'").await, before, "nothing was written anew");
    shell::run(&site.url, "INSERT INTO made SELECT n, repeat('y', 100) FROM generate_series(1, 300000) AS n; ANALYZE").await;
    let made = files(&site, "'made'").await;
    let kept = site.migrator().kept(&site.url).await.unwrap().things;
    let sizes: Vec<String> =
        kept.iter().map(|one| format!("{} {} {}", one.place, one.rows, one.rows_then.unwrap_or_default())).collect();
    assert_eq!(sizes.len(), 2, "{sizes:?}");
    let park = waited(&site, async { site.downgrade_keeping("m1").await.unwrap() }).await;
    assert_eq!(files(&site, "'users', 'audit'").await, before, "nor by the downgrade");
    assert_eq!(files(&site, "'_kept_d00001_made'").await, made, "what the migration made stays where it is");
    let take = waited(&site, site.upgrade("head")).await;
    assert_eq!(files(&site, "'made'").await, made, "and comes back as it is");
    println!(
        "a reader waited {keep:?} for the kept drop, {park:?} for the downgrade that keeps, {take:?} for the upgrade; {sizes:?}"
    );
    assert!(keep.max(park).max(take) < Duration::from_secs(2), "{keep:?} {park:?} {take:?}");
}
