//! The test that `history!` writes: every migration in the folder of its modules is listed.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use super::source::{self, Declared};

/// Where a `history!` is, as the compiler says it.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// `file!()`: from the folder in which rustc ran, which for a member of a workspace is that of the workspace.
    pub file: &'a str,
    /// `module_path!()`
    pub module: &'a str,
    /// `CARGO_MANIFEST_DIR`, where cargo builds.
    pub package: Option<&'a str>,
}

/// Files with a migration that `history!` does not list. Its debug form is what the test shows.
pub struct Unlisted {
    /// The files, as the compiler would name them.
    files: Vec<String>,
    /// What lists them.
    lines: Vec<String>,
    /// The file with the `history!`.
    history: String,
}

impl fmt::Debug for Unlisted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unlisted { files, lines, history } = self;
        let (verb, noun) = if files.len() == 1 { ("is", "file") } else { ("are", "files") };
        write!(out, "{} {noun} with a migration {verb} not listed in `history!`: {}", files.len(), files.join(", "))?;
        write!(out, "\nhelp: write in the `history!` of {history}:")?;
        lines.iter().try_for_each(|line| write!(out, "\n    {line}"))
    }
}

/// Looks for files that contain `migration!` next to the modules of a `history!`. Where the sources are gone, or the
/// folder of the modules cannot be known, it prints a note.
///
/// # Errors
/// There are such files.
pub fn every_migration_is_listed(place: Place<'_>, listed: &[&str]) -> Result<(), Unlisted> {
    // The package may have been built in another place than the one in which its tests run.
    let now = std::env::var("CARGO_MANIFEST_DIR").ok();
    let mut packages = place.package.into_iter().chain(now.as_deref());
    let Some(root) = packages.find_map(|package| root(package, place.file)) else {
        eprintln!("note: {} does not exist, so unlisted migrations were not looked for", place.file);
        return Ok(());
    };
    let source = std::fs::read_to_string(root.join(place.file)).unwrap_or_default();
    let tokens = source::tokens(&source);
    let history = ListedHistory { root, file: Path::new(place.file), listed, declared: source::declared(&tokens) };
    let Some(folder) = history.folder(place.module) else {
        eprintln!("note: the folder of the modules of {} is unknown, so unlisted migrations were not looked for", place.file);
        return Ok(());
    };
    let unlisted = history.unlisted(&folder);
    if unlisted.is_empty() {
        return Ok(());
    }
    let files = unlisted.iter().map(|file| file.display().to_string()).collect();
    let lines = unlisted.iter().map(|file| history.line(file)).collect();
    Err(Unlisted { files, lines, history: place.file.to_owned() })
}

/// The folder from which the file is named: that of the package, or one above it.
fn root(package: &str, file: &str) -> Option<PathBuf> {
    Path::new(package).ancestors().find(|folder| folder.join(file).is_file()).map(Path::to_owned)
}

/// A `history!` with its surroundings.
struct ListedHistory<'a> {
    /// From where files are named.
    root: PathBuf,
    /// The file that it is in.
    file: &'a Path,
    /// The names of its modules.
    listed: &'a [&'a str],
    /// The modules that its file declares.
    declared: Vec<Declared<'a>>,
}

