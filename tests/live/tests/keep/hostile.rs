//! What somebody does to what is kept by hand, and what is beside it.

use migrate_history::Database;
use migrate_history::plan::Direction;
use migrate_live_tests::server::{PASSWORD, postgres};
use migrate_live_tests::{compiled, shell, written};
use migrate_runtime::Migrator;

use crate::site::{Site, history};

const USERS: &str = "create table users { id: bigint primary key, note: text? } create table audit { id: bigint primary key }";
const ROWS: &str = "INSERT INTO users VALUES (1, 'a'); INSERT INTO audit VALUES (1)";
const CHANGE: &str = "alter table users { drop note keep data; } drop table audit keep data;";

async fn kept(database: Database) -> Site {
    let site = Site::new(database, USERS, ROWS, &[CHANGE]).await;
    site.upgrade("head").await;
    site
}

/// As an older program leaves it, which does not know the list: the names are back, and the list still has them.
#[tokio::test]
async fn what_is_listed_and_not_there_is_shown_and_purged() {
    for &database in Database::ALL {
        let site = kept(database).await;
        shell::run(&site.url, "ALTER TABLE users RENAME COLUMN _kept_note TO note; ALTER TABLE _kept_audit RENAME TO audit")
            .await;
        let things = site.migrator().kept(&site.url).await.unwrap().things;
        assert_eq!(things.len(), 2, "{database}");
        let refused = site.downgrade("m1").await.expect_err("it is not there");
        assert!(refused.contains("does not have"), "{database}: {refused}");
        let places: Vec<_> = things.into_iter().map(|one| one.place).collect();
        site.migrator().accept_losses().purge(&site.url, &places).await.unwrap();
        assert_eq!(site.ask("SELECT note FROM users").await, ["a"], "{database}: what is not there is left alone");
    }
}

/// The list itself is gone: nothing is lost by that.
#[tokio::test]
async fn without_its_list_it_comes_back_all_the_same() {
    for &database in Database::ALL {
        let site = kept(database).await;
        shell::run(&site.url, "DROP TABLE migrate_kept").await;
        assert!(site.migrator().kept(&site.url).await.unwrap().things.is_empty(), "{database}");
        site.downgrade("m1").await.unwrap();
        site.is_as_before().await;
    }
}

#[tokio::test]
async fn another_history_in_the_same_schema_keeps_its_own() {
    for &database in Database::ALL {
        let site = kept(database).await;
        let drafts = ["create table other { id: bigint primary key, note: text? }", "alter table other { drop note keep data; }"];
        let drafts = ["m1", "m2"].into_iter().zip(drafts).map(|(name, text)| (name, written::draft(text))).collect();
        let other = compiled::drafts("other", database, drafts);
        let mut migrator = Migrator::new(&other);
        migrator.upgrade(&site.url, "head").await.unwrap();
        let own = migrator.kept(&site.url).await.unwrap().things;
        assert_eq!(own.iter().map(|one| one.place.to_string()).collect::<Vec<_>>(), ["other._kept_note"], "{database}");
        let foreign = site.migrator().kept(&site.url).await.unwrap().things.remove(0).place;
        assert!(migrator.accept_losses().purge(&site.url, &[foreign]).await.is_err(), "{database}: it is not theirs");
        site.downgrade("m1").await.unwrap();
        assert_eq!(site.ask("SELECT note FROM users").await, ["a"], "{database}");
    }
}

/// Somebody has made something of the very name that a kept thing gets.
#[tokio::test]
async fn a_name_that_somebody_has_taken_stops_the_upgrade_untouched() {
    for &database in Database::ALL {
        let site = Site::new(database, USERS, ROWS, &["drop table audit keep data;"]).await;
        shell::run(&site.url, "CREATE TABLE _kept_audit (id bigint)").await;
        let refused = migrate_runtime::upgrade(&site.url, &site.history, "head").await.expect_err("the name is taken");
        assert!(refused.to_string().contains("_kept_audit"), "{database}: {refused}");
        assert_eq!(site.ask("SELECT CAST(id AS text) FROM audit").await, ["1"], "{database}: one transaction");
        shell::run(&site.url, "DROP TABLE _kept_audit").await;
        site.upgrade("head").await;
        // And the name to which it comes back.
        shell::run(&site.url, "CREATE TABLE audit (id bigint)").await;
        assert!(site.downgrade("m1").await.is_err(), "{database}");
        shell::run(&site.url, "DROP TABLE audit").await;
        site.downgrade("m1").await.unwrap();
        site.is_as_before().await;
    }
}

