//! Rust functions that migrations call: what they do is committed with the row of the ledger or not at all, whatever they do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod killed;
mod migrations;
mod outside;

use std::time::{Duration, Instant};

use migrate::compiled::Calls;
use migrate::{Error, ErrorKind, Event, Grade, History, Level, Migration, Migrator, RunLock, Stop};
use migrate_live_tests::{server, shell, sqlite};
use migrations::HISTORY;

async fn both() -> ([String; 2], sqlite::File) {
    let (file, postgres) = (sqlite::file(), server::postgres().database().await);
    ([postgres, file.url()], file)
}

/// A database with six people, and with what the functions are to do.
async fn prepared(url: &str, orders: &[&str]) {
    migrate::upgrade(url, &HISTORY, "create").await.unwrap();
    let people: Vec<String> = (1..=6).map(|id| format!("({id}, '+{id}-555')")).collect();
    shell::run(url, &format!("INSERT INTO people (id, phone) VALUES {}", people.join(", "))).await;
    for order in orders {
        shell::run(url, &format!("INSERT INTO orders VALUES ('{order}')")).await;
    }
}

async fn digits(url: &str) -> Vec<String> {
    shell::ask(url, "SELECT digits FROM people WHERE digits IS NOT NULL ORDER BY id").await
}

/// The different numbers of calls.
async fn calls(url: &str) -> Vec<String> {
    shell::ask(url, "SELECT DISTINCT CAST(calls AS text) FROM people").await
}

async fn applied(url: &str) -> Vec<String> {
    shell::ask(url, "SELECT revision FROM migrate_ledger ORDER BY revision").await
}

#[tokio::test]
async fn a_function_fills_a_column_and_another_one_empties_it() {
    let (urls, _file) = both().await;
    for url in &urls {
        prepared(url, &[]).await;
        let mut seen = Vec::new();
        let watch = |event: &Event| {
            if let Event::Progress { revision, rows, total, .. } = event {
                seen.push(format!("{revision} {rows} of {total:?}"));
            } else if let Event::Called { revision, function, cursor, .. } = event {
                seen.push(format!("{revision} {function} {cursor:?}"));
            }
        };
        Migrator::new(&HISTORY).observer(watch).upgrade(url, "head").await.unwrap();
        assert_eq!(digits(url).await, ["1555", "2555", "3555", "4555", "5555", "6555"]);
        assert_eq!(calls(url).await, ["1"]);
        assert_eq!(seen[5..7], ["fill 6 of Some(6)", "fill super::digits None"]);
        assert_eq!(
            seen[7..],
            [
                "batches super::call_all Some(\"2 of 2\")",
                "batches super::call_all Some(\"4 of 4\")",
                "batches super::call_all Some(\"6 of 6\")",
                "batches super::call_all None",
            ]
        );
        Migrator::new(&HISTORY).accept_losses().downgrade(url, "create").await.unwrap();
        assert_eq!((digits(url).await, calls(url).await), (Vec::new(), vec!["0".to_owned()]));
    }
}

/// The error has what the function says, and nothing of what it did is left.
#[tokio::test]
async fn what_fails_is_rolled_back() {
    for (order, said) in [
        ("fail", "the rows cannot be read: "),
        ("panic", "it panicked: a number is odd\nnote: the migration was rolled back, so the database is unchanged"),
        ("begin and fail", "the rows cannot be read: no rows returned"),
    ] {
        let (urls, _file) = both().await;
        for url in &urls {
            prepared(url, &[order]).await;
            let error = migrate::upgrade(url, &HISTORY, "fill").await.unwrap_err();
            let text = error.to_string();
            assert!(
                text.starts_with(&format!("the upgrade of `fill` failed in the Rust function `super::digits`: {said}")),
                "{text}"
            );
            assert_eq!((error.kind(), error.revision()), (ErrorKind::Statement, Some("fill")));
            assert_eq!((digits(url).await, calls(url).await), (Vec::new(), vec!["0".to_owned()]), "{order}");
            shell::run(url, "DELETE FROM orders").await;
            migrate::upgrade(url, &HISTORY, "head").await.unwrap();
            assert_eq!((digits(url).await.len(), calls(url).await), (6, vec!["1".to_owned()]));
        }
    }
}

