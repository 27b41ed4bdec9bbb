//! With PgBouncer: what only reads works in its three modes and leaves nothing in a session; what writes works in session mode, and is
//! refused in the others before it has set or locked anything, with traffic and without it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod leased;
mod lent;
mod traffic;

use migrate_history::History;
use migrate_history::plan::Direction;
use migrate_live_tests::history::{history, migration, table, three};
use migrate_live_tests::pooler::{Pooler, Pooling, ask};
use migrate_live_tests::{server, shell};
use migrate_runtime::{Error, Migrator, current, downgrade, upgrade};
use sqlx::PgConnection;

/// What PgBouncer keeps equal between a client and its server session, and so sets itself.
const TRACKED: &str = "('DateStyle', 'TimeZone', 'client_encoding', 'application_name', 'standard_conforming_strings')";

/// A database with the application's table, a pooler in front of it, and how many sessions that has.
struct Site {
    url: String,
    pooler: Pooler,
    size: usize,
}

impl Site {
    async fn new(pooling: Pooling, size: usize, further: &str) -> Site {
        let url = server::postgres().database().await;
        shell::run(&url, "CREATE TABLE app (n integer)").await;
        let site = Site { url, pooler: Pooler::start(server::postgres(), pooling, size, further), size };
        site.warm().await;
        site
    }

    /// The URL through the pooler.
    fn through(&self) -> String {
        self.pooler.url(&self.url)
    }

    /// Opens every session of the pool, as an application does that was under load and is quiet now.
    async fn warm(&self) {
        let sleep = |mut session: PgConnection| async move {
            ask(&mut session, "SELECT pg_sleep(0.1)").await.unwrap();
        };
        let mut clients = Vec::new();
        for _ in 0..self.size {
            clients.push(tokio::spawn(sleep(self.pooler.session(&self.url).await)));
        }
        for client in clients {
            client.await.unwrap();
        }
    }

    /// The server processes that have a lock in this database.
    async fn locks(&self) -> Vec<String> {
        let query = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' \
                     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        shell::ask(&self.url, query).await
    }

    /// What the application finds in every session of the pool: it writes, and nothing is set, prepared, open or locked.
    async fn is_clean(&self, after: &str) {
        let checks = format!(
            "INSERT INTO app VALUES (1); \
             SELECT pg_backend_pid(), name, setting FROM pg_settings WHERE source = 'session' AND name NOT IN {TRACKED} \
             UNION ALL SELECT 0, name, setting FROM pg_settings WHERE name LIKE '%_timeout' AND setting <> reset_val \
             UNION ALL SELECT 0, 'prepared', name FROM pg_prepared_statements \
             UNION ALL SELECT 0, 'temporary', relname FROM pg_class WHERE relpersistence = 't' AND pg_table_is_visible(oid) \
             UNION ALL SELECT 0, 'listening', channel FROM pg_listening_channels() AS channel \
             UNION ALL SELECT pid, 'lock', objid::text FROM pg_locks WHERE locktype = 'advisory' \
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database()); \
             SELECT 0, 'held', '' WHERE pg_sleep(0.05) IS NULL"
        );
        let mut clients = Vec::new();
        for _ in 0..self.size {
            let (mut session, checks) = (self.pooler.session(&self.url).await, checks.clone());
            clients.push(tokio::spawn(async move { ask(&mut session, &checks).await }));
        }
        for client in clients {
            assert_eq!(client.await.unwrap(), Ok(Vec::new()), "after {after}");
        }
        let idle = "SELECT query FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND datname = current_database()";
        assert_eq!(shell::ask(&self.url, idle).await, Vec::<String>::new(), "after {after}");
    }
}

/// Every size, with PgBouncer's own order of sessions and with the other one, and with a client's parameters refused or left out.
const SHAPES: [(usize, &str); 5] = [
    (1, ""),
    (1, "ignore_startup_parameters = extra_float_digits,options"),
    (3, ""),
    (3, "server_round_robin = 1\nignore_startup_parameters = extra_float_digits,options"),
    (2, "server_round_robin = 1"),
];

