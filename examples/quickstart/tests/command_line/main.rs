//! The command line as a user of it sees it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod database;
mod listing;
mod wrong;

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs the program on a database of its own.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quickstart"));
    command.args(arguments).current_dir(folder).env_remove("DATABASE_URL").env("NO_COLOR", "1").stdin(Stdio::null());
    command.output().expect("the program can be started")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Feeds a script to the shell of SQLite.
fn sqlite3(file: &Path, script: &str) -> Output {
    use std::io::Write;
    let shell = Command::new("sqlite3").arg(file).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut shell = shell.expect("sqlite3 is installed");
    shell.stdin.take().expect("it is piped").write_all(script.as_bytes()).expect("the shell reads");
    shell.wait_with_output().expect("the shell ends")
}

#[test]
fn up_and_down_and_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let up = run(folder.path(), &["upgrade", "head"]);
    assert!(up.status.success(), "{}", err(&up));
    assert!(out(&up).starts_with("2 migrations applied"), "{}", out(&up));
    assert!(err(&up).contains("[2/2] upgrade m20261122_101500_add_organisation"), "{}", err(&up));
    assert_eq!(out(&run(folder.path(), &["upgrade"])), "nothing to do\n");
    assert!(out(&run(folder.path(), &["downgrade", "-1"])).starts_with("1 migration undone"));
    assert!(out(&run(folder.path(), &["downgrade", "base"])).starts_with("1 migration undone"));
    assert!(out(&run(folder.path(), &["upgrade", "+1"])).starts_with("1 migration applied"));
}

#[tokio::test]
async fn the_same_runs_on_postgresql() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = migrate_live_tests::server::postgres().database().await;
    let with_url = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_quickstart"));
        command.args(arguments).current_dir(folder.path()).env("DATABASE_URL", &url).stdin(Stdio::null());
        command.output().expect("the program can be started")
    };
    let up = with_url(&["upgrade", "head"]);
    assert!(out(&up).starts_with("2 migrations applied"), "{}{}", out(&up), err(&up));
    assert_eq!(migrate_live_tests::shell::tables(&url).await, ["organisations", "users"]);
    assert!(out(&with_url(&["downgrade", "base"])).starts_with("2 migrations undone"));
    assert!(migrate_live_tests::shell::tables(&url).await.is_empty());
}

/// The result as JSON.
fn json(folder: &Path, arguments: &[&str]) -> serde_json::Value {
    let output = run(folder, &[arguments, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}{}", out(&output), err(&output)))
}

#[test]
fn results_are_json_for_scripts() {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path(), &["upgrade", "+1"]);
    let json = |arguments: &[&str]| json(folder.path(), arguments);
    let current = json(&["current"]);
    assert_eq!(current["pending"], 1);
    assert_eq!(current["heads"][0], "m20261122_090000_create_users");
    assert_eq!(json(&["history"])[1]["level"], "exact");
    assert_eq!(json(&["plan"])["migrations"][0]["revision"], "m20261122_101500_add_organisation");
    assert_eq!(json(&["upgrade"])["migrations"][0]["revision"], "m20261122_101500_add_organisation");
    assert_eq!(json(&["downgrade", "base", "--yes"])["migrations"][1]["revision"], "m20261122_090000_create_users");
    let script = json(&["upgrade", "--sql", "--database-url", "sqlite:"]);
    assert_eq!((&script["database"], &script["direction"]), (&"sqlite".into(), &"upgrade".into()));
    assert!(script["script"].as_str().unwrap().contains("CREATE TABLE \"users\""));
}

#[test]
fn looking_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [&["current"][..], &["history"], &["plan"]] {
        assert!(run(folder.path(), arguments).status.success());
    }
    assert!(!folder.path().join("quickstart.db").exists());
}

#[test]
fn a_script_does_what_the_program_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("quickstart.db");
    let upgrade = out(&run(folder.path(), &["upgrade", "--sql"]));
    let shell = sqlite3(&file, &upgrade);
    assert!(shell.status.success(), "{}\n{upgrade}", err(&shell));
    assert_eq!(out(&run(folder.path(), &["upgrade"])), "nothing to do\n");
    let current = json(folder.path(), &["current"]);
    assert_eq!(current["revisions"][1]["state"], "applied");
    let downgrade = out(&run(folder.path(), &["downgrade", "base", "--sql"]));
    let shell = sqlite3(&file, &downgrade);
    assert!(shell.status.success(), "{}\n{downgrade}", err(&shell));
    assert!(!sqlite3(&file, &downgrade).status.success(), "what is not applied cannot be undone");
    assert!(out(&run(folder.path(), &["upgrade"])).starts_with("2 migrations applied"));
}
