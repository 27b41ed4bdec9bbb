//! `backfill` on real servers: every row exactly once, by any key, while others read and write, killed or stopped at any moment.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use migrate_history::{Database, History};
use migrate_live_tests::session::Session;
use migrate_live_tests::{compiled, server, shell, sqlite, written};
use migrate_runtime::{Error, Event, Migrator, PauseReason, Stop, upgrade};

async fn both() -> ([String; 2], sqlite::File) {
    let (file, postgres) = (sqlite::file(), server::postgres().database().await);
    ([postgres, file.url()], file)
}

fn database(url: &str) -> Database {
    if url.starts_with("sqlite") { Database::Sqlite } else { Database::Postgres }
}

fn history(url: &str, origin: &str, change: &str) -> History {
    compiled::drafts("backfill", database(url), vec![("origin", written::draft(origin)), ("change", written::draft(change))])
}

const COUNTED: &str = "backfill t set v = v + 1 undo { backfill t set v = v - 1; };";

/// Keys whose order is another one than that of their text, or where a value is easily written as another one.
const KEYS: &[(&str, &[&str])] = &[
    ("integer", &["-2147483648", "-10", "-9", "0", "9", "10", "2147483647"]),
    ("bigint", &["-9223372036854775808", "-1", "9", "10", "9223372036854775807"]),
    (
        "text",
        &[
            "''",
            "'a'",
            "'A'",
            "'B'",
            "'b'",
            "'ä'",
            "'Z'",
            "'10'",
            "'9'",
            "'it''s'",
            "'a b'",
            "'a-b'",
            "'ab'",
            "'{after 1}'",
            "'\\'",
            "'null'",
        ],
    ),
    ("varchar(20)", &["''", "'b'", "'B'", "'a'", "' a'"]),
    ("double", &["-1.5", "0.1", "0.30000000000000004", "1e300", "-1e-300"]),
    ("date", &["'0001-01-01'", "'2026-11-27'", "'1999-12-31'"]),
    ("timestamp", &["'2026-11-27 10:00:00.000001'", "'2026-11-27 10:00:00'", "'1969-12-31 23:59:59'"]),
];

/// What only one of the databases writes so.
fn own_keys(database: Database) -> Vec<(&'static str, Vec<&'static str>)> {
    match database {
        Database::Postgres => vec![
            (
                "uuid",
                vec![
                    "'00000000-0000-0000-0000-000000000000'",
                    "'ffffffff-0000-0000-0000-000000000000'",
                    "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'",
                ],
            ),
            ("bytes", vec!["'\\x'", "'\\x00'", "'\\x00ff'", "'\\xff'", "'\\x27'"]),
            ("decimal", vec!["-1.50", "0.1", "10", "9", "1e40", "'NaN'"]),
            ("timestamptz", vec!["'2026-11-27 10:00:00+02'", "'2026-11-27 09:00:00Z'"]),
            ("time", vec!["'23:59:59.999999'", "'00:00'"]),
            ("interval", vec!["'1 month'", "'29 days'", "'-3 hours'", "'31 days'"]),
            ("boolean", vec!["true", "false"]),
            ("char(5)", vec!["'a'", "'A'", "'b    '"]),
        ],
        Database::Sqlite => vec![
            ("uuid", vec!["x'00'", "x'ff'", "x'27'", "'a text'"]),
            ("bytes", vec!["x''", "x'00'", "x'00ff'", "x'27'"]),
            // SQLite keeps what it is given, and a column of numbers may hold text.
            ("double", vec!["-1", "1", "1.5", "'a'", "'A'", "x'00'"]),
            ("text", vec!["'a'", "'a' || char(0) || 'b'", "'a' || char(0)", "CAST(x'ff' AS TEXT)"]),
        ],
    }
}

async fn once_by(url: &str, ty: &str, values: &[&str]) {
    let history = history(url, &format!("create table t {{ k: {ty} primary key, v: integer default 0 }}"), COUNTED);
    upgrade(url, &history, "origin").await.unwrap();
    for value in values {
        shell::run(url, &format!("INSERT INTO t (k) VALUES ({value})")).await;
    }
    // Each batch but the first has one row.
    let limited = history_of_ones(url, ty);
    upgrade(url, &limited, "head").await.unwrap_or_else(|error| panic!("{ty}: {error}"));
    let found = shell::ask(url, "SELECT CAST(v AS text) || ' ' || CAST(count(*) AS text) FROM t GROUP BY v").await;
    assert_eq!(found, [format!("1 {}", values.len())], "{ty} on {}", database(url));
    shell::run(url, "DROP TABLE t; DROP TABLE migrate_ledger; DROP TABLE migrate_journal; DROP TABLE migrate_format").await;
}

