//! `cargo migrate` as a user runs it: from an empty folder to a database and back, and with what goes wrong on the way.
#![cfg(feature = "source")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// What a command said, and its exit status.
#[derive(Debug)]
struct Said {
    out: String,
    err: String,
    status: i32,
}

/// A folder to run the command in.
struct Site(TempDir);

impl Site {
    fn empty() -> Site {
        Site(tempfile::tempdir().expect("a folder"))
    }

    /// A package with a program, as `cargo new` makes it, and migrations for SQLite.
    fn new() -> Site {
        let site = Site::empty();
        site.write("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n");
        site.write("src/main.rs", "fn main() {\n    println!(\"Hello, world!\");\n}\n");
        let said = site.run(&["init", "--database", "sqlite"]);
        assert_eq!(said.status, 0, "{said:?}");
        site
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-migrate"));
        command.arg("migrate").args(arguments).current_dir(self.0.path()).stdin(Stdio::null());
        let output = command.env("DATABASE_URL", "sqlite:app.db").env_remove("VISUAL").env("EDITOR", "cat").output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Said { out: text(output.stdout), err: text(output.stderr), status: output.status.code().unwrap() }
    }

    /// Runs a command that must succeed; what it printed.
    fn done(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.status, 0, "{arguments:?}: {}{}", said.out, said.err);
        said.out
    }

    /// Runs a command that must fail with this status; what it said.
    fn fails(&self, status: i32, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.status, status, "{arguments:?}: {}{}", said.out, said.err);
        said.err
    }

    /// The files of the migrations, by their names.
    fn migrations(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("src/migrations")).unwrap().flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.retain(|name| name != "mod.rs");
        names.sort();
        names
    }

    /// Makes a migration of this name with these statements.
    fn migration(&self, name: &str, more: &[&str], statements: &str) {
        self.done(&[&["new", name, "--rev-id", name], more].concat());
        let path = format!("src/migrations/{name}.rs");
        let text = self.read(&path);
        let open = text.rfind('}').unwrap();
        self.write(&path, &format!("{}    {statements}\n}}\n", &text[..open]));
    }
}

#[test]
fn from_a_package_to_a_database_and_back() {
    let site = Site::new();
    assert_eq!(site.read("src/main.rs").lines().next(), Some("mod migrations;"));
    assert!(site.read("Cargo.toml").contains("migrate-db = { version = "), "{}", site.read("Cargo.toml"));
    assert!(site.read(".env.example").contains("DATABASE_URL=sqlite:app.db"));
    assert_eq!(site.done(&["check"]), "1 migration checked: no errors\n");
    site.migration("add_notes", &[], "create table notes { id: bigint primary key, body: text? }");
    assert_eq!(site.done(&["check"]), "2 migrations checked: no errors\n");
    assert!(site.fails(1, &["status", "--exit-code"]).is_empty());
    let done = site.done(&["upgrade"]);
    assert!(done.starts_with("2 migrations applied"), "{done}");
    assert!(site.done(&["status", "--exit-code"]).ends_with("is up to date\n"));
    assert!(site.done(&["heads"]).starts_with("add_notes  Add_notes."), "{}", site.done(&["heads"]));
    let shown = site.done(&["show", "add_n"]);
    assert!(
        shown.contains("upgrade on SQLite") && shown.contains("CREATE TABLE \"notes\"") && shown.contains("DROP TABLE"),
        "{shown}"
    );
    let redone = site.done(&["redo"]);
    assert!(redone.starts_with("1 migration undone") && redone.contains("\n1 migration applied"), "{redone}");
    assert!(site.done(&["reset", "--yes"]).starts_with("2 migrations undone"));
    assert!(site.done(&["upgrade", "--sql"]).contains("CREATE TABLE \"notes\""));
}

