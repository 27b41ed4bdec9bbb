//! On a protected database only a plan runs whose hash is given.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod place;

use place::{Place, Said};

const PROGRAM: &str = env!("CARGO_BIN_EXE_migrate-cli-tests");

impl Place {
    fn run(&self, arguments: &[&str]) -> Said {
        self.start(PROGRAM, &[], arguments)
    }

    fn done(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.status, 0, "{arguments:?}: {}{}", said.out, said.err);
        said.out
    }

    fn refused(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!((said.status, &*said.out), (1, ""), "{arguments:?}: {}", said.err);
        said.err
    }
}

#[test]
fn what_changes_anything_asks_for_the_hash_of_its_plan() {
    let place = Place::new();
    place.done(&["upgrade", "+2"]);
    let said = "SQLite is protected: only a reviewed plan runs\nnote: its ledger says that it is protected\n";
    assert_eq!(place.done(&["protect"]), said);
    assert_eq!(place.run(&["protect", "--format", "json"]).json()["protected"], "ledger");
    assert!(place.done(&["current"]).contains("\nprotected: its ledger says that it is protected\n"));
    assert_eq!(place.run(&["current", "--format", "json"]).json()["protected"], "ledger");
    let refused = "error: this database is protected, and no hash of a reviewed plan was given\n\
                   note: its ledger says that it is protected\n";
    for (arguments, run) in [
        (&["upgrade"][..], "upgrade --plan HASH"),
        (&["upgrade", "--atomic"], "upgrade --plan HASH"),
        (&["downgrade", "-1", "--yes"], "downgrade TARGET --plan HASH"),
        (&["redo", "--yes"], "downgrade TARGET --plan HASH"),
        (&["reset", "--yes"], "downgrade TARGET --plan HASH"),
    ] {
        let err = place.refused(arguments);
        assert!(err.starts_with(refused) && err.contains(run), "{arguments:?}: {err}");
    }
    assert!(place.refused(&["switch"]).starts_with(refused), "there is something to apply");
    let stamp = place.refused(&["stamp", "head"]);
    assert!(stamp.contains("note: it would record `m3_drop_all` as applied\nhelp: write `--plan "), "{stamp}");
    assert_eq!(place.run(&["current", "--format", "json"]).json()["heads"][0], "m2_drop_body");
}

#[test]
fn the_reviewed_plan_runs_and_no_other() {
    let place = Place::new();
    place.done(&["upgrade", "+1"]);
    place.done(&["protect"]);
    let next = place.done(&["plan", "+1", "--hash"]);
    let all = place.done(&["plan", "--hash"]);
    assert_eq!((next.len(), all.len()), (65, 65));
    assert_ne!(next, all);
    assert_eq!(place.run(&["plan", "--format", "json"]).json()["hash"], all.trim());
    assert_eq!(place.run(&["plan", "--hash", "--format", "json"]).json()["hash"], all.trim());
    let refused = place.refused(&["upgrade", "--plan", next.trim()]);
    let note = format!("note: its hash is {}, and {} was given\n", all.trim(), next.trim());
    assert!(refused.starts_with("error: this is not the plan that was reviewed\n") && refused.contains(&note), "{refused}");
    place.done(&["upgrade", "+1", "--plan", next.trim()]);
    // The same words mean another plan now.
    assert!(place.refused(&["upgrade", "+1", "--plan", next.trim()]).contains("this is not the plan that was reviewed"));
    let back = place.done(&["plan", "-1", "--hash"]);
    assert!(
        place.refused(&["downgrade", "-1", "--plan", back.trim()]).contains("write `--yes` to accept this"),
        "it is no consent"
    );
    place.done(&["downgrade", "-1", "--yes", "--plan", back.trim()]);
    let stamp = place.refused(&["stamp", "m2"]);
    let hash = stamp.split_once("write `--plan ").unwrap().1.split_once('`').unwrap().0;
    place.done(&["stamp", "m2", "--plan", hash]);
    assert_eq!(place.done(&["protect", "--off"]), "SQLite is not protected\n");
    place.done(&["upgrade"]);
}
