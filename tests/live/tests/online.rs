//! Changes of tables that others use, on PostgreSQL: the state after each recipe is that after the statement alone, and no session that
//! reads or writes meanwhile waits for it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use migrate_history::plan::Direction;
use migrate_history::{Database, History, Mode};
use migrate_live_tests::changes::{ORIGIN, RECIPES};
use migrate_live_tests::{compiled, downgrade, server, shell, written};
use migrate_runtime::{Event, Migrator, script, upgrade};

/// More rows than one batch takes.
const ROWS: usize = 60_000;

fn history(change: &str) -> History {
    let migrations = vec![("origin", written::draft(ORIGIN)), ("change", written::draft(change))];
    compiled::drafts("online", Database::Postgres, migrations)
}

async fn filled(history: &History) -> String {
    let url = server::postgres().database().await;
    upgrade(&url, history, "origin").await.unwrap();
    shell::run(&url, &format!("INSERT INTO users SELECT n, 'name ' || n, n % 90 FROM generate_series(1, {ROWS}) AS n")).await;
    shell::run(&url, "INSERT INTO posts SELECT n, n, 'title' FROM generate_series(1, 100) AS n").await;
    url
}

/// What the catalogue says of the tables.
async fn catalogue(url: &str) -> Vec<String> {
    let columns = "SELECT attrelid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull || ' ' \
                   || attidentity::text || ' ' || coalesce(pg_get_expr(adbin, adrelid), '-') FROM pg_attribute \
                   LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum \
                   WHERE attrelid IN ('users'::regclass, 'posts'::regclass) AND attnum > 0 AND NOT attisdropped ORDER BY 1";
    let rest = "SELECT conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated FROM pg_constraint \
                WHERE conrelid IN ('users'::regclass, 'posts'::regclass) UNION ALL SELECT pg_get_indexdef(indexrelid) || ' ' || indisvalid \
                FROM pg_index WHERE indrelid IN ('users'::regclass, 'posts'::regclass) UNION ALL \
                SELECT relname || ' of ' || coalesce(refobjid::regclass::text || refobjsubid || deptype::text, 'nothing') FROM pg_class \
                LEFT JOIN pg_depend ON objid = pg_class.oid AND classid = 'pg_class'::regclass AND refobjsubid > 0 \
                WHERE relkind = 'S' AND relname NOT LIKE 'migrate%' ORDER BY 1";
    let mut all = shell::ask(url, columns).await;
    all.extend(shell::ask(url, rest).await);
    all
}

/// The state after the statements that do the same at once.
async fn at_once(history: &History) -> Vec<String> {
    let url = server::postgres().database().await;
    for migration in history.migrations.iter() {
        let script = migration.compiled().script(Database::Postgres).unwrap();
        for statement in script.upgrade.iter().flat_map(|step| step.inside()) {
            shell::run(&url, &statement.sql).await;
        }
    }
    catalogue(&url).await
}

#[tokio::test]
async fn each_recipe_leaves_what_the_statement_alone_would() {
    for (change, question, answer) in RECIPES {
        let history = history(change);
        let steps = &history.migrations[1].compiled().script(Database::Postgres).unwrap().upgrade;
        assert!(steps.len() > 1 || matches!(steps[0].mode, Mode::Alone | Mode::Batches { .. }), "{change}: {steps:?}");
        let url = filled(&history).await;
        let before = catalogue(&url).await;
        upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{change}: {error}"));
        assert_eq!(shell::ask(&url, question).await, [*answer], "{change}");
        assert_eq!(catalogue(&url).await, at_once(&history).await, "{change}");
        downgrade(&url, &history, "origin").await.unwrap_or_else(|error| panic!("{change}: {error}"));
        assert_eq!(catalogue(&url).await, before, "{change}");
    }
}

#[test]
fn a_replaced_key_goes_in_the_statement_that_brings_the_other() {
    let replaced = RECIPES.iter().filter(|(change, ..)| change.contains("users_pkey"));
    for (change, ..) in replaced {
        let history = history(change);
        let script = history.migrations[1].compiled().script(Database::Postgres).unwrap();
        for steps in [&script.upgrade, &script.downgrade] {
            let statements: Vec<&str> = steps.iter().flat_map(|step| step.statements.iter()).map(|one| &*one.sql).collect();
            let drops = |sql: &&&str| ["users_pkey", "p"].iter().any(|key| sql.contains(&format!("DROP CONSTRAINT \"{key}\"")));
            let keys: Vec<&&str> = statements.iter().filter(drops).collect();
            assert!(keys.len() == 1 && keys[0].contains("PRIMARY KEY USING INDEX"), "{change}: {statements:#?}");
        }
    }
}

