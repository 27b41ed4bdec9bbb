//! A new migration is listed as a person would list it, and nothing else changes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::fs;
use std::path::Path;

use migrate_source::{HistorySource, Package, PackageChoice, SourceError};
use tempfile::TempDir;

/// A package with these files.
fn package(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = ("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    for (path, text) in files.iter().copied().chain([manifest]) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if !path.exists() {
            fs::write(path, text).unwrap();
        }
    }
    folder
}

fn found(folder: &Path) -> Result<HistorySource, SourceError> {
    Package::find(folder, &PackageChoice::default())?.history(None)
}

fn history(folder: &Path) -> HistorySource {
    found(folder).unwrap_or_else(|error| panic!("{error}"))
}

const FIRST: &str = "migrate::migration! {\n    //! First.\n    create table t { id: bigint primary key }\n}\n";

/// The file with `history!` before, and after `next` was listed.
const LISTS: &[(&str, &str)] = &[
    (
        "migrate::history! {\n    databases: sqlite;\n    mod one;\n}\n",
        "migrate::history! {\n    databases: sqlite;\n    mod one;\n    mod next;\n}\n",
    ),
    (
        "migrate::history! {\r\n\tdatabases: sqlite;\r\n\tmod one; // the first\r\n\r\n\t// more to come\r\n}\r\n",
        "migrate::history! {\r\n\tdatabases: sqlite;\r\n\tmod one; // the first\r\n\tmod next;\r\n\r\n\t// more to come\r\n}\r\n",
    ),
    ("migrate::history! { databases: sqlite; mod one; }", "migrate::history! { databases: sqlite; mod one; mod next; }"),
    (
        "migrate::history! {\n    mod one;\n    databases: sqlite; // at the end\n}\n",
        "migrate::history! {\n    mod one;\n    mod next;\n    databases: sqlite; // at the end\n}\n",
    ),
];

#[test]
fn the_list_keeps_its_form_and_its_comments() {
    for (before, after) in LISTS {
        let folder =
            package(&[("src/main.rs", "mod migrations;"), ("src/migrations/mod.rs", before), ("src/migrations/one.rs", FIRST)]);
        let source = history(folder.path());
        assert_eq!(source.listing("next"), *after);
        let path = source.write("next", "migrate::migration! {\n    //! Next.\n    after super::one;\n}\n").unwrap();
        assert_eq!(path, folder.path().join("src/migrations/next.rs"));
        let source = history(folder.path());
        assert_eq!(source.migrations.len(), 2);
        assert!(source.compile().unwrap().findings.is_empty(), "{:?}", source.compile().unwrap().findings);
        source.write("next", "").expect_err("the file is there");
        assert!(fs::read_to_string(path).unwrap().contains("Next."));
    }
}

#[test]
fn an_empty_list_gets_its_first_module() {
    let before = "migrate::history! {\n    databases: sqlite;\n}\n";
    let folder = package(&[("src/main.rs", "mod migrations;"), ("src/migrations.rs", before)]);
    let source = history(folder.path());
    assert_eq!(source.listing("one"), "migrate::history! {\n    databases: sqlite;\n    mod one;\n}\n");
    assert_eq!(source.file_of("one"), folder.path().join("src/migrations/one.rs"));
}

#[test]
fn modules_are_where_rustc_looks_for_them() {
    let list = "migrate::history! { databases: sqlite; mod one; #[path = \"other/two.rs\"] mod two; three; }\nmod three;";
    let second =
        "migrate::migration! {\n    //! Second.\n    after super::one;\n    create table u { id: bigint primary key }\n}\n";
    let third = "migrate::migration! {\n    //! Third.\n    after crate::db::schema::two;\n    create table v { id: bigint primary key }\n}\n";
    let folder = package(&[
        ("src/lib.rs", "#[path = \"storage/db.rs\"] pub mod db;"),
        ("src/storage/db.rs", "pub mod schema;"),
        ("src/storage/schema.rs", list),
        ("src/storage/schema/one/mod.rs", FIRST),
        ("src/storage/other/two.rs", second),
        ("src/storage/schema/three.rs", third),
    ]);
    let source = history(folder.path());
    let compiled = source.compile().unwrap();
    assert!(compiled.findings.is_empty(), "{:?}", compiled.findings);
    let ids: Vec<&str> = compiled.history.migrations.iter().map(|migration| &*migration.id).collect();
    assert_eq!(ids, ["one", "two", "three"]);
    assert_eq!(&*compiled.history.name, "app");
}

/// The findings of a history of such files: the rule, the file's name, the line, and the message.
fn findings(list: &str, files: &[(&str, &str)]) -> Vec<(String, String, usize, String)> {
    let mut all = vec![("src/main.rs", "mod migrations;"), ("src/migrations/mod.rs", list)];
    all.extend(files);
    let folder = package(&all);
    let compiled = history(folder.path()).compile().unwrap();
    let brief = compiled.findings.iter().map(|finding| {
        let file = finding.file.path.file_name().unwrap().to_string_lossy().into_owned();
        (finding.rule.to_owned(), file, finding.position().0, finding.message.clone())
    });
    brief.collect()
}