fn history_of_ones(url: &str, ty: &str) -> History {
    let change = "backfill t set v = v + 1 in batches of 1 undo { backfill t set v = v - 1; };";
    history(url, &format!("create table t {{ k: {ty} primary key, v: integer default 0 }}"), change)
}

#[tokio::test]
async fn every_row_is_set_once_by_any_key() {
    let (urls, _file) = both().await;
    for url in &urls {
        for (ty, values) in KEYS {
            once_by(url, ty, values).await;
        }
        for (ty, values) in own_keys(database(url)) {
            once_by(url, ty, &values).await;
        }
    }
}

/// The order is that of the index: of the collation of the column, and not of the database.
#[tokio::test]
async fn a_collation_of_the_column_is_the_order_of_the_batches() {
    let (urls, _file) = both().await;
    for url in &urls {
        let collations: &[&str] = match database(url) {
            Database::Postgres => &["C", "en-x-icu", "de-AT-x-icu"],
            Database::Sqlite => &["BINARY", "NOCASE", "RTRIM"],
        };
        for collation in collations {
            let create = format!(
                "CREATE TABLE t (a text COLLATE \\\"{collation}\\\" NOT NULL, b text COLLATE \\\"{collation}\\\" NOT NULL, \
                 v integer NOT NULL DEFAULT 0, CONSTRAINT t_pkey PRIMARY KEY (a, b))"
            );
            let origin = format!(
                "sql \"{create}\" as {{ create table t {{ a: text, b: text, v: integer default 0, primary key (a, b) }} }};"
            );
            let change = "backfill t set v = v + 1 in batches of 2 undo { backfill t set v = v - 1; };";
            let history = history(url, &origin, change);
            upgrade(url, &history, "origin").await.unwrap();
            let texts = ["a", "B", "c", "ä", "ß", "Z", "z1", "Z 1", "é"];
            for (one, two) in texts.iter().flat_map(|one| texts.iter().map(move |two| (one, two))) {
                shell::run(url, &format!("INSERT INTO t (a, b) VALUES ('{one}', '{two}')")).await;
            }
            upgrade(url, &history, "head").await.unwrap_or_else(|error| panic!("{collation}: {error}"));
            let found = shell::ask(url, "SELECT CAST(v AS text) || ' ' || CAST(count(*) AS text) FROM t GROUP BY v").await;
            assert_eq!(found, ["1 81"], "{collation}");
            shell::run(url, "DROP TABLE t; DROP TABLE migrate_ledger; DROP TABLE migrate_journal; DROP TABLE migrate_format")
                .await;
        }
    }
}

const ORIGIN: &str = "create table t { id: bigint primary key, name: text?, v: integer default 0 }";
const ROWS: u32 = 20_000;

async fn filled(url: &str, history: &History) {
    upgrade(url, history, "origin").await.unwrap();
    let numbers = format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})");
    shell::run(url, &format!("{numbers} INSERT INTO t (id, name) SELECT i, 'Name ' || i FROM n")).await;
}

/// A run that is given up at any moment, and begun again, both ways.
#[tokio::test]
async fn a_run_that_is_given_up_sets_no_row_twice() {
    let (urls, _file) = both().await;
    for url in &urls {
        let history = history(url, ORIGIN, COUNTED);
        filled(url, &history).await;
        for (target, left) in [("head", "1"), ("origin", "0")] {
            let mut given_up = 0;
            for milliseconds in (1..).map(|number| number * 7) {
                let mut migrator = Migrator::new(&history).batch_time(Duration::from_millis(2)).accept_losses();
                let run = async {
                    match target {
                        "head" => migrator.upgrade(&**url, target).await,
                        _ => migrator.downgrade(&**url, target).await,
                    }
                };
                match tokio::time::timeout(Duration::from_millis(milliseconds), run).await {
                    Ok(done) => {
                        done.unwrap();
                        break;
                    }
                    Err(_) => given_up += 1,
                }
            }
            assert!(given_up > 2, "it was never given up");
            assert_eq!(shell::ask(url, "SELECT DISTINCT CAST(v AS text) FROM t").await, [left]);
        }
    }
}

