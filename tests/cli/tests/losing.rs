//! What is lost is said and asked for, what never comes back says why, and what only the database knows is listed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::process::{Command, Stdio};

use tempfile::TempDir;

/// What a command said, and its exit status.
struct Said {
    out: String,
    err: String,
    status: i32,
}

impl Said {
    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }
}

/// A folder with a database of its own.
struct Place(TempDir);

impl Place {
    fn new() -> Place {
        Place(tempfile::tempdir().expect("a folder"))
    }

    fn run(&self, arguments: &[&str]) -> Said {
        self.run_with(3, arguments)
    }

    /// Runs the program as it was when it had so many migrations.
    fn run_with(&self, migrations: usize, arguments: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_migrate-cli-tests"));
        command.args(arguments).current_dir(self.0.path()).env_remove("DATABASE_URL").stdin(Stdio::null());
        let output = command.env("MIGRATIONS", migrations.to_string()).output().expect("it can be started");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is text");
        Said { out: text(output.stdout), err: text(output.stderr), status: output.status.code().expect("it ended itself") }
    }
}

#[test]
fn what_is_lost_needs_a_yes_where_nobody_can_be_asked() {
    let place = Place::new();
    place.run(&["upgrade", "+2"]);
    let refused = place.run(&["downgrade", "-1"]);
    let question = "error: the downgrade does not bring back:\n  m2_drop_body: the values of `notes.body`\n\
                    help: write `--yes` if that is all right\n";
    assert_eq!((refused.status, &*refused.err, &*refused.out), (1, question, ""));
    assert_eq!(place.run(&["current", "--format", "json"]).json()["heads"][0], "m2_drop_body");
    let done = place.run(&["downgrade", "-1", "--yes", "--format", "json"]);
    assert_eq!((done.status, &done.json()["migrations"][0]["revision"]), (0, &"m2_drop_body".into()));
    assert!(place.run(&["downgrade", "base"]).out.starts_with("1 migration undone"), "nothing of it is lost");
}

#[test]
fn what_never_comes_back_says_why() {
    let place = Place::new();
    let plan = place.run(&["plan"]).out;
    for level in [
        "level exact\n",
        "level schema: a downgrade does not bring back the values of `notes.body`\n",
        "level irreversible: nobody may read them again\n",
    ] {
        assert!(plan.contains(level), "{plan}");
    }
    assert!(place.run(&["upgrade", "--sql"]).out.contains("-- level irreversible: nobody may read them again\n"));
    assert_eq!(place.run(&["plan", "--format", "json"]).json()["migrations"][2]["irreversible"], "nobody may read them again");
    place.run(&["upgrade"]);
    let refused = place.run(&["downgrade", "base", "--yes"]);
    assert_eq!(refused.status, 1);
    assert!(refused.err.starts_with("error: `m3_drop_all` has no way back: nobody may read them again; "), "{}", refused.err);
}

#[test]
fn history_says_everything_when_asked() {
    let place = Place::new();
    place.run(&["upgrade", "+1"]);
    let listed = "applied   m1_notes  Notes.\n          after the base; level exact\n\
                  pending   m2_drop_body  Nobody writes bodies.\n          \
                  after m1_notes; level schema: a downgrade does not bring back the values of `notes.body`\n\n          \
                  They were empty since 2.3.\n\
                  pending   m3_drop_all  Away with it.\n          \
                  after m2_drop_body; level irreversible: nobody may read them again\n";
    assert_eq!(place.run(&["history", "--verbose"]).out, listed);
}

#[test]
fn what_only_the_database_knows_is_listed_with_what_the_ledger_says_of_it() {
    let place = Place::new();
    place.run(&["upgrade"]);
    let older = |arguments: &[&str]| place.run_with(1, arguments);
    let listed = "applied   m1_notes  Notes.\n\
                  unknown   m2_drop_body  Nobody writes bodies. (not in this program)\n\
                  unknown   m3_drop_all  Away with it. (not in this program)\n";
    assert_eq!(older(&["history"]).out, listed);
    let verbose = older(&["history", "--verbose"]).out;
    assert!(verbose.contains("after m2_drop_body; level irreversible: nobody may read them again\n"), "{verbose}");
    let json = older(&["history", "--format", "json"]).json();
    assert_eq!((&json[1]["state"], &json[1]["parents"][0]), (&"unknown".into(), &"m1_notes".into()));
    assert_eq!(json[1]["losses"][0], "the values of `notes.body`");
    assert!(older(&["current"]).out.starts_with("losing on SQLite: at m3_drop_all, 0 pending\n"));
    let refused = older(&["upgrade"]);
    assert_eq!(refused.status, 1);
    assert!(refused.err.starts_with("error: the database is ahead of the code: `m2_drop_body`, `m3_drop_all` are applied here"));
}

#[test]
fn a_program_that_does_not_know_a_revision_undoes_it_with_what_the_ledger_has() {
    let place = Place::new();
    place.run(&["upgrade", "+2"]);
    assert_eq!(place.run_with(1, &["downgrade", "-1"]).status, 1, "what is lost is asked for here too");
    assert_eq!(place.run_with(1, &["downgrade", "-1", "--yes"]).status, 0);
    assert_eq!(place.run_with(1, &["upgrade"]).out, "nothing to do\n");
}
