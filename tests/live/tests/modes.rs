//! Steps that are no transaction: each ends as if nothing had stopped it, whatever did.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::time::Duration;

use migrate_history::plan::{Direction, Progress};
use migrate_history::{Cursor, Database, History};
use migrate_live_tests::history::{history, migration, table};
use migrate_live_tests::{downgrade, server, shell, sqlite};
use migrate_runtime::{Error, Event, Migrator, Stop, script, upgrade};

/// A table, and an index that is built while others write.
fn indexed(unique: &str) -> History {
    let there = "SELECT CASE WHEN index.indisvalid IS NULL THEN 'nothing' WHEN index.indisvalid THEN 'done' ELSE 'half' END \
                 FROM (SELECT 1) AS one LEFT JOIN pg_index AS index ON indexrelid = to_regclass('t_n')";
    let gone = "SELECT CASE WHEN to_regclass('t_n') IS NULL THEN 'done' ELSE 'nothing' END";
    let create = format!("CREATE {unique}INDEX CONCURRENTLY t_n ON t (n)");
    let drop = "DROP INDEX CONCURRENTLY t_n";
    let table = migration("a", &[]).up(&["CREATE TABLE t (n integer)"]).down(&["DROP TABLE t"]);
    let index = migration("b", &["a"]).alone(&[&create], there, &[drop]).down_alone(&[drop], gone, &[]);
    history([table, index])
}

async fn progress(url: &str, history: &History) -> Vec<Progress> {
    let current = Migrator::new(history).current(url).await.unwrap();
    current.applied().filter_map(|row| Some(row.applied.as_ref()?.progress)).collect()
}

#[tokio::test]
async fn what_no_transaction_may_hold_is_done_and_undone() {
    let (history, url) = (indexed(""), server::postgres().database().await);
    upgrade(&url, &history, "head").await.unwrap();
    assert_eq!(progress(&url, &history).await, [Progress::Complete, Progress::Complete]);
    assert_eq!(shell::ask(&url, "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_n'::regclass").await.len(), 1);
    assert_eq!(shell::ask(&url, "SHOW lock_timeout").await, ["0"]);
    downgrade(&url, &history, "a").await.unwrap();
    assert!(shell::ask(&url, "SELECT 1 FROM pg_class WHERE relname = 't_n'").await.is_empty());
    downgrade(&url, &history, "base").await.unwrap();
    assert!(shell::tables(&url).await.is_empty());
}

/// An index that could not be built remains, invalid.
#[tokio::test]
async fn half_a_step_is_cleaned_up_and_done_again() {
    let (history, url) = (indexed("UNIQUE "), server::postgres().database().await);
    upgrade(&url, &history, "a").await.unwrap();
    shell::run(&url, "INSERT INTO t VALUES (1), (1)").await;
    let error = upgrade(&url, &history, "head").await.expect_err("two rows have one number");
    assert!(error.to_string().contains("could not create unique index"), "{error}");
    assert_eq!(progress(&url, &history).await, [Progress::Complete, Progress::Upgrading { step: 0, steps: 1 }]);
    // It is not known what undoes it half way, so it would be finished first.
    let refused = downgrade(&url, &history, "a").await.expect_err("two rows have one number");
    assert!(refused.to_string().contains("could not create unique index"), "{refused}");
    assert!(upgrade(&url, &history, "head").await.is_err());
    shell::run(&url, "DELETE FROM t").await;
    upgrade(&url, &history, "head").await.unwrap();
    assert_eq!(progress(&url, &history).await, [Progress::Complete, Progress::Complete]);
    assert_eq!(shell::ask(&url, "SELECT begun_step FROM migrate_ledger WHERE begun_step IS NOT NULL").await, [""; 0]);
}

