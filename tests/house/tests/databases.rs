//! Where a database is named: a third one must be met by the compiler everywhere, and passed over in silence nowhere.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]
#![allow(clippy::wildcard_enum_match_arm, reason = "of patterns of Rust only some are looked at")]

use migrate_house_tests::{is_test, sources};
use syn::visit::Visit;
use syn::{Arm, Expr, ExprMatch, ExprPath, ItemFn, ItemMod, Macro, Pat, PatIdent, PatWild};

/// The folders and files that are about single databases.
const THEIR_OWN: &[&str] = &[
    "migrate-compiler/src/sql/",
    "migrate-history/src/database.rs",
    "migrate-history/src/version.rs",
    "migrate-history/src/sql/",
    "migrate-runtime/src/driver/",
    "migrate-runtime/src/sql/",
    "migrate-runtime/src/script/registry.rs",
    // Examples of the operations, among them those of one database.
    "migrate-compiler/src/example/",
];

/// The variants of `Database`.
const VARIANTS: [&str; 2] = ["Postgres", "Sqlite"];

/// What was found in one file.
struct Finder<'f> {
    file: &'f str,
    found: Vec<String>,
    what: What,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// A variant of `Database`.
    Variants,
    /// A match that names variants, and takes every other database together.
    Wildcards,
}

fn is_variant(path: &syn::Path) -> bool {
    let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    matches!(names.as_slice(), [.., of, variant] if of == "Database" && VARIANTS.contains(&variant.as_str()))
}

/// A pattern that names a database.
fn names_database(pattern: &Pat) -> bool {
    struct Named(bool);
    impl Visit<'_> for Named {
        fn visit_path(&mut self, path: &syn::Path) {
            self.0 |= is_variant(path);
        }
    }
    let mut named = Named(false);
    named.visit_pat(pattern);
    named.0
}

/// A pattern that takes whatever is there.
fn takes_all(pattern: &Pat) -> bool {
    match pattern {
        Pat::Wild(PatWild { .. }) => true,
        Pat::Ident(PatIdent { subpat: None, ident, .. }) => ident.to_string().starts_with(char::is_lowercase),
        Pat::Or(or) => or.cases.iter().any(takes_all),
        _ => false,
    }
}

/// The pattern's parts, where it is a tuple: each place on its own; else itself.
fn places(pattern: &Pat) -> Vec<Vec<&Pat>> {
    match pattern {
        Pat::Or(or) => or.cases.iter().flat_map(places).collect(),
        Pat::Tuple(tuple) => vec![tuple.elems.iter().collect()],
        other => vec![vec![other]],
    }
}

/// Whether the arms name databases in a place in which another arm takes everything.
fn passes_over(arms: &[Arm]) -> bool {
    let all: Vec<Vec<&Pat>> = arms.iter().flat_map(|arm| places(&arm.pat)).collect();
    let named = |place: usize| all.iter().any(|parts| parts.get(place).is_some_and(|part| names_database(part)));
    let widest = all.iter().map(Vec::len).max().unwrap_or_default();
    (0..widest).filter(|place| named(*place)).any(|place| {
        all.iter().any(|parts| match parts.as_slice() {
            [only] => takes_all(only),
            parts => parts.get(place).is_some_and(|part| takes_all(part)),
        })
    })
}

impl Finder<'_> {
    fn note(&mut self, span: proc_macro2::Span) {
        self.found.push(format!("{}:{}", self.file, span.start().line));
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

    fn visit_path(&mut self, path: &'a syn::Path) {
        if self.what == What::Variants && is_variant(path) {
            self.note(path.segments[0].ident.span());
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_expr_match(&mut self, expression: &'a ExprMatch) {
        if self.what == What::Wildcards && passes_over(&expression.arms) {
            self.note(expression.match_token.span);
        }
        syn::visit::visit_expr_match(self, expression);
    }

    fn visit_macro(&mut self, invocation: &'a Macro) {
        // `matches!(value, pattern)` and the like: what can be read as expressions is.
        let arguments = invocation.parse_body_with(syn::punctuated::Punctuated::<Expr, syn::Token![,]>::parse_terminated);
        arguments.into_iter().flatten().for_each(|argument| {
            let mut inner = Finder { file: self.file, found: Vec::new(), what: self.what };
            inner.visit_expr(&argument);
            self.found.append(&mut inner.found);
        });
    }

    fn visit_expr_path(&mut self, path: &'a ExprPath) {
        syn::visit::visit_expr_path(self, path);
    }
}

fn found(what: What) -> Vec<String> {
    let mut all = Vec::new();
    for (name, file) in sources() {
        let mut finder = Finder { file: &name, found: Vec::new(), what };
        finder.visit_file(&file);
        all.append(&mut finder.found);
    }
    all
}

#[test]
fn a_database_is_named_in_its_own_folder_alone() {
    let all = found(What::Variants);
    assert!(all.iter().any(|place| place.starts_with(THEIR_OWN[0])), "the dialects are found: {all:#?}");
    let elsewhere: Vec<_> = all.iter().filter(|place| !THEIR_OWN.iter().any(|own| place.starts_with(own))).collect();
    assert!(elsewhere.is_empty(), "a fact in `Features`, a method of `Dialect` or of a driver: {elsewhere:#?}");
}

#[test]
fn no_database_is_passed_over() {
    let all = found(What::Wildcards);
    assert!(all.is_empty(), "name every database, or ask for a fact: {all:#?}");
}

#[test]
fn what_passes_over_is_seen() {
    let arms = |text: &str| syn::parse_str::<ExprMatch>(text).unwrap().arms;
    for text in [
        "match d { Database::Postgres => 1, _ => 2 }",
        "match d { Database::Postgres => 1, other => 2 }",
        "match (d, x) { (Database::Postgres, true) => 1, (_, false) => 2 }",
        "match (d, x) { (history::Database::Sqlite, 1) => 1, _ => 2 }",
        "match (x, d) { (1, Some(Database::Sqlite)) => 1, (2 | 3, _) => 2 }",
    ] {
        assert!(passes_over(&arms(text)), "{text}");
    }
    for text in [
        "match d { Database::Postgres => 1, Database::Sqlite => 2 }",
        "match (d, x) { (Database::Postgres, _) => 1, (Database::Sqlite, _) => 2 }",
        "match x { 1 => Database::Postgres, _ => Database::Sqlite }",
    ] {
        assert!(!passes_over(&arms(text)), "{text}");
    }
}
