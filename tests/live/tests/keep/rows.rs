//! `update … keep data` and `delete … keep data`: the rows as they were come back.

use std::time::Duration;

use migrate_history::{Database, Level};
use migrate_live_tests::session::Session;
use migrate_live_tests::shell;
use migrate_runtime::Migrator;

use crate::site::{Site, history};

const ORIGIN: &str = "create table teams { id: bigint primary key, name: text? }
    create table users {
        id: bigint primary key, name: text?, code: text unique, team_id: bigint? references teams, at: date default \"2026-01-01\",
    }";
const ROWS: &str = "INSERT INTO teams VALUES (1, 'a'), (2, NULL);
    INSERT INTO users VALUES (1, 'Ann', 'x', 1, '2026-02-01'), (2, NULL, 'y', 2, '2026-02-02'), (3, 'Cy', 'z', NULL, '2026-02-03')";

const UPDATE: &str = "update users set name = lower(name), at = default where id < 3 keep data;";
const FROM: &str =
    "update users set name = teams.name from teams where teams.id = team_id and code in (select code from users) keep data;";
const DELETE: &str = "delete from users where name is null or code = \"z\" keep data;";
const ALL: &str = "delete from users keep data;";

async fn asked(site: &Site, question: &str, expected: &[&str]) {
    assert_eq!(site.ask(question).await, expected, "{question} in {}", site.url);
}

#[tokio::test]
async fn rows_come_back_as_they_were() {
    for &database in Database::ALL {
        for change in [UPDATE, FROM, DELETE, ALL, &format!("{UPDATE} {FROM} {DELETE}"), &format!("{DELETE} {DELETE} {UPDATE}")] {
            let site = Site::new(database, ORIGIN, ROWS, &[change]).await;
            assert_eq!(site.history.migrations[1].compiled().level, Level::Exact, "{change}");
            site.upgrade("head").await;
            site.downgrade("m1").await.unwrap_or_else(|error| panic!("{change} on {database}: {error}"));
            site.is_as_before().await;
        }
    }
}

#[tokio::test]
async fn rows_that_came_since_stay_and_values_of_deleted_rows_are_dropped() {
    for &database in Database::ALL {
        let site = Site::new(database, ORIGIN, ROWS, &[UPDATE]).await;
        site.upgrade("head").await;
        asked(&site, "SELECT id, name FROM users ORDER BY id", &["1|ann", "2|NULL", "3|Cy"]).await;
        asked(&site, "SELECT id, name FROM _kept_users_rows ORDER BY id", &["1|Ann", "2|NULL"]).await;
        shell::run(&site.url, "DELETE FROM users WHERE id = 1; INSERT INTO users (id, name, code) VALUES (4, 'new', 'n')").await;
        site.downgrade("m1").await.unwrap();
        asked(&site, "SELECT id, name FROM users ORDER BY id", &["2|NULL", "3|Cy", "4|new"]).await;
        assert!(site.kept().await.is_empty(), "{database}");
    }
}

/// A key that is used again, and a row that is referred to and gone: both are counted before anything is done.
#[tokio::test]
async fn what_stops_deleted_rows_is_counted() {
    for &database in Database::ALL {
        let site = Site::new(database, ORIGIN, ROWS, &[ALL]).await;
        site.upgrade("head").await;
        shell::run(&site.url, "INSERT INTO users (id, code) VALUES (1, 'other'), (9, 'y'); DELETE FROM teams WHERE id = 2").await;
        let error = site.downgrade("m1").await.unwrap_err();
        for part in ["1 row of `users` that were deleted and kept", "(id)", "(code)", "that refers to no row of `teams`"] {
            assert!(error.contains(part), "{database}: {part} in {error}");
        }
        shell::run(&site.url, "DELETE FROM users; INSERT INTO teams VALUES (2, NULL)").await;
        site.downgrade("m1").await.unwrap();
        site.is_as_before().await;
    }
}

#[tokio::test]
async fn what_is_kept_is_listed_and_purged() {
    for &database in Database::ALL {
        let site = Site::new(database, ORIGIN, ROWS, &[&format!("{UPDATE} {ALL}")]).await;
        site.upgrade("head").await;
        let kept = site.migrator().kept(&site.url).await.unwrap().things;
        let mut objects: Vec<&str> = kept.iter().map(|one| one.object.as_str()).collect();
        objects.sort_unstable();
        assert_eq!(objects, ["deleted rows of `users` (2)", "old values of `users.name`, `users.at`"], "{database}");
        let places: Vec<_> = kept.iter().map(|one| one.place.clone()).collect();
        site.migrator().accept_losses().purge(&site.url, &places).await.unwrap();
        assert!(site.downgrade("m1").await.is_err(), "{database}: nobody agreed to lose them");
        site.migrator().accept_losses().downgrade(&site.url, "m1").await.unwrap();
        asked(&site, "SELECT count(*) FROM users", &["0"]).await;
    }
}

/// Numbers that only the database gives: rows that come back have their own.
#[tokio::test]
async fn numbered_rows_come_back_with_their_numbers() {
    let origin = "create table tickets { id: bigint identity always primary key, line: text, nr: serial }";
    let rows = "INSERT INTO tickets (line) VALUES ('a'), ('b'), ('c')";
    let site = Site::new(Database::Postgres, origin, rows, &["delete from tickets where line > \"a\" keep data;"]).await;
    site.upgrade("head").await;
    site.downgrade("m1").await.unwrap();
    site.is_as_before().await;
    shell::run(&site.url, "INSERT INTO tickets (line) VALUES ('d')").await;
    asked(&site, "SELECT id, nr FROM tickets WHERE line = 'd'", &["4|4"]).await;
}

/// Another session changes a row between two statements of the upgrade: what it wrote is what is kept.
#[tokio::test]
async fn a_writer_at_the_same_moment_loses_nothing() {
    let site = Site::new(Database::Postgres, ORIGIN, ROWS, &[UPDATE]).await;
    let mut writer = Session::open(&site.url).await;
    writer.run("BEGIN; UPDATE users SET name = 'NEW' WHERE id = 1").await.unwrap();
    let (history, url) = (history(Database::Postgres, ORIGIN, &[UPDATE]), site.url.clone());
    let upgrade = tokio::spawn(async move { Migrator::new(&history).upgrade(&url, "head").await.map(drop) });
    let waits = "SELECT '1' FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    // What a session sees of the others stays the same in a transaction.
    let mut observer = Session::open(&site.url).await;
    while observer.column(waits).await.is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    writer.run("COMMIT").await.unwrap();
    upgrade.await.unwrap().unwrap();
    asked(&site, "SELECT name FROM users WHERE id = 1", &["new"]).await;
    site.downgrade("m1").await.unwrap();
    asked(&site, "SELECT name FROM users WHERE id = 1", &["NEW"]).await;
}