/// Where it is not known what undoes half a migration, it is finished before it is undone.
#[tokio::test]
async fn what_has_begun_is_finished_before_the_other_direction() {
    let (urls, _file) = both().await;
    for url in &urls {
        let columns = |name: &str| format!("ALTER TABLE a {name} COLUMN x");
        let b = migration("b", &["a"]).up(&[&columns("ADD").replace(" x", " x integer")]).up(&["CREATE TABLE c (n integer)"]);
        let history = history([table("a", &[]), b.down(&["DROP TABLE c"]).down(&[&columns("DROP")])]);
        upgrade(url, &history, "a").await.unwrap();
        half(url, &history, Direction::Upgrade).await;
        let back = Migrator::new(&history).downgrade(url, "a").await.unwrap();
        assert_eq!(back.migrations.len(), 1, "what was finished is not what was asked for");
        assert_eq!((progress(url, &history).await, shell::tables(url).await), (vec![Progress::Complete], vec!["a".to_owned()]));
        upgrade(url, &history, "b").await.unwrap();
        half(url, &history, Direction::Downgrade).await;
        upgrade(url, &history, "b").await.unwrap();
        assert_eq!(progress(url, &history).await, [Progress::Complete, Progress::Complete]);
        assert_eq!(shell::tables(url).await, ["a", "c"]);
    }
}

/// Goes one way, and stops between the two steps of `b`.
async fn half(url: &str, history: &History, direction: Direction) {
    let stop = Stop::new();
    let asked = stop.clone();
    let observer = move |event: &Event| {
        if matches!(event, Event::StepFinished { .. }) {
            asked.at_safe_point();
        }
    };
    let mut migrator = Migrator::new(history).observer(observer).stop_on(&stop);
    let stopped = match direction {
        Direction::Upgrade => migrator.upgrade(url, "b").await,
        Direction::Downgrade => migrator.downgrade(url, "a").await,
    };
    assert!(matches!(stopped, Err(Error::Stopped(_))), "{stopped:?}");
}

/// The program ended after the statement and before the row of the ledger.
#[tokio::test]
async fn what_is_done_is_not_done_again() {
    let (history, url) = (indexed(""), server::postgres().database().await);
    upgrade(&url, &history, "head").await.unwrap();
    let begun = r#"UPDATE migrate_ledger SET step = 0, begun_step = '{"step":"1","cursor":null}' WHERE revision = 'b'"#;
    shell::run(&url, begun).await;
    upgrade(&url, &history, "head").await.unwrap();
    let begun = r#"UPDATE migrate_ledger SET direction = 'downgrade', step = 0, begun_step = '{"step":"1","cursor":null}' WHERE revision = 'b'"#;
    shell::run(&url, &format!("DROP INDEX t_n; {begun}")).await;
    downgrade(&url, &history, "a").await.unwrap();
    assert_eq!(progress(&url, &history).await, [Progress::Complete]);
}

#[tokio::test]
async fn a_script_does_it_too() {
    let (history, url) = (indexed("UNIQUE "), server::postgres().database().await);
    let up = script(&history, Database::Postgres, Direction::Upgrade, "base", "head").unwrap();
    let done = shell::psql(&url, &up);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(progress(&url, &history).await, [Progress::Complete, Progress::Complete]);
    let down = script(&history, Database::Postgres, Direction::Downgrade, "head", "a").unwrap();
    assert!(shell::psql(&url, &down).status.success());
    // What a script began, a run finishes.
    shell::run(&url, "INSERT INTO t VALUES (1), (1)").await;
    let up = script(&history, Database::Postgres, Direction::Upgrade, "a", "head").unwrap();
    assert!(!shell::psql(&url, &up).status.success());
    shell::run(&url, "DELETE FROM t").await;
    upgrade(&url, &history, "head").await.unwrap();
    assert_eq!(progress(&url, &history).await, [Progress::Complete, Progress::Complete]);
}

const ROWS: u32 = 500;

