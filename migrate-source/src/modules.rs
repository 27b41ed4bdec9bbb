//! Where the modules of a crate are, as rustc looks for them.
//!
//! The Rust reference, "Modules", section "Module source filenames".

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proc_macro2::TokenStream;
use syn::ext::IdentExt;

use crate::error::SourceError;
use crate::file::SourceFile;
use crate::scan::{self, MacroCall, ModuleItem};

/// A module with its tokens and the place of its own modules.
#[derive(Clone, Debug)]
pub(crate) struct SourceModule {
    /// Its path in the crate, without `crate`.
    pub path: Vec<String>,
    /// The file that it is in.
    pub file: Arc<SourceFile>,
    /// What is in it.
    pub tokens: TokenStream,
    /// The folder of the files of its modules.
    pub folder: PathBuf,
    /// The folder from which `#[path]` of its modules is read.
    beside: PathBuf,
}

impl SourceModule {
    /// The root of a crate.
    pub fn root(path: &Path) -> Result<SourceModule, SourceError> {
        let folder = folder_of(path);
        SourceModule::in_file(Vec::new(), SourceFile::read(path)?, folder)
    }

    fn in_file(path: Vec<String>, mut file: SourceFile, folder: PathBuf) -> Result<SourceModule, SourceError> {
        let beside = folder_of(&file.path);
        Ok(SourceModule { path, tokens: file.tokens_and_quotes()?, file: Arc::new(file), folder, beside })
    }

    /// A module that this one declares, if its file holds what is wanted.
    pub fn child(&self, declared: &ModuleItem, wanted: fn(&str) -> bool) -> Result<Option<SourceModule>, SourceError> {
        let name = declared.name.unraw().to_string();
        let mut path = self.path.clone();
        path.push(name.clone());
        if let Some(tokens) = &declared.inline {
            let folder = declared.path.as_deref().map_or_else(|| self.folder.join(&name), |own| self.beside.join(own));
            let file = Arc::clone(&self.file);
            return Ok(Some(SourceModule { path, file, tokens: tokens.clone(), beside: folder.clone(), folder }));
        }
        if declared.has_conditional_path {
            return Err(SourceError::ConditionalPath { module: name, declared: self.file.path.clone() });
        }
        let (file, folder) = self.place(&name, declared.path.as_deref());
        if !file.is_file() {
            return Err(SourceError::NoFile { module: name, declared: self.file.path.clone(), expected: file });
        }
        let file = SourceFile::read(&file)?;
        if !wanted(&file.text) {
            return Ok(None);
        }
        SourceModule::in_file(path, file, folder).map(Some)
    }

    /// The file of a module, and the folder of those of its own modules.
    fn place(&self, name: &str, path: Option<&str>) -> (PathBuf, PathBuf) {
        if let Some(path) = path {
            let file = self.beside.join(path);
            let folder = folder_of(&file);
            return (file, folder);
        }
        let folder = self.folder.join(name);
        let (plain, nested) = (self.folder.join(format!("{name}.rs")), folder.join("mod.rs"));
        let file = if !plain.is_file() && nested.is_file() { nested } else { plain };
        (file, folder)
    }
}

/// The folder of a file.
fn folder_of(path: &Path) -> PathBuf {
    path.parent().unwrap_or(Path::new("")).to_owned()
}

/// A `history!`, and the module that it is in.
#[derive(Debug)]
pub(crate) struct Found {
    /// The module.
    pub module: SourceModule,
    /// The call.
    pub call: MacroCall,
    /// The modules that are declared next to it.
    pub beside: Vec<ModuleItem>,
}

/// Every `history!` of a crate. What only tests have is left out.
pub(crate) fn histories(root: &Path) -> Result<Vec<Found>, SourceError> {
    let (mut found, mut seen, mut missing) = (Vec::new(), BTreeSet::new(), None);
    let mut open = vec![SourceModule::root(root)?];
    while let Some(module) = open.pop() {
        // A file may name itself with `#[path]`, by way of others.
        if !seen.insert((module.file.path.canonicalize().ok(), module.path.last().cloned())) {
            continue;
        }
        let items = scan::items(module.tokens.clone());
        for declared in items.modules.iter().filter(|declared| !declared.is_of_tests) {
            match module.child(declared, may_lead_to_one) {
                Ok(child) => open.extend(child),
                // It may be of another platform.
                Err(error @ (SourceError::NoFile { .. } | SourceError::ConditionalPath { .. })) => {
                    let _ = missing.get_or_insert(error);
                }
                Err(error) => return Err(error),
            }
        }
        let (calls, mut beside) = (items.calls, items.modules);
        for call in calls.into_iter().filter(|call| call.name == "history") {
            found.push(Found { module: module.clone(), call, beside: std::mem::take(&mut beside) });
        }
    }
    found.sort_by(|one, other| one.module.path.cmp(&other.module.path));
    match missing.filter(|_| found.is_empty()) {
        Some(missing) => Err(missing),
        None => Ok(found),
    }
}

/// Whether a file may hold a `history!` or declare modules.
fn may_lead_to_one(text: &str) -> bool {
    text.contains("history!") || text.contains("mod ")
}
