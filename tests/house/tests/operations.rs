//! An operation owns its meaning: what others must know of one is a method of all, and no other file asks which one it is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::collections::BTreeSet;

use migrate_house_tests::{is_test, sources};
use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;
use syn::{File, ItemFn, ItemMod, Macro, Path, UseTree};

/// The folders that may name single operations, each with the reason.
const MAY: &[(&str, &str)] = &[("migrate-compiler/src/operation/", "the operations themselves")];

/// The file with the list of the operations, in a call of this macro.
const LIST: (&str, &str) = ("migrate-compiler/src/operation/mod.rs", "operations");

/// The names in the list.
fn operations(file: &File) -> BTreeSet<String> {
    struct List(BTreeSet<String>);
    impl Visit<'_> for List {
        fn visit_macro(&mut self, invocation: &Macro) {
            if invocation.path.is_ident(LIST.1) {
                let words = invocation.tokens.clone().into_iter();
                self.0.extend(
                    words.filter_map(|token| if let TokenTree::Ident(word) = token { Some(word.to_string()) } else { None }),
                );
            }
        }
    }
    let mut list = List(BTreeSet::new());
    list.visit_file(file);
    list.0
}

/// What was found in one file: `Operation::NAME`, in code, in an import, or among the tokens of a macro.
struct Finder<'n> {
    operations: &'n BTreeSet<String>,
    found: Vec<String>,
}

impl Finder<'_> {
    fn note(&mut self, words: &[String]) {
        for pair in words.windows(2).filter(|pair| pair[0] == "Operation") {
            self.found.extend(Some(&pair[1]).filter(|name| self.operations.contains(*name) || *name == "*").cloned());
        }
    }

    /// Words that only colons separate are a path.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut words = Vec::new();
        for token in tokens {
            match token {
                TokenTree::Ident(word) => words.push(word.to_string()),
                TokenTree::Punct(sign) if sign.as_char() == ':' => continue,
                TokenTree::Group(group) => {
                    self.note(&std::mem::take(&mut words));
                    self.tokens(group.stream());
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => self.note(&std::mem::take(&mut words)),
            }
        }
        self.note(&words);
    }

    fn import(&mut self, before: &[String], tree: &UseTree) {
        let with = |word: String| [before, &[word]].concat();
        match tree {
            UseTree::Path(path) => self.import(&with(path.ident.to_string()), &path.tree),
            UseTree::Name(name) => self.note(&with(name.ident.to_string())),
            UseTree::Rename(rename) => self.note(&with(rename.ident.to_string())),
            UseTree::Glob(_) => self.note(&with("*".to_owned())),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(before, tree)),
        }
    }
}

impl<'a> Visit<'a> for Finder<'_> {
    fn visit_item_mod(&mut self, module: &'a ItemMod) {
        if !is_test(&module.attrs) {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'a ItemFn) {
        if !is_test(&function.attrs) {
            syn::visit::visit_item_fn(self, function);
        }
    }

    fn visit_path(&mut self, path: &'a Path) {
        let words: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.note(&words);
        syn::visit::visit_path(self, path);
    }

    fn visit_use_tree(&mut self, tree: &'a UseTree) {
        self.import(&[], tree);
    }

    fn visit_macro(&mut self, invocation: &'a Macro) {
        self.tokens(invocation.tokens.clone());
    }
}

fn named(file: &File, operations: &BTreeSet<String>) -> Vec<String> {
    let mut finder = Finder { operations, found: Vec::new() };
    finder.visit_file(file);
    finder.found
}

#[test]
fn no_other_file_matches_on_operations() {
    let sources = sources();
    let list = sources.iter().find(|(name, _)| name == LIST.0).map(|(_, file)| operations(file)).unwrap();
    assert!(list.contains("AddColumn") && list.contains("RunSql"), "the list is found: {list:?}");
    let found = sources.iter().map(|(name, file)| (name, named(file, &list))).filter(|(_, named)| !named.is_empty());
    let (own, others): (Vec<_>, Vec<_>) = found.partition(|(name, _)| MAY.iter().any(|(folder, _)| name.starts_with(folder)));
    for (folder, reason) in MAY {
        assert!(
            own.iter().any(|(name, _)| name.starts_with(folder)),
            "{folder} names none any more, but the list says: {reason}"
        );
    }
    assert!(others.is_empty(), "what is asked here is a method of `Operate` or a field of `About`: {others:#?}");
}

#[test]
fn what_names_an_operation_is_seen() {
    let list = BTreeSet::from(["AddColumn".to_owned()]);
    let in_function = |code: &str| named(&syn::parse_str(&format!("fn f() {{ {code} }}")).unwrap(), &list).len();
    for code in [
        "if let Operation::AddColumn(add) = one {}",
        "match one { Some(operation::Operation::AddColumn(_)) => {} _ => {} }",
        "matches!(one, Operation::AddColumn(add) if add.is_new())",
        "use crate::operation::Operation::{AddColumn};",
        "use crate::operation::Operation::*;",
    ] {
        assert_eq!(in_function(code), 1, "{code}");
    }
    for code in ["Operation::from(add);", "Operation::examples();", "Other::AddColumn;", "use crate::operation::AddColumn;"] {
        assert_eq!(in_function(code), 0, "{code}");
    }
}
