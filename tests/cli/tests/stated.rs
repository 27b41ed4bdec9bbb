//! `(stated)` is shown with every level that depends on raw SQL, and an edited `undo` is reported.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod place;

use place::{Place, Said};

const PROGRAM: &str = env!("CARGO_BIN_EXE_stated");

impl Place {
    fn run(&self, arguments: &[&str]) -> Said {
        self.start(PROGRAM, &[], arguments)
    }

    /// Runs the program after its `undo` was edited.
    fn run_edited(&self, arguments: &[&str]) -> Said {
        self.start(PROGRAM, &[("EDITED", "1")], arguments)
    }
}

#[tokio::test]
async fn a_level_that_rests_on_raw_sql_says_so_everywhere() {
    let place = Place::new();
    let json = |arguments: &[&str]| place.run(&[arguments, &["--format", "json"]].concat()).json();
    assert!(place.run(&["plan"]).out.contains("level exact (stated)\n"));
    assert!(place.run(&["upgrade", "--sql"]).out.contains("-- level exact (stated)\n"));
    assert!(place.run(&["history", "--verbose"]).out.contains("after m1_notes; level exact (stated)\n"));
    let planned = &json(&["plan"])["migrations"][1];
    assert_eq!((&planned["level"], &planned["stated"]), (&"exact (stated)".into(), &true.into()));
    let listed = &json(&["history"])[1];
    assert_eq!((&listed["level"], &listed["stated"]), (&"exact (stated)".into(), &true.into()));
    place.run(&["upgrade"]);
    assert!(place.run(&["current"]).out.contains("exact (stated)"));
    let revisions = &json(&["current"])["revisions"];
    assert_eq!((&revisions[0]["level"], &revisions[0]["stated"]), (&"exact".into(), &false.into()));
    assert_eq!((&revisions[1]["level"], &revisions[1]["stated"]), (&"exact (stated)".into(), &true.into()));
    // The ledger says it to a program that does not know the revision.
    place.sql("UPDATE migrate_ledger SET revision = 'm2_other' WHERE revision = 'm2_fill'").await;
    let foreign = place.run(&["history", "--verbose"]).out;
    assert!(foreign.contains("renamed   m2_other") && foreign.matches("level exact (stated)").count() == 2, "{foreign}");
}

#[tokio::test]
async fn an_edited_undo_is_told_and_runs() {
    let place = Place::new();
    place.run(&["upgrade"]);
    place.sql("INSERT INTO notes VALUES (1, 'A')").await;
    let note = "note: the downgrade of `m2_fill` was edited after it was applied; a downgrade runs the edited one, \
                which was compiled against the same schema\n";
    assert_eq!(place.run(&["plan"]).out, "nothing to do\n");
    assert_eq!(place.run_edited(&["plan"]).out, format!("{note}nothing to do\n"));
    assert_eq!(place.run_edited(&["upgrade"]).out, "nothing to do\n");
    let listed = place.run_edited(&["history"]).out;
    assert!(listed.contains(&format!("applied   m2_fill  Fill them.\n          {note}")), "{listed}");
    assert!(place.run_edited(&["plan", "-1"]).out.contains(&format!("  {note}")));
    let current = place.run_edited(&["current", "--format", "json"]).json();
    assert!(current["revisions"][1]["note"].as_str().unwrap().starts_with("the downgrade of `m2_fill` was edited"));
    assert_eq!(place.run_edited(&["downgrade", "-1"]).status, 0);
    place.sql("INSERT INTO notes SELECT 2, NULL WHERE (SELECT body FROM notes) <> 'undone'").await;
    assert!(place.run_edited(&["plan", "base"]).out.contains("drops 1 row of `notes`"), "the edited one ran");
}
