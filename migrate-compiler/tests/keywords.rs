//! The list of statements, and who reads it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_compiler::parse;

fn codes(text: &str) -> Vec<(&'static str, String)> {
    let parsed = parse::migration(text.parse().unwrap());
    parsed.diagnostics(Vec::new()).into_iter().map(|one| (one.problem.code, one.problem.to_string())).collect()
}

#[test]
fn what_is_planned_says_so_and_what_is_built_is_read() {
    for (words, is_built) in parse::statements() {
        let found = codes(&format!("{words} x"));
        let is_planned = found.iter().any(|(code, message)| *code == "planned" && message.contains(&format!("`{words}`")));
        assert_eq!(is_planned, !is_built, "{words}: {found:?}");
        assert!(!found.iter().any(|(code, _)| *code == "unknown_statement"), "{words}: {found:?}");
    }
}

#[test]
fn the_book_has_every_statement() {
    let book = include_str!("../../docs/src/language.md");
    let (built, planned) = book.split_once("Planned; until then").expect("the book says what is planned");
    let (planned, _) = planned.split_once("\n\n").expect("it ends");
    for (words, is_built) in parse::statements() {
        let in_grammar =
            words.replace("create unique index", "create [unique] index").replace("create index", "create [unique] index");
        assert!(!is_built || built.contains(&in_grammar), "{words}");
        assert_eq!(planned.contains(&format!("`{words}`")), !is_built, "{words}");
    }
}

#[test]
fn a_statement_is_suggested_for_its_misspelling() {
    for (words, _) in parse::statements().filter(|(words, is_built)| *is_built && words.len() > 4) {
        let first = words.split(' ').next().unwrap();
        let misspelled = format!("{}{first}", &first[..1]);
        let found = codes(&format!("{misspelled} x"));
        assert!(
            found.iter().any(|(_, message)| message.contains(&format!("did you mean `{first}`?"))),
            "{misspelled}: {found:?}"
        );
    }
}

#[test]
fn the_book_has_every_action() {
    let book = include_str!("../../docs/src/language.md");
    for (of, words) in parse::actions() {
        let (begin, word) = match of {
            "column" => ("alter COLUMN ", &*words),
            _ => ("", &*words),
        };
        let block =
            book.split("```").find(|part| part.contains(&format!("alter {} NAME {{", if of == "enum" { of } else { "table" })));
        assert!(block.is_some_and(|block| block.contains(&format!("{begin}{word}"))), "{of}: {begin}{word}");
    }
}

#[test]
fn an_action_is_suggested_for_its_misspelling() {
    for (of, words) in parse::actions().filter(|(of, _)| *of != "column") {
        let misspelled = format!("{}{words}", &words[..1]);
        let found = codes(&format!("alter {of} x {{ {misspelled} y; }}"));
        assert!(found.iter().any(|(_, message)| message.contains(&format!("did you mean `{words}"))), "{misspelled}: {found:?}");
    }
}
