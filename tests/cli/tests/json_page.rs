//! The JSON in the chapter of the command line has the fields that the program prints.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod place;

use std::collections::BTreeSet;

use place::Place;
use serde_json::Value;

const PAGE: &str = include_str!("../../../docs/src/command-line.md");
const PROGRAM: &str = env!("CARGO_BIN_EXE_migrate-cli-tests");

/// The document after the words with which its paragraph begins.
fn shown(paragraph: &str) -> Value {
    let rest = PAGE.split_once(&format!("\n{paragraph}")).unwrap_or_else(|| panic!("no paragraph begins with {paragraph}")).1;
    let text = rest.split_once("```json\n").unwrap().1.split_once("```").unwrap().0;
    serde_json::from_str(text).unwrap()
}

/// The paths of the fields, as far as lists have an item.
fn fields(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    for (name, inner) in value.as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        fields(inner, &path, found);
        found.insert(path);
    }
    for inner in value.as_array().into_iter().flatten() {
        fields(inner, path, found);
    }
}

fn fields_of(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    fields(value, "", &mut found);
    found
}

#[test]
fn the_page_has_the_fields_that_are_printed() {
    let place = Place::new();
    let run = |arguments: &[&str]| {
        place.start(PROGRAM, &[], &[&["--database-url", "sqlite:app.db", "--format", "json"], arguments].concat())
    };
    let commands: [(&str, &[&str]); 9] = [
        ("`upgrade`, `downgrade` and `reset`;", &["upgrade", "+2"]),
        ("`current`;", &["current"]),
        ("`history`;", &["history"]),
        ("`plan`;", &["plan", "base"]),
        ("`heads`;", &["heads"]),
        ("`show ID`;", &["show", "m1_notes"]),
        ("`current`;", &["status"]),
        ("`journal`,", &["journal"]),
        ("`upgrade --sql` and", &["upgrade", "--sql"]),
    ];
    for (paragraph, arguments) in commands {
        let said = run(arguments);
        assert_eq!(said.status, 0, "{}", said.err);
        let printed = said.json();
        // What is in a list that is empty in the page is described in its words.
        let has_items = |path: &String| !path.contains(".guards.") && !path.contains(".dropped.");
        let printed: BTreeSet<String> = fields_of(&printed).into_iter().filter(has_items).collect();
        assert_eq!(fields_of(&shown(paragraph)), printed, "{arguments:?}");
    }
    // In the words of the page alone.
    let texts: [(&str, &[&str], &[&str]); 4] = [
        ("`plan --hash` is `{\"hash\"}`", &["plan", "--hash"], &[".hash"]),
        (
            "`stamp` prints the revisions that it recorded and those that it forgot: `{\"added\", \"removed\"}`",
            &["stamp", "current"],
            &[".added", ".removed"],
        ),
        ("`protect` and `protect --off` print `{\"protected\"}`", &["protect"], &[".protected"]),
        ("`protect` and `protect --off` print `{\"protected\"}`", &["protect", "--off"], &[".protected"]),
    ];
    for (text, arguments, expected) in texts {
        assert!(PAGE.contains(text), "{text}");
        assert_eq!(fields_of(&run(arguments).json()).into_iter().collect::<Vec<_>>(), expected, "{arguments:?}");
    }
    let twice = fields_of(&shown("`redo`, `fresh` and `switch`;"));
    for command in ["redo", "fresh", "switch"] {
        let mut printed = run(&[command, "--yes"]).json();
        // Of the form of an upgrade.
        for report in ["undone", "applied"] {
            printed[report]["migrations"] = Value::Array(Vec::new());
        }
        assert_eq!(fields_of(&printed), twice, "{command}");
    }
    let branches = place.start(env!("CARGO_BIN_EXE_branches"), &[], &["branches", "--format", "json"]).json();
    assert_eq!(fields_of(&shown("`branches`,")), fields_of(&branches));
    let error: Value = serde_json::from_str(run(&["upgrade", "nope", "--quiet"]).err.trim()).unwrap();
    assert_eq!(fields_of(&shown("An error is one line")), fields_of(&error));
}

#[test]
fn the_page_has_the_fields_of_what_is_kept() {
    let place = Place::new();
    let run = |arguments: &[&str]| {
        let given = ["--database-url", "sqlite:app.db", "--format", "json"];
        place.start(env!("CARGO_BIN_EXE_keeping"), &[], &[&given[..], arguments].concat())
    };
    assert_eq!(run(&["upgrade"]).status, 0);
    assert_eq!(fields_of(&shown("`kept`,")), fields_of(&run(&["kept"]).json()));
    let purged = run(&["purge", "_kept_audit", "--yes"]).json();
    assert_eq!(
        fields_of(&purged).into_iter().collect::<Vec<_>>(),
        [".object", ".place", ".place.column", ".place.schema", ".place.table", ".revision"]
    );
}
