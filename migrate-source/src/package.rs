//! The package whose migrations are meant.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, Item, Table, TableLike};

use crate::error::SourceError;
use crate::history::HistorySource;
use crate::modules;

/// Which package is meant, as a user says it.
#[derive(Clone, Debug, Default)]
pub struct PackageChoice {
    /// `--manifest-path`
    pub manifest: Option<PathBuf>,
    /// `--package`
    pub package: Option<String>,
}

/// A package: where its manifest is, and where its crates begin.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its `Cargo.toml`.
    pub manifest: PathBuf,
    /// The source files that its crates begin with, the library first.
    pub crates: Vec<PathBuf>,
    /// Those of its examples and tests.
    pub beside: Vec<PathBuf>,
}

impl Package {
    /// The package that is meant from a folder.
    ///
    /// # Errors
    /// None is there, or several are, or a manifest cannot be read.
    pub fn find(folder: &Path, choice: &PackageChoice) -> Result<Package, SourceError> {
        let manifest = match &choice.manifest {
            Some(manifest) => folder.join(manifest),
            None => nearest(folder, "Cargo.toml").ok_or_else(|| SourceError::NoPackage { folder: folder.to_owned() })?,
        };
        let document = read(&manifest)?;
        let own = name(&document);
        let wanted = choice.package.as_deref();
        if let Some(name) = own.filter(|own| wanted.is_none_or(|wanted| wanted == *own)) {
            return Ok(Package::of(name, &manifest, &document));
        }
        let members = members_above(&manifest, &document)?;
        let found = members.iter().find(|member| wanted == Some(&*member.name));
        match (wanted, found, members.as_slice()) {
            (_, Some(found), _) | (None, None, [found]) => Ok(found.clone()),
            (Some(wanted), None, _) => Err(SourceError::UnknownPackage { name: wanted.to_owned(), packages: names(&members) }),
            (None, None, _) => Err(SourceError::SeveralPackages { manifest, packages: names(&members) }),
        }
    }

    fn of(name: &str, manifest: &Path, document: &DocumentMut) -> Package {
        let folder = manifest.parent().unwrap_or(Path::new(""));
        let (crates, beside) = (roots(folder, document, CRATES), roots(folder, document, BESIDE));
        Package { name: name.to_owned(), manifest: manifest.to_owned(), crates, beside }
    }

    /// The folder of the package.
    pub fn folder(&self) -> &Path {
        self.manifest.parent().unwrap_or(Path::new(""))
    }

    /// The histories of its crates, each once; where these have none, those of its examples and tests.
    ///
    /// # Errors
    /// A source file cannot be read.
    pub fn histories(&self) -> Result<Vec<HistorySource>, SourceError> {
        let own = self.within(&self.crates)?;
        if own.is_empty() { self.within(&self.beside) } else { Ok(own) }
    }

    fn within(&self, roots: &[PathBuf]) -> Result<Vec<HistorySource>, SourceError> {
        let mut all: Vec<HistorySource> = Vec::new();
        for root in roots {
            for found in modules::histories(root)? {
                let history = HistorySource::read(found, &self.name)?;
                let is_same = |other: &HistorySource| (whole(other), &other.range) == (whole(&history), &history.range);
                if !all.iter().any(is_same) {
                    all.push(history);
                }
            }
        }
        Ok(all)
    }

    /// The history that is meant: by its name, or the only one.
    ///
    /// # Errors
    /// There is none, or there are several, or a source file cannot be read.
    pub fn history(&self, name: Option<&str>) -> Result<HistorySource, SourceError> {
        let package = self.name.clone();
        let mut all = self.histories()?;
        let names: Vec<String> = all.iter().map(|history| history.name.clone()).collect();
        match name {
            _ if all.is_empty() => Err(SourceError::NoHistory { package }),
            None if all.len() == 1 => Ok(all.remove(0)),
            None => Err(SourceError::SeveralHistories { package, names }),
            Some(name) => match names.iter().position(|own| own == name) {
                Some(at) => Ok(all.remove(at)),
                None => Err(SourceError::UnknownHistory { name: name.to_owned(), package, names }),
            },
        }
    }

