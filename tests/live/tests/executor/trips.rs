//! How often a run asks the server and waits: exact numbers, where a duration would be none.

use migrate_history::History;
use migrate_live_tests::counter::Counter;
use migrate_live_tests::history::{history, migration, table};
use migrate_live_tests::server;
use migrate_live_tests::shell::tables;
use migrate_runtime::{current, downgrade, upgrade};

/// Looking at the session, reading the ledger, taking the lock, reading the ledger again, giving up the lock.
const AROUND: usize = 5;

/// A ledger is made in a transaction of its own.
const LEDGER: usize = 3;

fn tables_of(count: usize) -> History {
    let name = |at: usize| format!("t{at:03}");
    let parent = |at: usize| if at == 0 { Vec::new() } else { vec![name(at - 1)] };
    history((0..count).map(|at| {
        let parents = parent(at);
        table(&name(at), &parents.iter().map(String::as_str).collect::<Vec<_>>())
    }))
}

#[tokio::test]
async fn a_step_is_one_round_trip_and_nothing_to_do_is_two() {
    let server = server::postgres();
    let counter = Counter::start(server.port()).await;
    let url = counter.url(&server.database().await, server.port());
    let history = tables_of(50);
    upgrade(&url, &history, "+20").await.unwrap();
    // That there is no ledger to read is known from the look at the session.
    assert_eq!(counter.take(), 20 + AROUND + LEDGER - 1);
    upgrade(&url, &history, "head").await.unwrap();
    assert_eq!(counter.take(), 30 + AROUND);
    upgrade(&url, &history, "head").await.unwrap();
    assert_eq!(counter.take(), 2);
    current(&url, &history).await.unwrap();
    assert_eq!(counter.take(), 2);
    downgrade(&url, &history, "-10").await.unwrap();
    assert_eq!(counter.take(), 10 + AROUND);
}

#[tokio::test]
async fn what_may_be_several_statements_goes_one_text_at_a_time() {
    let server = server::postgres();
    let counter = Counter::start(server.port()).await;
    let url = counter.url(&server.database().await, server.port());
    let several = migration("several", &[]).up(&["CREATE TABLE a (n integer); CREATE TABLE b (n integer)"]);
    upgrade(&url, &history([several]), "head").await.unwrap();
    assert!(counter.take() > 1 + AROUND + LEDGER);
    assert_eq!(tables(&url).await, ["a", "b"]);
}

#[tokio::test]
async fn a_mistake_in_the_middle_of_a_message_is_found() {
    let url = server::postgres().database().await;
    let statements = ["CREATE TABLE a (n integer)", "CREATE TABLE é (n integer)", "CREATE TABLE b (\n  n intger)", "SELECT 1"];
    let error = upgrade(&url, &history([migration("typo", &[]).up(&statements)]), "head").await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("failed at statement 3 of 4: type \"intger\" does not exist"), "{text}");
    assert!(text.contains("\nat line 2, column 5 of the statement\n"), "{text}");
    let unread = ["CREATE TABLE a (n integer)", "CREATE TABEL b (n integer)"];
    let error = upgrade(&url, &history([migration("typo", &[]).up(&unread)]), "head").await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("failed at statement 2 of 2: syntax error"), "{text}");
    assert!(text.contains("\nat line 1, column 8 of the statement\n"), "{text}");
    assert!(tables(&url).await.is_empty());
}
