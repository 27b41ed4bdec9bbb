//! A run that dies at any message to the server, or at any event of SQLite, is finished by running it again; both ways.

use std::process::Command;

use migrate_history::plan::Direction;
use migrate_live_tests::cut::{Cut, Moment};
use migrate_live_tests::session::Session;
use migrate_live_tests::{server, sqlite};
use migrate_runtime::{Event, Migrator};

use super::every_step::{Left, database, done_twice, every_step, left};
use super::{child, spawn, wanted};

const POSTGRES: &str = "die::at_any_message_to_the_server";
const SQLITE: &str = "die::at_any_event_on_sqlite";

const DIRECTIONS: [Direction; 2] = [Direction::Upgrade, Direction::Downgrade];

/// Kills this process, as `kill -9` does.
fn die() {
    let _ = Command::new("kill").args(["-KILL", &std::process::id().to_string()]).status();
    std::thread::sleep(std::time::Duration::from_secs(60));
}

/// Runs to the end of a direction; dies at the event with this number, from 0.
async fn act(word: &str, url: &str, dies_at: Option<usize>) {
    let history = every_step(database(url));
    let mut event = 0;
    let observer = move |_: &Event| {
        if Some(event) == dies_at {
            die();
        }
        event += 1;
    };
    let mut migrator = Migrator::new(&history).accept_losses().observer(observer);
    let done = match word {
        "upgrade" => migrator.upgrade(url, "head").await,
        _ => migrator.downgrade(url, "base").await,
    };
    done.unwrap_or_else(|error| panic!("the {word} on {url}: {error}"));
}

/// What a run of each direction leaves that nothing disturbs.
async fn undisturbed(url: &str) -> [Left; 2] {
    act("upgrade", url, None).await;
    let head = left(url).await;
    act("downgrade", url, None).await;
    [head, left(url).await]
}

/// The rerun ends where a run that nothing disturbed does.
async fn is_finished_by_a_rerun(url: &str, direction: Direction, whole: &[Left; 2], when: &str) {
    act(direction.word(), url, None).await;
    let [head, base] = whole;
    let expected = if direction == Direction::Upgrade { head } else { base };
    assert_eq!(&left(url).await, expected, "{when}");
    assert_eq!(done_twice(url, direction.word()).await, Vec::<String>::new(), "{when}");
}

/// Every message once, or with `DIES=N` every N-th: before the server has it, and while it is at work on it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn at_any_message_to_the_server() {
    if let Some((word, url)) = child() {
        return act(&word, &url, None).await;
    }
    let (server, every) = (server::postgres(), wanted("DIES", 80));
    let whole = undisturbed(&server.database().await).await;
    for direction in DIRECTIONS {
        let mut kills = 0;
        for (number, moment) in (0..).flat_map(|at| [(at, Moment::Before), (at, Moment::After)]) {
            // So that each moment meets other messages.
            let message = number * every + if moment == Moment::Before { 0 } else { every / 2 };
            let url = server.database().await;
            if direction == Direction::Downgrade {
                act("upgrade", &url, None).await;
            }
            let cut = Cut::start(server.port(), moment, message).await;
            let mut child = spawn(POSTGRES, direction.word(), &cut.url(&url, server.port()));
            cut.kill(child.id());
            let ended = tokio::task::spawn_blocking(move || child.wait()).await.unwrap().unwrap();
            // At its last message it may have ended before it is killed.
            if ended.success() {
                break;
            }
            assert!(cut.is_done(), "message {message}: {ended}");
            kills += 1;
            let when = format!("{direction} killed at message {message}, {moment:?}, on {url}");
            is_finished_by_a_rerun(&url, direction, &whole, &when).await;
            let locks = "SELECT pid::text FROM pg_locks JOIN pg_database AS d ON d.oid = database \
                         WHERE locktype = 'advisory' AND datname = current_database()";
            assert_eq!(Session::open(&url).await.column(locks).await, Vec::<String>::new(), "{when}");
        }
        assert!(kills > 3, "{kills} kills");
    }
}

/// Every event once, or with `DIES=N` every N-th.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn at_any_event_on_sqlite() {
    if let Some((what, url)) = child() {
        let (word, event) = what.split_once(':').unwrap();
        return act(word, &url, Some(event.parse().unwrap())).await;
    }
    let every = wanted("DIES", 12);
    let file = sqlite::file();
    let whole = undisturbed(&file.url()).await;
    let head = sqlite::file();
    act("upgrade", &head.url(), None).await;
    for direction in DIRECTIONS {
        let mut kills = 0;
        for event in (0..).step_by(every) {
            let file = sqlite::file();
            if direction == Direction::Downgrade {
                std::fs::copy(head.path(), file.path()).unwrap();
            }
            let mut child = spawn(SQLITE, &format!("{}:{event}", direction.word()), &file.url());
            let ended = tokio::task::spawn_blocking(move || child.wait()).await.unwrap().unwrap();
            let when = format!("{direction} killed at event {event}");
            is_finished_by_a_rerun(&file.url(), direction, &whole, &when).await;
            if ended.success() {
                break;
            }
            kills += 1;
        }
        assert!(kills > 3, "{kills} kills");
    }
}
