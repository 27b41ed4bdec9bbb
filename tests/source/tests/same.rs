//! What is compiled from source is what the macros write, to the byte.
#![allow(missing_docs, dead_code, clippy::expect_used, clippy::panic, reason = "the examples are modules of a test here")]

use std::path::Path;

use migrate_history::History;
use migrate_source::{Package, PackageChoice};

#[path = "../../../examples/quickstart/src/migrations/mod.rs"]
mod quickstart;

#[path = "../../../examples/shop/src/migrations/mod.rs"]
mod shop;

#[path = "../../../examples/axum/src/migrations/mod.rs"]
mod axum;

#[path = "../../../examples/normalise/src/migrations/mod.rs"]
mod normalise;

/// What a migration of that example calls. It is not run here.
fn normalised(address: &str) -> String {
    address.trim().to_lowercase()
}

#[path = "../../ui/passes/every_statement.rs"]
mod every_statement;

#[path = "../../ui/passes/any_order_branch_and_merge.rs"]
mod any_order_branch_and_merge;

#[path = "../../ui/passes/branches_and_dependencies.rs"]
mod branches_and_dependencies;

#[path = "../../ui/passes/revisions_and_names.rs"]
mod revisions_and_names;

#[path = "../../ui/passes/rows_file.rs"]
mod rows_file;

/// Compares a history with its source.
fn is_same(history: &History, place: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(place);
    let (package, _folder) = package(&root);
    let source = package.history(None).unwrap_or_else(|error| panic!("{place}: {error}"));
    let compiled = source.compile().unwrap_or_else(|error| panic!("{place}: {error}"));
    assert!(compiled.findings.is_empty(), "{place}: {:?}", compiled.findings);
    assert_eq!(history.servers, compiled.history.servers, "{place}");
    assert_eq!(history.protected, compiled.history.protected, "{place}");
    assert_eq!(history.migrations.len(), compiled.history.migrations.len(), "{place}");
    for (own, other) in history.migrations.iter().zip(compiled.history.migrations.iter()) {
        assert_eq!((&own.id, &own.parents), (&other.id, &other.parents), "{place}");
        assert_eq!((own.dependencies, own.label), (other.dependencies, other.label), "{place}");
        assert_eq!(own.compiled().pack(), other.compiled().pack(), "{place}: {}", own.id);
        assert_eq!(own.checksum(), other.checksum(), "{place}: {}", own.id);
        assert_eq!(own.files, other.files, "{place}: {}", own.id);
    }
}

/// The package of a folder, or one of a single file.
fn package(root: &Path) -> (Package, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    if root.is_dir() {
        let choice = PackageChoice { manifest: Some(root.join("Cargo.toml")), package: None };
        return (Package::find(root, &choice).expect("it is a package"), folder);
    }
    let manifest = format!("[package]\nname = \"one\"\n[lib]\npath = {root:?}\n");
    std::fs::write(folder.path().join("Cargo.toml"), manifest).expect("it is ours");
    (Package::find(folder.path(), &PackageChoice::default()).expect("it is a package"), folder)
}

#[test]
fn the_examples() {
    is_same(&quickstart::HISTORY, "examples/quickstart");
    is_same(&shop::HISTORY, "examples/shop");
    is_same(&axum::HISTORY, "examples/axum");
}

/// The steps name the functions, which only the program has.
#[test]
fn migrations_that_call_functions() {
    is_same(&normalise::HISTORY, "examples/normalise");
    let called = normalise::HISTORY.migrations.iter().flat_map(|migration| migration.programs).map(|program| program.name);
    assert_eq!(called.collect::<Vec<_>>(), ["fill_keys", "clear_keys"]);
}

#[test]
fn every_statement_of_the_language() {
    is_same(&every_statement::migrations::HISTORY, "tests/ui/passes/every_statement.rs");
}

#[test]
fn branches_merges_and_names() {
    is_same(&any_order_branch_and_merge::migrations::HISTORY, "tests/ui/passes/any_order_branch_and_merge.rs");
    is_same(&branches_and_dependencies::migrations::HISTORY, "tests/ui/passes/branches_and_dependencies.rs");
    is_same(&revisions_and_names::migrations::HISTORY, "tests/ui/passes/revisions_and_names.rs");
}

#[test]
fn files_of_rows() {
    is_same(&rows_file::migrations::HISTORY, "tests/ui/passes/rows_file.rs");
}
