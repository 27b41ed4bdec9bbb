//! All tests of the workspace in lanes, since a live test waits more than it works: for a lock, a timeout, a commit on the disk.

use std::collections::VecDeque;
use std::process::{Command, Output};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

/// How many run at once.
const LANES: usize = 3;

/// How many of the short ones are one call of cargo.
const BATCH: usize = 8;

/// The examples in the documentation of the default members. Said so, cargo runs those of a library too that has `doctest = false`, which the face
/// of the UI tests is.
const DOC: &str = "--doc --workspace --exclude migrate-ui-face --exclude migrate-benches --exclude migrate-uncached-tests --exclude \
                   migrate-squawk-tests";

/// The test targets that take longest, which are begun first, each alone.
const LONG: [&str; 12] =
    ["random", "features", "grid", "storm", "executor", "keep", "online", "asserted", "merges", "deep", "histories", "pasted"];

/// Builds every test, and runs them; whether all of them passed.
pub(crate) fn run() -> bool {
    if !shown(cargo(&["--no-run".to_owned()])) {
        return false;
    }
    let calls = match targets() {
        Ok(targets) => Mutex::new(calls(targets)),
        Err(message) => {
            eprintln!("error: {message}");
            return false;
        }
    };
    let failed = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..LANES {
            scope.spawn(|| lane(&calls, &failed));
        }
    });
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    if !failed.is_empty() {
        println!("\nfailed: {}", failed.join("\n        "));
    }
    failed.is_empty()
}

fn cargo(arguments: &[String]) -> Command {
    let mut command = Command::new("cargo");
    command.args(["test", "--locked", "--no-fail-fast"]).args(arguments);
    command
}

fn shown(mut command: Command) -> bool {
    command.status().is_ok_and(|status| status.success())
}

/// Takes one call after the other, and shows what it printed when it ends.
fn lane(calls: &Mutex<VecDeque<Vec<String>>>, failed: &Mutex<Vec<String>>) {
    loop {
        let call = calls.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let Some(call) = call else { return };
        let started = Instant::now();
        let output = cargo(&call).output();
        let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
        println!("\n-- cargo test {}: {:.1} s", call.join(" "), started.elapsed().as_secs_f64());
        let is_done = match output {
            Ok(output) => {
                print(&output);
                output.status.success()
            }
            Err(error) => {
                println!("error: cargo cannot be started: {error}");
                false
            }
        };
        if !is_done {
            failed.push(format!("cargo test --locked {}", call.join(" ")));
        }
    }
}

fn print(output: &Output) {
    print!("{}{}", String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
}

/// The calls of cargo that run every target once, the long ones first.
fn calls(targets: Vec<String>) -> VecDeque<Vec<String>> {
    let (long, short): (Vec<String>, Vec<String>) = targets.into_iter().partition(|name| LONG.contains(&name.as_str()));
    let of = |names: &[String]| names.iter().flat_map(|name| ["--test".to_owned(), name.clone()]).collect();
    let mut alone: Vec<Vec<String>> = long.chunks(1).map(of).collect();
    alone.sort_by_key(|call: &Vec<String>| LONG.iter().position(|name| call.iter().any(|word| word == name)));
    let rest = ["--lib --bins --examples", DOC].map(|words| words.split(' ').map(str::to_owned).collect());
    alone.into_iter().chain(short.chunks(BATCH).map(of)).chain(rest).collect()
}

/// The names of the test targets of the workspace's default members, each once.
fn targets() -> Result<Vec<String>, String> {
    // From its folder: in that of a package, the package alone is the default member.
    let workspace = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let mut command = Command::new("cargo");
    command.args(["metadata", "--no-deps", "--locked", "--format-version", "1"]).current_dir(workspace);
    let output = command.output();
    let output = output.map_err(|error| format!("cargo cannot be started: {error}"))?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cannot read what cargo says of the workspace: {error}"))?;
    let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
    let members = list(&metadata["workspace_default_members"]);
    let packages = list(&metadata["packages"]).into_iter().filter(|package| members.contains(&package["id"]));
    let targets = packages.flat_map(|package| list(&package["targets"]));
    let tests = targets.filter(|target| list(&target["kind"]).iter().any(|kind| kind == "test"));
    let mut names: Vec<String> = tests.filter_map(|target| target["name"].as_str().map(str::to_owned)).collect();
    names.sort();
    names.dedup();
    if names.is_empty() { Err("cargo knows no test of the workspace".to_owned()) } else { Ok(names) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_run_once() {
        let names: Vec<String> =
            (0..20).map(|number| format!("t{number}")).chain(["storm", "random"].map(str::to_owned)).collect();
        let calls = calls(names.clone());
        let words: Vec<&String> = calls.iter().flatten().collect();
        let mut run: Vec<&String> = words.windows(2).filter(|pair| pair[0] == "--test").map(|pair| pair[1]).collect();
        run.sort();
        let mut all: Vec<&String> = names.iter().collect();
        all.sort();
        assert_eq!(run, all);
        assert_eq!(calls.front().map(|call| call.join(" ")), Some("--test random".to_owned()));
    }

    #[test]
    fn the_long_ones_are_tests() {
        let known = targets().expect("cargo knows them");
        assert!(LONG.iter().all(|name| known.iter().any(|known| known == name)), "{known:?}");
    }
}
