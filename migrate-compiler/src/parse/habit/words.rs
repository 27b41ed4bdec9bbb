//! The keywords of the language.

use crate::expr::{CALLED_WORDS, WORDS};
use crate::parse::keyword;
use crate::types::Type;

/// The words of statements, actions, columns, constraints and indexes, but for those that a statement begins with, an expression has
/// or a type is.
const CLAUSES: [&str; 56] = [
    "action",
    "add",
    "after",
    "always",
    "as",
    "asc",
    "at",
    "before",
    "by",
    "cascade",
    "check",
    "comment",
    "constraint",
    "data",
    "default",
    "deferrable",
    "deferred",
    "delete",
    "desc",
    "distinct",
    "exact",
    "exclude",
    "first",
    "foreign",
    "identity",
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
    "on",
    "primary",
    "references",
    "rename",
    "restrict",
    "schema",
    "set",
    "stated",
    "time",
    "to",
    "type",
    "undo",
    "unique",
    "update",
    "using",
    "value",
    "where",
    "with",
    "without",
    "zone",
];

/// Every keyword.
pub(super) fn keywords() -> impl Iterator<Item = &'static str> {
    let groups = [&CLAUSES[..], &WORDS[..], &CALLED_WORDS[..]].into_iter().flatten().copied();
    keyword::words().chain(groups).chain(Type::words())
}

/// Whether this is a keyword.
pub(super) fn is_keyword(word: &str) -> bool {
    keywords().any(|known| known == word)
}
