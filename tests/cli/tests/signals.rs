//! What a signal does to a run: it ends where nothing is to be repaired, and the same command goes on.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

#[allow(dead_code, reason = "what it says is of no interest here")]
mod place;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use migrate_live_tests::{server, shell};
use place::Place;

const PROGRAM: &str = env!("CARGO_BIN_EXE_slow");

const LEDGER: &str = "SELECT revision FROM migrate_ledger WHERE step = steps AND direction = 'upgrade' ORDER BY revision";

/// A database in which the first migration is applied.
struct Site {
    place: Place,
    url: String,
}

impl Site {
    async fn both() -> [Site; 2] {
        let (one, other) = (Place::new(), Place::new());
        let file = format!("sqlite://{}", other.path().join("app.db").display());
        let sites = [Site { place: one, url: server::postgres().database().await }, Site { place: other, url: file }];
        for site in &sites {
            site.place.start(PROGRAM, &[("DATABASE_URL", &site.url)], &["upgrade", "+1"]);
        }
        sites
    }

    /// The second migration takes seconds, or so many rows of a recursive query.
    async fn slow(&self, seconds: u32, rows: u32) {
        shell::run(&self.url, &format!("DELETE FROM slow; INSERT INTO slow VALUES ({seconds}, {rows})")).await;
    }

    fn start(&self) -> Child {
        // What a shell starts in its background ignores SIGINT, and so would this test and what it starts.
        let mut command = Command::new("env");
        command
            .args(["--default-signal=INT,TERM", PROGRAM, "upgrade"])
            .current_dir(self.place.path())
            .env("DATABASE_URL", &self.url)
            .stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Starts it, and sends it these signals once the second migration is at work; its exit status, and what it said.
    fn stopped_by(&self, signals: &[&str]) -> (Option<i32>, String) {
        let mut child = self.start();
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        while !said.contains("upgrade m2_waits") {
            assert!(errors.read_line(&mut said).unwrap() > 0, "{said}");
        }
        for signal in signals {
            // It says that it begins before it does.
            std::thread::sleep(Duration::from_millis(200));
            kill(&child, signal);
        }
        errors.read_to_string(&mut said).unwrap();
        (child.wait().unwrap().code(), said)
    }

    async fn is_finished_by_a_rerun(&self) {
        self.slow(0, 1).await;
        let done = self.start().wait_with_output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert_eq!(shell::ask(&self.url, LEDGER).await, ["m1_slow", "m2_waits", "m3_last"]);
        assert_eq!(shell::tables(&self.url).await, ["last", "slow"]);
        if self.url.starts_with("postgres") {
            let locks = "SELECT pid FROM pg_locks JOIN pg_database AS d ON d.oid = database \
                         WHERE locktype = 'advisory' AND datname = current_database()";
            assert_eq!(shell::ask(&self.url, locks).await, Vec::<String>::new());
        }
    }
}

fn kill(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().expect("`kill` is there");
    assert!(sent.success());
}

#[tokio::test]
async fn a_signal_ends_a_run_after_its_step() {
    for signal in ["TERM", "INT"] {
        for site in Site::both().await {
            site.slow(2, 12_000_000).await;
            let (status, said) = site.stopped_by(&[signal]);
            assert_eq!(status, Some(1), "{said}");
            assert!(
                said.contains(&format!("SIG{signal}: stopping after this step; a second signal cancels its statement\n")),
                "{said}"
            );
            let last = "error: the run was stopped on request\n\
                        note: completed: `m2_waits`; left: `m3_last`\nhelp: run the same command again to go on\n";
            assert!(said.ends_with(last), "{said}");
            assert_eq!(shell::ask(&site.url, LEDGER).await, ["m1_slow", "m2_waits"]);
            site.is_finished_by_a_rerun().await;
        }
    }
}

#[tokio::test]
async fn a_second_signal_cancels_the_statement() {
    for site in Site::both().await {
        site.slow(600, 2_000_000_000).await;
        let started = Instant::now();
        let (status, said) = site.stopped_by(&["TERM", "TERM"]);
        assert!(started.elapsed() < Duration::from_secs(15), "{said}");
        assert_eq!(status, Some(1), "{said}");
        let last = "error: the run was stopped on request before it had completed a step\nnote: left: `m2_waits`, `m3_last`\n\
                    help: run the same command again to go on\n";
        assert!(said.ends_with(last), "{said}");
        assert_eq!(shell::ask(&site.url, LEDGER).await, ["m1_slow"]);
        if site.url.starts_with("postgres") {
            let busy = "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
            assert_eq!(shell::ask(&site.url, busy).await, Vec::<String>::new(), "the server does not go on");
        }
        site.is_finished_by_a_rerun().await;
    }
}

#[tokio::test]
async fn three_signals_end_it_whatever_it_does() {
    for site in Site::both().await {
        site.slow(600, 2_000_000_000).await;
        // One after the other, so that the cancelled statement may end before the third; each is one of its ends.
        let (code, _) = site.stopped_by(&["INT", "TERM", "INT"]);
        assert!([Some(1), Some(130)].contains(&code), "{code:?}");
        site.is_finished_by_a_rerun().await;
    }
}

/// What a program was started to ignore it goes on ignoring.
#[tokio::test]
async fn an_ignored_signal_stays_ignored() {
    for site in Site::both().await {
        site.slow(1, 2_000_000).await;
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' INT TERM; exec \"$0\" upgrade", PROGRAM]).current_dir(site.place.path());
        let child = command.env("DATABASE_URL", &site.url).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(500));
        kill(&child, "INT");
        kill(&child, "TERM");
        assert!(child.wait_with_output().unwrap().status.success());
        assert_eq!(shell::ask(&site.url, LEDGER).await.len(), 3);
    }
}
