//! Drops that keep the data, on both databases and with rows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod downgrade;
mod hostile;
mod kill;
mod rows;
mod site;
mod size;

use migrate_history::{Database, Level};
use migrate_live_tests::shell;
use migrate_live_tests::snapshot::Snapshot;

use crate::site::Site;

const USERS: &str =
    "create table users { id: bigint primary key, code: text default \"none\", size: integer, note: text?, unique (size) }";
const ROWS: &str = "INSERT INTO users (id, code, size, note) VALUES (1, 'a', 10, NULL), (2, 'b', 20, 'x')";

#[tokio::test]
async fn a_column_comes_back_with_its_values() {
    let change =
        "alter table users { drop code keep data; drop constraint users_size_key; drop size keep data; drop note keep data; }";
    for &database in Database::ALL {
        let site = Site::new(database, USERS, ROWS, &[change]).await;
        assert_eq!(site.history.migrations[1].compiled().level, Level::Exact);
        for _ in 0..2 {
            site.upgrade("head").await;
            let objects = site.kept().await;
            let kept = ["code", "note", "size"].map(|name| format!("m2 upgrade column `users.{name}` users._kept_{name}"));
            assert_eq!(objects, kept, "{database}");
            // New rows need no value.
            shell::run(&site.url, "INSERT INTO users (id) VALUES (3)").await;
            shell::run(&site.url, "DELETE FROM users WHERE id = 3").await;
            site.downgrade("m1").await.unwrap();
            site.is_as_before().await;
            assert!(site.kept().await.is_empty(), "{database}");
        }
        let new = shell::try_ask(&site.url, "INSERT INTO users (id, size) VALUES (3, 10)").await;
        assert!(new.is_err(), "{database}: sizes are unique again");
    }
}

#[tokio::test]
async fn rows_made_since_have_no_value_and_are_counted() {
    for &database in Database::ALL {
        let site = Site::new(database, USERS, ROWS, &["alter table users { drop code keep data; }"]).await;
        site.upgrade("head").await;
        shell::run(&site.url, "INSERT INTO users (id, size) VALUES (3, 30), (4, 40)").await;
        let since = Snapshot::take(&site.url).await;
        let refused = site.downgrade("m1").await.expect_err("two rows have no code");
        assert!(refused.contains("2 rows of `users` with null in `code`"), "{database}: {refused}");
        assert_eq!(since, Snapshot::take(&site.url).await, "{database}: nothing was touched");
        shell::run(&site.url, "UPDATE users SET _kept_code = 'new' WHERE id > 2").await;
        site.downgrade("m1").await.unwrap();
        assert_eq!(site.ask("SELECT code FROM users ORDER BY id").await, ["a", "b", "new", "new"], "{database}");
    }
}

#[tokio::test]
async fn what_is_not_kept_any_more_is_not_restored() {
    for &database in Database::ALL {
        let origin = format!("{USERS} create table audit {{ id: bigint primary key }}");
        for (change, loss) in [
            ("alter table users { drop note keep data; }", "ALTER TABLE users DROP COLUMN _kept_note"),
            ("drop table audit keep data;", "DROP TABLE _kept_audit"),
        ] {
            let site = Site::new(database, &origin, ROWS, &[change]).await;
            site.upgrade("head").await;
            shell::run(&site.url, loss).await;
            let refused = site.downgrade("m1").await.expect_err("it is gone");
            assert!(refused.contains("1 kept ") && refused.contains("the database does not have"), "{database}: {refused}");
        }
    }
}