/// A trunk, a branch of it with a label, and a root that depends on both.
#[test]
fn a_new_migration_may_begin_a_branch_and_depend_on_others() {
    let site = Site::new();
    site.migration("users", &[], "create table people { id: bigint primary key }");
    site.migration("trunk", &[], "alter table people { add name: text?; }");
    let refused = site.fails(2, &["new", "bills", "--head", "users"]);
    assert!(refused.contains("`--label NAME` makes a branch"), "{refused}");
    site.migration(
        "bills",
        &["--head", "users", "--splice", "--label", "billing"],
        "create table bills { id: bigint primary key }",
    );
    assert!(site.read("src/migrations/bills.rs").contains("    after super::users;\n    label \"billing\";\n"));
    assert!(
        site.fails(2, &["new", "more"])
            .starts_with("error: the history has 2 heads: trunk, bills\nhelp: write `--head trunk`, or `--head LABEL@head`")
    );
    site.migration("paid", &["--head", "billing@head"], "alter table bills { add paid_by: bigint?; }");
    let said = site.done(&[
        "new",
        "audit",
        "--rev-id",
        "audit",
        "--head",
        "base",
        "--depends-on",
        "billing@head",
        "--depends-on",
        "trunk",
    ]);
    assert!(said.ends_with("\n  a first migration; depends on paid, trunk\n"), "{said}");
    assert!(site.read("src/migrations/audit.rs").contains("    depends on super::paid, super::trunk;\n"));
    assert!(
        site.fails(1, &["new", "x", "--head", "trunk", "--label", "billing"])
            .contains("duplicate label `billing`: `bills` has it")
    );
    assert!(site.fails(2, &["new", "x", "--head", "trunk", "--label", "head"]).starts_with("error: invalid label `head`"));
    assert_eq!(site.done(&["check"]), "6 migrations checked: no errors\n");
    // What comes before it is everything else, so it is the head of all.
    assert!(site.done(&["upgrade"]).starts_with("6 migrations applied"));
    assert!(site.done(&["downgrade", "billing@base", "--yes"]).starts_with("3 migrations undone"));
    assert!(site.done(&["heads"]).contains("paid (billing)"));
}

#[test]
fn init_writes_nothing_twice_and_nothing_over() {
    let site = Site::new();
    let before = (site.read("src/main.rs"), site.read("Cargo.toml"), site.read(".env.example"), site.migrations());
    assert!(site.done(&["init"]).starts_with("nothing to do"));
    assert_eq!(before, (site.read("src/main.rs"), site.read("Cargo.toml"), site.read(".env.example"), site.migrations()));
    let site = Site::empty();
    let main = "use std::io;\n\nfn main() {\n    // mine\n}\n";
    site.write("Cargo.toml", "# mine\n[package]\nname = \"app\"\n\n[dependencies]\n# and this\nserde = \"1\"\n");
    site.write("src/main.rs", main);
    let said = site.done(&["init", "--database", "sqlite,postgres"]);
    assert!(said.contains("write this yourself:\nfn main() -> std::process::ExitCode"), "{said}");
    assert_eq!(site.read("src/main.rs"), format!("mod migrations;\n\n{main}"));
    assert!(
        site.read("Cargo.toml").starts_with("# mine\n")
            && site.read("Cargo.toml").contains("# and this\nserde = \"1\"\nmigrate-db = ")
    );
    assert!(site.read("src/migrations/mod.rs").contains("databases: postgres, sqlite;"));
    let none = Site::empty();
    assert!(none.fails(1, &["init"]).contains("no Cargo.toml in "));
}

/// The library that `init` depends on is the one of this checkout, built with the versions of its lock.
#[test]
#[ignore = "it compiles a package with everything that it depends on: `cargo xtask test --nightly`"]
fn what_init_writes_compiles_and_its_tests_pass() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let library = root.join("migrate").canonicalize().unwrap().display().to_string();
    let site = Site::empty();
    let init = ["init", "--new", "app", "--database", "postgres,sqlite", "--library", &library];
    site.done(&init);
    assert!(site.done(&init).starts_with("nothing to do"), "it is idempotent");
    fs::copy(root.join("Cargo.lock"), site.path("app/Cargo.lock")).unwrap();
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args(arguments)
            .current_dir(site.path("app"))
            .env("DATABASE_URL", "sqlite:app.db")
            .env("RUSTFLAGS", "-D warnings");
        let output = command.env("CARGO_TARGET_DIR", env!("CARGO_TARGET_TMPDIR")).output().unwrap();
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(output.status.success(), "{arguments:?}: {}{}", said(&output.stdout), said(&output.stderr));
        said(&output.stdout)
    };
    let tests = cargo(&["test", "--quiet"]);
    assert!(tests.contains("test result: ok. 1 passed"), "{tests}");
    assert!(cargo(&["run", "--quiet", "--", "upgrade"]).starts_with("1 migration applied"));
    // What needs no build says the same.
    assert!(
        site.done(&["status", "--manifest-path", "app/Cargo.toml", "--database-url", "sqlite:app/app.db"])
            .ends_with("is up to date\n")
    );
    site.done(&["new", "add notes", "--manifest-path", "app/Cargo.toml"]);
    assert!(cargo(&["run", "--quiet", "--", "upgrade"]).starts_with("1 migration applied"));
}

