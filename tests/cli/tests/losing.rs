//! Losses are named and require consent, an irreversible migration shows its reason, and what only the database knows is listed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod place;

use place::{Place, Said};

const PROGRAM: &str = env!("CARGO_BIN_EXE_migrate-cli-tests");

impl Place {
    fn run(&self, arguments: &[&str]) -> Said {
        self.run_with(3, arguments)
    }

    /// Runs the program as it was when it had so many migrations.
    fn run_with(&self, migrations: usize, arguments: &[&str]) -> Said {
        self.start(PROGRAM, &[("MIGRATIONS", &migrations.to_string())], arguments)
    }
}

#[test]
fn what_is_lost_needs_a_yes_where_nobody_can_be_asked() {
    let place = Place::new();
    place.run(&["upgrade", "+2"]);
    let refused = place.run(&["downgrade", "-1"]);
    let question = "error: the downgrade does not restore:\n  m2_drop_body: the values of `notes.body`\n\
                    help: write `--yes` to accept this\n";
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
        "level schema: a downgrade does not restore the values of `notes.body`\n",
        "level irreversible: nobody may read them again\n",
    ] {
        assert!(plan.contains(level), "{plan}");
    }
    assert!(place.run(&["upgrade", "--sql"]).out.contains("-- level irreversible: nobody may read them again\n"));
    assert_eq!(place.run(&["plan", "--format", "json"]).json()["migrations"][2]["irreversible"], "nobody may read them again");
    place.run(&["upgrade"]);
    let refused = place.run(&["downgrade", "base", "--yes"]);
    assert_eq!(refused.status, 1);
    assert!(
        refused.err.starts_with("error: `m3_drop_all` is irreversible: nobody may read them again\nhelp: "),
        "{}",
        refused.err
    );
}

#[test]
fn history_says_everything_when_asked() {
    let place = Place::new();
    place.run(&["upgrade", "+1"]);
    let listed = "applied   m1_notes  Notes.\n          after the base; level exact\n\
                  pending   m2_drop_body  Nobody writes bodies.\n          \
                  after m1_notes; level schema: a downgrade does not restore the values of `notes.body`\n\n          \
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
    assert!(
        refused.err.starts_with("error: the database is ahead of the code: `m2_drop_body` and `m3_drop_all` are applied here")
    );
}

#[test]
fn a_program_that_does_not_know_a_revision_undoes_it_with_what_the_ledger_has() {
    let place = Place::new();
    place.run(&["upgrade", "+2"]);
    assert_eq!(place.run_with(1, &["downgrade", "-1"]).status, 1, "what is lost is asked for here too");
    assert_eq!(place.run_with(1, &["downgrade", "-1", "--yes"]).status, 0);
    assert_eq!(place.run_with(1, &["upgrade"]).out, "nothing to do\n");
}

#[tokio::test]
async fn a_table_with_rows_is_not_dropped_without_a_yes() {
    let place = Place::new();
    place.run(&["upgrade", "+1"]);
    assert!(place.run(&["plan", "base"]).out.contains("  drops no rows of `notes`\n"), "nothing to ask for");
    let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)";
    place.sql(&format!("{numbers} INSERT INTO notes SELECT i, NULL FROM n")).await;
    let plan = place.run(&["plan", "base"]).out;
    assert!(plan.contains("level exact\n  drops 1,000 rows of `notes`\n    SELECT count(*) FROM "), "{plan}");
    let drops = &place.run(&["plan", "base", "--format", "json"]).json()["migrations"][0]["drops"][0];
    assert_eq!((&drops["what"], &drops["count"], &drops["more"]), (&"rows of `notes`".into(), &1000.into(), &false.into()));
    let refused = place.run(&["downgrade", "base"]);
    let question = "error: the downgrade drops:\n  m1_notes: 1,000 rows of `notes`\nhelp: write `--yes` to accept this\n";
    assert_eq!((refused.status, &*refused.err, &*refused.out), (1, question, ""));
    let script = place.run(&["downgrade", "m1_notes:base", "--sql"]).out;
    assert!(
        script.contains("-- drops the rows of `notes`: SELECT count(*) FROM (SELECT 1 FROM \"notes\" LIMIT 10001) AS counted;\n"),
        "{script}"
    );
    let done = place.run(&["downgrade", "base", "--yes"]);
    assert!(
        done.out.starts_with("1 migration undone in ") && done.out.ends_with("\n  m1_notes: dropped 1,000 rows of `notes`\n"),
        "{}",
        done.out
    );
}

#[tokio::test]
async fn a_program_that_does_not_know_a_revision_counts_what_the_ledger_says() {
    let place = Place::new();
    place.run(&["upgrade", "+1"]);
    place.sql("INSERT INTO notes VALUES (1, NULL)").await;
    let refused = place.run_with(0, &["downgrade", "base"]);
    assert!(refused.err.contains("m1_notes: 1 row of `notes`\n"), "{}", refused.err);
    // As a version that did not count has written it.
    place.sql("UPDATE migrate_ledger SET downgrade = json_remove(downgrade, '$.drops', '$.moves')").await;
    let refused = place.run_with(0, &["downgrade", "base"]);
    assert_eq!(refused.status, 1);
    assert!(refused.err.contains("m1_notes: the rows and values of what it made, not counted: "), "{}", refused.err);
    assert_eq!(place.run_with(0, &["downgrade", "base", "--yes"]).status, 0);
}
