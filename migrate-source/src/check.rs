//! What is wrong with a history as a whole.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use migrate_history::shape::{Head, ListedModule, Shape, shape};
use syn::ext::IdentExt;

use crate::compile::{ParsedMigration, leaked};
use crate::file::SourceFile;
use crate::finding::{self, Finding};
use crate::history::HistorySource;
use crate::scan;
use crate::shown::shown;

/// A migration that the history does not list.
pub(crate) struct UnlistedModule {
    /// The name that its module would have.
    pub name: String,
    /// What is said of it.
    pub finding: Finding,
}

impl HistorySource {
    /// What is wrong with the history, but for what is wrong within its migrations.
    pub(crate) fn findings(&self, read: &[ParsedMigration<'_>], order: &[usize], checksums: &[&'static str]) -> Vec<Finding> {
        let own = self.input.diagnostics.iter().map(|diagnostic| Finding::of(diagnostic, &self.file, &self.range));
        let missing = self.missing.iter().map(|(name, message)| self.at(name, "missing_migration", message));
        let mut findings: Vec<Finding> = own.chain(missing).collect();
        // What is unknown would be said again as a head, or as a parent that is not listed.
        if findings.is_empty() {
            findings.extend(self.flaws(read, order, checksums));
        }
        findings
    }

    fn at(&self, name: &proc_macro2::Ident, rule: &'static str, message: &str) -> Finding {
        let range = finding::range(name.span()).unwrap_or(self.range.clone());
        Finding::error(rule, &self.file, range, message)
    }

    fn flaws(&self, read: &[ParsedMigration<'_>], order: &[usize], checksums: &[&'static str]) -> Vec<Finding> {
        let is_placed = |one: &ParsedMigration<'_>| one.unknown.is_empty() && one.parsed.has_head;
        let reached: BTreeSet<usize> = order.iter().copied().filter(|at| is_placed(&read[*at])).collect();
        let id = |at: usize| if reached.contains(&at) { read[at].id.clone() } else { String::new() };
        let heads: Vec<Head> = read
            .iter()
            .enumerate()
            .map(|(at, one)| Head {
                id: String::leak(id(at)),
                explicit: one.parsed.revision.is_some() || !reached.contains(&at),
                parents: leaked(one.parents.iter().flatten().map(|parent| id(*parent))),
                dependencies: leaked(one.dependencies.iter().flatten().map(|before| id(*before))),
                label: String::leak(one.parsed.label.clone().unwrap_or_default()),
                checksum: checksums.get(at).copied().unwrap_or_default(),
            })
            .collect();
        let after = |one: &ParsedMigration<'_>| {
            let paths = one.parsed.parents.iter().chain(&one.parsed.dependencies);
            let last = paths.filter_map(|path| path.segments.last());
            leaked(last.map(|segment| segment.ident.unraw().to_string()))
        };
        let written: Vec<ListedModule> =
            read.iter().map(|one| ListedModule { name: String::leak(one.source.module.clone()), after: after(one) }).collect();
        let (lock, unreadable) = match self.lock_text() {
            Ok(lock) => (lock, None),
            Err(finding) => (String::new(), Some(*finding)),
        };
        let shape = shape_of(&heads, &written, &lock);
        let flaws = (0..read.len()).filter_map(|at| Some((at, shape.flaw(at, &heads)?)));
        let flaws = flaws.map(|(at, flaw)| self.at(&read[at].source.listed, flaw.rule, flaw.message.text()));
        unreadable.into_iter().chain(flaws).collect()
    }

    /// The text of the lock; empty where the history has none.
    pub(crate) fn lock_text(&self) -> Result<String, Box<Finding>> {
        let Some((file, span)) = &self.input.lock else { return Ok(String::new()) };
        let path = self.file.path.parent().unwrap_or(Path::new("")).join(file);
        fs::read_to_string(&path).map_err(|error| {
            let text = format!("cannot read {}: {error}\nhelp: `cargo migrate lock` writes it", shown(&path));
            let range = finding::range(*span).unwrap_or(self.range.clone());
            Box::new(Finding::error("lock", &self.file, range, &text))
        })
    }

    /// Rule `unlisted`: the files next to the migrations that hold one and are not listed. An entry that cannot be read lists one
    /// perhaps.
    pub(crate) fn unlisted(&self) -> Vec<UnlistedModule> {
        if !self.input.diagnostics.is_empty() {
            return Vec::new();
        }
        let known: BTreeSet<PathBuf> = self.migrations.iter().map(|one| whole(&one.file.path)).collect();
        let here = whole(&self.file.path);
        let entries = fs::read_dir(&self.module.folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let files = entries.map(|entry| if entry.is_dir() { entry.join("mod.rs") } else { entry });
        let is_source = |file: &PathBuf| file.extension().is_some_and(|ending| ending == "rs");
        let mut files: Vec<PathBuf> =
            files.filter(is_source).filter(|file| whole(file) != here && !known.contains(&whole(file))).collect();
        files.sort();
        files.iter().filter_map(|file| self.unlisted_file(file)).collect()
    }

    fn unlisted_file(&self, path: &Path) -> Option<UnlistedModule> {
        let file = Arc::new(SourceFile::read(path).ok().filter(|file| file.text.contains("migration!"))?);
        let items = scan::items(file.tokens().ok()?);
        let call = items.calls.iter().find(|call| call.name == "migration")?;
        let stem = path.file_stem()?.to_str()?;
        let name = if stem == "mod" { path.parent()?.file_name()?.to_str()? } else { stem };
        if self.missing.iter().any(|(missing, _)| missing.unraw() == name) {
            return None;
        }
        let text = format!(
            "this migration is not listed in `history!`\nhelp: write `mod {name};` in the `history!` of {}",
            shown(&self.file.path)
        );
        let finding = Finding::error("unlisted", &file, call.range.start..call.range.start + 1, &text);
        Some(UnlistedModule { name: name.to_owned(), finding })
    }
}

/// A stack for the shape of a history of many thousand migrations, in bytes.
const LARGE: usize = 64 << 20;

/// The file itself, however it is reached.
fn whole(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// The shape of a history, with as much room as it needs.
fn shape_of(heads: &[Head], written: &[ListedModule], lock: &str) -> Shape {
    match heads.len() {
        ..500 => shape::<2_048>(heads, written, lock),
        500..4_000 => shape::<16_384>(heads, written, lock),
        // What is worked out on the stack is large then.
        _ => thread::scope(|scope| {
            let large = thread::Builder::new().stack_size(LARGE).spawn_scoped(scope, || shape::<131_072>(heads, written, lock));
            match large.map(thread::ScopedJoinHandle::join) {
                Ok(Ok(shape)) => shape,
                Ok(Err(_)) | Err(_) => shape::<16_384>(heads, written, lock),
            }
        }),
    }
}
