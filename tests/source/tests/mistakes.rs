//! One mistake in a `history!` is one error, and nothing that is said of the modules is untrue.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::fs;
use std::path::Path;

use migrate_source::{Package, PackageChoice};

const ONE: &str = "migrate::migration! { create table t { id: bigint primary key } }";
const TWO: &str = "migrate::migration! { after super::m1; alter table t { add a: text?; } }";

/// What is wrong with a package whose history has these entries, and which has a file for `m1` and one for `m2`.
fn findings(entries: &str) -> Vec<(String, Option<String>)> {
    of_files(entries, &[("m1", ONE), ("m2", TWO)])
}

/// The same of a history with these migrations.
fn of_files(entries: &str, migrations: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    write("src/main.rs", "mod migrations;\nfn main() {}\n");
    write("src/migrations/mod.rs", &format!("migrate::history! {{ {entries} }}\n"));
    for (name, text) in migrations {
        write(&format!("src/migrations/{name}.rs"), text);
    }
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

/// The second migration with one mistake, its first line, and its help.
const MIGRATIONS: &[(&str, &str, &str)] = &[
    ("after \"m1\";", "expected the path of a migration: `after super::m0001;`, found `\"m1\"`", "write `after super::m1;`"),
    ("after m1; drop table t;", "`m1` cannot be read from source", "write `after super::m1;`"),
    ("depends on crate::m1;", "`crate::m1` cannot be read from source", "write `depends on super::m1;`"),
    ("alter table t { add a: text?; }", "unknown table `t`", "write `after super::m1;`"),
    (
        "after super::m1; alter table t { add a: text default 'it''s'; }",
        "a string literal is written in double quotes",
        "write `\"it's\"`",
    ),
    (
        "after super::m1; create type mood as enum ('so so', 'ok');",
        "an enum is created by `create enum`",
        "write `create enum mood (\"so so\", \"ok\")`",
    ),
];

#[test]
fn one_mistake_in_a_migration_is_one_error() {
    for (text, message, help) in MIGRATIONS {
        let two = format!("migrate::migration! {{ {text} }}");
        let found = of_files("databases: postgres; mod m1; mod m2;", &[("m1", ONE), ("m2", &two)]);
        assert_eq!(found, [((*message).to_owned(), Some((*help).to_owned()))], "{text}");
    }
}

#[test]
fn what_is_not_listed_is_not_an_unknown_parent_as_well() {
    let three = "migrate::migration! { after super::m2; alter table t { drop a; } }";
    let found = of_files("databases: postgres; mod m1; mod m3;", &[("m1", ONE), ("m2", TWO), ("m3", three)]);
    let messages: Vec<&str> = found.iter().map(|(message, _)| message.as_str()).collect();
    assert_eq!(messages, ["this migration is not listed in `history!`"]);
}