/// A table with rows, whose numbers grow by one, fifty rows at a time.
fn counted() -> History {
    let rows = format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) SELECT i, 0 FROM n");
    let create = "CREATE TABLE t (id integer NOT NULL PRIMARY KEY, v integer NOT NULL CONSTRAINT small CHECK (v < 1000))";
    let insert = format!("INSERT INTO t (id, v) {rows}");
    let next = "SELECT CAST(max(id) AS text) FROM (SELECT id FROM t WHERE {after} IS NULL OR id > CAST({after} AS integer) \
                ORDER BY id LIMIT 50) AS batch";
    let count =
        "UPDATE t SET v = v + 1 WHERE ({after} IS NULL OR id > CAST({after} AS integer)) AND id <= CAST({upto} AS integer)";
    let table = migration("a", &[]).up(&[create, &insert]).down(&["DROP TABLE t"]);
    let added = "ALTER TABLE t ADD COLUMN w integer";
    let batched = migration("b", &["a"]).up(&[added]).batches(next, &[count]).down(&["UPDATE t SET v = v - 1"]);
    history([table, batched])
}

/// The same by its key, as many rows as fit into the time of a batch.
fn timed() -> History {
    let rows = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1300) SELECT i, 0 FROM n";
    let create = "CREATE TABLE t (id integer NOT NULL PRIMARY KEY, v integer NOT NULL)";
    let next = "SELECT CAST(id AS text), count(*) OVER () FROM (SELECT id FROM t {after?WHERE id > {after 1} ?}ORDER BY id \
                LIMIT {rows}) AS batch ORDER BY batch.id DESC LIMIT 1";
    let count = "UPDATE t SET v = v + 1 WHERE {after?id > {after 1} AND ?}id <= {upto 1}";
    let table = migration("a", &[]).up(&[create, &format!("INSERT INTO t (id, v) {rows}")]).down(&["DROP TABLE t"]);
    history([table, migration("b", &["a"]).batches_by(Cursor::Key, next, &[count]).down(&["UPDATE t SET v = v - 1"])])
}

/// The first batch takes a thousand rows. One that has no time takes a row, so there are two hundred others.
#[tokio::test]
async fn a_step_by_key_goes_on_where_it_was() {
    let (urls, _file) = both().await;
    for url in &urls {
        let history = timed();
        upgrade(url, &history, "a").await.unwrap();
        shell::run(url, "UPDATE t SET id = id + 100000 WHERE id > 300; DELETE FROM t WHERE id BETWEEN 100 AND 199").await;
        let (mut given_up, mut told) = (0, Vec::new());
        for milliseconds in (1..).map(|number| number * 3) {
            let see = |event: &Event| told.extend(rows_of(event));
            let mut migrator = Migrator::new(&history).batch_time(Duration::ZERO).observer(see);
            match tokio::time::timeout(Duration::from_millis(milliseconds), migrator.upgrade(url, "head")).await {
                Ok(done) => {
                    done.unwrap();
                    break;
                }
                Err(_) => given_up += 1,
            }
        }
        assert!(given_up > 2, "it was never given up");
        assert_eq!(numbers(url).await, ["1 1200"]);
        assert!(told.is_sorted() && told.last() <= Some(&1_200), "{told:?}");
    }
}

#[tokio::test]
async fn each_batch_says_how_far_it_is() {
    let (urls, _file) = both().await;
    for url in &urls {
        let mut told = Vec::new();
        let history = timed();
        let see = |event: &Event| told.extend(rows_of(event));
        Migrator::new(&history).batch_time(Duration::ZERO).observer(see).upgrade(url, "head").await.unwrap();
        assert_eq!(told, (1_000..=1_300).collect::<Vec<u64>>());
    }
}

fn rows_of(event: &Event) -> Option<u64> {
    if let Event::Progress { rows, .. } = event { Some(*rows) } else { None }
}

async fn both() -> ([String; 2], sqlite::File) {
    let (file, postgres) = (sqlite::file(), server::postgres().database().await);
    ([postgres, file.url()], file)
}

async fn numbers(url: &str) -> Vec<String> {
    shell::ask(url, "SELECT CAST(v AS text) || ' ' || CAST(count(*) AS text) FROM t GROUP BY v ORDER BY v").await
}

#[tokio::test]
async fn every_row_is_taken_once() {
    let (urls, _file) = both().await;
    for url in &urls {
        let history = counted();
        upgrade(url, &history, "head").await.unwrap();
        assert_eq!(numbers(url).await, ["1 500"]);
        downgrade(url, &history, "a").await.unwrap();
        assert_eq!(numbers(url).await, ["0 500"]);
    }
}