const AUDIT: &str = "
    create table users { id: bigint primary key }
    create table audit { id: bigint primary key identity, user_id: bigint references users on delete cascade, up: bigint?
        references audit, word: text, unique (word), check (word > \"\"), index by_user (user_id) }";
const AUDITED: &str =
    "INSERT INTO users VALUES (1), (2); INSERT INTO audit (user_id, up, word) VALUES (1, NULL, 'a'), (2, 1, 'b')";

#[tokio::test]
async fn a_table_comes_back_with_its_rows_and_everything_of_it() {
    for &database in Database::ALL {
        let again = "create table audit { id: bigint primary key identity, word: text unique, index by_user (word) }";
        let site = Site::new(database, AUDIT, AUDITED, &["drop table audit keep data;", again]).await;
        for _ in 0..2 {
            site.upgrade("m2").await;
            assert_eq!(site.kept().await, ["m2 upgrade table `audit` _kept_audit"], "{database}");
            assert_eq!(site.ask("SELECT word FROM _kept_audit ORDER BY id").await, ["a", "b"], "{database}");
            // Nothing ties the rows that are kept to others.
            site.upgrade("head").await;
            shell::run(&site.url, "INSERT INTO audit (word) VALUES ('new')").await;
            migrate_live_tests::downgrade(&site.url, &site.history, "m2").await.unwrap();
            site.downgrade("m1").await.unwrap();
            site.is_as_before().await;
        }
        shell::run(&site.url, "INSERT INTO audit (user_id, word) VALUES (1, 'c')").await;
        assert_eq!(site.ask("SELECT CAST(max(id) AS text) FROM audit").await, ["3"], "{database}: it counts on");
        site.upgrade("m2").await;
        shell::run(&site.url, "DELETE FROM users WHERE id = 2").await;
        let refused = site.downgrade("m1").await.expect_err("a row refers to nothing");
        assert!(refused.contains("1 row of `audit`") && refused.contains("user_id"), "{database}: {refused}");
    }
}

/// Whatever later migrations do to the table: on SQLite each of them rebuilds it.
#[tokio::test]
async fn a_kept_column_outlives_later_changes_of_its_table() {
    let changes = [
        "alter table users { drop code keep data; }",
        "alter table users { alter note type varchar(40); alter size drop not null; add code: integer default 7; }",
        "rename table users to people; alter table people { drop code keep data; alter size set default 5; }",
        "drop table people keep data; create table people { id: bigint primary key }",
    ];
    for &database in Database::ALL {
        let site = Site::new(database, USERS, ROWS, &changes).await;
        site.upgrade("m3").await;
        shell::run(&site.url, "UPDATE users SET code = id").await;
        site.upgrade("m4").await;
        let kept = ["m2 upgrade column `users.code` people._kept_code", "m4 upgrade column `people.code` people._kept_2_code"];
        assert_eq!(site.kept().await, kept, "{database}");
        assert_eq!(site.ask("SELECT CAST(_kept_2_code AS text), _kept_code FROM people ORDER BY id").await, ["1|a", "2|b"]);
        site.upgrade("m5").await;
        assert_eq!(site.kept().await[0], "m2 upgrade column `users.code` _kept_people._kept_code", "{database}");
        site.downgrade("m3").await.unwrap();
        assert_eq!(site.ask("SELECT CAST(code AS text), _kept_code FROM users ORDER BY id").await, ["1|a", "2|b"], "{database}");
        migrate_live_tests::downgrade(&site.url, &site.history, "m1").await.unwrap();
        site.is_as_before().await;
    }
}

/// What is kept is dropped by a later migration, whose downgrade does not bring the values back.
#[tokio::test]
async fn what_is_kept_can_be_dropped_for_good() {
    let changes = ["alter table users { drop note keep data; }", "alter table users { drop _kept_note; }"];
    for &database in Database::ALL {
        let site = Site::new(database, USERS, ROWS, &changes).await;
        let level = |at: usize| site.history.migrations[at].compiled().level;
        assert_eq!((level(1), level(2)), (Level::Exact, Level::Schema), "{database}");
        site.upgrade("head").await;
        assert!(site.kept().await.is_empty(), "{database}");
        migrate_live_tests::downgrade(&site.url, &site.history, "m1").await.unwrap();
        assert_eq!(site.before.schema, Snapshot::take(&site.url).await.schema, "{database}");
        assert_eq!(site.ask("SELECT note FROM users ORDER BY id").await, ["NULL", "NULL"], "{database}");
    }
}

#[tokio::test]
async fn a_later_upgrade_may_restore_what_is_kept() {
    let changes = [
        "alter table users { drop note keep data; } drop table audit keep data;",
        "alter table users { restore note; } restore table audit;",
    ];
    for &database in Database::ALL {
        let origin = format!("{USERS} create table audit {{ id: bigint primary key, index by_id (id) }}");
        let site = Site::new(database, &origin, ROWS, &changes).await;
        site.upgrade("head").await;
        site.is_as_before().await;
        assert!(site.kept().await.is_empty(), "{database}");
        site.downgrade("m2").await.unwrap();
        assert_eq!(site.kept().await.len(), 2, "{database}");
        site.downgrade("m1").await.unwrap();
        site.is_as_before().await;
    }
}

/// What is purged is gone, and the ledger, the plan and the downgrade say so.
#[tokio::test]
async fn what_is_purged_is_a_loss_of_its_migration() {
    let change = "alter table users { drop note keep data; } drop table audit keep data;";
    for &database in Database::ALL {
        let origin = format!("{USERS} create table audit {{ id: bigint primary key }}");
        let site = Site::new(database, &origin, &format!("{ROWS}; INSERT INTO audit VALUES (7)"), &[change]).await;
        site.upgrade("head").await;
        let mut migrator = migrate_runtime::Migrator::new(&site.history);
        let kept = migrator.kept(&site.url).await.unwrap().things;
        let shown: Vec<(String, String)> = kept.iter().map(|thing| (thing.place.to_string(), thing.object.clone())).collect();
        let pair = |place: &str, object: &str| (place.to_owned(), object.to_owned());
        assert_eq!(shown, [pair("users._kept_note", "column `users.note`"), pair("_kept_audit", "table `audit`")], "{database}");
        assert_eq!(kept[0].rows.to_string(), "1", "{database}: one row has a note");
        let places: Vec<_> = kept.iter().map(|thing| thing.place.clone()).collect();
        let refused = migrator.purge(&site.url, &places).await.expect_err("nobody agreed to it");
        assert!(refused.to_string().contains("what was kept of the table `audit`"), "{database}: {refused}");
        assert_eq!(site.ask("SELECT CAST(count(*) AS text) FROM _kept_audit").await, ["1"], "{database}: nothing was touched");
        let schema = Snapshot::take(&site.url).await.schema;
        assert_eq!(migrator.accept_losses().purge(&site.url, &places).await.unwrap().len(), 2, "{database}");
        assert_eq!(schema, Snapshot::take(&site.url).await.schema, "{database}: the places stay");
        assert_eq!(site.ask("SELECT CAST(count(*) AS text) FROM _kept_audit").await, ["0"], "{database}");
        assert_eq!(site.ask("SELECT level FROM migrate_ledger WHERE revision = 'm2'").await, ["schema"], "{database}");
        let mut migrator = migrate_runtime::Migrator::new(&site.history);
        assert!(migrator.kept(&site.url).await.unwrap().things.is_empty(), "{database}");
        let plan = migrator.plan(&site.url, migrate_history::plan::Direction::Downgrade, "m1").await.unwrap();
        assert_eq!((plan.migrations[0].level, plan.migrations[0].losses.len()), (Level::Schema, 2), "{database}");
        let refused = site.downgrade("m1").await.expect_err("nobody agreed to it");
        assert!(refused.contains("what was kept of the column `users.note`"), "{database}: {refused}");
        migrate_live_tests::downgrade(&site.url, &site.history, "m1").await.unwrap();
        assert_eq!(site.before.schema, Snapshot::take(&site.url).await.schema, "{database}");
        assert_eq!(site.ask("SELECT note FROM users ORDER BY id").await, ["NULL", "NULL"], "{database}");
    }
}
