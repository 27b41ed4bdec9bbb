//! Ledgers of older versions are read, written and undone, for ever.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::time::{Duration, Instant};

use migrate_history::plan::{Direction, PlanError};
use migrate_history::{Database, History};
use migrate_live_tests::session::Session;
use migrate_live_tests::{compiled, server, shell, sqlite, written};
use migrate_runtime::{Error, Event, Migrator, RevisionState, current, script, upgrade};

const M1: &str = "create table users { id: bigint primary key, name: text? }";
const M2: &str = "alter table users { add age: integer default 7; }";
const M3: &str = "create table notes { id: integer }";

fn history(database: Database, migrations: &[(&'static str, &str)]) -> History {
    compiled::drafts("older", database, migrations.iter().map(|(id, text)| (*id, written::draft(text))).collect())
}

/// The database of an older version, one of each kind; the file must live as long as it is used.
async fn both() -> ([(Database, String); 2], sqlite::File) {
    let (file, postgres) = (sqlite::file(), server::postgres().database().await);
    let places = [(Database::Postgres, postgres), (Database::Sqlite, file.url())];
    shell::run(&places[0].1, include_str!("postgres.sql")).await;
    shell::run(&places[1].1, include_str!("sqlite.sql")).await;
    (places, file)
}

#[tokio::test]
async fn what_was_applied_by_an_older_version_is_known() {
    let (places, _file) = both().await;
    for (database, url) in &places {
        let same = history(*database, &[("m1", M1), ("m2", M2), ("m3", M3)]);
        assert!(upgrade(url, &same, "head").await.unwrap().is_empty(), "{database}");
        let found = current(url, &same).await.unwrap();
        assert!(found.revisions.iter().all(|one| one.state == RevisionState::Applied && one.note.is_none()), "{found:?}");
        let more = history(*database, &[("m1", M1), ("m2", M2), ("m3", M3), ("m4", "create table tags { id: integer }")]);
        assert_eq!(upgrade(url, &more, "head").await.unwrap().migrations.len(), 1);
        let recorded = shell::ask(url, "SELECT substr(checksum, 1, 3) FROM migrate_ledger ORDER BY revision").await;
        assert_eq!(recorded, ["v1:", "v1:", "v1:", "v2:"], "what was written is left as it is");
        let format =
            shell::ask(url, "SELECT format, count(*) FROM migrate_format, migrate_ledger WHERE origin = 'run' GROUP BY 1").await;
        assert_eq!(format, ["2|4"], "the first run that writes has brought it up to date");
        // A script that begins there, and one that undoes it.
        shell::script(url, &script(&more, *database, Direction::Downgrade, "head", "m3").unwrap()).unwrap();
        shell::script(url, &script(&more, *database, Direction::Downgrade, "m3", "m2").unwrap()).unwrap();
        shell::script(url, &script(&more, *database, Direction::Upgrade, "m2", "head").unwrap()).unwrap();
        assert!(upgrade(url, &more, "head").await.unwrap().is_empty(), "{database}");
    }
}

/// The number of its form, and whether it has a column of today's.
async fn form(url: &str) -> (Vec<String>, bool) {
    (
        shell::ask(url, "SELECT format FROM migrate_format").await,
        shell::try_ask(url, "SELECT origin FROM migrate_ledger").await.is_ok(),
    )
}

/// What protects it is for programs that know it, so it is brought up to date first.
#[tokio::test]
async fn an_older_ledger_is_protected_too() {
    let (places, _file) = both().await;
    for (database, url) in &places {
        let more = history(*database, &[("m1", M1), ("m2", M2), ("m3", M3), ("m4", "create table tags { id: integer }")]);
        Migrator::new(&more).unprotect(url).await.unwrap();
        assert_eq!(form(url).await, (vec!["1".to_owned()], false), "there is nothing to take away");
        Migrator::new(&more).protect(url).await.unwrap();
        let formats = shell::ask(url, "SELECT format FROM migrate_format ORDER BY format").await;
        assert_eq!((formats, form(url).await.1), (vec!["2".to_owned(), "1000".to_owned()], true));
        assert!(matches!(upgrade(url, &more, "head").await.unwrap_err(), Error::Unreviewed(_)));
        Migrator::new(&more).unprotect(url).await.unwrap();
        assert_eq!(form(url).await, (vec!["2".to_owned()], true));
        upgrade(url, &more, "head").await.unwrap();
    }
}

#[tokio::test]
async fn what_only_reads_leaves_an_older_ledger_and_an_upgrade_that_has_nothing_to_do_brings_it_up_to_date() {
    let (places, _file) = both().await;
    for (database, url) in &places {
        let same = history(*database, &[("m1", M1), ("m2", M2), ("m3", M3)]);
        let mut migrator = Migrator::new(&same);
        assert_eq!(migrator.current(url).await.unwrap().format, Some(1));
        assert!(migrator.journal(url, 10).await.unwrap().events.len() > 2, "{database}");
        assert!(migrator.plan(url, Direction::Upgrade, "head").await.unwrap().is_empty());
        assert_eq!(migrator.plan(url, Direction::Downgrade, "base").await.unwrap().migrations.len(), 3);
        // What is refused has written nothing either.
        upgrade(url, &same, "m9").await.unwrap_err();
        assert_eq!(form(url).await, (vec!["1".to_owned()], false), "{database}");
        let rows = "SELECT revision, checksum, step, tool FROM migrate_ledger ORDER BY 1";
        let before = shell::ask(url, rows).await;
        assert!(upgrade(url, &same, "m3").await.unwrap().is_empty());
        assert_eq!(form(url).await, (vec!["2".to_owned()], true), "{database}");
        assert!(upgrade(url, &same, "head").await.unwrap().is_empty());
        assert_eq!(shell::ask(url, rows).await, before);
        assert_eq!(current(url, &same).await.unwrap().format, Some(2));
    }
}

#[tokio::test]
async fn an_upgrade_that_has_nothing_to_do_and_may_not_write_says_so_and_succeeds() {
    let (places, _file) = both().await;
    let url = &places[0].1;
    let role = format!("reader_{}", url.rsplit('/').next().unwrap());
    let grants = format!("CREATE ROLE {role} LOGIN PASSWORD 'weak'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}");
    shell::run(url, &grants).await;
    let theirs = url.replace(&format!("postgres:{}", server::PASSWORD), &format!("{role}:weak"));
    let same = history(Database::Postgres, &[("m1", M1), ("m2", M2), ("m3", M3)]);
    let mut notes = Vec::new();
    let mut migrator = Migrator::new(&same).observer(|event| {
        if let Event::Noted { note } = event {
            notes.push(note.clone());
        }
    });
    assert!(migrator.upgrade(&theirs, "head").await.unwrap().is_empty());
    drop(migrator);
    let [note] = notes.as_slice() else { panic!("one note: {notes:?}") };
    assert!(note.starts_with("the ledger is of an older version and was left as it is: "), "{note}");
    assert!(note.contains("must be owner of table migrate_ledger"), "{note}");
    assert_eq!(form(url).await, (vec!["1".to_owned()], false));
}

#[tokio::test]
async fn two_that_have_nothing_to_do_bring_it_up_to_date_once() {
    let (places, _file) = both().await;
    for (database, url) in &places {
        let same = history(*database, &[("m1", M1), ("m2", M2), ("m3", M3)]);
        let (one, other) = tokio::join!(upgrade(url, &same, "head"), upgrade(url, &same, "head"));
        assert!(one.unwrap().is_empty() && other.unwrap().is_empty(), "{database}");
        assert_eq!(form(url).await, (vec!["2".to_owned()], true), "{database}");
    }
}

#[tokio::test]
async fn who_reads_an_older_ledger_is_waited_for() {
    let (places, _file) = both().await;
    for (database, url) in &places {
        let more = history(*database, &[("m1", M1), ("m2", M2), ("m3", M3), ("m4", "create table tags { id: integer }")]);
        let mut reader = Session::open(url).await;
        reader.run("BEGIN").await.unwrap();
        reader.run("SELECT count(*) FROM migrate_ledger").await.unwrap();
        let mut migrator = Migrator::new(&more).lock_timeout(Duration::from_millis(100));
        let upgrade = migrator.upgrade(url, "head");
        let read = async {
            tokio::time::sleep(Duration::from_millis(900)).await;
            reader.run("COMMIT").await.unwrap();
        };
        let (done, ()) = tokio::join!(upgrade, read);
        assert_eq!(done.unwrap().migrations.len(), 1, "{database}");
        assert_eq!(form(url).await, (vec!["2".to_owned()], true), "{database}");
    }
}

/// The applications of one database have different histories, and start whatever another one does.
#[tokio::test]
async fn an_upgrade_that_has_nothing_to_do_waits_for_nobody() {
    let (places, _file) = both().await;
    let url = &places[0].1;
    let mut runner = Session::open(url).await;
    runner.run("SELECT pg_advisory_lock(hashtextextended('migrate public', 0))").await.unwrap();
    let same = history(Database::Postgres, &[("m1", M1), ("m2", M2), ("m3", M3)]);
    let started = Instant::now();
    assert!(upgrade(url, &same, "head").await.unwrap().is_empty());
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!(form(url).await, (vec!["1".to_owned()], false));
}

#[tokio::test]
async fn a_script_leaves_an_older_ledger_as_it_is() {
    let (places, _file) = both().await;
    for (database, url) in &places {
        let same = history(*database, &[("m1", M1), ("m2", M2), ("m3", M3)]);
        let text = script(&same, *database, Direction::Downgrade, "m3", "m2").unwrap();
        let stopped = shell::script(url, &text).unwrap_err();
        assert!(stopped.contains("the ledger is of an older version"), "{stopped}");
        assert_eq!(shell::ask(url, "SELECT format FROM migrate_format").await, ["1"]);
        assert_eq!(shell::tables(url).await, ["notes", "users"]);
        // Both that run at once bring it up to date, and one of them undoes.
        let (mut one, mut other) = (Migrator::new(&same).accept_losses(), Migrator::new(&same).accept_losses());
        let (one, other) = tokio::join!(one.downgrade(url, "m2"), other.downgrade(url, "m2"));
        assert_eq!(one.unwrap().migrations.len() + other.unwrap().migrations.len(), 1, "{database}");
        shell::script(url, &script(&same, *database, Direction::Downgrade, "m2", "m1").unwrap()).unwrap();
    }
}

#[tokio::test]
async fn what_was_edited_since_is_refused_and_undone_as_it_was() {
    let (places, _file) = both().await;
    for (database, url) in &places {
        let edited = history(*database, &[("m1", M1), ("m2", "alter table users { add age: bigint default 7; }"), ("m3", M3)]);
        let error = upgrade(url, &edited, "head").await.unwrap_err();
        assert!(matches!(&error, Error::Plan(PlanError::Changed { changes }) if changes.len() == 1), "{error}");
        assert!(error.to_string().contains("add age: integer default 7; }\n  + alter table users { add age: bigint"), "{error}");
        let stopped = shell::script(url, &script(&edited, *database, Direction::Downgrade, "m2", "m1").unwrap()).unwrap_err();
        assert!(stopped.contains("not applied, or edited since: m2"), "{stopped}");
        Migrator::new(&edited).accept_losses().downgrade(url, "m1").await.unwrap();
        assert_eq!(shell::tables(url).await, ["users"]);
        assert_eq!(upgrade(url, &edited, "head").await.unwrap().migrations.len(), 2);
    }
}

#[tokio::test]
async fn what_only_an_older_ledger_knows_is_not_counted_and_needs_consent() {
    let (places, _file) = both().await;
    for (database, url) in &places {
        let older = history(*database, &[("m1", M1), ("m2", M2)]);
        let error = migrate_runtime::downgrade(url, &older, "m2").await.unwrap_err();
        assert!(matches!(&error, Error::Losses { revision, losses } if revision == "m3" && losses.len() == 1), "{error}");
        assert!(
            error.to_string().contains("not counted: the ledger's row was written by a version that did not count"),
            "{error}"
        );
        assert_eq!(shell::tables(url).await, ["notes", "users"]);
        Migrator::new(&older).accept_losses().downgrade(url, "m2").await.unwrap();
        assert_eq!(shell::tables(url).await, ["users"]);
        // What the code knows is counted by the code.
        let error = migrate_runtime::downgrade(url, &older, "base").await.unwrap_err();
        assert!(error.to_string().contains("1 row of `users` (`m1`)"), "{error}");
    }
}
