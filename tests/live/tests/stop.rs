//! A run that is asked to stop ends where nothing is to be repaired, says what is done, and goes on there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::time::{Duration, Instant};

use migrate_history::History;
use migrate_live_tests::history::{history, migration, table, three};
use migrate_live_tests::{server, shell, sqlite};
use migrate_runtime::{Error, ErrorKind, Event, Migrator, Stop, Stopped, upgrade};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

async fn both() -> ([String; 2], sqlite::File) {
    let (file, postgres) = (sqlite::file(), server::postgres().database().await);
    ([postgres, file.url()], file)
}

/// Runs to the head, and stops where an event says so.
async fn stopping(url: &str, history: &History, mut when: impl FnMut(&Event) -> bool + Send) -> Result<usize, Error> {
    let stop = Stop::new();
    let asked = stop.clone();
    let observer = move |event: &Event| {
        if when(event) {
            asked.at_safe_point();
        }
    };
    Migrator::new(history).observer(observer).stop_on(&stop).upgrade(url, "head").await.map(|report| report.migrations.len())
}

fn stopped(done: Result<usize, Error>) -> Stopped {
    match done {
        Err(Error::Stopped(stopped)) => *stopped,
        other => panic!("{other:?}"),
    }
}

async fn is_unlocked(url: &str) {
    if url.starts_with("postgres") {
        let locks = "SELECT pid FROM pg_locks JOIN pg_database AS d ON d.oid = database \
                     WHERE locktype = 'advisory' AND datname = current_database()";
        assert_eq!(shell::ask(url, locks).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn after_a_migration_the_next_is_not_begun() {
    let (urls, _file) = both().await;
    for url in &urls {
        let history = three();
        let found = stopped(stopping(url, &history, |event| matches!(event, Event::Finished { .. })).await);
        assert_eq!((found.completed, found.incomplete, found.left), (vec!["a".into()], None, vec!["b".into(), "c".into()]));
        assert_eq!(shell::tables(url).await, ["a"]);
        is_unlocked(url).await;
        assert_eq!(upgrade(url, &history, "head").await.unwrap().migrations.len(), 2);
        // It has done everything.
        assert_eq!(stopping(url, &history, |event| matches!(event, Event::Done { .. })).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn before_anything_is_done_nothing_is() {
    let (urls, _file) = both().await;
    for url in &urls {
        let stop = Stop::new();
        stop.at_safe_point();
        let error = Migrator::new(&three()).stop_on(&stop).upgrade(url, "head").await.unwrap_err();
        assert_eq!((error.kind(), error.revision()), (ErrorKind::Stopped, None));
        assert!(shell::tables(&url.replace("sqlite://", "sqlite:")).await.is_empty());
        is_unlocked(url).await;
    }
}

/// Between two steps of a migration, whose first is committed.
#[tokio::test]
async fn a_migration_of_several_steps_goes_on_with_the_next() {
    let (urls, _file) = both().await;
    for url in &urls {
        let steps = migration("b", &["a"]).up(&["CREATE TABLE b1 (n integer)"]).up(&["CREATE TABLE b2 (n integer)"]);
        let history = history([table("a", &[]), steps.down(&["DROP TABLE b2", "DROP TABLE b1"]), table("c", &["b"])]);
        let found = stopped(stopping(url, &history, |event| matches!(event, Event::StepFinished { steps: 2, .. })).await);
        assert_eq!(found.completed, ["a"]);
        let incomplete = found.incomplete.unwrap();
        assert_eq!((&*incomplete.revision, incomplete.steps.number, incomplete.steps.total), ("b", 1, 2));
        assert_eq!(found.left, ["c"]);
        assert_eq!(shell::tables(url).await, ["a", "b1"]);
        upgrade(url, &history, "head").await.unwrap();
        assert_eq!(shell::tables(url).await, ["a", "b1", "b2", "c"]);
    }
}

#[tokio::test]
async fn between_two_batches() {
    let (urls, _file) = both().await;
    for url in &urls {
        let rows = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT i, 0 FROM n";
        let next = "SELECT CAST(max(id) AS text) FROM (SELECT id FROM t WHERE {after} IS NULL OR id > CAST({after} AS integer) \
                    ORDER BY id LIMIT 50) AS batch";
        let count =
            "UPDATE t SET v = v + 1 WHERE ({after} IS NULL OR id > CAST({after} AS integer)) AND id <= CAST({upto} AS integer)";
        let create = "CREATE TABLE t (id integer NOT NULL PRIMARY KEY, v integer NOT NULL)";
        let made = migration("a", &[]).up(&[create, &format!("INSERT INTO t (id, v) {rows}")]).down(&["DROP TABLE t"]);
        let batched = migration("b", &["a"]).batches(next, &[count]).down(&["UPDATE t SET v = v - 1"]);
        let history = history([made, batched]);
        upgrade(url, &history, "a").await.unwrap();
        let mut statements = 0;
        let found = stopping(url, &history, |event| {
            statements += usize::from(matches!(event, Event::Statement { .. }));
            statements == 3
        });
        let found = stopped(found.await);
        assert_eq!((&*found.incomplete.unwrap().revision, found.completed.len(), found.left.len()), ("b", 0, 0));
        let numbers = "SELECT CAST(v AS text) || ' ' || CAST(count(*) AS text) FROM t GROUP BY v ORDER BY v";
        assert_eq!(shell::ask(url, numbers).await, ["0 350", "1 150"]);
        upgrade(url, &history, "head").await.unwrap();
        assert_eq!(shell::ask(url, numbers).await, ["1 500"]);
    }
}

#[tokio::test]
async fn before_a_statement_outside_of_a_transaction() {
    let url = server::postgres().database().await;
    let there = "SELECT CASE WHEN to_regclass('t_n') IS NULL THEN 'nothing' ELSE 'done' END";
    let index = migration("b", &["a"]).alone(&["CREATE INDEX CONCURRENTLY t_n ON a (n)"], there, &["DROP INDEX t_n"]);
    let history = history([table("a", &[]), index.down(&["DROP INDEX t_n"])]);
    upgrade(&url, &history, "a").await.unwrap();
    let found = stopped(stopping(&url, &history, |event| matches!(event, Event::StepStarted { .. })).await);
    assert_eq!(&*found.incomplete.unwrap().revision, "b");
    assert!(shell::ask(&url, "SELECT 1 FROM pg_class WHERE relname = 't_n'").await.is_empty());
    upgrade(&url, &history, "head").await.unwrap();
    assert_eq!(shell::ask(&url, "SELECT count(*) FROM pg_class WHERE relname = 't_n'").await, ["1"]);
}

#[tokio::test]
async fn one_transaction_is_rolled_back() {
    let (urls, _file) = both().await;
    for url in &urls {
        let (stop, history) = (Stop::new(), three());
        let asked = stop.clone();
        let observer = move |event: &Event| {
            if matches!(event, Event::Started { number: 2, .. }) {
                asked.at_safe_point();
            }
        };
        let mut migrator = Migrator::new(&history).atomic().observer(observer).stop_on(&stop);
        let found = stopped(migrator.upgrade(url, "head").await.map(|_| 0));
        assert_eq!((found.completed.len(), found.left.len()), (0, 3));
        assert!(shell::tables(url).await.is_empty());
    }
}

/// Asks a run to stop after a while, and says how long it took to end then.
async fn stop_after(url: &str, history: &History, wait: Duration, ask: impl FnOnce(&Stop)) -> (Stopped, Duration) {
    let stop = Stop::new();
    let mut migrator = Migrator::new(history).stop_on(&stop);
    let run = migrator.upgrade(url, "head");
    let asking = async {
        tokio::time::sleep(wait).await;
        ask(&stop);
        Instant::now()
    };
    let (done, asked) = tokio::join!(run, asking);
    (stopped(done.map(|_| 0)), asked.elapsed())
}

async fn hold(url: &str, sql: &str) -> Holder {
    let sql = AssertSqlSafe(sql.to_owned());
    if url.starts_with("sqlite") {
        let mut connection = SqliteConnection::connect(url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        return Holder::Sqlite(connection);
    }
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    Holder::Postgres(connection)
}

/// Somebody who has something locked.
enum Holder {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl Holder {
    async fn close(self) {
        match self {
            Holder::Postgres(connection) => connection.close().await.unwrap(),
            Holder::Sqlite(connection) => connection.close().await.unwrap(),
        }
    }
}

#[tokio::test]
async fn while_it_waits_for_another_runner_or_a_table() {
    let (urls, _file) = both().await;
    let key = "SELECT pg_advisory_lock(hashtextextended('migrate public', 0))";
    for (url, locks) in
        [(&urls[0], vec![key, "BEGIN; LOCK TABLE a", "BEGIN; LOCK TABLE migrate_ledger"]), (&urls[1], vec!["BEGIN IMMEDIATE"])]
    {
        let alter = migration("b", &["a"]).up(&["ALTER TABLE a ADD COLUMN m integer"]);
        let history = history([table("a", &[]), alter]);
        upgrade(url, &history, "a").await.unwrap();
        for lock in locks {
            let holder = hold(url, lock).await;
            // A table is waited for at most two seconds at a time.
            let (found, took) = stop_after(url, &history, Duration::from_millis(2800), Stop::at_safe_point).await;
            assert_eq!(found.left, if lock.ends_with("ledger") { Vec::new() } else { vec!["b"] }, "{lock}");
            assert!(took < Duration::from_millis(2500), "{lock}: {took:?}");
            let (_, took) = stop_after(url, &history, Duration::from_millis(300), Stop::at_once).await;
            assert!(took < Duration::from_secs(1), "{lock}: {took:?}");
            holder.close().await;
        }
        is_unlocked(url).await;
        upgrade(url, &history, "head").await.unwrap();
    }
}

/// A statement that takes as long as a table says; as one message, and a statement at a time.
fn slow(url: &str, comment: &str) -> History {
    let sql = if url.starts_with("sqlite") {
        "INSERT INTO work WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < (SELECT max(long) FROM slow)) \
         SELECT max(i) FROM n"
    } else {
        "INSERT INTO work SELECT 1 FROM (SELECT pg_sleep(max(long)) FROM slow) AS slept"
    };
    let made = migration("a", &[]).up(&["CREATE TABLE slow (long integer)", "CREATE TABLE work (n integer)"]);
    let work =
        migration("b", &["a"]).up(&[&format!("{sql}{comment}"), "INSERT INTO work VALUES (0)"]).down(&["DELETE FROM work"]);
    history([made.down(&["DROP TABLE work", "DROP TABLE slow"]), work])
}

#[tokio::test]
async fn at_once_cancels_the_statement() {
    for comment in ["", " -- in pieces"] {
        let (urls, _file) = both().await;
        for (url, long) in urls.iter().zip(["600", "2000000000"]) {
            let history = slow(url, comment);
            upgrade(url, &history, "a").await.unwrap();
            shell::run(url, &format!("INSERT INTO slow VALUES ({long})")).await;
            let (found, took) = stop_after(url, &history, Duration::from_millis(400), Stop::at_once).await;
            assert_eq!(found.left, ["b"]);
            assert!(took < Duration::from_secs(2), "{took:?}");
            assert_eq!(shell::ask(url, "SELECT count(*) || '' FROM work").await, ["0"]);
            is_unlocked(url).await;
            shell::run(url, "UPDATE slow SET long = 0").await;
            upgrade(url, &history, "head").await.unwrap();
            assert_eq!(shell::ask(url, "SELECT count(*) || '' FROM work").await, ["2"]);
        }
    }
}

/// A connection that was lent goes on as it was: nothing interrupts it, and it is in no transaction.
#[tokio::test]
async fn a_lent_connection_is_as_it_was() {
    let file = sqlite::file();
    let history = slow(&file.url(), "");
    upgrade(file.url(), &history, "a").await.unwrap();
    shell::run(&file.url(), "INSERT INTO slow VALUES (2000000000)").await;
    let mut lent = SqliteConnection::connect(&file.url()).await.unwrap();
    let stop = Stop::new();
    let mut migrator = Migrator::new(&history).stop_on(&stop);
    let asking = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        stop.at_once();
    };
    let (done, ()) = tokio::join!(migrator.upgrade(&mut lent, "head"), asking);
    assert_eq!(done.unwrap_err().kind(), ErrorKind::Stopped);
    let long =
        "BEGIN; WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT max(i) FROM n; COMMIT";
    sqlx::raw_sql(long).execute(&mut lent).await.unwrap();
    lent.close().await.unwrap();
}
