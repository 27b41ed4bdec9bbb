//! One mistake in a `history!` is one error, and nothing that is said of the modules is untrue.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::fs;
use std::path::Path;

use migrate_source::{Package, PackageChoice};

const ONE: &str = "migrate::migration! { create table t { id: bigint primary key } }";
const TWO: &str = "migrate::migration! { after super::m1; alter table t { add a: text?; } }";

/// What is wrong with a package whose history has these entries, and which has a file for `m1` and one for `m2`.
fn findings(entries: &str) -> Vec<(String, Option<String>)> {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    write("src/main.rs", "mod migrations;\nfn main() {}\n");
    write("src/migrations/mod.rs", &format!("migrate::history! {{ {entries} }}\n"));
    write("src/migrations/m1.rs", ONE);
    write("src/migrations/m2.rs", TWO);
    compiled(folder.path())
}

fn compiled(folder: &Path) -> Vec<(String, Option<String>)> {
    let package = Package::find(folder, &PackageChoice::default()).unwrap_or_else(|error| panic!("{error}"));
    let history = package.history(None).unwrap_or_else(|error| panic!("{error}"));
    let compiled = history.compile().unwrap_or_else(|error| panic!("{error}"));
    compiled.findings.into_iter().map(|finding| (finding.message, finding.help)).collect()
}

#[test]
fn one_mistake_is_one_error() {
    let cases = [
        ("databases: postgres mod m1; mod m2;", "expected `;`, found `mod`"),
        ("databases: postgres; mod m1 mod m2;", "expected `;`, found `mod`"),
        ("databases: postgres; mod m1; mod m2", "expected `;`, but it ends here"),
        ("databases: postgres; mod m1; mod m1; mod m2;", "duplicate module `m1`"),
        ("database: postgres; mod m1; mod m2;", "unknown setting `database`"),
        ("databases: postgres; m1; mod m2;", "module `m1` is not declared"),
        ("databases: postgres; use m1; mod m2;", "unexpected `use`: a history lists modules"),
        ("databases: postgres; mod m1; mod m2; mod m3;", "module `m3` has no file"),
    ];
    for (entries, first) in cases {
        let findings = findings(entries);
        let [(message, help)] = findings.as_slice() else { panic!("{entries}: {findings:#?}") };
        assert_eq!(message, first, "{entries}");
        assert!(help.is_some(), "{entries}");
    }
}

#[test]
fn a_module_that_is_not_listed_is_still_said() {
    let findings = findings("databases: postgres; mod m1;");
    let [(message, help)] = findings.as_slice() else { panic!("{findings:#?}") };
    assert_eq!(message, "this migration is not listed in `history!`");
    assert!(help.as_deref().is_some_and(|help| help.starts_with("write `mod m2;`")), "{help:?}");
}
