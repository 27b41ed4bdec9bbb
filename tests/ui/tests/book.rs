//! The book's chapter of errors is made of the cases beside it, so it says what the compiler says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The chapter, from this package's folder.
const CHAPTER: &str = "../../docs/src/errors.md";

const HEAD: &str = "# Every error\n\n\
    Each rule of the compiler with a mistake that breaks it and what is said then. This page is made of the tests: \
    `BOOK=overwrite cargo test -p migrate-ui-tests --test book` writes it anew.\n";

/// A rule, from its case: its name, what it is about, and what the compiler says.
struct Rule {
    name: String,
    about: String,
    source: String,
    errors: String,
}

#[test]
fn the_chapter_of_errors_says_what_the_compiler_says() {
    let written = rules().iter().fold(HEAD.to_owned(), |mut page, rule| {
        let Rule { name, about, source, errors } = rule;
        let _ = write!(page, "\n## {name}\n\n{about}.\n\n```rust,ignore\n{source}\n```\n\n```text\n{}\n```\n", errors.trim_end());
        page
    });
    let chapter = Path::new(env!("CARGO_MANIFEST_DIR")).join(CHAPTER);
    if std::env::var_os("BOOK").is_some_and(|word| word == "overwrite") {
        std::fs::write(&chapter, &written).unwrap();
    }
    let stands = std::fs::read_to_string(&chapter).unwrap_or_default();
    assert!(stands == written, "docs/src/errors.md is not what the cases say; see its first lines");
}

/// Every case by its name.
fn rules() -> Vec<Rule> {
    let folders = ["cases", "../features/cases"].map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|file| file.extension().is_some_and(|end| end == "stderr")).collect();
    files.sort_by_key(|file| file.file_name().map(ToOwned::to_owned));
    files.iter().map(|file| rule(file)).collect()
}

fn rule(errors: &Path) -> Rule {
    let name = errors.file_stem().unwrap().to_string_lossy().into_owned();
    let source = std::fs::read_to_string(errors.with_extension("rs")).unwrap();
    let errors = std::fs::read_to_string(errors).unwrap();
    let about = source.lines().next().unwrap().strip_prefix(&format!("//! Rule `{name}`: "));
    let about = about.unwrap_or_else(|| panic!("the first line of `{name}` says which rule it is about"));
    Rule { about: about.trim_end_matches('.').to_owned(), source: shown(&source, &errors), errors, name }
}

/// The statement that the first error is about: the lines from the last blank one before it to the next one after.
fn shown(source: &str, errors: &str) -> String {
    let lines: Vec<&str> = source.lines().collect();
    let place = errors.lines().find_map(|line| line.trim().strip_prefix("--> ")).expect("an error has a place");
    let line: usize = place.split(':').nth(1).unwrap().parse().unwrap();
    let edge = |line: &&str| line.trim().is_empty() || line.trim() == "}" || line.contains("! {");
    let start = line - 1 - lines[..line - 1].iter().rev().take_while(|line| !edge(line)).count();
    let end = line + lines[line..].iter().take_while(|line| !edge(line)).count();
    let indent = lines[start].len() - lines[start].trim_start().len();
    let unindented = lines[start..end].iter().map(|line| line.get(indent..).unwrap_or_default());
    unindented.collect::<Vec<_>>().join("\n")
}