/// A row's `xmin` is the transaction that has written it.
#[tokio::test]
async fn a_batch_is_a_transaction_of_so_many_rows_at_most() {
    let url = server::postgres().database().await;
    let change = |most| format!("backfill t set v = v + 1 {most} undo {{ backfill t set v = v - 1 {most}; }};");
    let limited = history(&url, ORIGIN, &change("in batches of 1500"));
    filled(&url, &limited).await;
    upgrade(&url, &limited, "head").await.unwrap();
    let largest =
        "SELECT CAST(max(number) AS text) FROM (SELECT count(*) AS number FROM t GROUP BY CAST(xmin AS text)) AS batches";
    assert_eq!(shell::ask(&url, largest).await, ["1500"]);
    // Those that fit into the time of a batch are one, with the row of the ledger.
    migrate_live_tests::downgrade(&url, &limited, "origin").await.unwrap();
    let whole = history(&url, ORIGIN, &change(""));
    let mut told = Vec::new();
    let see = |event: &Event| {
        if let Event::Progress { rows, total, .. } = event {
            told.push((*rows, *total));
        }
    };
    Migrator::new(&whole).batch_time(Duration::from_secs(600)).observer(see).upgrade(&*url, "head").await.unwrap();
    assert_eq!(told, [(u64::from(ROWS), Some(u64::from(ROWS)))]);
    let ledger = "SELECT CAST(count(DISTINCT t.xmin::text) AS text) FROM t, migrate_ledger WHERE revision = 'change' \
                  AND t.xmin = migrate_ledger.xmin";
    assert_eq!(shell::ask(&url, ledger).await, ["1"]);
    assert_eq!(shell::ask(&url, largest).await, [ROWS.to_string()]);
}

#[tokio::test]
async fn a_stop_ends_it_between_two_batches() {
    let (urls, _file) = both().await;
    for url in &urls {
        let change = "backfill t set v = v + 1 in batches of 1000 undo { backfill t set v = v - 1; };";
        let history = history(url, ORIGIN, change);
        filled(url, &history).await;
        let stop = Stop::new();
        let asked = stop.clone();
        let see = move |event: &Event| {
            if let Event::Progress { rows, total, .. } = event {
                assert!(*total == Some(u64::from(ROWS)) || *rows > 0);
                asked.at_safe_point();
            }
        };
        let error =
            Migrator::new(&history).stop_on(&stop).observer(see).upgrade(&**url, "head").await.expect_err("it is stopped");
        assert!(matches!(error, Error::Stopped(_)), "{error}");
        assert_eq!(shell::ask(url, "SELECT CAST(count(*) AS text) FROM t WHERE v = 1").await, ["1000"]);
        upgrade(url, &history, "head").await.unwrap();
        assert_eq!(shell::ask(url, "SELECT DISTINCT CAST(v AS text) FROM t").await, ["1"]);
    }
}

