//! What the arrangement of the sources promises, read from the sources.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::path::{Path, PathBuf};

use syn::{Attribute, File};

/// The sources of the crates, each with its path from the root.
pub fn sources() -> Vec<(String, File)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let crates = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path());
    let mut files = Vec::new();
    for folder in crates.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("migrate")) {
        collect(&folder.join("src"), &mut files);
    }
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        (name, syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    };
    let mut all: Vec<(String, File)> = files.into_iter().map(read).collect();
    let tests: Vec<String> = all.iter().flat_map(|(name, file)| test_modules(name, file)).collect();
    let is_of = |name: &str, module: &str| name.strip_prefix(module).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'));
    all.retain(|(name, _)| !tests.iter().any(|module| is_of(name, module)));
    all
}

/// The modules that a file has for its tests alone: each a file or a folder.
fn test_modules(name: &str, file: &File) -> Vec<String> {
    let folder = name.strip_suffix("mod.rs").or_else(|| name.strip_suffix("lib.rs")).unwrap_or_default();
    let modules = file.items.iter().filter_map(|item| if let syn::Item::Mod(module) = item { Some(module) } else { None });
    let tests = modules.filter(|module| module.content.is_none() && is_test(&module.attrs));
    tests.map(|module| format!("{folder}{}", module.ident)).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Whether something is there for tests alone.
pub fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        syn::Meta::Path(path) => path.is_ident("test"),
        syn::Meta::NameValue(_) => false,
    })
}
