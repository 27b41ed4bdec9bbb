//! For whom a run waits, for how long, and who ends it.

use std::time::{Duration, Instant};

use migrate_history::History;
use migrate_live_tests::history::{history, migration, table, three};
use migrate_live_tests::server;
use migrate_live_tests::shell::{ask, run, tables};
use migrate_runtime::{Error, Event, Migrator, current, upgrade};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// A transaction that holds the lock of this statement, from a session that calls itself `holder`.
async fn holding(url: &str, sql: &str) -> PgConnection {
    let mut connection = PgConnection::connect(&format!("{url}?application_name=holder")).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("BEGIN; {sql}"))).execute(&mut connection).await.unwrap();
    connection
}

async fn send(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await.unwrap();
}

/// A table, and a column that is added to it: as one message, and a statement at a time.
fn altered(comment: &str) -> History {
    let alter = migration("b", &["a"]).up(&[&format!("ALTER TABLE a ADD COLUMN m integer{comment}")]);
    history([table("a", &[]), alter])
}

const FORMS: [&str; 2] = ["", " -- in pieces"];

/// All tables in one statement.
const TOGETHER: &str = " together";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_bystander_waits_for_a_step_no_longer_than_for_one_lock() {
    for comment in [FORMS[0], FORMS[1], TOGETHER] {
        let url = server::postgres().database().await;
        run(&url, "CREATE TABLE t1 (); CREATE TABLE t2 (); CREATE TABLE t3 (); CREATE TABLE t4 (); CREATE TABLE t5 ()").await;
        let mut statements: Vec<String> = (1..=5).map(|at| format!("ALTER TABLE t{at} ADD COLUMN m integer{comment}")).collect();
        if comment == TOGETHER {
            statements = vec!["LOCK TABLE t1, t2, t3, t4, t5 IN ACCESS EXCLUSIVE MODE".to_owned()];
        }
        let five = history([migration("five", &[]).up(&statements.iter().map(String::as_str).collect::<Vec<_>>())]);
        // Each is let go shortly before the time for one lock is over.
        for at in 1..=5 {
            let mut reader = holding(&url, &format!("SELECT * FROM t{at}")).await;
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(900 * at)).await;
                send(&mut reader, "COMMIT").await;
            });
        }
        let runner = tokio::spawn({
            let url = url.clone();
            async move { Migrator::new(&five).lock_timeout(Duration::from_secs(1)).upgrade(&url, "head").await.map(drop) }
        });
        let mut bystander = PgConnection::connect(&url).await.unwrap();
        let mut longest = Duration::ZERO;
        while !runner.is_finished() {
            let started = Instant::now();
            send(&mut bystander, "SELECT * FROM t1").await;
            longest = longest.max(started.elapsed());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        runner.await.unwrap().unwrap();
        // Without a common time it would be 3.6 s: the waits for the four other tables.
        assert!(longest < Duration::from_millis(2500), "a reader of the first table waited for {longest:?}{comment}");
    }
}

