//! Runners that are paused for longer than their lease.

use std::process::Command;

use super::*;

const BETWEEN: &str = "paused::whose_lease_was_taken_over_writes_nothing_more";
const INSIDE: &str = "paused::nobody_takes_a_lease_over_within_a_transaction";

/// Pauses this process, as `kill -STOP` does.
fn pause() {
    let stopped = Command::new("kill").args(["-STOP", &std::process::id().to_string()]).status().unwrap();
    assert!(stopped.success());
    // All threads have seen it by the end of this.
    std::thread::sleep(Duration::from_millis(300));
}

fn go_on(child: &Child) {
    assert!(Command::new("kill").args(["-CONT", &child.id().to_string()]).status().unwrap().success());
}

/// Waits until a process is paused.
fn is_paused(child: &Child) {
    let started = Instant::now();
    loop {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap_or_default();
        if stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('T')) {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(30), "the child is paused: {stat}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Runs with a lease of two seconds, is paused where an event says so, and tells what became of the run.
async fn run_paused(url: &str, history: &History, is_it: fn(&Event) -> bool) {
    let mut is_first = true;
    let observer = |event: &Event| {
        if is_it(event) && std::mem::take(&mut is_first) {
            pause();
        }
    };
    match leased(history, 2).observer(observer).upgrade(url, "head").await {
        Ok(report) => println!("completed {}", report.migrations.len()),
        Err(error) => println!("failed {:?} {error}", error.kind()),
    }
}

/// What the child says at its end.
fn said(child: Child) -> String {
    let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    output.lines().find(|line| line.starts_with("completed ") || line.starts_with("failed ")).unwrap_or(&output).to_owned()
}

/// Whoever took it over, and wherever it was paused between two transactions.
#[tokio::test]
async fn whose_lease_was_taken_over_writes_nothing_more() {
    if let Some(url) = child() {
        return run_paused(&url, &three(), |event| matches!(event, Event::Finished { .. })).await;
    }
    for lock in [RunLock::Lease, RunLock::Session] {
        let url = server::postgres().database().await;
        let child = spawn(BETWEEN, &url);
        is_paused(&child);
        assert_eq!(tables(&url).await, ["a"]);
        // What the next one makes is not in its way, so that only the token stops it.
        let history = three();
        assert_eq!(leased(&history, 30).lock(lock).upgrade(&url, "b").await.unwrap().migrations.len(), 1);
        run(&url, "DELETE FROM migrate_journal WHERE revision = 'b'").await;
        go_on(&child);
        let said = said(child);
        assert!(
            said.starts_with("failed Busy the upgrade of `b` failed: the lease of the lock expired before it was renewed"),
            "{said}"
        );
        assert_eq!(tables(&url).await, ["a", "b"]);
        assert_eq!(ask(&url, "SELECT revision FROM migrate_journal").await, ["a"]);
        upgrade(&url, &history, "head").await.unwrap();
        is_free(&url).await;
    }
}

/// Its transaction holds the advisory lock, without which nobody takes the row.
#[tokio::test]
async fn nobody_takes_a_lease_over_within_a_transaction() {
    let in_pieces = |id: &str, parents: &[&str]| {
        let (create, drop) = (format!("CREATE TABLE {id} (n integer) -- in pieces"), format!("DROP TABLE {id}"));
        migration(id, parents).up(&[&create, "SELECT 1"]).down(&[&drop])
    };
    let history = history([in_pieces("a", &[]), in_pieces("b", &["a"])]);
    if let Some(url) = child() {
        return run_paused(&url, &history, |event| matches!(event, Event::Statement { .. })).await;
    }
    let url = server::postgres().database().await;
    let child = spawn(INSIDE, &url);
    is_paused(&child);
    tokio::time::sleep(Duration::from_secs(2)).await;
    for lock in [RunLock::Lease, RunLock::Session] {
        let error = leased(&history, 30).lock(lock).lock_wait(Duration::from_secs(1)).upgrade(&url, "head").await.unwrap_err();
        assert!(matches!(error, Error::LockWait { .. }), "{error}");
    }
    go_on(&child);
    assert_eq!(said(child), "completed 2");
    is_free(&url).await;
}
