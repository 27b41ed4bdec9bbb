//! The pages, the texts of `--help` and the doc comments are plain English, as the errors are.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that finds something else stops")]

use std::path::{Path, PathBuf};

/// Words that no page and no doc comment has, each with what is written instead.
const EVERYWHERE: &[(&str, &str)] = &[
    ("anew", "again"),
    ("meanwhile", "at the same time, until then"),
    ("nobody", "no session, no user; the passive voice"),
    ("whoever", "the user, the session, the process"),
];

/// The same where a user reads them first: on the pages, and in the texts of `--help`.
const FOR_USERS: &[(&str, &str)] = &[("beside", "next to, at, with, besides")];

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

/// The words of these that are in lines of a file.
fn found(path: &Path, lines: &[String], words: &[&[(&str, &str)]]) -> Vec<String> {
    let of_line = |(at, line): (usize, &String)| {
        let has = |word: &str| line.split(|letter: char| !letter.is_alphanumeric()).any(|one| one == word);
        let wrong = words.iter().copied().flatten().filter(|(word, _)| has(word));
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
fn a_word_is_found_in_prose_alone() {
    let text = "Whoever reads `nobody` knows.\n```\nnobody\n```\nWritten anew.";
    let lines = prose(text);
    assert_eq!(found(Path::new("page"), &lines, &[EVERYWHERE]).len(), 2, "{lines:?}");
}
