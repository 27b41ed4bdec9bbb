//! What is formatted compiles to what it was, to the byte.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::fs;
use std::path::{Path, PathBuf};

use migrate_source::{HistorySource, Package, PackageChoice, formatted_files, write_whole};
use tempfile::TempDir;

/// The ids, checksums and packed forms of the migrations of a history, and what is wrong with it.
type CompiledSite = (Vec<(String, String, String)>, Vec<String>);

/// A package of one file, which may be the root of a history.
struct Site {
    folder: TempDir,
    root: PathBuf,
}

impl Site {
    /// A copy of a folder, whose history begins in this file.
    fn copy(folder: &Path, root: &str) -> Site {
        let site = Site { folder: tempfile::tempdir().expect("a folder"), root: PathBuf::from(root) };
        site.put(folder, Path::new(""));
        let manifest = format!("[package]\nname = \"app\"\n[lib]\npath = {root:?}\n");
        fs::write(site.folder.path().join("Cargo.toml"), manifest).unwrap();
        site
    }

    fn put(&self, from: &Path, to: &Path) {
        fs::create_dir_all(self.folder.path().join(to)).unwrap();
        for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
            let (path, to) = (entry.path(), to.join(entry.file_name()));
            if path.is_dir() {
                self.put(&path, &to);
            } else {
                fs::copy(&path, self.folder.path().join(to)).unwrap();
            }
        }
    }

    fn package(&self) -> Package {
        Package::find(self.folder.path(), &PackageChoice::default()).expect("it is a package")
    }

    fn histories(&self) -> Vec<HistorySource> {
        let crates = vec![self.folder.path().join(&self.root)];
        Package { crates, beside: Vec::new(), ..self.package() }.histories().unwrap_or_else(|error| panic!("{error}"))
    }

    /// What its histories compile to, and what is wrong with them.
    fn compiled(&self) -> Vec<CompiledSite> {
        let compiled = |history: &HistorySource| {
            let compiled = history.compile().unwrap_or_else(|error| panic!("{error}"));
            let migrations = compiled
                .history
                .migrations
                .iter()
                .map(|migration| (migration.id.to_string(), migration.checksum().to_owned(), migration.compiled().pack()));
            let findings = compiled.findings.iter().map(|finding| format!("{} {}", finding.rule, finding.message));
            (migrations.collect(), findings.collect())
        };
        self.histories().iter().map(compiled).collect()
    }

    /// Formats it; how many files changed.
    fn format(&self, width: usize) -> usize {
        fs::write(self.folder.path().join("rustfmt.toml"), format!("max_width = {width}\n")).unwrap();
        let files = formatted_files(&self.histories()).unwrap_or_else(|error| panic!("{error}"));
        files.iter().for_each(|file| write_whole(&file.path, &file.after).unwrap());
        files.len()
    }

    /// Formats it at several widths and compares what it compiles to.
    fn is_same(&self) {
        let before = self.compiled();
        assert!(!before.is_empty(), "{}", self.root.display());
        for width in [30, 70, 100, 1000] {
            self.format(width);
            assert_eq!(self.compiled(), before, "{}", self.root.display());
            assert_eq!(self.format(width), 0, "{}", self.root.display());
        }
    }
}

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

#[test]
fn the_examples_compile_to_what_they_were() {
    for example in ["quickstart", "shop", "axum", "normalise"] {
        let root = ["src/lib.rs", "src/main.rs"].into_iter().find(|root| folder("examples").join(example).join(root).exists());
        Site::copy(&folder("examples").join(example), root.unwrap()).is_same();
    }
}

#[test]
fn the_histories_that_pass_compile_to_what_they_were() {
    let mut count = 0;
    for entry in fs::read_dir(folder("tests/ui/passes")).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        // Its migrations are written by a macro, whose tokens are no migration.
        if name == "long_chain.rs" {
            continue;
        }
        let site = Site::copy(&folder("tests/ui"), &format!("passes/{name}"));
        site.is_same();
        count += site.histories().iter().map(|history| history.migrations.len()).sum::<usize>();
    }
    assert!(count > 15, "{count}");
}

const LIST: &str = "mod m { migrate::history! { databases: sqlite; mod one; } }\r\n\r\nfn  main( ) { }\r\n";
const ONE: &str = "// x\r\n\r\nuse  std::fmt ;\r\nmigrate::migration! (\r\n  create table t {id: bigint primary key,\r\n    a: text default r#\"a\r\nb\"#}\r\n);\r\nfn  x( ) { }";

/// Nothing outside of the macros changes, and lines end as they did.
#[test]
fn the_lines_of_windows_stay() {
    let site = Site { folder: tempfile::tempdir().unwrap(), root: PathBuf::from("main.rs") };
    let write = |path: &str, text: &str| {
        let path = site.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("Cargo.toml", "[package]\nname = \"app\"\n");
    write("main.rs", LIST);
    write("m/one.rs", ONE);
    let before = site.compiled();
    assert_eq!(before[0].1, [] as [String; 0]);
    assert_eq!(site.format(100), 2);
    assert_eq!(site.compiled(), before);
    let read = |path: &str| fs::read_to_string(site.folder.path().join(path)).unwrap();
    assert_eq!(
        read("main.rs"),
        "mod m { migrate::history! {\r\n    databases: sqlite;\r\n    mod one;\r\n} }\r\n\r\nfn  main( ) { }\r\n"
    );
    assert_eq!(
        read("m/one.rs"),
        "// x\r\n\r\nuse  std::fmt ;\r\nmigrate::migration! (\r\n    create table t {\r\n        id: bigint primary key,\r\n        a: text default r#\"a\r\nb\"#\r\n    }\r\n);\r\nfn  x( ) { }"
    );
    assert_eq!(site.format(100), 0);
}