#[test]
fn new_names_a_migration_after_the_time_and_the_message() {
    let site = Site::new();
    let said = site.done(&["new", "Add the users' e-mail"]);
    let last = site.migrations().into_iter().find(|name| name.ends_with("_add_the_users_e_mail.rs")).unwrap();
    assert!(last.starts_with("m20"), "{last}");
    assert!(said.starts_with(&format!("src/migrations/{last}\n  after m")), "{said}");
    let text = site.read(&format!("src/migrations/{last}"));
    assert!(text.contains("//! Add the users' e-mail.\n    after super::m"), "{text}");
    assert!(site.done(&["edit", "head"]).contains("//! Add the users' e-mail."));
    assert!(site.done(&["revision", "-m", "another"]).contains("_another.rs"));
    assert!(site.fails(2, &["new", "…"]).contains("write `--rev-id NAME`"));
    assert!(site.fails(2, &["new", "x", "--rev-id", "a-b"]).contains("cannot be the name of a migration's module"));
}

#[test]
fn two_heads_are_refused_merged_or_in_conflict() {
    let site = Site::new();
    let root = site.migrations().remove(0).replace(".rs", "");
    site.migration("left", &[], "create table a { id: bigint primary key }");
    assert!(site.fails(2, &["new", "x", "--head", &root]).contains("write `--splice`"));
    site.migration("right", &["--head", &root, "--splice"], "create table b { id: bigint primary key }");
    assert!(site.fails(2, &["new", "x"]).contains("the history has 2 heads: left, right"));
    let refused = site.fails(1, &["upgrade"]);
    assert!(
        refused.contains("error: two heads: `left` and `right`") && refused.contains("--> src/migrations/mod.rs:"),
        "{refused}"
    );
    // What only reads shows them.
    assert_eq!(site.done(&["heads"]).lines().count(), 2);
    assert!(site.run(&["history"]).err.contains("two heads"));
    site.done(&["merge", "--rev-id", "both"]);
    assert!(site.read("src/migrations/both.rs").contains("after super::left, super::right;"));
    assert_eq!(site.done(&["check"]), "4 migrations checked: no errors\n");
    assert_eq!(site.done(&["branches"]), format!("{root}  before left, right\n"));
    let graph = site.done(&["history", "--graph"]);
    let marks: Vec<&str> = graph.lines().filter(|line| line.contains("○")).collect();
    assert_eq!(marks.len(), 4, "{graph}");
    let conflict = Site::new();
    let root = conflict.migrations().remove(0).replace(".rs", "");
    conflict.migration("left", &[], "alter table users { add nickname: text? }");
    conflict.migration("right", &["--head", &root, "--splice"], "alter table users { add nickname: integer? }");
    let refused = conflict.fails(1, &["merge"]);
    assert!(refused.contains("merge conflict: ") && refused.contains("so nothing was written"), "{refused}");
    assert_eq!(conflict.migrations().len(), 3);
}

