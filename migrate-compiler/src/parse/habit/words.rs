//! The keywords of the language.

use crate::expr::{CALLED_WORDS, WORDS};
use crate::parse::keyword;
use crate::types::Type;

/// The words of statements, actions, columns, constraints and indexes, but for those that a statement, an action or a change of a column
/// begins with, an expression has or a type is.
const CLAUSES: [&str; 54] = [
    "action",
    "after",
    "always",
    "as",
    "asc",
    "at",
    "batches",
    "before",
    "by",
    "cascade",
    "check",
    "conflict",
    "constraint",
    "data",
    "deferrable",
    "deferred",
    "delete",
    "desc",
    "distinct",
    "do",
    "exact",
    "exclude",
    "first",
    "foreign",
    "immediate",
    "include",
    "initially",
    "into",
    "irreversible",
    "keep",
    "key",
    "last",
    "no",
    "nothing",
    "nulls",
    "of",
    "on",
    "primary",
    "references",
    "restrict",
    "schema",
    "stated",
    "time",
    "to",
    "undo",
    "unique",
    "update",
    "using",
    "value",
    "values",
    "where",
    "with",
    "without",
    "zone",
];

/// The words of queries, which nothing else is taken for: `Orders` is a name.
const OF_QUERIES: [&str; 10] = ["cross", "from", "group", "having", "inner", "join", "left", "limit", "order", "outer"];

/// Every keyword that a misspelled word may mean.
pub(super) fn keywords() -> impl Iterator<Item = &'static str> {
    let groups = [&CLAUSES[..], &WORDS[..], &CALLED_WORDS[..]].into_iter().flatten().copied();
    keyword::words().chain(groups).chain(Type::words())
}

/// Whether this is a keyword.
pub(super) fn is_keyword(word: &str) -> bool {
    keywords().chain(OF_QUERIES).any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// What is read to be refused, or as a name.
    const NONE: [&str; 4] = ["collate", "concurrently", "for", "generated"];

    /// The words that the parser expects in a file.
    fn asked(text: &str) -> Vec<String> {
        let calls = text.split("_words(").skip(1).filter_map(|call| call.split_once("&[")).map(|(_, words)| words);
        let words = calls.filter_map(|words| words.split_once(']')).map(|(words, _)| words.to_owned());
        words.flat_map(|words| words.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn every_word_that_the_parser_asks_for_is_a_keyword() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/parse");
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file());
        let words: Vec<String> = files.flat_map(|file| asked(&std::fs::read_to_string(file).unwrap())).collect();
        let unknown: Vec<&String> = words.iter().filter(|word| !is_keyword(word) && !NONE.contains(&word.as_str())).collect();
        assert!(unknown.is_empty() && words.len() > 50, "{unknown:?}");
    }
}