#[tokio::test]
async fn a_timeout_that_a_migration_sets_for_itself_is_its_own() {
    let url = server::postgres().database().await;
    let note = |name: &str| format!("CREATE TABLE {name} AS SELECT current_setting('lock_timeout') AS wait");
    let statements = [note("first"), "SET LOCAL lock_timeout = '7s'".to_owned(), note("second"), note("third")];
    let own = migration("own", &[]).up(&statements.iter().map(String::as_str).collect::<Vec<_>>());
    let next = migration("next", &["own"]).up(&[&note("fourth")]);
    upgrade(&url, &history([own, next]), "head").await.unwrap();
    assert_eq!(ask(&url, "SELECT * FROM second UNION ALL SELECT * FROM third").await, ["7s", "7s"]);
    assert_eq!(ask(&url, "SELECT * FROM fourth").await, ["2s"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_timeout_below_a_millisecond_is_not_for_ever() {
    let url = server::postgres().database().await;
    upgrade(&url, &altered(""), "a").await.unwrap();
    let _reader = holding(&url, "SELECT * FROM a").await;
    let (history, short) = (altered(""), Duration::from_micros(100));
    let mut migrator = Migrator::new(&history).lock_timeout(short).retry_for(Duration::from_millis(300));
    let run = tokio::time::timeout(Duration::from_secs(30), migrator.upgrade(&url, "head"));
    let error = run.await.expect("it does not wait for ever").unwrap_err();
    assert!(matches!(error, Error::TableLocked { .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_in_use_is_named_and_so_is_who_uses_it() {
    for comment in FORMS {
        let url = server::postgres().database().await;
        upgrade(&url, &altered(comment), "a").await.unwrap();
        let mut reader = holding(&url, "SELECT * FROM a").await;
        let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut reader).await.unwrap();
        let (history, mut heard) = (altered(comment), Vec::new());
        let migrator = Migrator::new(&history).lock_timeout(Duration::from_millis(600)).retry_for(Duration::from_secs(3));
        let mut migrator = migrator.observer(|event| heard.push(event.clone()));
        let error = migrator.upgrade(&url, "head").await.unwrap_err();
        drop(migrator);
        let text = error.to_string();
        let said = format!("`a` is locked by process {pid} of `postgres` (`holder`), idle in transaction, in a transaction for ");
        assert!(text.contains(&said), "{text}");
        let told = heard.iter().any(|event| {
            matches!(event, Event::Retrying { blockers, left, .. }
                if !left.is_zero() && blockers.iter().any(|one| one.pid == i64::from(pid) && one.table.as_deref() == Some("a")))
        });
        assert!(told, "{heard:?}");
        // A session that looked is gone with the run.
        let left = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'migrate'";
        let started = Instant::now();
        while ask(&url, left).await != ["0"] {
            assert!(started.elapsed() < Duration::from_secs(10), "a session of ours is left");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_an_administrator_ends_ends_the_run() {
    for sleep in ["SELECT pg_sleep(60)", "SELECT pg_sleep(60) -- in pieces"] {
        let url = server::postgres().database().await;
        let history = history([table("a", &[]), migration("b", &["a"]).up(&["CREATE TABLE b (n integer)", sleep])]);
        let administrator = tokio::spawn({
            let url = url.clone();
            async move {
                let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                           WHERE datname = current_database() AND wait_event = 'PgSleep'";
                while ask(&url, end).await.is_empty() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        });
        let mut heard = Vec::new();
        let mut migrator = Migrator::new(&history).observer(|event| heard.push(event.clone()));
        let run = tokio::time::timeout(Duration::from_secs(50), migrator.upgrade(&url, "head"));
        let error = run.await.expect("it does not begin again").unwrap_err();
        drop(migrator);
        administrator.await.unwrap();
        assert!(matches!(&error, Error::Ended { revision, completed, .. } if revision == "b" && completed == &["a"]), "{error}");
        let text = error.to_string();
        assert!(text.contains("its step was rolled back; this run has applied `a` before it\nhelp: run the same"), "{text}");
        assert!(!heard.iter().any(|event| matches!(event, Event::Reconnecting { .. } | Event::Recovered { .. })), "{heard:?}");
        assert_eq!(tables(&url).await, ["a"]);
    }
}

#[tokio::test]
async fn a_serialization_failure_and_a_deadlock_are_tried_again() {
    for code in ["40001", "40P01"] {
        for comment in FORMS {
            let url = server::postgres().database().await;
            // A sequence is not rolled back.
            run(
                &url,
                &format!(
                    "CREATE SEQUENCE tries; CREATE FUNCTION flaky() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN \
                     IF nextval('tries') < 3 THEN RAISE EXCEPTION 'again' USING ERRCODE = '{code}'; END IF; RETURN 1; END $$"
                ),
            )
            .await;
            let flaky = migration("flaky", &[]).up(&["CREATE TABLE once (n integer)", &format!("SELECT flaky(){comment}")]);
            let (history, mut heard) = (history([flaky]), Vec::new());
            let mut migrator = Migrator::new(&history).observer(|event| heard.push(event.clone()));
            migrator.upgrade(&url, "head").await.unwrap();
            drop(migrator);
            let tried = heard.iter().filter(|event| matches!(event, Event::Retrying { .. })).count();
            assert_eq!(tried, 2, "{heard:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_that_is_locked_is_read_later_and_who_locks_it_is_named() {
    let url = server::postgres().database().await;
    upgrade(&url, &three(), "a").await.unwrap();
    let mut holder = holding(&url, "LOCK TABLE migrate_ledger, migrate_journal, migrate_format IN ACCESS EXCLUSIVE MODE").await;
    let history = three();
    let read = tokio::time::timeout(Duration::from_secs(30), current(&url, &history)).await.expect("it has an end");
    let error = read.unwrap_err();
    assert!(matches!(error, Error::LedgerLocked { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("is locked by process") && text.contains("(`holder`)"), "{text}");
    let mut migrator = Migrator::new(&history);
    let read = tokio::time::timeout(Duration::from_secs(30), migrator.journal(&url, 9)).await.expect("it has an end");
    assert!(matches!(read, Err(Error::LedgerLocked { .. })), "the journal has one too");
    let release = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(1200)).await;
        send(&mut holder, "COMMIT").await;
    });
    let mut heard = Vec::new();
    let migrator = Migrator::new(&history).lock_timeout(Duration::from_millis(200));
    let mut migrator = migrator.observer(|event| heard.push(event.clone()));
    assert_eq!(migrator.upgrade(&url, "head").await.unwrap().migrations.len(), 2);
    drop(migrator);
    release.await.unwrap();
    assert!(heard.iter().any(|event| matches!(event, Event::LedgerLocked { .. })), "{heard:?}");
}

/// The step waits for the ledger while it holds locks of the application's tables.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_does_not_wait_for_the_ledger_without_end() {
    for comment in FORMS {
        let url = server::postgres().database().await;
        upgrade(&url, &altered(comment), "a").await.unwrap();
        // Readers do not wait.
        let _holder = holding(&url, "LOCK TABLE migrate_ledger IN SHARE MODE").await;
        let history = altered(comment);
        let migrator = Migrator::new(&history).lock_timeout(Duration::from_millis(200));
        let mut migrator = migrator.retry_for(Duration::from_millis(500));
        let run = tokio::time::timeout(Duration::from_secs(30), migrator.upgrade(&url, "head"));
        let error = run.await.expect("it has an end").unwrap_err();
        assert!(matches!(error, Error::TableLocked { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_lock_that_cannot_be_released_after_everything_is_a_note() {
    let url = server::postgres().database().await;
    let careless = migration("careless", &[]).up(&["CREATE TABLE t (n integer)", "SELECT pg_advisory_unlock_all()"]);
    let (history, mut heard) = (history([careless]), Vec::new());
    let mut migrator = Migrator::new(&history).observer(|event| heard.push(event.clone()));
    assert_eq!(migrator.upgrade(&url, "head").await.unwrap().migrations.len(), 1);
    drop(migrator);
    assert!(heard.iter().any(|event| matches!(event, Event::Noted { .. })), "{heard:?}");
}
