//! Which file uses what of which other file, by the paths that are written in it.

use std::collections::{BTreeMap, BTreeSet};

use migrate_house_tests::is_test;
use syn::visit::Visit;
use syn::{Item, ItemFn, ItemMod, ItemUse, UseTree, Visibility};

/// A module's path within its crate: `["sql", "dialect"]`.
pub type Module = Vec<String>;

/// The files of one crate: each module with its syntax.
pub struct Crate<'c> {
    pub files: BTreeMap<Module, &'c syn::File>,
}

/// `migrate-compiler/src/sql/mod.rs` is the module `sql` of its crate.
pub fn module(file: &str) -> (String, Module) {
    let (name, path) = file.split_once("/src/").expect("sources stand in `src`");
    let path = path.strip_suffix(".rs").expect("sources of Rust");
    let mut parts: Module = path.split('/').map(str::to_owned).collect();
    if matches!(parts.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        parts.pop();
    }
    (name.to_owned(), parts)
}

impl Crate<'_> {
    /// Each use: the module that uses, and the module that has what is used.
    pub fn uses(&self) -> BTreeSet<(Module, Module)> {
        let mut uses = BTreeSet::new();
        for (module, file) in &self.files {
            let mut paths = Paths { found: Vec::new() };
            paths.visit_file(file);
            for path in &paths.found {
                if let Some(of) = self.home(module, path, 0)
                    && of != *module
                {
                    uses.insert((module.clone(), of));
                }
            }
        }
        uses
    }

    /// The module that has what a path written in a module leads to; none where it leads out of the crate.
    fn home(&self, from: &Module, path: &[String], depth: usize) -> Option<Module> {
        let (mut at, rest) = self.start(from, path)?;
        let mut rest = rest;
        while let Some((name, after)) = rest.split_first() {
            let child: Module = at.iter().cloned().chain([name.clone()]).collect();
            if self.files.contains_key(&child) {
                (at, rest) = (child, after);
                continue;
            }
            // A module that hands something on is not its home.
            if let Some(handed) = self.handed_on(&at, name)
                && depth < 8
            {
                let further: Vec<String> = handed.into_iter().chain(after.iter().cloned()).collect();
                return self.home(&at, &further, depth + 1);
            }
            break;
        }
        Some(at)
    }

    fn start<'p>(&self, from: &Module, path: &'p [String]) -> Option<(Module, &'p [String])> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some((Vec::new(), rest)),
            "self" => Some((from.clone(), rest)),
            "super" => {
                let mut at = from.clone();
                let mut rest = path;
                while let Some((name, after)) = rest.split_first()
                    && name == "super"
                {
                    at.pop();
                    rest = after;
                }
                Some((at, rest))
            }
            // A child module is named as it is.
            name => {
                let child: Module = from.iter().cloned().chain([name.to_owned()]).collect();
                self.files.contains_key(&child).then(|| (from.clone(), path))
            }
        }
    }

    /// The path by which a module hands a name on with `pub use`.
    fn handed_on(&self, module: &Module, name: &str) -> Option<Vec<String>> {
        self.files.get(module)?.items.iter().find_map(|item| match item {
            Item::Use(used) if !matches!(used.vis, Visibility::Inherited) => {
                let mut paths = Vec::new();
                flatten(&used.tree, &mut Vec::new(), &mut paths);
                paths.into_iter().find(|(_, as_name)| as_name == name).map(|(path, _)| path)
            }
            _ => None,
        })
    }
}

/// Each path of a `use` with the name that it gets here.
fn flatten(tree: &UseTree, before: &mut Vec<String>, found: &mut Vec<(Vec<String>, String)>) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, found);
            before.pop();
        }
        UseTree::Name(name) if name.ident == "self" => {
            found.push((before.clone(), before.last().cloned().unwrap_or_default()));
        }
        UseTree::Name(name) => {
            let ident = name.ident.to_string();
            found.push((before.iter().cloned().chain([ident.clone()]).collect(), ident));
        }
        UseTree::Rename(rename) => {
            let path = before.iter().cloned().chain([rename.ident.to_string()]).collect();
            found.push((path, rename.rename.to_string()));
        }
        UseTree::Glob(_) => found.push((before.clone(), "*".to_owned())),
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, before, found)),
    }
}

/// The paths that a file needs: what it only hands on is not among them, and what is there for tests neither.
struct Paths {
    found: Vec<Vec<String>>,
}

impl Visit<'_> for Paths {
    fn visit_item_use(&mut self, used: &ItemUse) {
        if is_test(&used.attrs) || !matches!(used.vis, Visibility::Inherited) {
            return;
        }
        let mut paths = Vec::new();
        flatten(&used.tree, &mut Vec::new(), &mut paths);
        self.found.extend(paths.into_iter().map(|(path, _)| path));
    }

    fn visit_item_mod(&mut self, module: &ItemMod) {
        if !is_test(&module.attrs) {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &ItemFn) {
        if !is_test(&function.attrs) {
            syn::visit::visit_item_fn(self, function);
        }
    }

    fn visit_visibility(&mut self, _: &Visibility) {}

    fn visit_path(&mut self, path: &syn::Path) {
        if path.segments.len() > 1 {
            self.found.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        syn::visit::visit_path(self, path);
    }
}
