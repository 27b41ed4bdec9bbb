//! What the compiler needs: `cargo check` after a change, and the macros themselves.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use migrate_history::{Basis, Compiled, Level};

use crate::report::Report;
use crate::sample::Samples;
use crate::{Arguments, Result};

/// The repository.
pub(crate) const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Over how many tables the migrations go.
const TABLES: usize = 100;

/// Every work of the compiler.
pub(crate) fn measure(arguments: &Arguments, report: &mut Report) -> Result<()> {
    check(arguments, report)?;
    if !arguments.smoke {
        macros(arguments, report)?;
    }
    Ok(())
}

/// `cargo check` after touching the crate: one of ours for each length, and one with `sqlx::migrate!`.
fn check(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let work = "cargo check after touching the crate";
    if !arguments.wants(work) {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let lengths: &[usize] = if arguments.smoke { &[3] } else { &[1000, 100, 3000] };
    let mut crates = Vec::new();
    let main = "fn main() { println!(\"{}\", migrations::HISTORY.migrations.len()); }";
    for count in lengths {
        let place = folder.path().join(format!("ours{count}"));
        ours(&place, *count, main)?;
        crates.push((format!("migrate, {count} migrations"), place));
    }
    let count = lengths[0];
    let place = folder.path().join("floor");
    floor(&place, count)?;
    crates.push((format!("the floor: {count} modules of the same form, without a procedural macro"), place));
    if !arguments.smoke {
        let place = folder.path().join("optimised1000");
        ours(&place, 1000, main)?;
        append(&place.join("Cargo.toml"), "\n[profile.dev.build-override]\nopt-level = 2\n")?;
        crates.push(("migrate, 1000 migrations, with `build-override.opt-level = 2`".to_owned(), place));
        let place = folder.path().join("sqlx");
        sqlx(&place, 1000, "fn main() { println!(\"{}\", MIGRATOR.iter().count()); }")?;
        crates.push(("sqlx::migrate!, 1000 files that it does not look at".to_owned(), place));
    }
    report.durations(work, &checked(arguments, &folder.path().join("target"), &crates)?);
    Ok(())
}

/// How long `cargo check` takes after touching each of the crates, in turn.
pub(crate) fn checked(arguments: &Arguments, target: &Path, crates: &[(String, PathBuf)]) -> Result<Vec<(String, Samples)>> {
    let mut all: Vec<(String, Samples)> = crates.iter().map(|(name, _)| (name.clone(), Samples::default())).collect();
    for (_, place) in crates {
        cargo(place, target, &["check"])?;
    }
    for _ in 0..arguments.rounds() {
        for ((_, place), (_, samples)) in crates.iter().zip(&mut all) {
            touch(&place.join("src/main.rs"))?;
            samples.add(timed(|| cargo(place, target, &["check"]))?);
        }
    }
    Ok(all)
}

/// What a run of `cargo check` needs.
pub(crate) struct Needs {
    /// The time that it computes, in seconds: on a busy machine that says more than how long it takes.
    pub computing: f64,
    /// The most memory that it has at once, in kB.
    pub memory: u64,
}

/// What `cargo check` needs after touching a crate.
pub(crate) fn needs(place: &Path, target: &Path) -> Result<Needs> {
    touch(&place.join("src/main.rs"))?;
    let mut command = Command::new("time");
    command.args(["--format", "%U %S %M", "cargo", "check", "--quiet"]).current_dir(place).env("CARGO_TARGET_DIR", target);
    let output = command.output().map_err(|error| format!("GNU time is missing: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let numbers: Vec<&str> = said.lines().last().unwrap_or_default().split(' ').collect();
    let [user, system, memory] = numbers.as_slice() else { return Err(said.into()) };
    Ok(Needs { computing: user.parse::<f64>()? + system.parse::<f64>()?, memory: memory.parse()? })
}

/// A clean build of the macros, and how many packages that are.
fn macros(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let work = "clean build of the macros";
    if !arguments.wants(work) {
        return Ok(());
    }
    let mut rows = Vec::new();
    let mut all = Vec::new();
    for (name, dependency) in [
        ("migrate-macros", format!("migrate-macros = {{ path = \"{ROOT}/migrate-macros\" }}")),
        ("sqlx-macros", sqlx_dependency("sqlx-macros")),
    ] {
        let folder = tempfile::tempdir()?;
        manifest(folder.path(), "empty", &dependency)?;
        fs::write(folder.path().join("src/main.rs"), "fn main() {}\n")?;
        let tree = cargo(folder.path(), folder.path(), &["tree", "--prefix", "none", "-e", "normal,build", "-p", name])?;
        let tree = String::from_utf8_lossy(&tree.stdout).into_owned();
        let mut packages: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
        packages.sort_unstable();
        packages.dedup();
        let mut samples = Samples::default();
        for round in 0..arguments.rounds().min(3) {
            let target = folder.path().join(format!("target{round}"));
            samples.add(timed(|| cargo(folder.path(), &target, &["build", "-p", name]))?);
        }
        rows.push(vec![name.to_owned(), packages.len().to_string()]);
        all.push((name.to_owned(), samples));
    }
    report.effects("packages of the macros", &["", "packages"], &rows);
    report.durations(work, &all);
    Ok(())
}

/// A crate with a history: each table is made, and then changed again and again until it has ten columns.
pub(crate) fn ours(place: &Path, count: usize, main: &str) -> Result<()> {
    let features = "[\"postgres\", \"sqlite\"]";
    manifest(place, &name(place), &format!("migrate-db = {{ path = \"{ROOT}/migrate\", features = {features} }}\n{TOKIO}"))?;
    fs::create_dir_all(place.join("src/migrations"))?;
    let mut modules = String::new();
    for number in 0..count {
        let name = module(number);
        let after = number.checked_sub(1).map(|parent| format!("    after super::{};\n", module(parent))).unwrap_or_default();
        let body = format!("migrate::migration! {{\n    //! Migration {number}.\n{after}{}}}\n", statement(number));
        fs::write(place.join(format!("src/migrations/{name}.rs")), body)?;
        writeln!(modules, "    mod {name};")?;
    }
    let history = format!("migrate::history! {{\n    databases: postgres;\n{modules}}}\n");
    fs::write(place.join("src/migrations/mod.rs"), history)?;
    fs::write(place.join("src/main.rs"), format!("mod migrations;\n{main}\n"))?;
    Ok(())
}

/// What rustc needs for so many modules of the form of a migration, when nothing is parsed, checked or worked out: each calls the
/// macro that the one before it defines, and has its docs, its data and a macro for the next.
pub(crate) fn floor(place: &Path, count: usize) -> Result<()> {
    manifest(place, &name(place), &format!("migrate-db = {{ path = \"{ROOT}/migrate\", features = [\"postgres\"] }}"))?;
    fs::create_dir_all(place.join("src/migrations"))?;
    let mut modules = String::new();
    for number in 0..count {
        let before = number.checked_sub(1).map_or("crate::start".to_owned(), |parent| format!("super::{}::next", module(parent)));
        let body = format!("{before}! {{ @ () {{ {} }} }}\n", statement(number));
        fs::write(place.join(format!("src/migrations/{}.rs", module(number))), body)?;
        writeln!(modules, "pub mod {};", module(number))?;
    }
    fs::write(place.join("src/migrations/mod.rs"), modules)?;
    let text = "x".repeat(600);
    // The library reads the first letter alone when it is compiled.
    let packed = empty().pack().split_at(1).0.to_owned() + &text;
    fs::write(place.join("src/main.rs"), FLOOR.replace("PACKED", &packed).replace("TEXT", &text))?;
    Ok(())
}

/// What is compiled of a migration that does nothing.
fn empty() -> Compiled {
    Compiled {
        message: "".into(),
        operations: Vec::new().into(),
        older: None,
        level: Level::Exact,
        basis: Basis::Proved,
        losses: Vec::new().into(),
        irreversible: None,
        notes: Vec::new().into(),
        scripts: Vec::new().into(),
    }
}

const FLOOR: &str = r#"#[macro_export]
macro_rules! start { ($($rest:tt)*) => { $crate::made! { "" $($rest)* } } }
#[macro_export]
macro_rules! made {
    ($literal:tt @ $known:tt $body:tt) => {
        #[doc(hidden)]
        pub const __HEAD: migrate::__private::Head =
            migrate::__private::Head { id: migrate::__private::module_name(module_path!()), explicit: false, parents: &[], dependencies: &[], label: "", checksum: "" };
        #[doc = "TEXT"]
        pub static MIGRATION: migrate::Migration = migrate::Migration::packed(__HEAD.id, __HEAD.parents, "", "PACKED");
        $crate::door! { $ }
    };
}
#[macro_export]
macro_rules! door {
    ($dollar:tt) => {
        macro_rules! next { ($dollar($dollar rest:tt)*) => { $crate::made! { "TEXT" $dollar($dollar rest)* } } }
        #[allow(unused_imports)]
        pub(crate) use next;
    };
}
mod migrations;
fn main() { println!("{}", migrations::m00000::MIGRATION.id); }
"#;

/// A crate with `sqlx::migrate!` over files.
pub(crate) fn sqlx(place: &Path, count: usize, main: &str) -> Result<()> {
    manifest(place, &name(place), &format!("{}\n{TOKIO}", sqlx_dependency("sqlx")))?;
    fs::create_dir_all(place.join("migrations"))?;
    for number in 0..count {
        let sql = format!("CREATE TABLE t{number} (id bigint NOT NULL PRIMARY KEY, c0 text NOT NULL, c1 integer NOT NULL);\n");
        fs::write(place.join(format!("migrations/{:05}_t.sql", number + 1)), sql)?;
    }
    let migrator = "static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();";
    fs::write(place.join("src/main.rs"), format!("{migrator}\n{main}\n"))?;
    Ok(())
}

/// What both programs run on.
const TOKIO: &str = "tokio = { version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }";

fn sqlx_dependency(package: &str) -> String {
    let features = "\"postgres\", \"migrate\"";
    let more = if package == "sqlx" { ", \"macros\", \"runtime-tokio\"" } else { ", \"_rt-tokio\"" };
    format!("{package} = {{ version = \"0.9\", default-features = false, features = [{features}{more}] }}")
}

/// A name of its own for each crate: cargo keeps what was compiled by the name, so two crates of one name would take turns at it, and
/// each check would begin again.
pub(crate) fn name(place: &Path) -> String {
    place.file_name().map_or_else(|| "measured".to_owned(), |name| name.to_string_lossy().into_owned())
}

pub(crate) fn module(number: usize) -> String {
    format!("m{number:05}")
}

fn statement(number: usize) -> String {
    let (table, round) = (number % TABLES, number / TABLES);
    match round {
        0 => format!(
            "    create table t{table} {{\n        id: bigint primary key identity,\n        c0: text,\n        c1: integer,\n        \
             c2: boolean default true,\n        c3: timestamptz default now(),\n        c4: varchar(80)?,\n    }}\n"
        ),
        1..5 => format!("    alter table t{table} {{ add d{round}: integer?; }}\n"),
        8 => format!("    create index on t{table} (c1);\n"),
        _ => format!("    alter table t{table} {{ alter c1 set default {round}; }}\n"),
    }
}

pub(crate) fn manifest(place: &Path, name: &str, dependencies: &str) -> Result<()> {
    fs::create_dir_all(place.join("src"))?;
    fs::copy(PathBuf::from(ROOT).join("Cargo.lock"), place.join("Cargo.lock"))?;
    let text = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n\n[workspace]\n"
    );
    fs::write(place.join("Cargo.toml"), text)?;
    Ok(())
}

fn append(file: &Path, text: &str) -> Result<()> {
    let whole = fs::read_to_string(file)? + text;
    Ok(fs::write(file, whole)?)
}

fn touch(file: &Path) -> Result<()> {
    fs::File::options().append(true).open(file)?.set_modified(std::time::SystemTime::now())?;
    Ok(())
}

/// Runs cargo in a crate.
pub(crate) fn cargo(place: &Path, target: &Path, arguments: &[&str]) -> Result<Output> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(place).env("CARGO_TARGET_DIR", target).stdin(Stdio::null());
    let output = command.output()?;
    if output.status.success() { Ok(output) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned().into()) }
}

fn timed(work: impl FnOnce() -> Result<Output>) -> Result<Duration> {
    let started = Instant::now();
    work()?;
    Ok(started.elapsed())
}
