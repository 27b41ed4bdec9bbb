//! A package is found as cargo finds it, and a module that only rustc can find is said to be one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::fs;
use std::path::Path;

use migrate_source::{Package, PackageChoice, SourceError};
use tempfile::TempDir;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn find(folder: &Path, package: Option<&str>) -> Result<Package, SourceError> {
    Package::find(folder, &PackageChoice { manifest: None, package: package.map(str::to_owned) })
}

#[test]
fn what_a_member_depends_on_by_its_path_is_a_member() {
    let site = folder(&[
        (
            "site/Cargo.toml",
            "[workspace]\nmembers = [\"app\"]\nexclude = [\"old\"]\n[workspace.dependencies]\nshared = { path = \"shared\" }\n",
        ),
        (
            "site/app/Cargo.toml",
            "[package]\nname = \"app\"\n[dependencies]\nstorage = { path = \"../storage\" }\nold = { path = \"../old\" }\nout = { path = \"../../out\" }\nserde = \"1\"\n",
        ),
        (
            "site/storage/Cargo.toml",
            "[package]\nname = \"storage\"\n[target.'cfg(unix)'.dev-dependencies.deep]\npath = \"deep\"\n",
        ),
        ("site/storage/src/lib.rs", "migrate::history! { databases: sqlite; }"),
        ("site/storage/deep/Cargo.toml", "[package]\nname = \"deep\"\n[dependencies]\nstorage = { path = \"..\" }\n"),
        ("site/shared/Cargo.toml", "[package]\nname = \"shared\"\n"),
        ("site/old/Cargo.toml", "[package]\nname = \"old\"\n"),
        ("out/Cargo.toml", "[package]\nname = \"out\"\n"),
    ]);
    let site = site.path().join("site");
    let storage = find(&site, Some("storage")).unwrap();
    assert_eq!(storage.history(None).unwrap().name, "storage");
    for (from, name) in [("app", "storage"), ("app", "deep"), (".", "shared"), ("storage/deep", "app")] {
        assert_eq!(find(&site.join(from), Some(name)).unwrap().name, name);
    }
    let several = find(&site, None).unwrap_err().to_string();
    assert!(several.ends_with("one of: app, deep, shared, storage"), "{several}");
    for other in ["out", "old"] {
        assert!(find(&site, Some(other)).unwrap_err().to_string().starts_with(&format!("unknown package `{other}`")));
    }
}

const LIST: &str = "migrate::history! { databases: sqlite; mod one; }";
const ONE: &str = "migrate::migration! {\n    //! One.\n    create table t { id: bigint primary key }\n}\n";
const MANIFEST: &str = "[package]\nname = \"app\"\n";

#[test]
fn a_module_with_a_conditional_path_is_refused() {
    for attribute in ["#[cfg_attr(unix, path = \"a.rs\")]", "#[cfg_attr(all(unix, test), cfg_attr(not(x), path = \"a.rs\"))]"] {
        // What leads to the history.
        let main = format!("{attribute}\nmod migrations;");
        let site = folder(&[
            ("Cargo.toml", MANIFEST),
            ("src/main.rs", &main),
            ("src/migrations/mod.rs", LIST),
            ("src/migrations/one.rs", ONE),
            ("src/a.rs", ""),
        ]);
        let error = find(site.path(), None).unwrap().history(None).unwrap_err().to_string();
        assert!(
            error.starts_with("the file of module `migrations` depends on `cfg_attr`, so it cannot be read from source\n"),
            "{error}"
        );
        assert!(error.contains("help: write `--build`"), "{error}");
        // A migration.
        let list = LIST.replace("mod one;", &format!("{attribute} mod one;"));
        let site = folder(&[
            ("Cargo.toml", MANIFEST),
            ("src/main.rs", "mod migrations;"),
            ("src/migrations/mod.rs", &list),
            ("src/migrations/one.rs", ONE),
            ("src/migrations/a.rs", ""),
        ]);
        let findings = find(site.path(), None).unwrap().history(None).unwrap().compile().unwrap().findings;
        let found = findings.iter().find(|finding| finding.rule == "missing_migration").expect("it is said");
        assert!(found.message.starts_with("the file of module `one` depends on `cfg_attr`"), "{}", found.message);
        // A module that has nothing to do with it.
        let main = format!("mod migrations;\n{attribute}\nmod other;");
        let site = folder(&[
            ("Cargo.toml", MANIFEST),
            ("src/main.rs", &main),
            ("src/migrations/mod.rs", LIST),
            ("src/migrations/one.rs", ONE),
        ]);
        assert!(find(site.path(), None).unwrap().history(None).unwrap().compile().unwrap().findings.is_empty());
    }
    let site = folder(&[
        ("Cargo.toml", MANIFEST),
        ("src/main.rs", "#[cfg_attr(unix, allow(dead_code))]\nmod migrations;"),
        ("src/migrations/mod.rs", LIST),
        ("src/migrations/one.rs", ONE),
    ]);
    find(site.path(), None).unwrap().history(None).expect("that is no path");
}