#[tokio::test]
async fn a_batch_that_fails_is_the_only_one_that_is_done_again() {
    let (urls, _file) = both().await;
    for url in &urls {
        let history = counted();
        upgrade(url, &history, "a").await.unwrap();
        shell::run(url, "UPDATE t SET v = 999 WHERE id = 320").await;
        for _ in 0..2 {
            let error = upgrade(url, &history, "head").await.expect_err("one number is too large");
            assert!(error.to_string().contains("small"), "{error}");
            assert_eq!(numbers(url).await, ["0 199", "1 300", "999 1"]);
            assert_eq!(progress(url, &history).await[1], Progress::Upgrading { step: 1, steps: 2 });
        }
        shell::run(url, "UPDATE t SET v = 0 WHERE id = 320").await;
        upgrade(url, &history, "head").await.unwrap();
        assert_eq!(numbers(url).await, ["1 500"]);
    }
}

/// A run that is given up wherever it is, and begun again.
#[tokio::test]
async fn a_run_that_is_cancelled_goes_on_where_it_was() {
    let (urls, _file) = both().await;
    for url in &urls {
        let history = counted();
        upgrade(url, &history, "a").await.unwrap();
        let mut given_up = 0;
        for milliseconds in (1..).map(|number| number * 3) {
            let run = tokio::time::timeout(Duration::from_millis(milliseconds), upgrade(url, &history, "head"));
            match run.await {
                Ok(done) => {
                    done.unwrap();
                    break;
                }
                Err(_) => given_up += 1,
            }
        }
        assert!(given_up > 2, "it was never given up");
        assert_eq!(numbers(url).await, ["1 500"]);
    }
}

#[tokio::test]
async fn two_runners_take_every_row_once() {
    let (urls, _file) = both().await;
    for url in &urls {
        let history = counted();
        upgrade(url, &history, "a").await.unwrap();
        let runs = [upgrade(url, &history, "head"), upgrade(url, &history, "head")];
        let [one, other] = runs;
        let (one, other) = tokio::join!(one, other);
        one.unwrap();
        other.unwrap();
        assert_eq!(numbers(url).await, ["1 500"]);
    }
}

#[tokio::test]
async fn batches_are_not_written_as_a_script() {
    let error = script(&counted(), Database::Postgres, Direction::Upgrade, "base", "head").expect_err("it is for the program");
    assert!(error.to_string().contains("`batches`, which a script does not support"), "{error}");
}

/// A drop that keeps: its values wait in a table of their own, and the downgrade puts them back.
#[tokio::test]
async fn a_kept_column_comes_back_with_its_values() {
    let (urls, _file) = both().await;
    for url in &urls {
        let keep = "CREATE TABLE migrate_kept_b AS SELECT id, w FROM t";
        let put_back = "UPDATE t SET w = (SELECT w FROM migrate_kept_b AS kept WHERE kept.id = t.id)";
        let made = ["CREATE TABLE t (id integer NOT NULL PRIMARY KEY, w text)", "INSERT INTO t VALUES (1, 'one'), (2, NULL)"];
        let table = migration("a", &[]).up(&made).down(&["DROP TABLE t"]);
        let dropped = migration("b", &["a"]).up(&[keep, "ALTER TABLE t DROP COLUMN w"]).down(&[
            "ALTER TABLE t ADD COLUMN w text",
            put_back,
            "DROP TABLE migrate_kept_b",
        ]);
        let history = history([table, dropped]);
        upgrade(url, &history, "head").await.unwrap();
        shell::run(url, "INSERT INTO t VALUES (3)").await;
        downgrade(url, &history, "a").await.unwrap();
        let rows = "SELECT CAST(id AS text) || ' ' || coalesce(w, '-') FROM t ORDER BY id";
        assert_eq!(shell::ask(url, rows).await, ["1 one", "2 -", "3 -"]);
        assert_eq!(shell::tables(url).await, ["t"]);
    }
}