/// Somebody who reads and writes all the time, and how long the longest statement took.
async fn client(url: String, stop: Arc<AtomicBool>) -> Duration {
    let (mut longest, mut id) = (Duration::ZERO, ROWS + 1);
    while !stop.load(Ordering::Relaxed) {
        for sql in [
            format!("INSERT INTO t (id, name) VALUES ({id}, 'New {id}')"),
            format!("UPDATE t SET name = 'Other' WHERE id = {}", 1 + id * 7919 % ROWS),
        ] {
            let started = Instant::now();
            shell::run(&url, &sql).await;
            longest = longest.max(started.elapsed());
        }
        id += 1;
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    longest
}

/// The case that everybody writes, beside an application that does not know the column: no row is left without a value, and nobody waits
/// longer than a batch.
#[tokio::test(flavor = "multi_thread")]
async fn a_not_null_column_is_filled_beside_an_application() {
    let (urls, _file) = both().await;
    for url in &urls {
        let change = "alter table t { add handle: text?; } backfill t set handle = lower(name);";
        let history = history(url, ORIGIN, change);
        filled(url, &history).await;
        let stop = Arc::new(AtomicBool::new(false));
        let client = tokio::spawn(client(url.clone(), Arc::clone(&stop)));
        Migrator::new(&history).batch_time(Duration::from_millis(50)).upgrade(&**url, "head").await.unwrap();
        let last = shell::ask(url, "SELECT CAST(max(id) AS text) FROM t WHERE handle IS NOT NULL").await;
        stop.store(true, Ordering::Relaxed);
        let longest = client.await.unwrap();
        assert!(longest < Duration::from_secs(2), "a statement took {longest:?}");
        let missed =
            shell::ask(url, &format!("SELECT CAST(count(*) AS text) FROM t WHERE handle IS NULL AND id <= {ROWS}")).await;
        assert_eq!(missed, ["0"]);
        // The second pass has those that came during the first.
        assert!(last[0].parse::<u32>().unwrap() > ROWS, "{last:?}");
        // What the application has written meanwhile stays.
        assert_eq!(
            shell::ask(url, "SELECT CAST(count(*) AS text) FROM t WHERE name = 'Other' AND handle IS NULL AND id <= 20000").await,
            ["0"]
        );
    }
}

#[tokio::test]
async fn a_value_that_the_application_has_written_meanwhile_stays() {
    let url = server::postgres().database().await;
    let change = "alter table t { add handle: text?; } backfill t set handle = lower(name) in batches of 100;";
    let history = history(&url, ORIGIN, change);
    filled(&url, &history).await;
    let (stop, asked) = (Stop::new(), Stop::new());
    drop(asked);
    let ask = stop.clone();
    let see = move |event: &Event| {
        if matches!(event, Event::Progress { .. }) {
            ask.at_safe_point();
        }
    };
    Migrator::new(&history).stop_on(&stop).observer(see).upgrade(&*url, "head").await.expect_err("it is stopped");
    shell::run(&url, "UPDATE t SET handle = 'mine' WHERE id = 15000").await;
    upgrade(&url, &history, "head").await.unwrap();
    assert_eq!(shell::ask(&url, "SELECT handle FROM t WHERE id IN (1, 15000) ORDER BY id").await, ["name 1", "mine"]);
}

#[tokio::test]
async fn rows_that_would_stay_null_are_known_before_anything_is_touched() {
    let (urls, _file) = both().await;
    for url in &urls {
        let change = "alter table t { add handle: text?; } backfill t set handle = lower(name); alter table t { alter handle set not null; }";
        let history = history(url, ORIGIN, change);
        filled(url, &history).await;
        shell::run(url, "UPDATE t SET name = NULL WHERE id IN (7, 8)").await;
        let error = upgrade(url, &history, "head").await.expect_err("two rows have no name");
        assert!(error.to_string().contains("2 rows of `t`"), "{error}");
        assert!(shell::try_ask(url, "SELECT handle FROM t").await.is_err(), "nothing is done");
        shell::run(url, "UPDATE t SET name = 'x' WHERE name IS NULL").await;
        upgrade(url, &history, "head").await.unwrap();
        migrate_live_tests::downgrade(url, &history, "origin").await.unwrap();
    }
}

/// A replica that has stopped.
#[tokio::test]
async fn batches_wait_for_a_replica() {
    let Some(standby) = server::postgres().replica() else { return };
    let url = server::postgres().database().await;
    let history = history(&url, ORIGIN, COUNTED);
    filled(&url, &history).await;
    let replica = standby.url("postgres");
    shell::run(&replica, "SELECT pg_wal_replay_pause()").await;
    let (waited, resumed) = (Arc::new(AtomicBool::new(false)), replica.clone());
    let seen = Arc::clone(&waited);
    let see = move |event: &Event| {
        if let Event::Paused { reason: PauseReason::Lag { lag, .. }, .. } = event {
            assert!(*lag > Duration::from_millis(1));
            seen.store(true, Ordering::Relaxed);
        }
    };
    let resume = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(3)).await;
        shell::run(&resumed, "SELECT pg_wal_replay_resume()").await;
    });
    let mut migrator =
        Migrator::new(&history).batch_time(Duration::from_millis(5)).max_lag(Duration::from_millis(1)).observer(see);
    let started = Instant::now();
    migrator.upgrade(&*url, "head").await.unwrap();
    resume.await.unwrap();
    assert!(waited.load(Ordering::Relaxed) && started.elapsed() >= Duration::from_secs(3));
    assert_eq!(shell::ask(&url, "SELECT DISTINCT CAST(v AS text) FROM t").await, ["1"]);
    assert_eq!(hidden_replicas("stranger", "").await, Some(1));
    assert_eq!(hidden_replicas("watcher", "GRANT pg_monitor TO watcher;").await, None);
}