/// Somebody who reads and writes both tables all the time.
struct Client {
    stop: Arc<AtomicBool>,
    written: Arc<AtomicUsize>,
    running: tokio::task::JoinHandle<()>,
}

fn client(url: &str, number: usize) -> Client {
    let (stop, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let (url, stopped, count) = (url.to_owned(), Arc::clone(&stop), Arc::clone(&written));
    let running = tokio::spawn(async move {
        let mut id = ROWS + 1 + number * 1_000_000;
        while !stopped.load(Ordering::Relaxed) {
            shell::run(&url, &format!("INSERT INTO users (id, name, age) VALUES ({id}, 'n', 1)")).await;
            shell::run(&url, &format!("UPDATE users SET name = name || '!' WHERE id = {}", 1 + id * 7919 % ROWS)).await;
            id += 1;
            count.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    });
    Client { stop, written, running }
}

#[tokio::test]
async fn rows_that_are_written_meanwhile_have_their_values_too() {
    for (change, question, answer) in RECIPES {
        let history = history(change);
        let url = filled(&history).await;
        let clients: Vec<Client> = (0..3).map(|number| client(&url, number)).collect();
        upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{change}: {error}"));
        for client in clients {
            client.stop.store(true, Ordering::Relaxed);
            client.running.await.unwrap_or_else(|error| panic!("{change}: {error}"));
            assert!(client.written.load(Ordering::Relaxed) > 0, "{change}");
        }
        assert_eq!(shell::ask(&url, question).await, [*answer], "{change}");
    }
}

/// A run that is given up wherever it is, and begun again.
#[tokio::test]
async fn a_recipe_that_is_stopped_goes_on() {
    for (change, question, answer) in RECIPES {
        let history = history(change);
        let url = filled(&history).await;
        let mut given_up = 0;
        for milliseconds in (1..).map(|number| number * 11) {
            match tokio::time::timeout(Duration::from_millis(milliseconds), upgrade(&url, &history, "head")).await {
                Ok(done) => {
                    done.unwrap_or_else(|error| panic!("{change}: {error}"));
                    break;
                }
                Err(_) => given_up += 1,
            }
        }
        assert!(given_up > 0, "{change}: it was never given up");
        assert_eq!(shell::ask(&url, question).await, [*answer], "{change}");
        assert_eq!(catalogue(&url).await, at_once(&history).await, "{change}");
        assert!(Migrator::new(&history).current(&*url).await.unwrap().is_at_head(), "{change}");
    }
}

#[tokio::test]
async fn a_script_does_the_same() {
    for (change, question, answer) in RECIPES {
        let history = history(change);
        let url = filled(&history).await;
        let before = catalogue(&url).await;
        let up = script(&history, Database::Postgres, Direction::Upgrade, "origin", "head").unwrap();
        shell::script(&url, &up).unwrap_or_else(|error| panic!("{change}: {error}"));
        assert_eq!(shell::ask(&url, question).await, [*answer], "{change}");
        assert_eq!(catalogue(&url).await, at_once(&history).await, "{change}");
        let down = script(&history, Database::Postgres, Direction::Downgrade, "head", "origin").unwrap();
        shell::script(&url, &down).unwrap_or_else(|error| panic!("{change}: {error}"));
        assert_eq!(catalogue(&url).await, before, "{change}");
    }
}

/// A concurrent build waits for every transaction that is older, and nobody waits for it: it is not begun again for that.
#[tokio::test]
async fn a_long_reader_does_not_make_an_index_be_built_again() {
    let history = history("create index on users (name);");
    let url = filled(&history).await;
    let reader = {
        let url = url.clone();
        tokio::spawn(async move {
            let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM posts; SELECT pg_sleep(3); COMMIT";
            shell::run(&url, begin).await;
        })
    };
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut retries = 0;
    let migrator = Migrator::new(&history).lock_timeout(Duration::from_millis(300));
    let mut migrator = migrator.observer(|event| retries += usize::from(matches!(event, Event::Retrying { .. })));
    migrator.upgrade(&*url, "head").await.unwrap_or_else(|error| panic!("{error}"));
    drop(migrator);
    reader.await.unwrap();
    assert_eq!(retries, 0);
    assert_eq!(shell::ask(&url, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'users_name_idx'::regclass").await, ["t"]);
}
