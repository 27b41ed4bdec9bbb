//! A migration is moved as a person would move it, and nothing else changes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::fs;
use std::path::Path;

use migrate_source::{HistorySource, Package, PackageChoice, Rebased, SourceError};
use tempfile::TempDir;

/// A package with these files beside its list.
fn package(list: &str, files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    fs::create_dir_all(folder.path().join("src/migrations")).unwrap();
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    fs::write(folder.path().join("src/main.rs"), "mod migrations;").unwrap();
    fs::write(folder.path().join("src/migrations/mod.rs"), list).unwrap();
    for (name, text) in files {
        fs::write(folder.path().join("src/migrations").join(name), text).unwrap();
    }
    folder
}

fn history(folder: &Path) -> HistorySource {
    Package::find(folder, &PackageChoice::default()).unwrap().history(None).unwrap_or_else(|error| panic!("{error}"))
}

fn moved(source: &HistorySource, revision: &str, parent: &str) -> Result<Rebased, SourceError> {
    let outline = source.outline();
    source.rebased(outline.find(revision).unwrap(), outline.find(parent).unwrap())
}

const LIST: &str =
    "migrate::history! {\n    databases: sqlite;\n    mod root;\n    mod left;\n    mod right;\n    mod more;\n}\n";
const ROOT: &str = "migrate::migration! {\n    //! Root.\n    create table t { id: bigint primary key }\n}\n";
const LEFT: &str =
    "migrate::migration! {\n    //! Left.\n    after super::root;\n    create table a { id: bigint primary key }\n}\n";
const RIGHT: &str =
    "migrate::migration! {\n    //! Right.\n    after super::root;\n    create table b { id: bigint primary key }\n}\n";
const MORE: &str = "migrate::migration! {\n    //! More.\n    after super::right;\n    alter table b { add c: text? }\n}\n";

/// The text of `right` before and after it is moved.
const FORMS: &[(&str, &str)] = &[
    (RIGHT, "migrate::migration! {\n    //! Right.\n    after super::left;\n    create table b { id: bigint primary key }\n}\n"),
    (
        "// ours\r\nmigrate::migration! {\r\n\t//! Right.\r\n\tafter  crate::migrations :: root ; // for now\r\n\r\n\tcreate table b { id: bigint primary key }\r\n}\r\n",
        "// ours\r\nmigrate::migration! {\r\n\t//! Right.\r\n\tafter  crate::migrations :: left ; // for now\r\n\r\n\tcreate table b { id: bigint primary key }\r\n}\r\n",
    ),
    (
        "migrate::migration! { /* root */ after super::root; create table b { id: bigint primary key } }",
        "migrate::migration! { /* root */ after super::left; create table b { id: bigint primary key } }",
    ),
    (
        "migrate::migration! {\n\t//! Right.\n\t//!\n\t//! At length.\n\trevision \"right\"; // as it was\n\n\tcreate table b { id: bigint primary key }\n}\n",
        "migrate::migration! {\n\t//! Right.\n\t//!\n\t//! At length.\n\trevision \"right\"; // as it was\n\tafter super::left;\n\n\tcreate table b { id: bigint primary key }\n}\n",
    ),
    (
        "migrate::migration! {\n    create table b { id: bigint primary key }\n}\n",
        "migrate::migration! {\n    after super::left;\n    create table b { id: bigint primary key }\n}\n",
    ),
];

#[test]
fn the_file_keeps_its_form_and_its_comments() {
    for (before, after) in FORMS {
        let folder = package(LIST, &[("root.rs", ROOT), ("left.rs", LEFT), ("right.rs", before), ("more.rs", MORE)]);
        let source = history(folder.path());
        assert!(source.compile().unwrap().findings.iter().all(|finding| finding.rule == "two_heads"), "{before}");
        let rebased = moved(&source, "right", "left").unwrap();
        let findings = rebased.source.compile().unwrap().findings;
        assert!(findings.is_empty(), "{before}: {findings:?}");
        let path = folder.path().join("src/migrations/right.rs");
        assert_eq!(fs::read_to_string(&path).unwrap(), *before, "nothing is written before it is asked for");
        rebased.write().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), *after);
        let written = history(folder.path()).compile().unwrap();
        assert!(written.findings.is_empty(), "{:?}", written.findings);
        let migrations = &rebased.source.compile().unwrap().history.migrations;
        let checksums = |all: &[&migrate_history::Migration]| all.iter().map(|one| one.checksum().to_owned()).collect::<Vec<_>>();
        assert_eq!(checksums(migrations), checksums(&written.history.migrations));
    }
}

#[test]
fn migrations_of_one_file_are_moved_too() {
    let list = "migrate::history! { databases: sqlite; root; left; right; }\n\
                mod root { migrate::migration! { create table t { id: bigint primary key } } }\n\
                mod left { migrate::migration! { after super::root; create table a { id: bigint primary key } } }\n\
                mod right { migrate::migration! { after super::root; create table b { id: bigint primary key } } }\n";
    let folder = package(list, &[]);
    let rebased = moved(&history(folder.path()), "left", "right").unwrap();
    assert!(rebased.source.compile().unwrap().findings.is_empty());
    rebased.write().unwrap();
    let text = fs::read_to_string(folder.path().join("src/migrations/mod.rs")).unwrap();
    assert_eq!(text, list.replacen("super::root", "super::right", 1));
}

#[test]
fn what_cannot_be_moved_is_refused() {
    let merge = "migrate::migration! {\n    //! Both.\n    after super::left, super::more;\n}\n";
    let list = LIST.replace("mod more;", "mod more;\n    mod both;");
    let files = [("root.rs", ROOT), ("left.rs", LEFT), ("right.rs", RIGHT), ("more.rs", MORE), ("both.rs", merge)];
    let folder = package(&list, &files);
    let source = history(folder.path());
    let says = |revision, parent| moved(&source, revision, parent).expect_err(revision).to_string();
    assert!(says("both", "root").starts_with("`both` merges left and more, so it cannot be moved\nhelp: "));
    assert!(says("right", "more").starts_with("`right` cannot come after `more`, which comes after it"));
    assert!(says("right", "right").starts_with("`right` cannot come after `right`"));
    // What comes after it is released, so it is in use.
    let list = list.replace("databases: sqlite;", "databases: sqlite;\n    lock: \"history.lock\";");
    let folder = package(&list, &[&files[..], &[("history.lock", "# all\nroot v2:x\nmore v2:x\r\n")]].concat());
    let error = moved(&history(folder.path()), "right", "left").expect_err("it is released").to_string();
    assert!(error.starts_with("`more` is released, so neither it nor what it comes after can be moved\nhelp: "), "{error}");
    moved(&history(folder.path()), "left", "right").expect("left is not released");
}

#[test]
fn a_file_that_somebody_else_changed_meanwhile_stays_as_it_is() {
    let folder = package(LIST, &[("root.rs", ROOT), ("left.rs", LEFT), ("right.rs", RIGHT), ("more.rs", MORE)]);
    let rebased = moved(&history(folder.path()), "right", "left").unwrap();
    let path = folder.path().join("src/migrations/right.rs");
    fs::write(&path, "// mine\n").unwrap();
    assert!(rebased.write().expect_err("it was changed").to_string().contains("was changed while the command ran"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "// mine\n");
}