#[test]
fn a_branch_is_moved_after_the_other_head() {
    let site = Site::new();
    let root = site.migrations().remove(0).replace(".rs", "");
    site.migration("left", &[], "create table a { id: bigint primary key }");
    site.migration("right", &["--head", &root, "--splice"], "create table b { id: bigint primary key }");
    site.migration("more", &["--head", "right"], "alter table b { add c: text? }");
    // Only the whole branch is moved.
    let refused = site.fails(1, &["rebase", "more"]);
    assert!(
        refused.contains("`right` would be a head if `more` came after `left`")
            && refused.contains("`cargo migrate rebase right --after left`"),
        "{refused}"
    );
    let text = site.read("src/migrations/right.rs");
    let said = site.done(&["rebase", "right"]);
    assert_eq!(said, format!("src/migrations/right.rs\n  after left, before: after {root}\n"));
    assert_eq!(site.read("src/migrations/right.rs"), text.replace(&format!("after super::{root}"), "after super::left"));
    assert_eq!(site.done(&["check"]), "4 migrations checked: no errors\n");
    assert_eq!(site.done(&["rebase", "right", "--after", "left"]), "nothing to do: `right` comes after `left`\n");
    assert!(site.fails(2, &["rebase", "left"]).contains("no head is beside `left`"));
    assert!(site.fails(1, &["rebase", "more", "--after", "left"]).contains("`right` would be a head"));
    assert!(site.fails(1, &["rebase", "left", "--after", "more"]).contains("cannot come after `more`, which comes after it"));
    assert!(site.fails(1, &["rebase", "nothing"]).contains("unknown revision `nothing`"));
    assert_eq!(site.done(&["check"]), "4 migrations checked: no errors\n");
}

#[test]
fn what_conflicts_or_is_applied_is_not_moved() {
    let site = Site::new();
    let root = site.migrations().remove(0).replace(".rs", "");
    site.migration("left", &[], "alter table users { add nickname: text? }");
    site.migration("right", &["--head", &root, "--splice"], "alter table users { add nickname: integer? }");
    let text = site.read("src/migrations/right.rs");
    let refused = site.fails(1, &["rebase", "right", "--after", "left"]);
    assert!(
        refused.contains("error: duplicate column `nickname`")
            && refused.contains("--> src/migrations/right.rs:")
            && refused.contains("`right` cannot come after `left`, so nothing was written"),
        "{refused}"
    );
    let json: serde_json::Value = serde_json::from_str(&site.fails(1, &["rebase", "right", "--format", "json"])).unwrap();
    assert_eq!((&json["revision"], &json["findings"][0]["rule"]), (&"right".into(), &"column_exists".into()));
    assert_eq!(site.read("src/migrations/right.rs"), text);
    site.migration("third", &["--head", &root, "--splice"], "create table third { id: bigint primary key }");
    assert!(
        site.fails(2, &["rebase", "third"]).contains("could come after several heads: left, right\nhelp: write `--after left`")
    );
    site.write("src/migrations/right.rs", &text.replace("nickname", "other"));
    // The database has one branch of the two.
    let (list, left) = (site.read("src/migrations/mod.rs"), site.read("src/migrations/left.rs"));
    ["left", "third"].iter().for_each(|name| fs::remove_file(site.path(&format!("src/migrations/{name}.rs"))).unwrap());
    site.write("src/migrations/mod.rs", &list.replace("    mod left;\n", "").replace("    mod third;\n", ""));
    site.done(&["upgrade"]);
    site.write("src/migrations/mod.rs", &list.replace("    mod third;\n", ""));
    site.write("src/migrations/left.rs", &left);
    assert!(site.fails(1, &["rebase", "right"]).contains("`right` is applied in this database"));
    site.done(&["rebase", "left"]);
    assert_eq!(site.done(&["check"]), "3 migrations checked: no errors\n");
    assert!(site.done(&["upgrade"]).starts_with("1 migration applied"));
}