    /// Refuses where the project's `Cargo.lock` has another version of the library.
    ///
    /// # Errors
    /// It has, or it cannot be read.
    pub fn check_version(&self) -> Result<(), SourceError> {
        let own = env!("CARGO_PKG_VERSION");
        let Some(path) = nearest(self.folder(), "Cargo.lock") else { return Ok(()) };
        let lock = read(&path)?;
        let packages = lock.get("package").and_then(Item::as_array_of_tables);
        let named =
            |name: &str| packages.into_iter().flatten().filter(move |package| text(package.get("name")) == Some(name)).collect();
        let (libraries, users): (Vec<&Table>, Vec<&Table>) = (named("migrate-db"), named(&self.name));
        // Where the workspace has several versions, the package says which one it uses.
        let used = users.iter().find_map(|user| used_version(user));
        match used.or_else(|| libraries.first().and_then(|library| text(library.get("version")))) {
            Some(project) if project != own => {
                Err(SourceError::OtherVersion { project: project.to_owned(), own: own.to_owned() })
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// The version of the library that a package of the lock depends on, where the lock has several.
fn used_version(user: &Table) -> Option<&str> {
    let listed = user.get("dependencies").and_then(Item::as_array);
    listed.into_iter().flat_map(Array::iter).filter_map(|one| one.as_str()).find_map(|one| {
        let (name, version) = one.split_once(' ')?;
        (name == "migrate-db").then(|| version.split(' ').next().unwrap_or(version))
    })
}

/// The file of a history, however it is reached.
fn whole(history: &HistorySource) -> PathBuf {
    history.file.path.canonicalize().unwrap_or_else(|_| history.file.path.clone())
}

fn names(packages: &[Package]) -> Vec<String> {
    packages.iter().map(|package| package.name.clone()).collect()
}

/// A file of this name in the folder or above it.
fn nearest(folder: &Path, name: &str) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join(name)).find(|file| file.is_file())
}

fn read(path: &Path) -> Result<DocumentMut, SourceError> {
    let text = fs::read_to_string(path).map_err(|error| SourceError::Read { path: path.to_owned(), error })?;
    text.parse().map_err(|error: toml_edit::TomlError| {
        let reason = error.to_string().trim_end().to_owned();
        SourceError::Manifest { path: path.to_owned(), reason }
    })
}

fn text(item: Option<&Item>) -> Option<&str> {
    item.and_then(Item::as_str)
}

fn name(document: &DocumentMut) -> Option<&str> {
    text(document.get("package")?.get("name"))
}

/// The packages of the workspace that the manifest is in.
fn members_above(manifest: &Path, document: &DocumentMut) -> Result<Vec<Package>, SourceError> {
    if document.get("workspace").is_some() {
        return members(manifest, document);
    }
    let folder = manifest.parent().unwrap_or(Path::new(""));
    for above in folder.ancestors().skip(1) {
        let path = above.join("Cargo.toml");
        if path.is_file() {
            let document = read(&path)?;
            if document.get("workspace").is_some() {
                return members(&path, &document);
            }
        }
    }
    Ok(name(document).map(|name| Package::of(name, manifest, document)).into_iter().collect())
}

/// The packages of a workspace.
fn members(manifest: &Path, document: &DocumentMut) -> Result<Vec<Package>, SourceError> {
    let folder = manifest.parent().unwrap_or(Path::new(""));
    let listed = document.get("workspace").and_then(|workspace| workspace.get("members")).and_then(Item::as_array);
    let patterns = listed.into_iter().flat_map(Array::iter).filter_map(|member| member.as_str());
    let mut packages: Vec<Package> = name(document).map(|name| Package::of(name, manifest, document)).into_iter().collect();
    let excluded = document.get("workspace").and_then(|workspace| workspace.get("exclude")).and_then(Item::as_array);
    let excluded: Vec<PathBuf> =
        excluded.into_iter().flat_map(Array::iter).filter_map(|path| Some(folder.join(path.as_str()?))).collect();
    let is_member = |path: &Path| !excluded.iter().any(|excluded| path.starts_with(excluded) || is_within(path, excluded));
    let mut open: Vec<PathBuf> = patterns.flat_map(|pattern| matching(folder, pattern)).collect();
    let shared = document.get("workspace").and_then(|workspace| workspace.get("dependencies"));
    let own = dependencies(document).chain(shared);
    open.extend(own.flat_map(|section| paths(section, folder)).filter(|path| is_within(path, folder)));
    let mut seen = BTreeSet::new();
    while let Some(path) = open.pop() {
        let manifest = path.join("Cargo.toml");
        if !is_member(&path) || !manifest.is_file() || !seen.insert(path.canonicalize().unwrap_or(path.clone())) {
            continue;
        }
        let document = read(&manifest)?;
        packages.extend(name(&document).map(|name| Package::of(name, &manifest, &document)));
        // What a member depends on by its path is a member too, where it is in the folder of the workspace.
        open.extend(dependencies(&document).flat_map(|section| paths(section, &path)).filter(|path| is_within(path, folder)));
    }
    packages.sort_by(|one, other| one.name.cmp(&other.name));
    packages.dedup_by(|one, other| one.manifest == other.manifest || one.name == other.name);
    Ok(packages)
}

/// The sections of a manifest that list what the package depends on.
fn dependencies(document: &DocumentMut) -> impl Iterator<Item = &Item> {
    const SECTIONS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];
    let targets = document.get("target").and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter);
    let places = std::iter::once(document.as_item()).chain(targets.map(|(_, target)| target));
    places.flat_map(|place| SECTIONS.into_iter().filter_map(move |section| place.get(section)))
}

