//! What the listings say, and where.

use super::{err, json, out, run};

const USERS: &str = "m20261122_090000_create_users";
const ORGANISATION: &str = "m20261122_101500_add_organisation";

#[test]
fn current_says_where_the_database_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = || out(&run(folder.path(), &["current"]));
    assert!(at().starts_with("quickstart on SQLite: at base, 2 pending\n"), "{}", at());
    run(folder.path(), &["upgrade", "+1"]);
    let text = at();
    assert!(text.starts_with(&format!("quickstart on SQLite: at {USERS}, 1 pending\n")), "{text}");
    let line = |word: &str| text.lines().any(|line| line.trim_start().starts_with(word));
    assert!(line(&format!("applied  {USERS}")) || line("applied"), "{text}");
    assert!(line("pending"), "{text}");
}

#[test]
fn history_lists_the_migrations_and_more_of_them_when_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path(), &["upgrade", "+1"]);
    let text = out(&run(folder.path(), &["history"]));
    assert_eq!(text, format!("applied   {USERS}  Create users.\npending   {ORGANISATION}  Give every user an organisation.\n"));
    let verbose = out(&run(folder.path(), &["history", "--verbose"]));
    assert!(verbose.contains(&format!("after {USERS}; level exact")), "{verbose}");
    assert!(verbose.contains("after the base; level exact"), "{verbose}");
}

#[test]
fn plan_shows_every_statement_its_transaction_and_its_level() {
    let folder = tempfile::tempdir().expect("a folder");
    let up = out(&run(folder.path(), &["plan"]));
    for part in [&format!("upgrade {USERS}"), "  level exact", "  step 1 of 1: one transaction", "    CREATE TABLE \"users\" ("] {
        assert!(up.contains(part), "{part}: {up}");
    }
    run(folder.path(), &["upgrade"]);
    assert_eq!(out(&run(folder.path(), &["plan"])), "nothing to do\n");
    let down = out(&run(folder.path(), &["plan", "-1"]));
    assert!(down.starts_with(&format!("downgrade {ORGANISATION}")) && !down.contains(USERS), "{down}");
    assert!(out(&run(folder.path(), &["plan", "base"])).contains(&format!("downgrade {USERS}")));
    assert_eq!(run(folder.path(), &["plan", "--downgrade"]).status.code(), Some(2));
    assert_eq!(json(folder.path(), &["plan", "-2"])["direction"], "downgrade");
}

#[test]
fn a_revision_is_named_by_a_beginning_that_only_it_has() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(out(&run(folder.path(), &["upgrade", "m20261122_09"])).starts_with("1 migration applied"));
    let both = run(folder.path(), &["upgrade", "m2026"]);
    assert_eq!(both.status.code(), Some(2));
    assert!(
        err(&both).contains(&format!("`m2026` is ambiguous: it could be `{USERS}` or `{ORGANISATION}`\nhelp: write more of it")),
        "{}",
        err(&both)
    );
    let script = out(&run(folder.path(), &["upgrade", "--sql", &format!("{USERS}:head")]));
    assert!(script.contains("CREATE TABLE \"organisations\"") && !script.contains("CREATE TABLE \"users\""), "{script}");
}

#[test]
fn results_are_plain_and_progress_stands_elsewhere() {
    let folder = tempfile::tempdir().expect("a folder");
    for colour in ["auto", "never"] {
        for command in [&["upgrade"][..], &["current"], &["plan", "base"], &["history"], &["downgrade", "base"]] {
            let mut arguments = command.to_vec();
            arguments.extend(["--color", colour]);
            // The environment of `run` says NO_COLOR; here it is the pipe that counts.
            let output = std::process::Command::new(env!("CARGO_BIN_EXE_quickstart"))
                .args(&arguments)
                .current_dir(folder.path())
                .env_remove("DATABASE_URL")
                .env_remove("NO_COLOR")
                .output()
                .expect("the program can be started");
            assert!(!(out(&output) + &err(&output)).contains('\u{1b}'), "{arguments:?}");
        }
    }
    let forced = |no_color: Option<&str>| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_quickstart"));
        command
            .arg("current")
            .current_dir(folder.path())
            .env_remove("DATABASE_URL")
            .env_remove("NO_COLOR")
            .env("CLICOLOR_FORCE", "1");
        out(&command.envs(no_color.map(|value| ("NO_COLOR", value))).output().expect("the program can be started"))
    };
    assert!(forced(None).contains('\u{1b}') && !forced(Some("1")).contains('\u{1b}'));
    let up = run(folder.path(), &["upgrade"]);
    assert!(!out(&up).contains("[1/2]") && err(&up).contains("[1/2]"));
    assert!(out(&run(folder.path(), &["current", "--color", "always"])).contains('\u{1b}'));
    assert_eq!(err(&run(folder.path(), &["downgrade", "base", "--quiet"])), "");
}
