//! The words of expressions.

/// The words that an expression reads as its own grammar, so that a column of such a name is written `r#select`.
pub const WORDS: [&str; 22] = [
    "and",
    "between",
    "case",
    "current_date",
    "current_time",
    "current_timestamp",
    "current_user",
    "else",
    "end",
    "false",
    "ilike",
    "in",
    "is",
    "like",
    "not",
    "null",
    "or",
    "select",
    "session_user",
    "then",
    "true",
    "when",
];

/// The words that are no functions where parentheses follow, besides [`WORDS`].
pub const CALLED_WORDS: [&str; 5] = ["any", "column", "exists", "nextval", "sql"];
