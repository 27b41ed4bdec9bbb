//! What raw SQL does to rows.

use migrate_history::sql::SqlToken;

use super::finding::{Danger, RawDanger};
use super::reader::RawReader;
use super::statement::{Nested, RawStatement, is_word};

/// Statements in which another statement may be, in parentheses.
const HOLDERS: [&str; 6] = ["WITH", "INSERT", "UPDATE", "DELETE", "SELECT", "EXPLAIN"];

/// An `UPDATE` or a `DELETE` of all rows, alone or in a `WITH`.
pub(super) fn dangers(statement: &RawStatement<'_>) -> Vec<RawDanger> {
    let holds = statement.tokens.first().is_some_and(|first| HOLDERS.iter().any(|word| is_word(*first, word)));
    let places = if holds { statement.nested.len() } else { 0 };
    (0..places).filter_map(|place| of_all_rows(&statement.nested, place)).collect()
}

/// The statement that begins at a place, where it is one of all rows.
fn of_all_rows(all: &[Nested<'_>], place: usize) -> Option<RawDanger> {
    let here = all[place];
    // At the beginning, in parentheses, or after those of a `WITH`.
    let is_before = |one: &Nested<'_>| ["EXPLAIN", "ANALYZE", "VERBOSE"].iter().any(|word| is_word(one.token, word));
    let begins = all[..place].iter().all(is_before)
        || place.checked_sub(1).is_some_and(|before| matches!(all[before].token, SqlToken::Symbol('(' | ')')));
    let danger = match here.token {
        token if is_word(token, "UPDATE") => Danger::UpdateAll,
        token if is_word(token, "DELETE") => Danger::DeleteAll,
        SqlToken::Word(_) | SqlToken::Number | SqlToken::Quoted | SqlToken::Symbol(_) => return None,
    };
    let own = all[place..].iter().take_while(|one| one.depth >= here.depth).filter(|one| one.depth == here.depth);
    let tokens: Vec<SqlToken<'_>> = own.map(|one| one.token).collect();
    let mut reader = RawReader(&tokens[1..]);
    if !begins || is_limited(&tokens) {
        return None;
    }
    reader.skip(&["FROM", "ONLY"]);
    Some(RawDanger::new(danger, reader.name().into_iter().collect()))
}

/// Whether there is a condition that names anything: `where true` is all rows.
fn is_limited(tokens: &[SqlToken<'_>]) -> bool {
    let after = tokens.iter().skip_while(|token| !is_word(**token, "WHERE")).skip(1);
    let constant = ["TRUE", "FALSE", "AND", "OR", "NOT", "RETURNING"];
    let names = |token: &SqlToken<'_>| match token {
        SqlToken::Word(_) => !constant.iter().any(|word| is_word(*token, word)),
        SqlToken::Quoted | SqlToken::Symbol('(') => true,
        SqlToken::Number | SqlToken::Symbol(_) => false,
    };
    after.into_iter().any(names)
}

/// Whether a text may give rows that are there the values that a change demands of them: it has more than definitions, or says what
/// the values of a column become.
pub(super) fn gives_values(statement: &RawStatement<'_>) -> bool {
    let defines = ["ALTER", "CREATE", "DROP", "COMMENT", "GRANT", "REVOKE", "SET", "LOCK", "REINDEX"];
    let is_definition = statement.tokens.first().is_some_and(|first| defines.iter().any(|word| is_word(*first, word)));
    let is_set =
        |window: &[SqlToken<'_>]| is_word(window[1], "DEFAULT") && !["SET", "DROP"].iter().any(|word| is_word(window[0], word));
    let has_default = statement.begins(&["ALTER"]) && statement.tokens.windows(2).any(is_set);
    let converts = statement.begins(&["ALTER"]) && statement.has(&["TYPE"]) && statement.has(&["USING"]);
    let generates = statement.begins(&["ALTER"]) && statement.has(&["GENERATED"]);
    !is_definition || has_default || converts || generates
}