#[test]
fn check_says_what_rustc_would_in_each_form() {
    let site = Site::new();
    site.migration("wrong", &[], "alter table usres { add age: integer? }");
    let said = site.fails(1, &["check"]);
    for part in ["error: unknown table `usres`", "--> src/migrations/wrong.rs:", "^^^^^", "help: did you mean `users`?"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let json: serde_json::Value = serde_json::from_str(&site.run(&["check", "--format", "json"]).out).unwrap();
    let found = &json[0];
    assert_eq!((&found["rule"], &found["file"]), (&"unknown_table".into(), &"src/migrations/wrong.rs".into()));
    let (start, end) = (found["start"].as_u64().unwrap(), found["end"].as_u64().unwrap());
    let text = site.read("src/migrations/wrong.rs");
    assert_eq!(&text[usize::try_from(start).unwrap()..usize::try_from(end).unwrap()], "usres");
    let edit = serde_json::json!({ "start": start, "end": end, "replacement": "users", "applicability": "MaybeIncorrect" });
    assert_eq!(found["suggestion"], edit);
    let github = site.run(&["check", "--format", "github"]).out;
    assert!(github.starts_with("::error file=src/migrations/wrong.rs,line=") && github.contains("%0Ahelp: "), "{github}");
    let sarif: serde_json::Value = serde_json::from_str(&site.run(&["check", "--format", "sarif"]).out).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "unknown_table");
    let replaced = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replaced["insertedContent"]["text"], "users");
    assert_eq!(replaced["deletedRegion"]["startLine"], replaced["deletedRegion"]["endLine"]);
    assert!(site.fails(1, &["upgrade"]).contains("the history has 1 error, so nothing was done"));
    assert!(!site.path("app.db").exists());
    assert!(site.fails(2, &["heads", "--format", "sarif"]).contains("only `cargo migrate check`"));
}

/// What a build of the program finds in a file of rows, `check` finds too.
#[test]
fn check_reads_the_files_of_rows() {
    let site = Site::new();
    site.migration("towns", &[], "create table towns { id: bigint primary key, people: integer }");
    site.migration("seeds", &[], "insert into towns (id, people) from \"towns.csv\";");
    site.write("src/migrations/towns.csv", "id,people\n1,500\n");
    site.done(&["check"]);
    for (text, what) in [("id,peeple\n1,5\n", "peeple"), ("id,people\n1,abc\n", "`abc`"), ("id,people\n1,\"5\n", "towns.csv")] {
        site.write("src/migrations/towns.csv", text);
        let said = site.fails(1, &["check"]);
        assert!(said.contains("seeds.rs") && said.contains(what), "{said}");
    }
}

#[test]
fn fmt_writes_what_check_shows() {
    let site = Site::new();
    site.migration("wide", &[], "create table t {id:bigint primary key , // the key\n  name:text}");
    let before = site.read("src/migrations/wide.rs");
    let shown = site.run(&["fmt", "--check"]);
    assert_eq!(shown.status, 1, "{shown:?}");
    for line in ["--- src/migrations/wide.rs", "-    create table t {id:bigint primary key , // the key", "+        name: text"] {
        assert!(shown.out.lines().any(|own| own == line), "{line}: {}", shown.out);
    }
    assert_eq!(site.read("src/migrations/wide.rs"), before);
    assert_eq!(site.done(&["fmt"]), "src/migrations/wide.rs\n");
    let after = site.read("src/migrations/wide.rs");
    let table = "    create table t {\n        id: bigint primary key, // the key\n        name: text\n    }\n}\n";
    assert!(after.ends_with(table), "{after}");
    assert_eq!((site.done(&["fmt", "--check"]), site.done(&["fmt"])), (String::new(), "nothing to do\n".to_owned()));
    site.write("rustfmt.toml", "max_width = 40\nhard_tabs = true\n");
    site.write("src/migrations/wide.rs", &after.replace("name: text", "name: text default \"nobody\" check (name <> \"\")"));
    let json: serde_json::Value = serde_json::from_str(&site.done(&["fmt", "--format", "json"])).unwrap();
    assert_eq!(json["written"], true);
    assert_eq!(json["files"].as_array().unwrap().len(), 3);
    let narrow = site.read("src/migrations/wide.rs");
    assert!(narrow.contains("\n\t\tname: text\n\t\t\tdefault \"nobody\"\n\t\t\tcheck (name <> \"\")\n"), "{narrow}");
    assert_eq!(site.done(&["check"]), "2 migrations checked: no errors\n");
}

#[test]
fn fmt_leaves_what_it_cannot_read() {
    let site = Site::new();
    site.migration("wide", &[], "create table t {id:bigint primary key}");
    let wide = site.read("src/migrations/wide.rs");
    site.write("src/migrations/other.rs", "migrate::migration! { create table u { id: 'a\n");
    site.write("src/migrations/mod.rs", &site.read("src/migrations/mod.rs").replace("mod wide;", "mod wide;\n    mod other;"));
    assert!(site.fails(1, &["fmt"]).contains("src/migrations/other.rs:1:"));
    assert_eq!(site.read("src/migrations/wide.rs"), wide);
}