/// Two that were applied before; the downgrade of the second one counts what it drops.
fn older() -> History {
    let counted = migration("b", &["a"]).up(&["CREATE TABLE b (n integer)"]).down(&["DROP TABLE b"]).drops("b");
    history([table("a", &[]), counted, table("c", &["b"])])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_reads_works_in_every_mode_and_leaves_nothing_behind() {
    for pooling in Pooling::ALL {
        for (size, further) in SHAPES {
            let site = Site::new(pooling, size, further).await;
            let (through, history) = (site.through(), older());
            let doing = format!("{pooling:?} {size} {further}");
            assert_eq!(current(&through, &history).await.unwrap().pending().count(), 3, "{doing}");
            site.is_clean(&format!("current without a ledger, {doing}")).await;
            upgrade(&site.url, &history, "b").await.unwrap();
            assert_eq!(current(&through, &history).await.unwrap().heads, ["b"]);
            site.is_clean(&format!("current, {doing}")).await;
            let plan = Migrator::new(&history).plan(&through, Direction::Upgrade, "head").await.unwrap();
            assert_eq!(plan.migrations.len(), 1);
            site.is_clean(&format!("plan, {doing}")).await;
            let plan = Migrator::new(&history).plan(&through, Direction::Downgrade, "base").await.unwrap();
            assert_eq!(plan.migrations.len(), 2);
            site.is_clean(&format!("plan of a downgrade, {doing}")).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn session_mode_is_taken_and_left_clean() {
    let reset = "server_reset_query =";
    for (size, further) in SHAPES.into_iter().chain([(1, reset), (2, reset)]) {
        let (site, history) = (Site::new(Pooling::Session, size, further).await, older());
        let through = site.through();
        assert_eq!(upgrade(&through, &history, "head").await.unwrap().migrations.len(), 3, "{size} {further}");
        site.is_clean(&format!("an upgrade, {size} {further}")).await;
        assert_eq!(downgrade(&through, &history, "base").await.unwrap().migrations.len(), 3);
        site.is_clean(&format!("a downgrade, {size} {further}")).await;
        let plan = Migrator::new(&history).plan(&through, Direction::Upgrade, "head").await.unwrap();
        Migrator::new(&history).execute(&through, &plan).await.unwrap();
        site.is_clean(&format!("a plan that was carried out, {size} {further}")).await;
        let fails = history_that_fails();
        upgrade(&through, &fails, "head").await.unwrap_err();
        site.is_clean(&format!("a failure, {size} {further}")).await;
    }
}

fn history_that_fails() -> History {
    let counted = migration("b", &["a"]).up(&["CREATE TABLE b (n integer)"]).down(&["DROP TABLE b"]).drops("b");
    let fails = migration("d", &["c"]).up(&["SET statement_timeout = '7s'", "SELECT 1 / 0"]);
    history([table("a", &[]), counted, table("c", &["b"]), fails])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quiet_pool_in_another_mode_is_refused_and_nothing_is_left() {
    for pooling in [Pooling::Transaction, Pooling::Statement] {
        for (size, further) in SHAPES {
            let (site, history) = (Site::new(pooling, size, further).await, three());
            for _ in 0..3 {
                let error = upgrade(&site.through(), &history, "head").await.unwrap_err();
                assert!(matches!(error, Error::Pooler), "{pooling:?} {size} {further}: {error}");
                assert!(error.to_string().contains("pool_mode = session"), "{error}");
                site.is_clean(&format!("a refusal, {pooling:?} {size} {further}")).await;
            }
            upgrade(&site.url, &history, "head").await.unwrap();
            let error = downgrade(&site.through(), &history, "base").await.unwrap_err();
            assert!(matches!(error, Error::Pooler), "{error}");
            site.is_clean(&format!("a refused downgrade, {pooling:?} {size} {further}")).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pool_of_the_application_is_recognised_too() {
    for (pooling, taken) in [(Pooling::Session, true), (Pooling::Transaction, false), (Pooling::Statement, false)] {
        for (size, further) in SHAPES {
            let site = Site::new(pooling, size, further).await;
            let options = site.through().parse::<sqlx::postgres::PgConnectOptions>().unwrap();
            let options = options.extra_float_digits(None).statement_cache_capacity(0);
            let pool = sqlx::postgres::PgPoolOptions::new().max_connections(2).connect_lazy_with(options);
            let history = three();
            match upgrade(&pool, &history, "head").await {
                Ok(report) => assert!(taken && report.migrations.len() == 3, "{pooling:?} {size} {further}"),
                Err(error) => assert!(!taken && matches!(error, Error::Pooler), "{pooling:?} {size} {further}: {error}"),
            }
            assert_eq!(current(&pool, &history).await.unwrap().revisions.len(), 3);
            pool.close().await;
            site.is_clean(&format!("a pool's upgrade, {pooling:?} {size} {further}")).await;
        }
    }
}