#[tokio::test]
async fn the_error_is_the_functions_own_and_the_journal_has_no_values() {
    let (urls, _file) = both().await;
    for url in &urls {
        prepared(url, &[]).await;
        shell::run(url, "UPDATE people SET phone = 'secret' WHERE id = 4").await;
        let error = migrate::upgrade(url, &HISTORY, "head").await.unwrap_err();
        let Error::Program(error) = error else { panic!("{error}") };
        let own = error.returned().and_then(|error| error.downcast_ref::<migrations::Wrong>());
        assert!(matches!(own, Some(migrations::Wrong::Phone(text)) if text == "secret"), "{error}");
        let journal = shell::ask(url, "SELECT detail FROM migrate_journal WHERE event = 'failed'").await;
        assert_eq!(journal, ["the function `super::digits` returned an error"]);
    }
}

/// What a function may do without harm: its transactions are savepoints of ours, and its settings end with it.
#[tokio::test]
async fn what_a_function_begins_or_sets_ends_with_it() {
    for order in ["begin", "begin and forget", "settings", "stream", "idle"] {
        let (urls, _file) = both().await;
        for url in &urls {
            prepared(url, &[order]).await;
            migrate::upgrade(url, &HISTORY, "head").await.unwrap_or_else(|error| panic!("{order}: {error}"));
            assert_eq!(digits(url).await.len(), 6, "{order}");
            let expected = if order.starts_with("begin") { "8" } else { "1" };
            assert_eq!(calls(url).await, [expected], "{order}");
            assert!(shell::tables(url).await.contains(&"later".to_owned()), "{order}");
        }
    }
}

/// A COMMIT in SQL ends the step with an error: the ledger does not have it.
#[tokio::test]
async fn a_function_that_ends_the_transaction_is_an_error() {
    let (urls, _file) = both().await;
    for url in &urls {
        prepared(url, &["commit"]).await;
        let error = migrate::upgrade(url, &HISTORY, "head").await.unwrap_err();
        assert!(matches!(error, Error::TransactionEnded { .. }), "{error}");
        assert_eq!(applied(url).await, ["create"]);
    }
}

/// PostgreSQL has rolled back what came before an error; that the function returned nothing of it does not help.
#[tokio::test]
async fn an_error_that_is_swallowed_is_found() {
    let (urls, _file) = both().await;
    let [postgres, sqlite] = &urls;
    for url in [postgres, sqlite] {
        prepared(url, &["swallow"]).await;
        let done = migrate::upgrade(url, &HISTORY, "fill").await;
        assert_eq!(done.is_err(), url == postgres, "{done:?}");
        assert_eq!(digits(url).await.len(), if url == postgres { 0 } else { 6 });
    }
}

/// A stop at once ends a function at an await, and the statement that it waits for.
#[tokio::test]
async fn a_stop_at_once_ends_it() {
    for order in ["sleep", "work"] {
        let (urls, _file) = both().await;
        for url in &urls {
            prepared(url, &[order]).await;
            let (stop, started) = (Stop::new(), Instant::now());
            let asked = stop.clone();
            let watch = move |event: &Event| {
                if matches!(event, Event::Progress { rows: 6, .. }) {
                    let asked = asked.clone();
                    tokio::spawn(async move {
                        tokio::time::sleep(Duration::from_millis(300)).await;
                        asked.at_once();
                    });
                }
            };
            let error = Migrator::new(&HISTORY).observer(watch).stop_on(&stop).upgrade(url, "head").await.unwrap_err();
            assert!(matches!(error, Error::Stopped(_)), "{order}: {error}");
            assert!(started.elapsed() < Duration::from_secs(20), "{order}: {:?}", started.elapsed());
            assert_eq!((digits(url).await, applied(url).await), (Vec::new(), vec!["create".to_owned()]), "{order}");
            shell::run(url, "DELETE FROM orders").await;
            migrate::upgrade(url, &HISTORY, "head").await.unwrap();
        }
    }
}