/// How many hidden replicas are reported to a role while it runs batches.
async fn hidden_replicas(role: &str, grant: &str) -> Option<u64> {
    let url = server::postgres().database().await;
    let (address, name) = url.split_once('@').map(|(_, rest)| (rest, rest.rsplit('/').next().unwrap_or_default())).unwrap();
    let roles = format!("CREATE ROLE {role} LOGIN PASSWORD 'theirs'; ALTER DATABASE {name} OWNER TO {role}; {grant}");
    shell::run(&url, &format!("{roles} GRANT ALL ON SCHEMA public TO {role}")).await;
    let own = format!("postgres://{role}:theirs@{address}");
    let history = history(&own, ORIGIN, &COUNTED.replacen(" undo", " in batches of 9000 undo", 1));
    filled(&own, &history).await;
    let mut hidden = None;
    let see = |event: &Event| {
        if let Event::Hidden { replicas, .. } = event {
            hidden = Some(*replicas);
        }
    };
    Migrator::new(&history).observer(see).upgrade(&*own, "head").await.unwrap();
    hidden
}

#[tokio::test]
async fn a_load_that_cannot_be_asked_for_is_not_taken_for_none() {
    let url = server::postgres().database().await;
    let (address, name) = url.split_once('@').map(|(_, rest)| (rest, rest.rsplit('/').next().unwrap_or_default())).unwrap();
    shell::run(&url, "REVOKE SELECT ON pg_stat_replication FROM public").await;
    shell::run(&url, "CREATE ROLE blind LOGIN PASSWORD 'theirs'; GRANT ALL ON SCHEMA public TO blind").await;
    shell::run(&url, &format!("ALTER DATABASE {name} OWNER TO blind")).await;
    let own = format!("postgres://blind:theirs@{address}");
    let history = history(&own, ORIGIN, &COUNTED.replacen(" undo", " in batches of 9000 undo", 1));
    filled(&own, &history).await;
    let mut reasons = Vec::new();
    let see = |event: &Event| {
        if let Event::LoadUnknown { reason, .. } = event {
            reasons.push(reason.clone());
        }
    };
    Migrator::new(&history).observer(see).upgrade(&*own, "head").await.unwrap();
    assert!(matches!(reasons.as_slice(), [reason] if reason.contains("pg_stat_replication")), "{reasons:?}");
}

/// Three sessions that wait for a lock until the run has paused.
#[tokio::test]
async fn batches_wait_while_the_server_is_busy() {
    let url = server::postgres().database().await;
    let history = history(&url, ORIGIN, &COUNTED.replacen(" undo", " in batches of 9000 undo", 1));
    filled(&url, &history).await;
    shell::run(&url, "CREATE TABLE held (n integer)").await;
    let holder = Session::open(&url).await;
    let holder = Arc::new(tokio::sync::Mutex::new(holder));
    holder.lock().await.run("BEGIN; LOCK TABLE held").await.unwrap();
    let wait = |url: String| tokio::spawn(async move { shell::run(&url, "SELECT FROM held").await });
    let waiting: Vec<_> = (0..3).map(|_| wait(url.clone())).collect();
    let (mut told, free) = (None, Arc::clone(&holder));
    let see = |event: &Event| {
        if let Event::Paused { reason: PauseReason::Load { waiting, limit }, .. } = event {
            told = Some((*waiting, *limit));
            let free = Arc::clone(&free);
            tokio::spawn(async move { free.lock().await.run("COMMIT").await.unwrap() });
        }
    };
    Migrator::new(&history).max_waiting(2).observer(see).upgrade(&*url, "head").await.unwrap();
    for one in waiting {
        one.await.unwrap();
    }
    let (waiting, limit) = told.expect("it has paused");
    assert!(waiting > 2 && limit == 2, "{waiting} {limit}");
    assert_eq!(shell::ask(&url, "SELECT DISTINCT CAST(v AS text) FROM t").await, ["1"]);
}
