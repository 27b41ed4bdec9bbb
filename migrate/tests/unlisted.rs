//! The test that `history!` writes finds each migration that is not listed, wherever the modules of a history are.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::path::Path;

use migrate::__private::{Place, every_migration_is_listed};
use tempfile::TempDir;

const MIGRATION: &str = "migrate::migration! { create table t { id: bigint } }";

/// A package with these files.
fn package(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    folder
}

/// The message about a history in this file and this module of the package.
fn said(package: &Path, file: &str, module: &str, listed: &[&str]) -> String {
    let place = Place { file, module, package: package.to_str() };
    every_migration_is_listed(place, listed).map_or_else(|unlisted| format!("{unlisted:?}"), |()| String::new())
}

#[test]
fn a_file_that_is_not_listed_is_named_with_the_line_that_lists_it() {
    let folder = package(&[
        ("src/migrations/mod.rs", "migrate::history! { databases: sqlite; mod m1; }"),
        ("src/migrations/m1.rs", MIGRATION),
        ("src/migrations/m2.rs", MIGRATION),
        ("src/migrations/m3/mod.rs", MIGRATION),
        ("src/migrations/m4/part.rs", MIGRATION),
        ("src/migrations/shared.rs", "//! Nothing that calls `migration! { }`.\npub const TEXT: &str = \"migration! { }\";"),
        ("src/migrations/tests.rs", "mod one { migrate::history! { m1; } mod m1 { migrate::migration! { } } }"),
        ("src/migrations/notes.md", MIGRATION),
        ("src/elsewhere.rs", MIGRATION),
    ]);
    assert_eq!(
        said(folder.path(), "src/migrations/mod.rs", "shop::migrations", &["m1"]),
        "2 files with a migration are not listed in `history!`: src/migrations/m2.rs, src/migrations/m3/mod.rs\n\
         help: write in the `history!` of src/migrations/mod.rs:\n    mod m2;\n    mod m3;"
    );
    assert_eq!(said(folder.path(), "src/migrations/mod.rs", "shop::migrations", &["m1", "m2", "m3"]), "");
}

#[test]
fn a_module_that_is_declared_and_not_listed_is_forgotten_too() {
    let folder = package(&[
        ("src/migrations.rs", "mod m1; mod m2; #[path = \"migrations/odd-name.rs\"] mod m3; migrate::history! { m1; m3; }"),
        ("src/migrations/m1.rs", MIGRATION),
        ("src/migrations/m2.rs", MIGRATION),
        ("src/migrations/odd-name.rs", MIGRATION),
        ("src/migrations/other-name.rs", MIGRATION),
    ]);
    let said = said(folder.path(), "src/migrations.rs", "shop::migrations", &["m1", "m3"]);
    assert!(said.ends_with("\n    m2;\n    #[path = \"other-name.rs\"] mod …;"), "{said}");
}

#[test]
fn the_folder_is_that_of_the_modules() {
    for (file, module, folder) in [
        ("src/lib.rs", "shop::migrations", "src/migrations"),
        ("src/lib.rs", "shop", "src"),
        ("src/main.rs", "shop::a::b", "src/a/b"),
        ("src/a.rs", "shop::a::b", "src/a/b"),
        ("src/a/mod.rs", "shop::a::b", "src/a/b"),
        ("src/a/migrations.rs", "shop::a::migrations", "src/a/migrations"),
        ("src/bin/tool.rs", "tool::migrations", "src/bin/migrations"),
        ("tests/upgrade.rs", "upgrade::migrations", "tests/migrations"),
        ("src/odd/place.rs", "shop::migrations", "src/odd"),
        ("src/type.rs", "shop::r#type", "src/type"),
    ] {
        let (first, second) = (format!("{folder}/m1.rs"), format!("{folder}/m2.rs"));
        let package = package(&[(file, ""), (&first, MIGRATION), (&second, MIGRATION)]);
        let said = said(package.path(), file, module, &["m1"]);
        assert!(said.contains(&format!("`history!`: {second}\n")), "{file} {module}: {said}");
    }
}

#[test]
fn the_first_migration_can_be_forgotten_too() {
    let folder = package(&[("src/migrations/mod.rs", ""), ("src/migrations/m1.rs", MIGRATION)]);
    assert!(said(folder.path(), "src/migrations/mod.rs", "shop::migrations", &[]).contains("m1.rs"));
    let inline = package(&[("src/lib.rs", "mod migrations {}"), ("src/migrations/m1.rs", MIGRATION)]);
    assert!(said(inline.path(), "src/lib.rs", "shop::migrations", &[]).contains("m1.rs"));
}

#[test]
fn a_folder_that_belongs_to_others_is_let_alone() {
    let files = [("tests/one.rs", "mod migrations {}"), ("tests/migrations/m9.rs", MIGRATION), ("tests/two.rs", MIGRATION)];
    let folder = package(&files);
    assert_eq!(said(folder.path(), "tests/one.rs", "one::migrations", &["inline"]), "");
}

#[test]
fn a_member_of_a_workspace_is_named_from_above_its_package() {
    let folder = package(&[("crates/shop/src/migrations/mod.rs", ""), ("crates/shop/src/migrations/m1.rs", MIGRATION)]);
    let member = folder.path().join("crates/shop");
    assert!(said(&member, "crates/shop/src/migrations/mod.rs", "shop::migrations", &[]).contains("m1.rs"));
    assert!(said(&member, "src/migrations/mod.rs", "shop::migrations", &[]).contains("m1.rs"));
}

#[test]
fn where_the_sources_are_gone_nothing_is_missing() {
    let folder = package(&[]);
    assert_eq!(said(folder.path(), "src/migrations/mod.rs", "shop::migrations", &["m1"]), "");
    let place = Place { file: "src/migrations/mod.rs", module: "shop::migrations", package: None };
    assert!(every_migration_is_listed(place, &["m1"]).is_ok());
}
