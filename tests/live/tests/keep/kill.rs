//! A run that is killed while it keeps, restores or purges something is finished by running it again.

use std::process::{Child, Command, Stdio};

use migrate_history::plan::Direction;
use migrate_history::{Database, History};
use migrate_live_tests::cut::{Cut, Moment};
use migrate_live_tests::snapshot::Snapshot;
use migrate_live_tests::{server, shell, sqlite};
use migrate_runtime::{Event, Migrator};

use crate::site::history;

/// What a process that the test starts of itself is to do, and where.
const CHILD: &str = "MIGRATE_TEST_CHILD";

const ORIGIN: &str = "create table users { id: bigint primary key, note: text? }
    create table audit { id: bigint primary key, user_id: bigint references users }
    create table teams { id: bigint primary key, name: text }";
const ROWS: &str = "INSERT INTO teams VALUES (1, 'one'), (2, 'two'); INSERT INTO users VALUES (1, 'a'), (2, NULL); INSERT INTO audit VALUES (1, 1), (2, 2)";
const CHANGE: &str = "alter table users { drop note keep data; add extra: text default \"x\"; } drop table audit keep data;
    update teams set name = upper(name) where id = 1 keep data; delete from teams where id = 2 keep data;
    create table made { id: bigint primary key, user_id: bigint references users }";
const MADE: &str = "INSERT INTO made VALUES (1, 2); UPDATE users SET extra = 'y' WHERE id = 2";

/// What is killed, after what was done before.
const CASES: [(&[&str], &str); 5] = [
    (&[], "upgrade"),
    (&["upgrade"], "downgrade"),
    (&["upgrade"], "keep"),
    (&["upgrade", "keep"], "upgrade"),
    (&["upgrade"], "purge"),
];

fn database(url: &str) -> Database {
    if url.starts_with("sqlite") { Database::Sqlite } else { Database::Postgres }
}

fn of(url: &str) -> History {
    history(database(url), ORIGIN, &[CHANGE])
}

/// Dies at the event with this number, from 0.
async fn act(word: &str, url: &str, dies_at: Option<usize>) {
    let history = of(url);
    let mut event = 0;
    let observer = move |_: &Event| {
        if Some(event) == dies_at {
            let _ = Command::new("kill").args(["-KILL", &std::process::id().to_string()]).status();
            std::thread::sleep(std::time::Duration::from_secs(60));
        }
        event += 1;
    };
    let mut migrator = Migrator::new(&history).accept_losses().observer(observer);
    let done = match word {
        "upgrade" => migrator.upgrade(url, "head").await.map(drop),
        "downgrade" => migrator.downgrade(url, "m1").await.map(drop),
        "keep" => migrator.keep_dropped().downgrade(url, "m1").await.map(drop),
        _ => {
            let kept = migrator.kept(url).await.unwrap().things;
            let places: Vec<_> =
                kept.into_iter().filter(|one| one.direction == Direction::Upgrade).map(|one| one.place).collect();
            migrator.purge(url, &places).await.map(drop)
        }
    };
    done.unwrap_or_else(|error| panic!("{word} on {url}: {error}"));
}

/// A database in which this was done.
async fn made(url: &str, before: &[&str]) {
    Migrator::new(&of(url)).upgrade(url, "m1").await.unwrap();
    shell::run(url, ROWS).await;
    for word in before {
        act(word, url, None).await;
        if *word == "upgrade" {
            shell::run(url, MADE).await;
        }
    }
}

/// Everything that a run leaves.
async fn left(url: &str) -> (Snapshot, Vec<String>) {
    let mut lines =
        shell::ask(url, "SELECT revision || level || direction || step || '/' || steps FROM migrate_ledger ORDER BY 1").await;
    let kept = "SELECT revision || object || table_name || coalesce(column_name, '') || (purged_at IS NULL) FROM migrate_kept ORDER BY 1";
    lines.extend(shell::try_ask(url, kept).await.unwrap_or_default());
    (Snapshot::take(url).await, lines)
}

fn spawn(test: &str, what: &str, url: &str) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test]).env(CHILD, format!("{what} {url}"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn child() -> Option<(String, String)> {
    let text = std::env::var(CHILD).ok()?;
    text.split_once(' ').map(|(what, url)| (what.to_owned(), url.to_owned()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn at_any_message_to_the_server() {
    if let Some((word, url)) = child() {
        return act(&word, &url, None).await;
    }
    let server = server::postgres();
    for (before, word) in CASES {
        let url = server.database().await;
        made(&url, before).await;
        act(word, &url, None).await;
        let whole = left(&url).await;
        let mut kills = 0;
        for (number, moment) in (0..).flat_map(|at| [(at, Moment::Before), (at, Moment::After)]) {
            let message = number * 12 + if moment == Moment::Before { 0 } else { 6 };
            let url = server.database().await;
            made(&url, before).await;
            let cut = Cut::start(server.port(), moment, message).await;
            let mut child = spawn("kill::at_any_message_to_the_server", word, &cut.url(&url, server.port()));
            cut.kill(child.id());
            let ended = tokio::task::spawn_blocking(move || child.wait()).await.unwrap().unwrap();
            if ended.success() {
                break;
            }
            assert!(cut.is_done(), "{word}, message {message}: {ended}");
            kills += 1;
            act(word, &url, None).await;
            assert_eq!(left(&url).await, whole, "{word} after {before:?}, killed at message {message}, {moment:?}");
        }
        assert!(kills > 1, "{word}: {kills} kills");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn at_any_event_on_sqlite() {
    if let Some((what, url)) = child() {
        let (word, event) = what.split_once(':').unwrap();
        return act(word, &url, Some(event.parse().unwrap())).await;
    }
    let mut kills = 0;
    for (before, word) in CASES {
        let file = sqlite::file();
        made(&file.url(), before).await;
        act(word, &file.url(), None).await;
        let whole = left(&file.url()).await;
        for event in 0.. {
            let file = sqlite::file();
            made(&file.url(), before).await;
            let mut child = spawn("kill::at_any_event_on_sqlite", &format!("{word}:{event}"), &file.url());
            let ended = tokio::task::spawn_blocking(move || child.wait()).await.unwrap().unwrap();
            act(word, &file.url(), None).await;
            assert_eq!(left(&file.url()).await, whole, "{word} after {before:?}, killed at event {event}");
            if ended.success() {
                break;
            }
            kills += 1;
        }
    }
    assert!(kills > 10, "{kills} kills");
}
