//! A plan with what the database says about it now, while others use the database.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::time::{Duration, Instant};

use migrate_history::plan::Direction;
use migrate_history::{Database, History, Lock, Mode, Rest, Work};
use migrate_live_tests::session::Session;
use migrate_live_tests::{compiled, server, shell, sqlite, written};
use migrate_runtime::{Amount, Answer, Inspection, Migrator, upgrade};

const ORIGIN: &str = "create table users { id: integer primary key, name: text?, age: integer? }";

/// The example as an origin, and changes of it that come one after the other.
fn history(database: Database, changes: &[(&'static str, &str)]) -> History {
    let changes = changes.iter().map(|(id, text)| (*id, written::draft(text)));
    compiled::drafts("inspect", database, std::iter::once(("origin", written::draft(ORIGIN))).chain(changes).collect())
}

/// A database with the origin and so many rows.
async fn filled(url: &str, history: &History, rows: usize) {
    upgrade(url, history, "origin").await.unwrap();
    let numbers = format!("WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {rows}) SELECT n FROM c");
    shell::run(url, &format!("INSERT INTO users (id, name, age) SELECT n, 'name', 7 FROM ({numbers}) AS numbers")).await;
}

async fn inspect(url: &str, history: &History) -> Inspection {
    Migrator::new(history).inspect(url, Direction::Upgrade, "head").await.unwrap_or_else(|error| panic!("{error}"))
}

fn answers(inspection: &Inspection) -> Vec<Answer> {
    inspection.steps.iter().flat_map(|step| &step.guards).map(|guard| guard.answer.clone()).collect()
}

#[tokio::test]
async fn each_step_says_what_it_locks_and_how_much_that_is() {
    let history =
        history(Database::Postgres, &[("change", "alter table users { alter name set not null; } create index on users (age);")]);
    let url = server::postgres().database().await;
    filled(&url, &history, 1_000).await;
    let never_analyzed = inspect(&url, &history).await;
    assert!(matches!(never_analyzed.steps[0].tables[0].rows, Amount::About(1..)), "{never_analyzed:?}");
    shell::run(&url, "ANALYZE users").await;
    let inspection = inspect(&url, &history).await;
    let bytes: u64 = shell::ask(&url, "SELECT pg_total_relation_size('users')").await[0].parse().unwrap();
    let mut shown = Vec::new();
    for step in &inspection.steps {
        assert_eq!((&*step.revision, step.position.total, step.step.touches.rest), ("change", 4, Rest::Nothing));
        let [table] = step.tables.as_slice() else { panic!("one table: {step:?}") };
        assert_eq!((&*table.touched.table, &table.rows, &table.bytes), ("users", &Amount::About(1_000), &Amount::Exactly(bytes)));
        shown.push((matches!(step.step.mode, Mode::Alone), table.touched.lock, table.touched.work));
    }
    let expected = [
        (false, Lock::AccessExclusive, Work::Nothing),
        (false, Lock::ShareUpdateExclusive, Work::Scan),
        (false, Lock::AccessExclusive, Work::Nothing),
        (true, Lock::ShareUpdateExclusive, Work::Index),
    ];
    assert_eq!(shown, expected);
    assert_eq!(answers(&inspection), [Answer::Holds]);
    shell::run(&url, "UPDATE users SET name = NULL WHERE id < 4").await;
    let refused = inspect(&url, &history).await;
    assert_eq!(answers(&refused), [Answer::Refuses { rows: 3 }]);
    let refusals: Vec<String> = refused.refusals().map(|(_, guard)| guard.to_string()).collect();
    assert_eq!(refusals.len(), 1);
    assert!(refusals[0].starts_with("refused: 3 rows of `users`"), "{refusals:?}");
}

#[tokio::test]
async fn a_question_without_an_answer_in_time_is_ended_and_keeps_nobody_waiting() {
    let slow = [
        (Database::Postgres, "SELECT count(*) FROM users AS a, users AS b, users AS c, users AS d"),
        (Database::Sqlite, "SELECT count(*) FROM users AS a, users AS b, users AS c, users AS d"),
    ];
    for (database, query) in slow {
        let history = history(database, &[("change", &format!("expect \"nothing\" sql(\"{query}\");"))]);
        let file = sqlite::file();
        let url = match database {
            Database::Postgres => server::postgres().database().await,
            Database::Sqlite => file.url(),
        };
        filled(&url, &history, 2_000).await;
        let limit = Duration::from_millis(if database == Database::Postgres { 1_000 } else { 150 });
        let mut migrator = Migrator::new(&history).question_timeout(limit);
        let started = Instant::now();
        let asked = migrator.inspect(&url, Direction::Upgrade, "head");
        let write = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            shell::run(&url, "UPDATE users SET age = 8 WHERE id = 1").await;
            started.elapsed()
        };
        let (inspection, wrote) = tokio::join!(asked, write);
        let [Answer::TimedOut { limit: told, estimate }] = answers(&inspection.unwrap())[..] else {
            panic!("{database}: it was too fast")
        };
        assert_eq!((told, estimate.is_some()), (limit, database == Database::Postgres), "{database}");
        assert!(wrote < Duration::from_millis(900) && started.elapsed() < Duration::from_secs(5), "{database}: {wrote:?}");
    }
}

#[tokio::test]
async fn without_a_write_ahead_log_a_question_is_short_whatever_its_limit_is() {
    let query = "SELECT count(*) FROM users AS a, users AS b, users AS c, users AS d";
    let history = history(Database::Sqlite, &[("change", &format!("expect \"nothing\" sql(\"{query}\");"))]);
    let file = sqlite::file();
    filled(&file.url(), &history, 2_000).await;
    let limit = |inspection: &Inspection| match answers(inspection)[..] {
        [Answer::TimedOut { limit, .. }] => limit,
        ref other => panic!("{other:?}"),
    };
    assert_eq!(limit(&inspect(&file.url(), &history).await), Duration::from_millis(200));
    shell::run(&file.url(), "PRAGMA journal_mode = WAL").await;
    let mut migrator = Migrator::new(&history).question_timeout(Duration::from_millis(400));
    let inspection = migrator.inspect(&file.url(), Direction::Upgrade, "head").await.unwrap();
    assert_eq!(limit(&inspection), Duration::from_millis(400));
}

#[tokio::test]
async fn a_locked_table_is_not_waited_for() {
    let history = history(Database::Postgres, &[("change", "alter table users { alter name set not null; }")]);
    let url = server::postgres().database().await;
    filled(&url, &history, 1_000).await;
    shell::run(&url, "ANALYZE users").await;
    let mut other = Session::open(&url).await;
    other.run("BEGIN; LOCK TABLE users").await.unwrap();
    let started = Instant::now();
    let inspection = inspect(&url, &history).await;
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    let table = &inspection.steps[0].tables[0];
    assert_eq!(table.rows, Amount::About(1_000));
    assert!(matches!(table.bytes, Amount::About(8_192..)), "{table:?}");
    assert!(matches!(&answers(&inspection)[..], [Answer::Unknown(why)] if why.contains("locked")), "{inspection:?}");
}

#[tokio::test]
async fn what_an_earlier_migration_changes_is_answered_later() {
    let changes = [
        ("first", "alter table users { add email: text?; } create table notes { id: integer?, by: integer? }"),
        ("second", "alter table users { alter name set not null; }"),
        ("third", "alter table notes { alter by set not null; }"),
        ("fourth", "sql \"SELECT 1\" as nothing undo nothing \"it reads\";"),
    ];
    for &database in Database::ALL {
        let history = history(database, &changes);
        let file = sqlite::file();
        let url = match database {
            Database::Postgres => server::postgres().database().await,
            Database::Sqlite => file.url(),
        };
        filled(&url, &history, 10).await;
        let inspection = inspect(&url, &history).await;
        let after = |revision: &'static str| Answer::After { revision: revision.into() };
        assert_eq!(answers(&inspection), [after("first"), after("second")], "{database}");
        let last = inspection.steps.last().unwrap();
        assert_eq!((last.step.touches.rest, last.tables.len()), (Rest::RawSql, 0), "{database}");
        let notes = inspection.steps.iter().flat_map(|step| &step.tables).find(|table| &*table.touched.table == "notes").unwrap();
        assert_eq!((&notes.rows, &notes.bytes), (&Amount::NotThere, &Amount::NotThere), "{database}");
        // The connection is as it was: what follows is not limited.
        assert_eq!(upgrade(&url, &history, "head").await.unwrap().migrations.len(), 4);
    }
}

#[tokio::test]
async fn on_sqlite_every_table_is_locked_with_its_file() {
    let history =
        history(Database::Sqlite, &[("change", "alter table users { alter name set not null; } create index on users (age);")]);
    let file = sqlite::file();
    let missing = inspect(&file.url(), &history).await;
    assert_eq!(missing.steps.len(), 2);
    filled(&file.url(), &history, 1_000).await;
    let inspection = inspect(&file.url(), &history).await;
    let [step] = inspection.steps.as_slice() else { panic!("one step: {inspection:?}") };
    let [table] = step.tables.as_slice() else { panic!("one table: {step:?}") };
    assert_eq!((table.touched.lock, table.touched.work, &table.rows), (Lock::File, Work::Rewrite, &Amount::Exactly(1_000)));
    assert!(matches!(table.bytes, Amount::Exactly(4_096..) | Amount::AtMost(4_096..)), "{table:?}");
}
