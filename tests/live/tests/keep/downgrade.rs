//! `downgrade --keep`, and the upgrade after it.

use migrate_history::Database;
use migrate_history::plan::{Direction, Plan};
use migrate_live_tests::shell;
use migrate_live_tests::snapshot::Snapshot;

use crate::site::{Site, history};

const USERS: &str = "create table users { id: bigint primary key, name: text }";
const ROWS: &str = "INSERT INTO users VALUES (1, 'ann'), (2, 'bob')";
const CHANGE: &str = "alter table users { add code: text default \"none\"; add note: text?; }
    create table audit { id: bigint primary key, user_id: bigint references users, word: text unique, check (word > \"\"), index by_user (user_id) }";

async fn filled(database: Database, change: &str) -> Site {
    let site = Site::new(database, USERS, ROWS, &[change]).await;
    site.upgrade("head").await;
    shell::run(&site.url, "UPDATE users SET code = 'a', note = 'x' WHERE id = 1").await;
    shell::run(&site.url, "INSERT INTO audit (id, user_id, word) VALUES (1, 1, 'one'), (2, 2, 'two')").await;
    site
}

async fn plan(site: &Site) -> Plan {
    site.migrator().plan(&site.url, Direction::Upgrade, "head").await.unwrap()
}

fn notes(plan: &Plan) -> String {
    plan.migrations.iter().flat_map(|one| one.notes.iter()).map(|note| format!("{note}\n")).collect()
}

#[tokio::test]
async fn what_a_downgrade_has_kept_comes_back_with_the_next_upgrade() {
    for &database in Database::ALL {
        let site = filled(database, CHANGE).await;
        let after = Snapshot::take(&site.url).await;
        for _ in 0..2 {
            assert!(site.downgrade("m1").await.is_err(), "{database}: nobody agreed to lose the rows");
            site.downgrade_keeping("m1").await.unwrap();
            assert_eq!(site.kept().await.len(), 3, "{database}: {:?}", site.kept().await);
            assert_eq!(site.ask("SELECT word FROM _kept_d00001_audit ORDER BY id").await, ["one", "two"], "{database}");
            // The program before the migration is at work.
            shell::run(&site.url, "INSERT INTO users (id, name) VALUES (3, 'cy')").await;
            let plan = plan(&site).await;
            assert!(notes(&plan).contains("restores the table `audit`"), "{database}: {}", notes(&plan));
            site.upgrade("head").await;
            assert!(site.kept().await.is_empty(), "{database}: {:?}", site.kept().await);
            let rows = site.ask("SELECT id, code, coalesce(note, '-') FROM users ORDER BY id").await;
            assert_eq!(rows, ["1|a|x", "2|none|-", "3|none|-"], "{database}: a row made since has the default");
            shell::run(&site.url, "DELETE FROM users WHERE id = 3").await;
            let now = Snapshot::take(&site.url).await;
            assert_eq!((&after.schema, &after.rows), (&now.schema, &now.rows), "{database}");
        }
    }
}

#[tokio::test]
async fn a_file_that_was_fixed_takes_back_what_is_the_same_and_says_what_is_left() {
    let fixed = "alter table users { add code: integer default 7; add note: text?; add more: text?; }
        create table audit { id: bigint primary key, user_id: bigint references users on delete cascade, word: text unique,
            check (word > \"\"), index by_user (user_id) }";
    for &database in Database::ALL {
        let site = filled(database, CHANGE).await;
        site.downgrade_keeping("m1").await.unwrap();
        let site = site.with(history(database, USERS, &[fixed]));
        let notes = notes(&plan(&site).await);
        assert!(notes.contains("it keeps the column `users.code`"), "{database}: {notes}");
        site.upgrade("head").await;
        assert_eq!(site.ask("SELECT word FROM audit ORDER BY id").await, ["one", "two"], "{database}");
        assert_eq!(
            site.ask("SELECT id, code, coalesce(note, '-') FROM users ORDER BY id").await,
            ["1|7|x", "2|7|-"],
            "{database}"
        );
        let kept = site.kept().await;
        assert!(kept.len() == 1 && kept[0].contains("column `users.code`"), "{database}: {kept:?}");
        // The next one has another number, and finds its names free.
        shell::run(&site.url, "UPDATE users SET code = 8").await;
        site.downgrade_keeping("m1").await.unwrap();
        assert_eq!(
            site.kept().await.iter().filter(|one| one.contains("_kept_d00002_")).count(),
            4,
            "{database}: {:?}",
            site.kept().await
        );
        site.upgrade("head").await;
        assert_eq!(site.ask("SELECT code FROM users ORDER BY id").await, ["8", "8"], "{database}");
    }
}

#[tokio::test]
async fn rows_that_refer_to_nothing_are_counted_before_anything_is_done() {
    for &database in Database::ALL {
        let site = filled(database, CHANGE).await;
        site.downgrade_keeping("m1").await.unwrap();
        shell::run(&site.url, "DELETE FROM users WHERE id = 2").await;
        let before = Snapshot::take(&site.url).await;
        let refused = migrate_runtime::upgrade(&site.url, &site.history, "head").await.expect_err("a row refers to nothing");
        assert!(refused.to_string().contains("1 row of `audit`"), "{database}: {refused}");
        assert_eq!(before, Snapshot::take(&site.url).await, "{database}: nothing was touched");
        let place = site.migrator().kept(&site.url).await.unwrap().things;
        let place = place.iter().find(|one| one.object == "table `audit`").unwrap().place.clone();
        site.migrator().accept_losses().purge(&site.url, &[place]).await.unwrap();
        site.upgrade("head").await;
        assert!(site.ask("SELECT word FROM audit").await.is_empty(), "{database}: a new one");
    }
}

#[tokio::test]
async fn nothing_is_purged_on_a_protected_database_without_a_review() {
    for &database in Database::ALL {
        let site = filled(database, CHANGE).await;
        site.downgrade_keeping("m1").await.unwrap();
        site.migrator().protect(&site.url).await.unwrap();
        let things = site.migrator().kept(&site.url).await.unwrap().things;
        let places = |count: usize| things.iter().take(count).map(|one| one.place.clone()).collect::<Vec<_>>();
        let refused = site.migrator().accept_losses().purge(&site.url, &places(1)).await.expect_err("nobody has reviewed it");
        let migrate_runtime::Error::Unreviewed(unreviewed) = refused else { panic!("{database}: {refused}") };
        assert!(unreviewed.to_string().contains("note: it would delete "), "{database}: {unreviewed}");
        let reviewed = || site.migrator().accept_losses().reviewed(&*unreviewed.hash);
        reviewed().purge(&site.url, &places(2)).await.expect_err("this is more");
        assert_eq!(site.migrator().kept(&site.url).await.unwrap().things, things, "{database}: nothing was touched");
        reviewed().purge(&site.url, &places(1)).await.unwrap();
    }
}

#[tokio::test]
async fn what_the_migration_fills_itself_is_left() {
    let change = "create table audit { id: bigint primary key, user_id: bigint, word: text }
        insert into audit (id, user_id, word) values (9, 1, \"seed\");";
    for &database in Database::ALL {
        let site = filled(database, &format!("alter table users {{ add code: text?; add note: text?; }} {change}")).await;
        site.downgrade_keeping("m1").await.unwrap();
        let notes = notes(&plan(&site).await);
        assert!(notes.contains("it keeps the table `audit`"), "{database}: {notes}");
        site.upgrade("head").await;
        assert_eq!(site.ask("SELECT word FROM audit").await, ["seed"], "{database}");
        assert_eq!(site.ask("SELECT count(*) FROM _kept_d00001_audit").await, ["3"], "{database}");
    }
}

#[tokio::test]
async fn what_cannot_be_kept_is_said_and_needs_consent() {
    let change = "create enum mood (\"good\", \"bad\"); alter table users { add mood: mood?; }";
    for &database in Database::ALL {
        let site = Site::new(database, USERS, ROWS, &[change]).await;
        site.upgrade("head").await;
        shell::run(&site.url, "UPDATE users SET mood = 'bad'").await;
        let plan = site.migrator().keep_dropped().plan(&site.url, Direction::Downgrade, "m1").await.unwrap();
        assert!(notes(&plan).contains("column `users.mood` is not kept"), "{database}: {}", notes(&plan));
        assert!(site.downgrade_keeping("m1").await.is_err(), "{database}: nobody agreed to lose it");
    }
    let keyless = Site::new(
        Database::Sqlite,
        "create table logs { line: text }",
        "INSERT INTO logs VALUES ('a')",
        &["alter table logs { add at: text?; }"],
    )
    .await;
    keyless.upgrade("head").await;
    shell::run(&keyless.url, "UPDATE logs SET at = 'b'").await;
    let plan = keyless.migrator().keep_dropped().plan(&keyless.url, Direction::Downgrade, "m1").await.unwrap();
    assert!(notes(&plan).contains("no primary key"), "{}", notes(&plan));
}

/// A column within a table that a later downgrade keeps too.
#[tokio::test]
async fn several_migrations_come_back_one_within_the_other() {
    for &database in Database::ALL {
        let changes = ["create table audit { id: bigint primary key }", "alter table audit { add line: text?; }"];
        let site = Site::new(database, USERS, ROWS, &changes).await;
        site.upgrade("head").await;
        shell::run(&site.url, "INSERT INTO audit VALUES (1, 'a')").await;
        site.downgrade_keeping("m1").await.unwrap();
        site.upgrade("head").await;
        assert_eq!(site.ask("SELECT line FROM audit").await, ["a"], "{database}");
        assert!(site.kept().await.is_empty(), "{database}: {:?}", site.kept().await);
    }
}

#[tokio::test]
async fn values_are_copied_before_a_downgrade_that_does_not_begin_with_a_transaction() {
    let change = "alter table users { add code: text default \"none\"; }
        backfill users set name = name || \"!\" undo { backfill users set name = \"undone\"; }";
    for &database in Database::ALL {
        let site = filled_users(database, change).await;
        site.downgrade_keeping("m1").await.unwrap();
        assert_eq!(site.ask("SELECT name FROM users ORDER BY id").await, ["undone", "undone"], "{database}");
        let kept = match database {
            Database::Postgres => "SELECT _kept_d00001_code FROM users ORDER BY id",
            Database::Sqlite => "SELECT code FROM _kept_d00001_users_code ORDER BY id",
        };
        assert_eq!(site.ask(kept).await, ["a", "none"], "{database}");
        // The migration gives values to the table, so what is kept is left where it is.
        site.upgrade("head").await;
        assert_eq!(site.ask("SELECT id, code FROM users ORDER BY id").await, ["1|none", "2|none"], "{database}");
        assert_eq!(site.kept().await.len(), 1, "{database}: {:?}", site.kept().await);
    }
}

async fn filled_users(database: Database, change: &str) -> Site {
    let site = Site::new(database, USERS, ROWS, &[change]).await;
    site.upgrade("head").await;
    shell::run(&site.url, "UPDATE users SET code = 'a' WHERE id = 1").await;
    site
}

/// The server would not drop what a kept column uses: this is said before the first step of the downgrade, not between two of them.
#[tokio::test]
async fn what_is_kept_stops_a_downgrade_that_drops_what_it_uses() {
    let index = "create index users_by_name on users (name)";
    let cases = [
        ("enum `mood`", "create enum mood (\"good\", \"bad\")", "create table notes { id: bigint primary key, mood: mood? }"),
        ("enum `mood`", "create enum mood (\"good\", \"bad\")", "alter table users { add moods: mood[]?; }"),
        ("extension `citext`", "create extension citext", "create table notes { id: bigint primary key, at: postgres::citext? }"),
        ("schema `app`", "create schema app", "create table app.notes { id: bigint primary key }"),
    ];
    for (used, makes, uses) in cases {
        let site = Site::new(Database::Postgres, USERS, ROWS, &[&format!("{makes}; {index}"), uses]).await;
        site.upgrade("head").await;
        let is = Snapshot::take(&site.url).await;
        site.downgrade_keeping("m2").await.unwrap();
        let error = site.downgrade("m1").await.unwrap_err();
        assert!(error.contains(&format!("use the {used}")) && error.contains("purge"), "{error}");
        assert_eq!(site.ask("SELECT count(to_regclass('users_by_name'))").await, ["1"], "{used}");
        site.upgrade("head").await;
        assert_eq!(is.schema, Snapshot::take(&site.url).await.schema, "{used}");
    }
}

/// A value that the downgrade removes from an enum: its type is replaced by another one.
#[tokio::test]
async fn what_is_kept_stops_a_downgrade_that_replaces_its_type() {
    let changes = ["create enum mood (\"good\")", "alter enum mood { add \"bad\"; }", "alter table users { add mood: mood?; }"];
    let site = Site::new(Database::Postgres, USERS, ROWS, &changes).await;
    site.upgrade("head").await;
    site.downgrade_keeping("m3").await.unwrap();
    let error = site.downgrade("m2").await.unwrap_err();
    assert!(error.contains("use the enum `mood`"), "{error}");
    site.upgrade("head").await;
}

/// The transaction that exchanges a new table for the kept one takes a moment: it reads no rows.
#[tokio::test]
async fn rows_are_validated_after_the_exchange() {
    let site = filled(Database::Postgres, CHANGE).await;
    site.downgrade_keeping("m1").await.unwrap();
    let plan = site.migrator().plan(&site.url, Direction::Upgrade, "head").await.unwrap();
    let steps: Vec<String> =
        plan.migrations[0].steps.iter().map(|step| step.statements.iter().map(|one| &*one.sql).collect()).collect();
    let has = |step: &String, words: &str| step.contains(words);
    assert!(steps.iter().any(|step| has(step, "VALIDATE CONSTRAINT")), "{steps:?}");
    assert!(!steps.iter().any(|step| has(step, "VALIDATE CONSTRAINT") && has(step, "DROP TABLE")), "{steps:?}");
    site.upgrade("head").await;
    assert_eq!(site.ask("SELECT count(*) FROM pg_constraint WHERE NOT convalidated").await, ["0"]);
}

/// Purges what is kept of an object, the earliest of it.
async fn purge_first(site: &Site, object: &str) {
    let things = site.migrator().kept(&site.url).await.unwrap().things;
    let place = things.iter().find(|one| one.object == object).unwrap_or_else(|| panic!("{things:?}")).place.clone();
    site.migrator().accept_losses().purge(&site.url, &[place]).await.unwrap();
}

#[tokio::test]
async fn what_is_kept_twice_is_purged_place_by_place() {
    let change = "create table tags { id: bigint primary key } insert into tags (id) values (1);";
    for &database in Database::ALL {
        let site = Site::new(database, USERS, ROWS, &[change]).await;
        for _ in 0..2 {
            site.upgrade("head").await;
            site.downgrade_keeping("m1").await.unwrap();
        }
        for left in [1, 0] {
            purge_first(&site, "table `tags`").await;
            let things = site.migrator().kept(&site.url).await.unwrap().things;
            assert_eq!(things.len(), left, "{database}: {things:?}");
        }
    }
}

#[tokio::test]
async fn a_kept_column_is_purged_inside_of_its_kept_table() {
    for &database in Database::ALL {
        let changes = ["create table aa { id: bigint primary key }", "alter table aa { add z: text?; }"];
        let site = Site::new(database, USERS, ROWS, &changes).await;
        site.upgrade("head").await;
        shell::run(&site.url, "INSERT INTO aa VALUES (1, 'personal')").await;
        site.downgrade_keeping("m2").await.unwrap();
        site.downgrade_keeping("m1").await.unwrap();
        purge_first(&site, "column `aa.z`").await;
        let things = site.migrator().kept(&site.url).await.unwrap().things;
        assert!(!things.iter().any(|one| one.object.contains("aa.z")), "{database}: {things:?}");
        if database == Database::Postgres {
            let left = site.ask("SELECT count(*) FROM information_schema.columns WHERE column_name LIKE '%_z'").await;
            assert_eq!(left, ["0"]);
        }
    }
}
