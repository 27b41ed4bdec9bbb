//! What is formatted is what it was, is written as the printer of the language writes it, and stays as it is when it is formatted again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

#[path = "../../../migrate-compiler/tests/generated/mod.rs"]
mod generated;

mod cases;

use std::path::{Path, PathBuf};

use migrate_compiler::operation::Operation;
use migrate_compiler::parse;
use proptest::prelude::*;

use super::*;
use crate::file::SourceFile;
use crate::scan;

fn wide(max_width: usize) -> FormatStyle {
    FormatStyle { max_width, ..FormatStyle::default() }
}

/// Formats the brackets of a macro, twice.
fn done(text: &str, max_width: usize) -> String {
    let once = formatted(text, "", &wide(max_width)).unwrap_or_else(|| panic!("cannot format:\n{text}"));
    let twice = formatted(&once, "", &wide(max_width)).unwrap_or_else(|| panic!("cannot format:\n{once}"));
    assert_eq!(once, twice, "it changes when it is formatted again");
    once
}

/// What the compiler reads of the brackets of a macro: its operations, what is wrong, and what it says.
fn read(text: &str) -> (Vec<Operation>, Vec<String>, String) {
    let inside = &text[1..text.len() - 1];
    let parsed = parse::migration(inside.parse().unwrap());
    let wrong = parsed.diagnostics([]).iter().map(|diagnostic| diagnostic.problem.to_string()).collect();
    (parsed.draft.pieces.into_iter().map(|piece| piece.operation).collect(), wrong, parsed.message)
}

#[test]
fn every_case_is_written_so() {
    for (before, after) in cases::CASES {
        assert_eq!(done(before, 60), after.trim_start(), "{before}");
    }
}

/// Each line of a text indented.
fn indented(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }).collect()
}

#[test]
fn what_the_printer_writes_stays_as_it_is() {
    let printed = Operation::examples().into_iter().map(|(_, operation)| operation.to_string());
    // A comment in the braces of a block has spaces around it, which nobody would write.
    let printed: Vec<String> = printed.filter(|text| !text.contains("{ \n")).collect();
    assert!(printed.len() > 80, "{}", printed.len());
    let changed = printed.iter().map(|text| format!("{{\n{}}}", indented(text))).filter(|whole| done(whole, 10_000) != *whole);
    let changed: Vec<String> = changed.map(|whole| format!("{whole}\n{}", done(&whole, 10_000))).collect();
    assert!(changed.is_empty(), "{}", changed.join("\n\n"));
}

#[test]
fn no_example_means_something_else_at_any_width() {
    for (_, operation) in Operation::examples() {
        let whole = format!("{{ {operation} }}");
        for width in [1, 20, 40, 60, 80, 100] {
            assert_eq!(read(&done(&whole, width)), read(&whole), "{whole}");
        }
    }
}

/// The files of a folder of the UI tests.
fn files(folder: &str) -> Vec<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all = std::fs::read_dir(here.join("../tests/ui").join(folder)).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.extension().is_some_and(|ending| ending == "rs")).collect()
}

/// The brackets of the macros of a file.
fn macros(file: &SourceFile) -> Vec<String> {
    let (mut open, mut found) = (vec![file.tokens().unwrap()], Vec::new());
    while let Some(tokens) = open.pop() {
        let items = scan::items(tokens);
        open.extend(items.modules.into_iter().filter_map(|module| module.inline));
        let calls = items.calls.iter().filter(|call| call.name == "migration");
        found.extend(calls.map(|call| file.text[call.range.clone()].to_owned()));
    }
    found
}

#[test]
fn what_is_wrong_is_wrong_in_the_same_words() {
    let mut count = 0;
    for path in ["cases", "passes", "given"].into_iter().flat_map(files) {
        let Ok(file) = SourceFile::read(&path) else { continue };
        if file.tokens().is_err() {
            continue;
        }
        for text in macros(&file) {
            count += 1;
            for width in [30, 100] {
                assert_eq!(read(&done(&text, width)), read(&text), "{}", path.display());
            }
        }
    }
    assert!(count > 300, "{count}");
}

/// Whether a function has the name of a word that parentheses come after with a space.
fn calls_a_keyword(text: &str) -> bool {
    let words = words::BEFORE_VALUES.iter().chain(words::BEFORE_LISTS);
    let is_whole = |(at, _): (usize, &str)| !text[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_');
    words.into_iter().any(|word| text.match_indices(&format!("{word}(")).any(is_whole))
}

/// What may be between two tokens.
fn between() -> impl Strategy<Value = String> {
    let space = || prop::sample::select(vec![" ", "  ", "\n", "\n\n\n", "\t", " \n "]);
    let comment = prop::sample::select(vec!["// one", "/* two */", "/* three\n  four */", "//// five", "/***/", "// é"]);
    let commented = (space(), comment, space()).prop_map(|(before, comment, after)| format!("{before}{comment}\n{after}"));
    prop_oneof![8 => space().prop_map(str::to_owned), 1 => commented]
}

/// The text of tokens with this between them.
fn spread(text: &str, between: &[String]) -> String {
    let parts = tokens(text).unwrap();
    let is_doc = |at: usize| parts[at].kind == token::TokenKind::Doc;
    let before = |(at, space): (usize, &String)| match at {
        0 => parts[at].text.to_owned(),
        at if is_doc(at - 1) || is_doc(at) => format!("\n{}", parts[at].text),
        at => format!("{space}{}", parts[at].text),
    };
    (0..parts.len()).zip(between.iter().cycle()).map(before).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_generated_stays_as_it_is(operation in generated::operation()) {
        let whole = format!("{{\n{}}}", indented(&operation.to_string()));
        prop_assume!(!whole.contains("{ \n") && !calls_a_keyword(&whole));
        prop_assert_eq!(done(&whole, 10_000), whole);
    }

    #[test]
    fn what_is_generated_is_what_it_was(
        operations in prop::collection::vec(generated::operation(), 1..4),
        spaces in prop::collection::vec(between(), 30),
        width in 20_usize..140,
    ) {
        let statements: Vec<String> = operations.iter().map(|operation| format!("\n{operation}")).collect();
        let whole = format!("{{{}\n}}", statements.concat());
        let spread = spread(&whole, &spaces);
        let once = done(&spread, width);
        prop_assert_eq!(read(&once).0, operations);
        prop_assert_eq!(written(&tokens(&once).unwrap()), written(&tokens(&spread).unwrap()));
    }
}