#[test]
fn another_version_of_the_library_is_refused() {
    let site = Site::new();
    site.write("Cargo.lock", "version = 4\n\n[[package]]\nname = \"migrate-db\"\nversion = \"9.9.9\"\n");
    for verb in [&["heads"][..], &["check"], &["upgrade"], &["new", "x"], &["merge"], &["rebase", "x"], &["lock"]] {
        let refused = site.fails(1, verb);
        assert!(
            refused.contains("the project uses migrate-db 9.9.9") && refused.contains("cargo install migrate-cli@9.9.9"),
            "{verb:?}: {refused}"
        );
    }
    // Another package of the workspace may use another version.
    let own = env!("CARGO_PKG_VERSION");
    let library = |version: &str| format!("[[package]]\nname = \"migrate-db\"\nversion = \"{version}\"\n\n");
    let app = |version: &str| {
        let user =
            format!("[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"migrate-db {version}\",\n]\n\n");
        format!("version = 4\n\n{user}{}{}", library("9.9.9"), library(own))
    };
    site.write("Cargo.lock", &app("9.9.9"));
    assert!(site.fails(1, &["heads"]).contains("the project uses migrate-db 9.9.9"));
    site.write("Cargo.lock", &app(own));
    site.done(&["heads"]);
}

#[test]
fn a_stamp_records_what_is_applied_and_runs_nothing() {
    let site = Site::new();
    let root = site.migrations().remove(0).replace(".rs", "");
    site.migration("add_notes", &[], "create table notes { id: bigint primary key }");
    site.migration("add_more", &[], "#[allow(drop_table, reason = \"tested\")] drop table notes irreversible \"tested\";");
    assert!(site.fails(2, &["stamp", "nowhere"]).contains("unknown revision `nowhere`"));
    assert!(!site.done(&["status"]).contains("add_notes\n") || site.done(&["current"]).contains("at base"));
    site.done(&["upgrade", "+1"]);
    assert_eq!(site.done(&["stamp", "add_notes"]), "recorded as applied: add_notes\n");
    assert_eq!(site.done(&["stamp", "add_notes"]), "nothing to do\n");
    // The table is not there, so its downgrade fails.
    assert!(site.fails(1, &["downgrade", "-1", "--yes"]).contains("no such table"));
    assert_eq!(site.done(&["stamp", "head"]), "recorded as applied: add_more\n");
    // Nothing is undone, so that it could not be undone does not matter.
    assert_eq!(site.done(&["stamp", &root]), "recorded no longer: add_more, add_notes\n");
    assert_eq!(site.done(&["stamp", "base"]), format!("recorded no longer: {root}\n"));
    assert_eq!(site.done(&["stamp", "--purge", "head"]), format!("recorded as applied: {root}, add_notes, add_more\n"));
    assert!(site.done(&["journal"]).contains("downgrade"));
}

#[test]
fn the_database_follows_the_checkout() {
    let site = Site::new();
    site.migration("one", &[], "create table one { id: bigint primary key }");
    let (list, one) = (site.read("src/migrations/mod.rs"), site.read("src/migrations/one.rs"));
    site.migration("mine", &[], "create table mine { id: bigint primary key }");
    site.done(&["upgrade"]);
    // Another branch has another migration instead, and has edited the one before it.
    site.write("src/migrations/mod.rs", &list);
    fs::remove_file(site.path("src/migrations/mine.rs")).unwrap();
    site.write("src/migrations/one.rs", &one.replace("create table one { id: bigint", "create table one { id: integer"));
    site.migration("theirs", &[], "create table theirs { id: bigint primary key }");
    assert!(site.fails(1, &["upgrade"]).contains("a migration was edited after being applied here"));
    let said = site.run(&["switch"]);
    assert_eq!(said.status, 0, "{said:?}");
    assert!(
        said.err.contains("downgrade mine") && said.err.contains("downgrade one") && said.out.contains("\n2 migrations applied"),
        "{said:?}"
    );
    assert!(site.done(&["status", "--exit-code"]).ends_with("is up to date\n"));
    assert!(site.done(&["switch"]).starts_with("nothing to do"));
}