/// A request to stop ends a run between two batches; the next run goes on there.
#[tokio::test]
async fn batches_end_between_two_and_go_on_there() {
    let (urls, _file) = both().await;
    for url in &urls {
        prepared(url, &[]).await;
        migrate::upgrade(url, &HISTORY, "after_it").await.unwrap();
        let stop = Stop::new();
        let asked = stop.clone();
        let watch = move |event: &Event| {
            if matches!(event, Event::Called { .. }) {
                asked.at_safe_point();
            }
        };
        let error = Migrator::new(&HISTORY).observer(watch).stop_on(&stop).upgrade(url, "head").await.unwrap_err();
        assert!(matches!(error, Error::Stopped(_)), "{error}");
        assert_eq!(shell::ask(url, "SELECT CAST(sum(calls) AS text) FROM people").await, ["2"]);
        migrate::upgrade(url, &HISTORY, "head").await.unwrap();
        assert_eq!(calls(url).await, ["1"]);
    }
}

#[tokio::test]
async fn a_batch_that_fails_is_rolled_back_and_the_next_run_goes_on_there() {
    let (urls, _file) = both().await;
    for url in &urls {
        prepared(url, &[]).await;
        migrate::upgrade(url, &HISTORY, "after_it").await.unwrap();
        shell::run(url, "INSERT INTO orders VALUES ('fail at 4')").await;
        let error = migrate::upgrade(url, &HISTORY, "head").await.unwrap_err().to_string();
        assert!(
            error.ends_with("the batch was rolled back; those before it stay applied, and the next run continues here"),
            "{error}"
        );
        assert_eq!(shell::ask(url, "SELECT CAST(sum(calls) AS text) FROM people").await, ["4"]);
        shell::run(url, "DELETE FROM orders").await;
        migrate::upgrade(url, &HISTORY, "head").await.unwrap();
        assert_eq!(calls(url).await, ["1"]);
        shell::run(url, "INSERT INTO orders VALUES ('stuck')").await;
        let error = Migrator::new(&HISTORY).accept_losses().downgrade(url, "after_it").await.unwrap_err().to_string();
        assert!(error.contains("it returned the cursor `2 of 2` that it was called with"), "{error}");
        shell::run(url, "DELETE FROM orders").await;
        Migrator::new(&HISTORY).accept_losses().downgrade(url, "after_it").await.unwrap();
        assert_eq!(calls(url).await, ["0"]);
    }
}

#[tokio::test]
async fn a_run_in_one_transaction_calls_functions_in_it() {
    let (urls, _file) = both().await;
    for url in &urls {
        prepared(url, &[]).await;
        let error = Migrator::new(&HISTORY).atomic().upgrade(url, "head").await.unwrap_err().to_string();
        assert!(error.contains("a step cannot run in a transaction with others"), "{error}");
        assert!(digits(url).await.is_empty());
        shell::run(url, "INSERT INTO orders VALUES ('panic')").await;
        assert!(Migrator::new(&HISTORY).atomic().upgrade(url, "after_it").await.is_err());
        assert!(digits(url).await.is_empty());
        shell::run(url, "UPDATE orders SET what = 'begin'").await;
        Migrator::new(&HISTORY).atomic().upgrade(url, "after_it").await.unwrap();
        assert_eq!(digits(url).await.len(), 6);
    }
}

#[tokio::test]
async fn a_lease_covers_functions_too() {
    let url = server::postgres().database().await;
    prepared(&url, &["begin"]).await;
    Migrator::new(&HISTORY).lock(RunLock::Lease).upgrade(&url, "head").await.unwrap();
    Migrator::new(&HISTORY).lock(RunLock::Lease).accept_losses().downgrade(&url, "create").await.unwrap();
    assert_eq!(digits(&url).await, [""; 0]);
}

