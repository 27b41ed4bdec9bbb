//! `init`: a migrations module in a package, ready to compile.

mod files;
mod manifest;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use migrate_history::Database;
use migrate_source::{Package, SourceError, write_whole};

use self::files::{CrateRoot, Main, Templates};
use super::arguments::{InitArguments, Location};
use super::here::{here, shown};
use super::name;
use crate::arguments::{Common, Format};
use crate::failure::Failure;
use crate::{terminal, url};

/// A file and its new text.
type WrittenFile = (PathBuf, String);

/// Writes what is missing, and says what it did and what is left to do. A second run finds nothing to write. Nothing is written before it is known
/// that everything can be.
pub(super) fn run(common: &Common, place: &Location, init: &InitArguments) -> Result<ExitCode, Failure> {
    let module = name::chosen(&init.module)?;
    let databases = databases(common, init)?;
    let package = match &init.new {
        Some(path) => new_package(path)?,
        None => found(place)?,
    };
    let templates = Templates { module: &module, databases: &databases };
    let mut files: Vec<WrittenFile> = manifest::depend(&package, &databases, init.library.as_deref())?.into_iter().collect();
    let mut left = None;
    if histories(&package)? == 0 {
        files.extend(migrations(&package, &templates)?);
        let (main, lines) = main_file(&package, &templates)?;
        files.extend(main);
        left = lines;
    }
    files.extend(example_of_env(&package, &templates)?);
    for (path, text) in &files {
        write_whole(path, text)?;
    }
    let done: Vec<String> = files.iter().map(|(path, _)| shown(path)).collect();
    say(common, &package, &done, left.as_deref())?;
    Ok(ExitCode::SUCCESS)
}

/// How many histories the package has; a module without a file is one that is still to be written.
fn histories(package: &Package) -> Result<usize, Failure> {
    match package.histories() {
        Ok(histories) => Ok(histories.len()),
        Err(SourceError::NoFile { .. }) => Ok(0),
        Err(error) => Err(error.into()),
    }
}

/// The package that is here; `cargo migrate init PATH` where there is none.
fn found(place: &Location) -> Result<Package, Failure> {
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
fn new_package(path: &Path) -> Result<Package, Failure> {
    let path = here()?.join(path);
    if !path.join("Cargo.toml").is_file() {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let made = Command::new(cargo).args(["new", "--quiet"]).arg(&path).status();
        let made = made.map_err(|error| Failure::failed(format!("cannot start cargo: {error}")))?;
        if !made.success() {
            return Err(Failure::failed(format!("cargo could not make the package {}", shown(&path))));
        }
    }
    let choice = migrate_source::PackageChoice { manifest: Some(path.join("Cargo.toml")), package: None };
    Ok(Package::find(&path, &choice)?)
}

/// The databases that are said, or that of the URL, or PostgreSQL.
fn databases(common: &Common, init: &InitArguments) -> Result<Vec<Database>, Failure> {
    if !init.database.is_empty() {
        let mut all: Vec<Database> = init.database.clone();
        all.sort();
        all.dedup();
        return Ok(all);
    }
    let url = url::find(common.database_url.as_ref().map(crate::arguments::Url::as_str), None)?;
    let scheme = url.as_deref().and_then(|url| url.split_once(':')).map(|(scheme, _)| scheme);
    let Some(scheme) = scheme else { return Ok(Database::ALL.iter().copied().take(1).collect()) };
    let unknown = || {
        Failure::Usage(
            "the scheme of the database URL is not known\nhelp: write `--database postgres` or `--database sqlite`".to_owned(),
        )
    };
    Database::from_scheme(scheme).map(|database| vec![database]).ok_or_else(unknown)
}

/// `history!` and a first migration.
fn migrations(package: &Package, templates: &Templates<'_>) -> Result<Vec<WrittenFile>, Failure> {
    let folder = source_folder(package).join(templates.module);
    let first = name::module("create users")?;
    let files = vec![
        (folder.join(format!("{first}.rs")), templates.first_migration()),
        (folder.join("mod.rs"), templates.history(&first)),
    ];
    // An existing file is not overwritten, and no second file of the same module is written.
    let mut taken = files.iter().map(|(path, _)| path.clone()).chain([folder.with_extension("rs")]);
    match taken.find(|path| path.exists()) {
        Some(path) => Err(Failure::failed(format!("{} exists and has no `history!`\nhelp: write `--module NAME`", shown(&path)))),
        None => Ok(files),
    }
}

/// The folder of the crate that gets the migrations.
fn source_folder(package: &Package) -> PathBuf {
    let folder = crate_file(package).parent().map(Path::to_owned);
    folder.unwrap_or_else(|| package.folder().join("src"))
}

/// The file that gets the module: that of the program, or of the library where there is no program.
fn crate_file(package: &Package) -> PathBuf {
    let main = package.crates.iter().find(|path| path.ends_with("main.rs"));
    main.or(package.crates.first()).cloned().unwrap_or_else(|| package.folder().join("src/main.rs"))
}

/// The module and the line of `main`, and what only the user can write.
fn main_file(package: &Package, templates: &Templates<'_>) -> Result<(Option<WrittenFile>, Option<String>), Failure> {
    let path = crate_file(package);
    let text = read(&path)?;
    match templates.main(&text, if path.ends_with("lib.rs") { CrateRoot::Library } else { CrateRoot::Program }) {
        Main::Written => Ok((None, None)),
        Main::Text { text, left } => Ok((Some((path, text)), left)),
    }
}

/// `.env.example`, for who checks the project out.
fn example_of_env(package: &Package, templates: &Templates<'_>) -> Result<Option<WrittenFile>, Failure> {
    let path = package.folder().join(".env.example");
    let (text, line) = (read(&path)?, templates.env());
    if text.contains("DATABASE_URL") {
        return Ok(None);
    }
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    Ok(Some((path, format!("{text}{end}{line}"))))
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