#[test]
fn a_released_migration_must_stay_as_it_is() {
    let site = Site::new();
    site.migration("add_notes", &[], "create table notes { id: bigint primary key }");
    assert!(site.fails(1, &["lock"]).contains("the history has no lock\nhelp: write `lock: \"history.lock\";`"));
    let list =
        site.read("src/migrations/mod.rs").replace("databases: sqlite;", "databases: sqlite;\n    lock: \"history.lock\";");
    site.write("src/migrations/mod.rs", &list);
    assert!(site.fails(1, &["check"]).contains("cannot read "));
    assert_eq!(site.done(&["lock"]), "src/migrations/history.lock: 2 released\n");
    site.migration("later", &[], "create table later { id: bigint primary key }");
    assert_eq!(site.done(&["check"]), "3 migrations checked: no errors\n");
    let notes = site.read("src/migrations/add_notes.rs");
    site.write("src/migrations/add_notes.rs", &notes.replace("id: bigint", "id: integer"));
    let refused = site.fails(1, &["check"]);
    assert!(
        refused.contains("error: `add_notes` is released, so it must stay as it is")
            && refused.contains("src/migrations/mod.rs:"),
        "{refused}"
    );
    assert!(site.fails(1, &["lock"]).contains("nothing was done"));
    // A comment is no change.
    site.write("src/migrations/add_notes.rs", &notes.replace("create table", "// here\n    create table"));
    assert_eq!(site.done(&["lock"]), "src/migrations/history.lock: 3 released\n");
}

#[test]
fn a_protected_database_is_known_by_its_place() {
    let site = Site::new();
    let list = site.read("src/migrations/mod.rs");
    let protected =
        |pattern: &str| list.replace("databases: sqlite;", &format!("databases: sqlite;\n    protected: \"{pattern}\";"));
    site.write("src/migrations/mod.rs", &protected("app.db"));
    assert!(site.fails(1, &["check"]).contains("the pattern has no `/` between host and database"));
    site.write("src/migrations/mod.rs", &protected("*/app.db"));
    let refused = site.fails(1, &["upgrade"]);
    assert!(refused.contains("`protected: \"*/app.db\";` in `history!` is about this database"), "{refused}");
    let hash = site.done(&["plan", "--hash"]);
    assert!(site.done(&["upgrade", "--plan", hash.trim()]).starts_with("1 migration applied"));
    assert!(site.done(&["protect", "--off"]).contains("is protected"), "the history still says so");
    site.write("src/migrations/mod.rs", &protected("*/other.db"));
    site.done(&["downgrade", "base"]);
}

#[test]
fn completions_and_the_manual_page_are_printed() {
    let site = Site::empty();
    assert!(site.done(&["completions", "bash"]).contains("cargo-migrate"));
    assert!(site.done(&["man"]).contains(".TH"));
}

/// A history of a program that is not sound Rust is one line and not a stack of errors.
#[test]
fn what_cannot_be_read_is_one_clear_line() {
    let site = Site::empty();
    for arguments in [&["heads"][..], &["upgrade"], &["check"], &["new", "x"]] {
        assert!(site.fails(1, arguments).starts_with("error: no Cargo.toml in "), "{arguments:?}");
    }
    site.write("Cargo.toml", "[package]\nname = \"app\"\n");
    site.write("src/main.rs", "fn main() {}\n");
    assert!(site.fails(1, &["heads"]).contains("package `app` has no `history!`\nhelp: `cargo migrate init` writes one"));
    assert!(site.fails(1, &["heads", "--package", "other"]).contains("unknown package `other`"));
    assert!(site.fails(1, &["heads", "--manifest-path", "no/Cargo.toml"]).contains("cannot read "));
    site.write("src/main.rs", "mod a;\nfn main( {}\n");
    assert!(site.fails(1, &["heads"]).contains("main.rs:"));
    assert!(Path::new(env!("CARGO_BIN_EXE_cargo-migrate")).exists());
}