#[test]
fn what_is_wrong_is_said_at_its_place() {
    let list = "migrate::history! {\n    databases: sqlite;\n    mod one;\n    mod two;\n}\n";
    let two = |after: &str, body: &str| format!("migrate::migration! {{\n    //! Two.\n    {after}\n    {body}\n}}\n");
    let cases = [
        (two("after super::one;", "drop table u;"), ("unknown_table", "two.rs", 4)),
        (two("after super::on;", "drop table t;"), ("unknown_parent", "two.rs", 3)),
        (two("", "create table u { id: bigint primary key }"), ("two_heads", "mod.rs", 4)),
        (two("revision \"one\"; after super::one;", ""), ("revision_twice", "mod.rs", 4)),
        (two("after super::two;", ""), ("cycle", "mod.rs", 4)),
        (two("depends on super::two;", ""), ("cycle", "mod.rs", 4)),
        (two("depends on super::on;", ""), ("unknown_parent", "two.rs", 3)),
        (two("depends on auth::one;", ""), ("foreign_parent", "two.rs", 3)),
        (two("depends on super::one;", "alter table t { drop nope; }"), ("unknown_column", "two.rs", 4)),
        (two("label \"one\"; after super::one;", ""), ("label_twice", "mod.rs", 4)),
        (two("label \"a b\"; after super::one;", ""), ("label_name", "two.rs", 3)),
        (two("after auth::one;", ""), ("foreign_parent", "two.rs", 3)),
        ("fn two() {}".to_owned(), ("missing_migration", "mod.rs", 4)),
    ];
    for (text, (rule, file, line)) in cases {
        let found = findings(list, &[("src/migrations/one.rs", FIRST), ("src/migrations/two.rs", &text)]);
        let brief: Vec<_> = found.iter().map(|(rule, file, line, _)| (rule.as_str(), file.as_str(), *line)).collect();
        assert_eq!(brief, [(rule, file, line)], "{text}: {found:?}");
    }
}

#[test]
fn a_file_that_is_not_listed_is_found() {
    let list = "migrate::history! {\n    databases: sqlite;\n    mod one;\n}\n";
    let found = findings(
        list,
        &[("src/migrations/one.rs", FIRST), ("src/migrations/left.rs", FIRST), ("src/migrations/no.rs", "fn x() {}")],
    );
    let brief: Vec<_> = found.iter().map(|(rule, file, ..)| (rule.as_str(), file.as_str())).collect();
    assert_eq!(brief, [("unlisted", "left.rs")]);
}

#[test]
fn a_missing_file_or_package_is_one_line_and_what_to_do() {
    let empty = tempfile::tempdir().unwrap();
    let cases = [
        found(empty.path()),
        found(package(&[("src/main.rs", "fn main() {}")]).path()),
        found(package(&[("src/main.rs", "fn main( {}")]).path()),
        found(package(&[("Cargo.toml", "[package")]).path()),
        found(package(&[("Cargo.toml", "[workspace]\nmembers = [\"*\"]\n")]).path()),
        found(package(&[("src/main.rs", "mod a { migrate::history! { name: \"a\"; databases: sqlite; } } mod b { migrate::history! { databases: sqlite; } }")]).path()),
    ];
    let says = [
        "no Cargo.toml in ",
        "has no `history!`",
        "main.rs:1:",
        "cannot read ",
        "is a workspace of several packages",
        "has several histories\nhelp: write `--history`, one of: a, app",
    ];
    for (case, said) in cases.into_iter().zip(says) {
        let error = case.expect_err(said).to_string();
        assert!(error.contains(said), "{said}: {error}");
    }
}

/// rustc reads `\r\n` as `\n`, also within raw literals.
#[test]
fn the_line_ends_of_windows_change_nothing() {
    let list = "migrate::history! {\n    databases: sqlite;\n    mod one;\n}\n";
    let one =
        "migrate::migration! {\n    //! One.\n    create table t { id: bigint primary key, a: text default r#\"a\nb\"# }\n}\n";
    let checksum = |text: &str| {
        let folder =
            package(&[("src/main.rs", "mod migrations;"), ("src/migrations/mod.rs", list), ("src/migrations/one.rs", text)]);
        let compiled = history(folder.path()).compile().unwrap();
        assert!(compiled.findings.is_empty(), "{:?}", compiled.findings);
        compiled.history.migrations[0].checksum().to_owned()
    };
    assert_eq!(checksum(one), checksum(&one.replace('\n', "\r\n")));
    let wrong = one.replace("text default r#\"a\nb\"#", "text,\n    b: txet").replace('\n', "\r\n");
    let folder =
        package(&[("src/main.rs", "mod migrations;"), ("src/migrations/mod.rs", list), ("src/migrations/one.rs", &wrong)]);
    let found = history(folder.path()).compile().unwrap().findings.remove(0);
    let place = found.file.offset(found.range.start)..found.file.offset(found.range.end);
    assert_eq!((&wrong[place], found.position().0), ("txet", 4));
}

/// What is between the entries of a list is no entry.
#[test]
fn a_comment_is_no_place_for_a_module() {
    for (before, after) in [
        (
            "migrate::history! {\n    databases: sqlite; // first; then\n}\n",
            "migrate::history! {\n    databases: sqlite; // first; then\n    mod one;\n}\n",
        ),
        (
            "migrate::history! { databases: sqlite; mod m1 /* a; b */; }",
            "migrate::history! { databases: sqlite; mod m1 /* a; b */; mod one; }",
        ),
    ] {
        let folder = package(&[("src/main.rs", "mod migrations;"), ("src/migrations.rs", before)]);
        assert_eq!(history(folder.path()).listing("one"), after);
    }
}
