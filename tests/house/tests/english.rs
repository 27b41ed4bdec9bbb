//! The pages, the texts of `--help` and the doc comments are plain English, as the errors are.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that finds something else stops")]
#![allow(clippy::wildcard_enum_match_arm, reason = "of items of Rust only those that tests have are looked at")]

use std::path::{Path, PathBuf};

use migrate_house_tests::{is_test, sources as parsed_sources};
use syn::visit::{self, Visit};

/// Words that no page and no doc comment has, each with what is written instead.
const EVERYWHERE: &[(&str, &str)] = &[
    ("anew", "again"),
    ("meanwhile", "at the same time, until then"),
    ("nobody", "no session, no user; the passive voice"),
    ("whoever", "the user, the session, the process"),
];

/// The same where a user reads them first: on the pages, and in the texts of `--help`.
const FOR_USERS: &[(&str, &str)] = &[("beside", "next to, at, with, besides")];

/// Words that no text has which a program prints, each with what is written instead.
const PRINTED: &[(&str, &str)] = &[
    ("all of it", "the whole table"),
    ("another runner", "another run"),
    ("asks for", "requires"),
    ("gives no", "returned no"),
    ("go with", "match"),
    ("in a circle", "cycle"),
    ("in the way", "fails"),
    ("is no ", "is not a"),
    ("is said", "is defined"),
    ("lead back", "reverse"),
    ("leads back", "reverses"),
    ("may serve", "may support"),
    ("said twice", "duplicate"),
    ("serves", "supports"),
    ("takes any of", "returns arbitrary"),
    ("takes it back", "restores it"),
    ("word of the command", "target keyword of the command line"),
    ("way back", "downgrade"),
    ("way there", "upgrade"),
];

/// The texts of a source that are not those of its tests: of literals, and of the macros that hold them.
#[derive(Default)]
struct Texts(Vec<String>);

impl<'a> Visit<'a> for Texts {
    fn visit_item(&mut self, item: &'a syn::Item) {
        let attributes = match item {
            syn::Item::Fn(one) => &*one.attrs,
            syn::Item::Mod(one) => &*one.attrs,
            syn::Item::Impl(one) => &*one.attrs,
            syn::Item::Const(one) => &*one.attrs,
            _ => &[],
        };
        if !is_test(attributes) {
            visit::visit_item(self, item);
        }
    }

    /// A doc comment is read elsewhere, and of `#[error("…")]` the tokens are read.
    fn visit_attribute(&mut self, attribute: &'a syn::Attribute) {
        if let syn::Meta::List(list) = &attribute.meta
            && list.path.is_ident("error")
        {
            self.tokens(list.tokens.clone());
        }
    }

    fn visit_lit_str(&mut self, text: &'a syn::LitStr) {
        self.0.push(text.value());
    }

    fn visit_macro(&mut self, one: &'a syn::Macro) {
        self.tokens(one.tokens.clone());
    }
}

impl Texts {
    fn tokens(&mut self, tokens: proc_macro2::TokenStream) {
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Group(group) => self.tokens(group.stream()),
                proc_macro2::TokenTree::Literal(literal) => {
                    self.0.extend(syn::parse_str::<syn::LitStr>(&literal.to_string()).ok().map(|text| text.value()));
                }
                proc_macro2::TokenTree::Ident(_) | proc_macro2::TokenTree::Punct(_) => {}
            }
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files below a folder with an ending.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let of_entry = |path: PathBuf| match path.is_dir() {
        true => files(&path, ending),
        false => vec![path],
    };
    let all = entries.flat_map(of_entry);
    all.filter(|path| path.extension().is_some_and(|end| end == ending)).collect()
}

/// The pages: the README, what contributors read, and the book.
fn pages() -> Vec<PathBuf> {
    let own = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"].map(|page| root().join(page));
    own.into_iter().chain(files(&root().join("docs/src"), "md")).collect()
}

/// The sources of the crates.
fn sources() -> Vec<PathBuf> {
    let folders = std::fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path());
    let crates = folders.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("migrate")));
    crates.flat_map(|path| files(&path.join("src"), "rs")).collect()
}

/// The lines of a page that are prose, without the code in them.
fn prose(text: &str) -> Vec<String> {
    let mut is_code = false;
    let own = text.lines().map(|line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        if is_code || is_fence { String::new() } else { without_code(line) }
    });
    own.collect()
}

/// The doc comments of a source, without the code in them.
fn comments(text: &str) -> Vec<String> {
    let is_comment = |line: &str| ["///", "//!"].iter().any(|mark| line.trim_start().starts_with(mark));
    text.lines().map(|line| if is_comment(line) { without_code(line) } else { String::new() }).collect()
}

fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join(" ").to_lowercase()
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|letter: char| !letter.is_alphanumeric()).any(|one| one == word)
}

/// The words of these that are in lines of a file.
fn found(path: &Path, lines: &[String], words: &[&[(&str, &str)]]) -> Vec<String> {
    let of_line = |(at, line): (usize, &String)| {
        let wrong = words.iter().copied().flatten().filter(|(word, _)| has_word(line, word));
        let shown = |(word, instead): &(&str, &str)| format!("{}:{}: {word:?}: write {instead}", path.display(), at + 1);
        wrong.map(shown).collect::<Vec<_>>()
    };
    lines.iter().enumerate().flat_map(of_line).collect()
}

#[test]
fn every_page_is_plain() {
    let pages = pages();
    assert!(pages.len() > 20, "{pages:?}");
    let of_page = |path: &PathBuf| found(path, &prose(&std::fs::read_to_string(path).unwrap()), &[EVERYWHERE, FOR_USERS]);
    let wrong: Vec<String> = pages.iter().flat_map(of_page).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_doc_comment_is_plain() {
    let sources = sources();
    assert!(sources.len() > 300, "{}", sources.len());
    let is_help = |path: &Path| path.file_name().is_some_and(|name| name == "arguments.rs");
    let of_source = |path: &PathBuf| {
        let words: &[_] = if is_help(path) { &[EVERYWHERE, FOR_USERS] } else { &[EVERYWHERE] };
        found(path, &comments(&std::fs::read_to_string(path).unwrap()), words)
    };
    let wrong: Vec<String> = sources.iter().flat_map(of_source).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_printed_text_is_plain() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (path, file) in parsed_sources() {
        let mut texts = Texts::default();
        texts.visit_file(&file);
        count += texts.0.len();
        for text in &texts.0 {
            let own = without_code(text);
            let of_users = [EVERYWHERE].into_iter().flatten().filter(|(word, _)| has_word(&own, word));
            let printed = PRINTED.iter().filter(|(words, _)| own.contains(words));
            wrong.extend(of_users.chain(printed).map(|(word, instead)| format!("{path}: {word:?}: write {instead}: {text:?}")));
        }
    }
    assert!(count > 5_000, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_text_of_a_macro_and_of_an_error_is_read_and_that_of_a_test_is_not() {
    let source = r##"
        #[error("behind {0}")] struct One;
        fn two() { format!("three {}", vec!["four"]) }
        #[test] fn five() { assert!("six") }
    "##;
    let mut texts = Texts::default();
    texts.visit_file(&syn::parse_file(source).unwrap());
    assert_eq!(texts.0, ["behind {0}", "three {}", "four"]);
}

#[test]
fn a_word_is_found_in_prose_alone() {
    let text = "Whoever reads `nobody` knows.\n```\nnobody\n```\nWritten anew.";
    let lines = prose(text);
    assert_eq!(found(Path::new("page"), &lines, &[EVERYWHERE]).len(), 2, "{lines:?}");
}
