//! The steps of the tests, as data.

use std::process::Command;

use crate::lanes;

/// One command that must succeed.
pub(crate) struct Step {
    /// What it is called on the command line.
    pub name: &'static str,
    /// The program and its arguments.
    pub command: &'static [&'static str],
    /// What is added to the environment.
    environment: &'static [(&'static str, &'static str)],
    /// Whether a machine without the program passes over the step, saying so.
    optional: bool,
    /// How it is run.
    how: How,
}

/// How a step is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// As it is.
    Once,
    /// Its test targets in lanes.
    InLanes,
}

const fn step(name: &'static str, command: &'static [&'static str]) -> Step {
    Step { name, command, environment: &[], optional: false, how: How::Once }
}

/// Every step, the cheap ones first.
pub(crate) const STEPS: &[Step] = &[
    step("format", &["cargo", "fmt", "--all", "--check"]),
    step("clippy", &["cargo", "clippy", "--all-targets", "--locked", "--", "-D", "warnings"]),
    Step { environment: &[("RUSTDOCFLAGS", "-D warnings")], ..step("docs", &["cargo", "doc", "--no-deps", "--locked"]) },
    step("postgres", &["cargo", "check", "-p", "migrate-db", "--locked", "--no-default-features", "--features", "postgres"]),
    // Where the feature leads; whether rustls builds is sqlx's business.
    step(
        "tls",
        &[
            "cargo",
            "tree",
            "-p",
            "migrate-db",
            "--locked",
            "--features",
            "postgres,tls-rustls",
            "--invert",
            "rustls",
            "--depth",
            "0",
        ],
    ),
    // The same: its build requires libclang.
    step(
        "unbundled",
        &[
            "cargo",
            "tree",
            "-p",
            "migrate-db",
            "--locked",
            "--no-default-features",
            "--features",
            "sqlite-unbundled",
            "--invert",
            "bindgen",
            "--depth",
            "0",
        ],
    ),
    // All of them, whatever fails: a reader of the log needs the whole list.
    Step { how: How::InLanes, ..step("tests", &["cargo", "test", "--locked", "--no-fail-fast"]) },
    step("cache", &["cargo", "test", "--locked", "-p", "migrate-uncached-tests"]),
    Step { optional: true, ..step("deny", &["cargo-deny", "--locked", "check"]) },
];

/// The long forms of tests, which run with every change in a shorter one, and what takes long to build: the benches with their peers.
pub(crate) const NIGHTLY: &[Step] = &[
    // Its own tests run it too, built with more features.
    step(
        "quickstart",
        &["cargo", "run", "--quiet", "--bin", "quickstart", "--", "--database-url", "sqlite::memory:", "upgrade", "head"],
    ),
    // What a new user gets: a package is written, compiled and run.
    step(
        "init",
        &["cargo", "test", "-p", "migrate-cli", "--locked", "--features", "source", "--test", "source", "--", "--ignored"],
    ),
    step("none", &["cargo", "check", "-p", "migrate-db", "--locked", "--no-default-features"]),
    step("runtime", &["cargo", "check", "-p", "migrate-db", "--locked", "--no-default-features", "--features", "cli"]),
    // The tests of features build it too.
    step("sqlite", &["cargo", "check", "-p", "migrate-db", "--locked", "--no-default-features", "--features", "sqlite"]),
    step("benches", &["cargo", "clippy", "-p", "migrate-benches", "--all-targets", "--locked", "--", "-D", "warnings"]),
    step("smoke", &["cargo", "test", "-p", "migrate-benches", "--locked"]),
    // What would be published builds from what its packages hold, without the workspace around it.
    step(
        "publish",
        &[
            "cargo",
            "publish",
            "--dry-run",
            "--locked",
            "-p",
            "migrate-history",
            "-p",
            "migrate-compiler",
            "-p",
            "migrate-macros",
            "-p",
            "migrate-runtime",
            "-p",
            "migrate-source",
            "-p",
            "migrate-cli",
            "-p",
            "migrate-db",
        ],
    ),
    Step {
        environment: &[("RANDOM_HISTORIES", "2000"), ("RANDOM_SEED", "new")],
        ..step("random", &["cargo", "test", "--locked", "-p", "migrate-live-tests", "--test", "random", "--", "--nocapture"])
    },
    // Every operator with operands of every family, in every place.
    Step {
        environment: &[("GRID_ALL", "1")],
        ..step("grid", &["cargo", "test", "--locked", "-p", "migrate-live-tests", "--test", "grid"])
    },
    // Every demand on the rows before every statement that takes it away.
    Step {
        environment: &[("ASSERTED_ALL", "1")],
        ..step("asserted", &["cargo", "test", "--locked", "-p", "migrate-live-tests", "--test", "asserted"])
    },
    // Starts at once, kill -9, cut connections and restarts; `CUTS=1` cuts at every message, `DIES=1` kills there.
    Step {
        environment: &[("STORMS", "300"), ("KILLS", "50"), ("CUTS", "1"), ("DIES", "1"), ("HALVES", "1"), ("RESTARTS", "20")],
        ..step("storm", &["cargo", "test", "--locked", "-p", "migrate-live-tests", "--test", "storm"])
    },
    // What a test of links cannot see: whether the pages are a book.
    Step { optional: true, ..step("mdbook", &["mdbook", "build", "docs", "--dest-dir", "target/book"]) },
    // Its own code is no default member, which needs a program that not everybody has.
    step("lint", &["cargo", "clippy", "-p", "migrate-squawk-tests", "--all-targets", "--locked", "--", "-D", "warnings"]),
    // A linter that knows nothing of us.
    step("squawk", &["cargo", "test", "--locked", "-p", "migrate-squawk-tests"]),
];

impl Step {
    /// Whether it is the test that runs squawk.
    pub fn needs_squawk(&self) -> bool {
        self.command.starts_with(&["cargo", "test"]) && self.command.contains(&"migrate-squawk-tests")
    }

    /// Runs it; whether it succeeded.
    pub fn run(&self) -> bool {
        if self.how == How::InLanes {
            return lanes::run();
        }
        let Some((program, arguments)) = self.command.split_first() else { return true };
        match Command::new(program).args(arguments).envs(self.environment.iter().copied()).status() {
            Ok(status) => status.success(),
            Err(_) if self.optional => {
                println!("passed over: `{program}` is not installed (`cargo install --locked {program}`)");
                true
            }
            Err(error) => {
                eprintln!("error: `{program}` cannot be started: {error}");
                false
            }
        }
    }
}