#[tokio::test]
async fn a_table_of_another_schema_stays_in_it() {
    let origin =
        "create schema billing; create table billing.audit { id: bigint primary key, line: text?, index by_line (line) }";
    let rows = "INSERT INTO billing.audit VALUES (1, 'a')";
    let changes =
        ["drop table billing.audit keep data;", "create table billing.audit { id: bigint primary key, index by_line (id) }"];
    let site = Site::new(Database::Postgres, origin, rows, &changes).await;
    site.upgrade("head").await;
    assert_eq!(site.ask("SELECT line FROM billing._kept_audit").await, ["a"]);
    let things = site.migrator().kept(&site.url).await.unwrap().things;
    assert_eq!(things[0].place.to_string(), "billing._kept_audit");
    site.downgrade_keeping("m1").await.unwrap();
    assert_eq!(site.ask("SELECT line FROM billing.audit").await, ["a"]);
    assert_eq!(site.ask("SELECT count(*) FROM billing._kept_d00001_audit").await, ["0"]);
    site.upgrade("m2").await;
    let kept = site.migrator().kept(&site.url).await.unwrap().things;
    let places: Vec<_> = kept.into_iter().map(|one| one.place).collect();
    site.migrator().accept_losses().purge(&site.url, &places).await.unwrap();
    migrate_live_tests::downgrade(&site.url, &site.history, "m1").await.unwrap();
    assert!(site.ask("SELECT line FROM billing.audit").await.is_empty(), "purged");
}

#[tokio::test]
async fn a_role_that_only_reads_is_told_what_it_lacks() {
    let site = kept(Database::Postgres).await;
    let role = format!("{}_reader", site.url.rsplit('/').next().unwrap());
    shell::run(&site.url, &format!("CREATE ROLE {role} LOGIN PASSWORD 'theirs'")).await;
    let url = site.url.replace(&format!("postgres:{PASSWORD}"), &format!("{role}:theirs"));
    assert!(postgres().port() > 0 && url != site.url);
    let refused = site.migrator().kept(&url).await.expect_err("it may not read the list").to_string();
    assert!(refused.contains("permission denied") && refused.contains("GRANT"), "{refused}");
    shell::run(&site.url, &format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")).await;
    let things = site.migrator().kept(&url).await.unwrap().things;
    assert_eq!(things.len(), 2);
    let refused = site.migrator().accept_losses().purge(&url, &[things[0].place.clone()]).await.expect_err("it only reads");
    assert!(refused.to_string().contains("permission denied") || refused.to_string().contains("must be owner"), "{refused}");
    assert_eq!(site.ask("SELECT _kept_note FROM users").await, ["a"]);
}

/// Rows that are made while it is kept have the value that was given, on any later way.
#[tokio::test]
async fn rows_made_since_have_the_value_that_was_given() {
    let origin = "create table users { id: bigint primary key, code: text }";
    let change = "alter table users { drop code keep data undo default \"new\"; }";
    for &database in Database::ALL {
        let site = Site::new(database, origin, "INSERT INTO users VALUES (1, 'a')", &[change]).await;
        for _ in 0..2 {
            site.upgrade("head").await;
            shell::run(&site.url, "INSERT INTO users (id) VALUES (2)").await;
            site.downgrade("m1").await.unwrap();
            assert_eq!(site.ask("SELECT code FROM users ORDER BY id").await, ["a", "new"], "{database}");
            let refused = shell::try_ask(&site.url, "INSERT INTO users (id) VALUES (3)").await;
            assert!(refused.is_err(), "{database}: it has no default again");
            shell::run(&site.url, "DELETE FROM users WHERE id = 2").await;
            site.is_as_before().await;
        }
    }
}

/// Both at once: a later migration is undone with what it made kept, and what an earlier one kept is restored.
#[tokio::test]
async fn columns_and_their_tables_come_back_together() {
    let change = "create table teams { id: bigint primary key, name: text }
        alter table users { add team_id: bigint? references teams; } create index by_team on users (team_id);";
    for &database in Database::ALL {
        let site = Site::new(database, USERS, ROWS, &[change]).await;
        site.upgrade("head").await;
        shell::run(&site.url, "INSERT INTO teams VALUES (7, 'red'); UPDATE users SET team_id = 7").await;
        site.downgrade_keeping("m1").await.unwrap();
        site.upgrade("head").await;
        assert_eq!(site.ask("SELECT team_id || name FROM users JOIN teams ON teams.id = team_id").await, ["7red"], "{database}");
        assert!(site.kept().await.is_empty(), "{database}");
        assert!(
            shell::try_ask(&site.url, "INSERT INTO users (id, team_id) VALUES (9, 99)").await.is_err()
                || database == Database::Sqlite
        );
        // Without its table a column does not come back: its values would refer to nothing.
        site.downgrade_keeping("m1").await.unwrap();
        let table = site.migrator().kept(&site.url).await.unwrap().things;
        let table = table.iter().find(|one| one.object == "table `teams`").unwrap().place.clone();
        site.migrator().accept_losses().purge(&site.url, &[table]).await.unwrap();
        site.upgrade("head").await;
        assert_eq!(site.ask("SELECT coalesce(team_id, 0) FROM users").await, ["0"], "{database}");
        let plan = site.migrator().keep_dropped().plan(&site.url, Direction::Downgrade, "m1").await.unwrap();
        assert!(!plan.needs_consent(), "{database}");
    }
}

/// A program with other migrations after the same beginning.
#[tokio::test]
async fn what_was_edited_before_the_downgrade_cannot_be_kept() {
    for &database in Database::ALL {
        let site =
            kept(database).await.with(history(database, USERS, &["alter table users { drop note keep data; add more: text?; }"]));
        let refused = site.downgrade_keeping("m1").await.expect_err("it is not what was applied");
        assert!(
            refused.contains("what `m2` made cannot be kept\nnote: it was edited after it was applied"),
            "{database}: {refused}"
        );
    }
}
