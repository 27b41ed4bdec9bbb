//! The commands of the chapter "In CI", on a history with a migration that is irreversible.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod place;

use place::Place;

const PAGE: &str = include_str!("../../../docs/src/ci.md");
const PROGRAM: &str = env!("CARGO_BIN_EXE_migrate-cli-tests");

#[test]
fn the_recipe_passes_where_a_migration_is_irreversible() {
    let place = Place::new();
    let steps: Vec<&str> = PAGE.lines().filter_map(|line| line.trim().strip_prefix("- run: cargo run --locked -- ")).collect();
    assert!(steps.len() >= 3, "{steps:?}");
    for step in steps {
        // What is written into a file is an artefact.
        let (arguments, artefact) = step.split_once(" > ").map_or((step, None), |(step, file)| (step, Some(file)));
        let said = place.start(PROGRAM, &[], &arguments.split(' ').collect::<Vec<_>>());
        assert_eq!(said.status, 0, "{step}: {}", said.err);
        assert_eq!(said.out.len() > 100, artefact.is_some(), "{step}: {}", said.out);
    }
}

#[test]
fn a_downgrade_ends_at_the_last_irreversible_revision() {
    let place = Place::new();
    assert_eq!(place.start(PROGRAM, &[], &["upgrade", "--quiet"]).status, 0);
    assert_eq!(place.start(PROGRAM, &[], &["downgrade", "base", "--yes", "--quiet"]).status, 1);
    let said = place.start(PROGRAM, &[], &["downgrade", "m3_drop_all", "--yes", "--quiet"]);
    assert_eq!(said.status, 0, "{}", said.err);
}
