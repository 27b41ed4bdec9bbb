//! `init`: a migrations module in a package, ready to compile.

mod files;
mod manifest;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use migrate_history::Database;
use migrate_source::{Package, SourceError, write_new, write_whole};

use self::files::{Main, Templates};
use super::arguments::{InitArguments, Place};
use super::name;
use super::here::{here, shown};
use crate::arguments::{Common, Format};
use crate::failure::Failure;
use crate::{terminal, url};

/// Writes what is missing, and says what it did and what is left to do. A second run finds nothing to write.
pub(super) fn run(common: &Common, place: &Place, init: &InitArguments) -> Result<ExitCode, Failure> {
    let module = name::chosen(&init.module)?;
    let mut done = Vec::new();
    let package = match &init.new {
        Some(path) => new_package(path, &mut done)?,
        None => found(place)?,
    };
    let databases = databases(common, init)?;
    let templates = Templates { module: &module, databases: &databases };
    done.extend(manifest::depend(&package, &databases, init.library.as_ref())?);
    done.extend(migrations(&package, &templates)?);
    let (main, left) = main_file(&package, &templates)?;
    done.extend(main);
    done.extend(example_of_env(&package, &templates)?);
    say(common, &package, &done, left.as_deref())?;
    Ok(ExitCode::SUCCESS)
}

/// The package that is here; `cargo migrate init PATH` where there is none.
fn found(place: &Place) -> Result<Package, Failure> {
    let found = Package::find(&here()?, &place.choice());
    if let Err(SourceError::NoPackage { folder }) = &found {
        return Err(Failure::failed(format!(
            "no Cargo.toml in {} or in a folder above it\nhelp: write `cargo migrate init --new NAME`, which makes a package",
            folder.display()
        )));
    }
    Ok(found?)
}

/// A package that cargo makes.
fn new_package(path: &Path, done: &mut Vec<String>) -> Result<Package, Failure> {
    let path = here()?.join(path);
    if !path.join("Cargo.toml").is_file() {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let made = Command::new(cargo).args(["new", "--quiet"]).arg(&path).status();
        let made = made.map_err(|error| Failure::failed(format!("cannot start cargo: {error}")))?;
        if !made.success() {
            return Err(Failure::failed(format!("cargo could not make the package {}", shown(&path))));
        }
        done.push(format!("{}: a new package", shown(&path)));
    }
    let choice = migrate_source::PackageChoice { manifest: Some(path.join("Cargo.toml")), package: None };
    Ok(Package::find(&path, &choice)?)
}

/// The databases that are said, or that of the URL, or PostgreSQL.
fn databases(common: &Common, init: &InitArguments) -> Result<Vec<Database>, Failure> {
    if !init.database.is_empty() {
        let mut all: Vec<Database> = init.database.iter().copied().map(Database::from).collect();
        all.sort();
        all.dedup();
        return Ok(all);
    }
    let url = url::find(common.database_url.as_ref().map(crate::arguments::Url::as_str), None)?;
    let scheme = url.as_deref().and_then(|url| url.split_once(':')).map(|(scheme, _)| scheme);
    Ok(vec![scheme.and_then(Database::from_scheme).unwrap_or(Database::Postgres)])
}

/// `history!` and a first migration, unless the package has a history.
fn migrations(package: &Package, templates: &Templates<'_>) -> Result<Vec<String>, Failure> {
    if !package.histories()?.is_empty() {
        return Ok(Vec::new());
    }
    let folder = package.folder().join("src").join(templates.module);
    let first = name::module("create users")?;
    let files =
        [(folder.join(format!("{first}.rs")), templates.first_migration()), (folder.join("mod.rs"), templates.history(&first))];
    // Nothing is written beside a file that is there.
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        return Err(Failure::failed(format!("{} exists and has no `history!`\nhelp: write `--module NAME`", shown(path))));
    }
    for (path, text) in &files {
        write_new(path, text)?;
    }
    Ok(files.iter().map(|(path, _)| shown(path)).collect())
}

/// The module and the line of `main`, and what only the user can write.
fn main_file(package: &Package, templates: &Templates<'_>) -> Result<(Option<String>, Option<String>), Failure> {
    let folder = package.folder().join("src");
    let (main, lib) = (folder.join("main.rs"), folder.join("lib.rs"));
    let path = if main.is_file() || !lib.is_file() { main } else { lib };
    let text = read(&path)?;
    match templates.main(&text, path.ends_with("lib.rs")) {
        Main::Written => Ok((None, None)),
        Main::Text { text, left } => {
            write_whole(&path, &text)?;
            Ok((Some(shown(&path)), left))
        }
    }
}

/// `.env.example`, for who checks the project out.
fn example_of_env(package: &Package, templates: &Templates<'_>) -> Result<Option<String>, Failure> {
    let path = package.folder().join(".env.example");
    let (text, line) = (read(&path)?, templates.env());
    if text.contains("DATABASE_URL") {
        return Ok(None);
    }
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    write_whole(&path, &format!("{text}{end}{line}"))?;
    Ok(Some(shown(&path)))
}

/// The text of a file; empty where there is none.
fn read(path: &PathBuf) -> Result<String, Failure> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(SourceError::Read { path: path.clone(), error }.into()),
    }
}

fn say(common: &Common, package: &Package, done: &[String], left: Option<&str>) -> Result<(), Failure> {
    if common.format == Format::Json {
        terminal::print_json(&serde_json::json!({ "package": package.name, "written": done, "left": left }))?;
        return Ok(());
    }
    if done.is_empty() {
        terminal::print("nothing to do: the package has a history\n")?;
        return Ok(());
    }
    let written: String = done.iter().map(|line| format!("{line}\n")).collect();
    let left = left.map(|left| format!("\nwrite this yourself:\n{left}\n")).unwrap_or_default();
    terminal::print(&format!("{written}{left}\nnext: `cargo migrate upgrade`, and `cargo migrate new \"add …\"`\n"))?;
    Ok(())
}