/// A connection that is lent comes back without a transaction, and sqlx counts none.
#[tokio::test]
async fn a_connection_that_is_lent_comes_back_as_it_was() {
    use sqlx::{Connection, PgConnection, SqliteConnection};
    for order in ["begin and forget", "panic"] {
        let (urls, _file) = both().await;
        let [postgres, sqlite] = &urls;
        for url in &urls {
            prepared(url, &[order]).await;
        }
        let mut lent = PgConnection::connect(postgres).await.unwrap();
        let done = migrate::upgrade(&mut lent, &HISTORY, "head").await;
        assert_eq!((done.is_ok(), lent.is_in_transaction()), (order != "panic", false), "{done:?}");
        lent.begin().await.unwrap().commit().await.unwrap();
        let mut lent = SqliteConnection::connect(sqlite).await.unwrap();
        let done = migrate::upgrade(&mut lent, &HISTORY, "head").await;
        assert_eq!((done.is_ok(), lent.is_in_transaction()), (order != "panic", false), "{done:?}");
        lent.begin().await.unwrap().commit().await.unwrap();
    }
}

#[test]
fn the_level_is_what_is_stated_and_the_plan_says_who_can_undo_it() {
    let fill = HISTORY.migrations.iter().find(|one| one.id == "fill").unwrap();
    assert_eq!(fill.compiled().grade(), Grade::stated(Level::Exact));
    let note = "the downgrade calls the Rust function `super::no_digits`, so only a program that has this migration can undo it";
    assert_eq!(*fill.compiled().notes, [note]);
    assert!(fill.program("super::digits", Calls::Once).is_ok());
}

#[test]
fn no_script_has_a_function() {
    use migrate::{Database, plan::Direction};
    for database in [Database::Postgres, Database::Sqlite] {
        let error = migrate::script(&HISTORY, database, Direction::Upgrade, "base", "head").unwrap_err().to_string();
        assert!(
            error.starts_with("step 1 of `fill` calls the Rust function `super::digits`, which a script cannot call"),
            "{error}"
        );
    }
}

/// A future that calls functions can be sent to another thread.
#[tokio::test]
async fn a_run_can_be_spawned() {
    let file = sqlite::file();
    let url = file.url();
    prepared(&url, &[]).await;
    let to = url.clone();
    tokio::spawn(async move { migrate::upgrade(&*to, &HISTORY, "head").await.map(drop) }).await.unwrap().unwrap();
    assert_eq!(digits(&url).await.len(), 6);
}

/// What is compiled into a program is in no ledger.
#[tokio::test]
async fn a_program_without_the_function_is_refused_before_anything_is_touched() {
    let (urls, _file) = both().await;
    let of = |migrations: Vec<&'static Migration>| History::new("programs".into(), HISTORY.servers.clone(), migrations.into());
    let older = of(vec![HISTORY.migrations[0]]);
    let mut renamed = HISTORY.migrations.to_vec();
    renamed[1] = Box::leak(Box::new(renamed[1].clone().calling(renamed[3].programs)));
    let renamed = of(renamed);
    for url in &urls {
        prepared(url, &[]).await;
        migrate::upgrade(url, &HISTORY, "after_it").await.unwrap();
        for (history, said) in [
            (&older, "it does not have `fill`; nothing was done\nhelp: run the version of the application that applied it"),
            (
                &renamed,
                "`fill` calls no function in the same way; nothing was done\nhelp: write `super::no_digits` in `fill` as it was",
            ),
        ] {
            let error = Migrator::new(history).accept_losses().downgrade(url, "create").await.unwrap_err().to_string();
            let why =
                "the downgrade of `fill` calls the Rust function `super::no_digits`, which this program does not have\nnote: ";
            assert!(error.starts_with(&format!("{why}{said}")), "{error}");
            assert_eq!((digits(url).await.len(), applied(url).await.len()), (6, 3));
        }
        let error = migrate::upgrade(url, &renamed, "head").await.map(|report| report.migrations.len());
        assert_eq!(error.unwrap(), 1, "the function of another migration is there");
    }
}
