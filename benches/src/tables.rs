//! What the compiler needs for many tables: the first migration of a database that exists already.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::compile::{Needs, ROOT, checked, manifest, module, name, needs};
use crate::report::Report;
use crate::{Arguments, Result};

/// How many columns each table has, besides its key.
const COLUMNS: usize = 29;

/// `cargo check` after touching a crate whose first migration makes so many tables, with so many small ones after it.
pub(crate) fn measure(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let work = "cargo check of many tables";
    if !arguments.wants(work) {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let sizes: &[(usize, usize)] =
        if arguments.smoke { &[(3, 2)] } else { &[(1000, 0), (500, 0), (250, 0), (125, 0), (500, 300)] };
    let target = folder.path().join("target");
    let mut crates = Vec::new();
    for (tables, small) in sizes {
        let place = folder.path().join(format!("tables{tables}after{small}"));
        many(&place, *tables, *small)?;
        let more = if *small == 0 { String::new() } else { format!(", and {small} small migrations after it") };
        crates.push((format!("migrate, one migration of {tables} tables of {} columns{more}", COLUMNS + 1), place));
    }
    let place = folder.path().join("empty");
    dependent(&place)?;
    fs::write(place.join("src/main.rs"), "fn main() {}\n")?;
    crates.push(("the same crate without a migration".to_owned(), place));
    report.durations(work, &checked(arguments, &target, &crates)?);
    if !arguments.smoke {
        let row = |(name, place): &(String, PathBuf)| {
            let Needs { computing, memory } = needs(place, &target)?;
            Ok(vec![name.clone(), format!("{:.0} ms", computing * 1000.0), format!("{} MB", memory / 1024)])
        };
        let rows: Vec<Vec<String>> = crates.iter().map(row).collect::<Result<_>>()?;
        report.effects("what cargo check of many tables needs", &["", "computing", "peak memory"], &rows);
    }
    Ok(())
}

/// A crate that depends on ours.
fn dependent(place: &Path) -> Result<()> {
    let dependency = format!("migrate-db = {{ path = \"{ROOT}/migrate\", features = [\"postgres\", \"sqlite\"] }}");
    manifest(place, &name(place), &dependency)
}

fn many(place: &Path, tables: usize, small: usize) -> Result<()> {
    dependent(place)?;
    fs::create_dir_all(place.join("src/migrations"))?;
    let mut modules = String::new();
    for number in 0..=small {
        let after = number.checked_sub(1).map(|parent| format!("    after super::{};\n", module(parent))).unwrap_or_default();
        let body = match number {
            0 => first(tables)?,
            _ if number.is_multiple_of(2) => format!("    create table s{number} {{ id: bigint primary key identity }}\n"),
            _ => format!("    alter table t{} {{ add d{number}: integer?; }}\n", number % tables),
        };
        fs::write(
            place.join(format!("src/migrations/{}.rs", module(number))),
            format!("migrate::migration! {{\n{after}{body}}}\n"),
        )?;
        writeln!(modules, "    mod {};", module(number))?;
    }
    fs::write(
        place.join("src/migrations/mod.rs"),
        format!("migrate::history! {{\n    databases: postgres, sqlite;\n{modules}}}\n"),
    )?;
    let main = "mod migrations;\nfn main() { println!(\"{}\", migrations::HISTORY.migrations.len()); }\n";
    Ok(fs::write(place.join("src/main.rs"), main)?)
}

/// Tables with an index each, and a foreign key to the one before.
fn first(tables: usize) -> Result<String> {
    const TYPES: [&str; 4] = ["text", "integer?", "timestamptz default now()", "varchar(20) default \"x\""];
    let mut text = String::new();
    for number in 0..tables {
        writeln!(text, "    create table t{number} {{\n        id: bigint primary key identity,")?;
        for column in 0..COLUMNS - 1 {
            writeln!(text, "        c{column}: {},", TYPES[column % TYPES.len()])?;
        }
        match number.checked_sub(1) {
            Some(parent) => writeln!(text, "        parent: bigint? references t{parent},")?,
            None => writeln!(text, "        parent: bigint?,")?,
        }
        writeln!(text, "    }}\n    create index on t{number} (c0);")?;
    }
    Ok(text)
}