/// The folders that the entries of such a section name.
fn paths(section: &Item, folder: &Path) -> Vec<PathBuf> {
    let entries = section.as_table_like().into_iter().flat_map(TableLike::iter);
    entries.filter_map(|(_, entry)| Some(folder.join(text(entry.get("path"))?))).collect()
}

/// Whether a folder is in another one, whatever links and `..` lead to it.
fn is_within(path: &Path, folder: &Path) -> bool {
    let whole = |path: &Path| path.canonicalize().ok();
    whole(path).zip(whole(folder)).is_some_and(|(path, folder)| path.starts_with(folder))
}

/// The folders that a pattern of cargo names.
fn matching(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let pattern = folder.join(pattern);
    glob::glob(&pattern.to_string_lossy()).into_iter().flatten().flatten().collect()
}

/// The files that crates of these kinds begin with: those that the manifest names, and those where cargo looks.
fn roots(folder: &Path, document: &DocumentMut, kinds: &[CrateKind]) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for kind in kinds {
        all.extend(named(document, kind.section).map(|path| folder.join(path)));
        all.extend(kind.file.map(|file| folder.join(file)));
        all.extend(kind.folder.into_iter().flat_map(|inside| in_folder(&folder.join(inside))));
    }
    let mut seen = BTreeSet::new();
    all.into_iter().filter(|path| path.is_file() && seen.insert(path.clone())).collect()
}

/// A kind of crate that a package may have: its section of the manifest, and where cargo looks for it.
struct CrateKind {
    section: &'static str,
    file: Option<&'static str>,
    folder: Option<&'static str>,
}

/// The crates that a package is for.
const CRATES: &[CrateKind] = &[
    CrateKind { section: "lib", file: Some("src/lib.rs"), folder: None },
    CrateKind { section: "bin", file: Some("src/main.rs"), folder: Some("src/bin") },
];

/// Those next to them.
const BESIDE: &[CrateKind] = &[
    CrateKind { section: "example", file: None, folder: Some("examples") },
    CrateKind { section: "test", file: None, folder: Some("tests") },
];

/// The paths that a section of the manifest names.
fn named<'d>(document: &'d DocumentMut, section: &str) -> impl Iterator<Item = &'d str> {
    let item = document.get(section);
    let one = item.and_then(Item::as_table).and_then(|table| text(table.get("path")));
    let several = item.and_then(Item::as_array_of_tables).into_iter().flatten();
    one.into_iter().chain(several.filter_map(|table| text(table.get("path"))))
}

/// `NAME.rs` and `NAME/main.rs` of a folder.
fn in_folder(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let root = |path: PathBuf| if path.is_dir() { path.join("main.rs") } else { path };
    let mut files: Vec<PathBuf> = entries.map(root).filter(|path| path.extension().is_some_and(|end| end == "rs")).collect();
    files.sort();
    files
}