impl ListedHistory<'_> {
    /// The folder of its modules: one that has a module which it lists, or else the one that belongs to its own module alone.
    fn folder(&self, module: &str) -> Option<PathBuf> {
        let module: Vec<&str> = module.split("::").skip(1).map(|name| name.strip_prefix("r#").unwrap_or(name)).collect();
        let above = self.file.parent().unwrap_or(Path::new(""));
        let stem = self.file.file_stem().map_or(Path::new(""), Path::new);
        let own = if stem == Path::new("mod") { above.to_owned() } else { above.join(stem) };
        // What is named like the file is the file's, and what is named after that is inline in it.
        let beyond = |inline: usize, folder: &Path| module[inline..].iter().fold(folder.to_owned(), |path, name| path.join(name));
        let places = (0..=module.len()).rev();
        let belonging =
            places.clone().filter(|inline| *inline > 0 && own.ends_with(module[..*inline].iter().collect::<PathBuf>()));
        let mut belonging: Vec<PathBuf> = belonging.map(|inline| beyond(inline, &own)).collect();
        if self.listed.is_empty() {
            belonging.push(beyond(0, above));
        }
        // The root of a crate, and a file that `#[path]` names, have their modules next to them.
        let beside = places.map(|inline| beyond(inline, above));
        let has_one = |folder: &&PathBuf| self.listed.iter().any(|name| self.is_there(folder, name));
        let all: Vec<PathBuf> = belonging.iter().cloned().chain(beside).collect();
        all.iter().find(has_one).or(belonging.first()).cloned()
    }

    /// Whether the module is a file of the folder.
    fn is_there(&self, folder: &Path, name: &str) -> bool {
        let at = |path: PathBuf| self.root.join(path).is_file();
        match self.path_of(name) {
            Some(path) => at(folder.join(path)),
            None => at(folder.join(format!("{name}.rs"))) || at(folder.join(name).join("mod.rs")),
        }
    }

    /// `#[path = "…"]` before the module.
    fn path_of(&self, name: &str) -> Option<&str> {
        self.declared.iter().find(|declared| declared.name == name)?.path
    }

    /// The files of the folder that contain a migration and are not listed.
    fn unlisted(&self, folder: &Path) -> BTreeSet<PathBuf> {
        let Ok(entries) = std::fs::read_dir(self.root.join(folder)) else { return BTreeSet::new() };
        let named: Vec<PathBuf> =
            self.listed.iter().filter_map(|name| self.path_of(name)).flat_map(|path| self.named(folder, path)).collect();
        let files = entries.filter_map(|entry| {
            let entry = entry.ok()?.path();
            let file = if entry.is_dir() { entry.join("mod.rs") } else { entry };
            let from_root = file.strip_prefix(&self.root).ok()?.to_owned();
            (file.extension()? == "rs" && from_root != self.file).then_some((file, from_root))
        });
        let is_listed = |file: &Path, from_root: &Path| {
            let by_name = name(from_root).is_some_and(|name| self.listed.contains(&name) && self.path_of(name).is_none());
            by_name || file.canonicalize().is_ok_and(|file| named.contains(&file))
        };
        let unlisted = files.filter(|(file, from_root)| !is_listed(file, from_root) && is_migration(file));
        unlisted.map(|(_, from_root)| from_root).collect()
    }

    /// The files that `#[path = "…"]` may name: from the folder of the file, or from that of the module that it is inline in.
    fn named(&self, folder: &Path, path: &str) -> Vec<PathBuf> {
        let above = self.file.parent().unwrap_or(Path::new(""));
        [above, folder].into_iter().filter_map(|from| self.root.join(from).join(path).canonicalize().ok()).collect()
    }

    /// The line of `history!` that lists the file.
    fn line(&self, file: &Path) -> String {
        match name(file) {
            Some(name) if self.declared.iter().any(|declared| declared.name == name) => format!("{name};"),
            Some(name) if name.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'_') => format!("mod {name};"),
            Some(_) | None => format!("#[path = {:?}] mod …;", file.file_name().unwrap_or_default()),
        }
    }
}

/// The name of the module in a file: `m1.rs`, or `m1/mod.rs`.
fn name(file: &Path) -> Option<&str> {
    let stem = file.file_stem()?.to_str()?;
    if stem == "mod" { file.parent()?.file_name()?.to_str() } else { Some(stem) }
}

/// Whether the file contains a migration, and no history of its own that lists it.
fn is_migration(file: &Path) -> bool {
    let source = std::fs::read_to_string(file).unwrap_or_default();
    let tokens = source::tokens(&source);
    source::calls(&tokens, "migration") && !source::calls(&tokens, "history")
}
