//! The SQL of every operation on every database, both ways: a page an operation in `operations/`. That each of these texts runs on
//! the real server, and is undone there, is what the live tests' witness shows for the same list.
//!
//! `UPDATE_EXPECT=1 cargo test -p migrate-golden-tests` rewrites the pages; read them before they are committed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod page;

use std::collections::BTreeMap;
use std::path::Path;

use expect_test::expect_file;
use migrate_compiler::operation::Operation;

#[test]
fn every_operation() {
    let mut pages: BTreeMap<String, String> = BTreeMap::new();
    for (before, operation) in Operation::examples() {
        let page = pages.entry(page::file(operation.name())).or_insert_with(|| page::head(operation.name()));
        *page += &page::example(&before, &operation);
    }
    for (file, page) in &pages {
        expect_file![folder().join(file)].assert_eq(page);
    }
    expect_file![folder().join("README.md")].assert_eq(&page::start());
    let mut expected: Vec<&str> = pages.keys().map(String::as_str).chain(["README.md"]).collect();
    expected.sort_unstable();
    assert_eq!(files(), expected, "a page in `operations/` is of no operation");
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/operations"))
}

fn files() -> Vec<String> {
    let files = std::fs::read_dir(folder()).unwrap();
    let mut names: Vec<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
