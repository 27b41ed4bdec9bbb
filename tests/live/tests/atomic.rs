//! A whole upgrade in one transaction.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::plan::PlanError;
use migrate_history::{Database, History};
use migrate_live_tests::{compiled, server, shell, sqlite, written};
use migrate_runtime::{Error, Migrator, upgrade};

const TABLES: &str = r#"
    create enum mood ("sad", "ok");
    create table teams { id: integer primary key }
    create table users { id: integer primary key, name: text?, team: integer?, mood: mood? }
"#;
const CHANGED: &str = r#"
    create index on users (name);
    alter enum mood { add "calm"; }
    alter table users {
        add token: uuid default uuid() unique; alter name set not null; add foreign key (team) references teams;
        alter mood set default "calm";
    }
"#;
const BUILT: &str =
    "alter table users { drop constraint users_team_fkey; alter name type varchar(100); } drop index users_name_idx;";

fn history(database: Database, texts: &[&str]) -> History {
    let ids = ["m0", "m1", "m2", "m3"];
    compiled::drafts("atomic", database, ids.into_iter().zip(texts).map(|(id, text)| (id, written::draft(text))).collect())
}

async fn each(texts: &[&str], test: impl AsyncFn(Database, &str, &History)) {
    for &database in Database::ALL {
        let file = sqlite::file();
        let url = match database {
            Database::Postgres => server::postgres().database().await,
            Database::Sqlite => file.url(),
        };
        test(database, &url, &history(database, texts)).await;
    }
}

fn ours(tables: Vec<String>) -> Vec<String> {
    tables.into_iter().filter(|name| !name.starts_with("migrate_")).collect()
}

/// On a database that nobody uses every step is a part of it, and what comes of it is the same.
#[tokio::test]
async fn a_new_database_is_made_at_once() {
    each(&[TABLES, CHANGED, BUILT], async |database, url, history| {
        let report = Migrator::new(history).atomic().upgrade(url, "head").await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(report.migrations.iter().map(|one| &*one.revision).collect::<Vec<_>>(), ["m0", "m1", "m2"]);
        assert!(Migrator::new(history).current(url).await.unwrap().is_at_head());
        let other = sqlite::file();
        let step_by_step = match database {
            Database::Postgres => server::postgres().database().await,
            Database::Sqlite => other.url(),
        };
        upgrade(&step_by_step, history, "head").await.unwrap();
        let rows = "SELECT revision || direction || step || steps FROM migrate_ledger ORDER BY revision";
        assert_eq!(shell::ask(url, rows).await, shell::ask(&step_by_step, rows).await);
        migrate_live_tests::downgrade(url, history, "base").await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(ours(shell::tables(url).await), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_fails_takes_everything_with_it() {
    let fails = "alter table users { add other: text?; } sql \"INSERT INTO nowhere VALUES (1)\" as nothing;";
    each(&[TABLES, CHANGED, fails], async |_, url, history| {
        let error = Migrator::new(history).atomic().upgrade(url, "head").await.expect_err("there is no such table");
        assert!(error.to_string().contains("`m2`") && error.to_string().contains("nowhere"), "{error}");
        assert_eq!(ours(shell::tables(url).await), [""; 0]);
        assert_eq!(shell::ask(url, "SELECT revision FROM migrate_ledger").await, [""; 0]);
        let failed = shell::ask(url, "SELECT revision || ' ' || event FROM migrate_journal ORDER BY id").await;
        assert_eq!(failed, ["m2 failed"]);
    })
    .await;
}

/// Where somebody may use the tables, what would let them wait is refused before anything is done.
#[tokio::test]
async fn a_step_outside_of_a_transaction_is_named() {
    each(&[TABLES, "create table other { id: integer primary key }", CHANGED], async |database, url, history| {
        upgrade(url, history, "m0").await.unwrap();
        let outcome = Migrator::new(history).atomic().upgrade(url, "head").await;
        match database {
            Database::Postgres => {
                let error = outcome.expect_err("an index is built beside writes");
                let text = error.to_string();
                assert!(matches!(error, Error::Plan(PlanError::NotInTransaction { .. })), "{text}");
                let first = "`m2` cannot be run by `--atomic`: a step cannot run in a transaction with others\n";
                assert!(text.starts_with(first) && text.contains("step 1 is `CREATE INDEX CONCURRENTLY"), "{text}");
                assert!(!ours(shell::tables(url).await).contains(&"other".to_owned()));
            }
            Database::Sqlite => drop(outcome.unwrap_or_else(|error| panic!("{error}"))),
        }
    })
    .await;
}

/// A step is not only refused for its mode: an added value is committed before anything uses it.
#[tokio::test]
async fn a_step_that_must_be_a_transaction_of_its_own_is_named() {
    let origin = "create enum mood (\"sad\"); create table t { id: integer primary key, m: mood default \"sad\" }";
    each(
        &[origin, "alter enum mood { add \"ok\"; } alter table t { alter m set default \"ok\"; }"],
        async |database, url, history| {
            upgrade(url, history, "m0").await.unwrap();
            let outcome = Migrator::new(history).atomic().upgrade(url, "head").await;
            match database {
                Database::Postgres => {
                    let text = outcome.expect_err("the value is not committed").to_string();
                    assert!(
                        text.starts_with("`m1` cannot be run by `--atomic`: a step must be committed before the next ones\n"),
                        "{text}"
                    );
                }
                Database::Sqlite => drop(outcome.unwrap_or_else(|error| panic!("{error}"))),
            }
        },
    )
    .await;
}
