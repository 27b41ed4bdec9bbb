//! Many runners at once, runners that are killed, connections that are cut and servers that start again.
//!
//! `STORMS`, `KILLS`, `CUTS`, `DIES`, `HALVES` and `RESTARTS` say how many there are of each; `cargo xtask test --nightly` runs them in their long form.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod cut;
mod die;
mod every_step;
mod halfway;
mod kill;
mod restart;
mod start;
mod witness;

use std::process::{Child, Command, Stdio};

/// What a process that a test starts of itself is to do, and where.
const CHILD: &str = "MIGRATE_TEST_CHILD";

/// A number from the environment.
fn wanted(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Starts this test again, in a process of its own.
fn spawn(test: &str, what: &str, url: &str) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test]).env(CHILD, format!("{what} {url}"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// What this process was started for.
fn child() -> Option<(String, String)> {
    let text = std::env::var(CHILD).ok()?;
    text.split_once(' ').map(|(what, url)| (what.to_owned(), url.to_owned()))
}

/// Numbers that look like chance and are the same in each run.
struct Chance(u64);

impl Chance {
    /// One below a limit.
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }
}
