//! Statements.

use crate::suggestion::did_you_mean;
use crate::tree::{Plain, StatementTree};
use proc_macro2::Delimiter;
use syn::buffer::Cursor;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::attribute::attributes;
use crate::parse::block::{self, BlockStart};
use crate::parse::cursor::{
    after_name, after_words, expected, is_braces, next_word, peek_braces, punct_at, range, take_words, word_at,
};
use crate::parse::habit::Spot;
use crate::parse::keyword::{self, Grammar, Operations};
use crate::parse::undo::UndoOwner;
use crate::parse::{Parser, object, planned, undo};

/// `{ STATEMENTS }`
pub(super) fn block(parser: &mut Parser, what: &str, input: ParseStream<'_>) -> Parse<Vec<StatementTree>> {
    if !peek_braces(input) {
        return Err(expected(input, what));
    }
    let inner = crate::parse::cursor::inside_braces(input)?;
    Ok(statements(parser, &inner))
}

/// Statements up to the end, going on after each mistake.
pub(super) fn statements(parser: &mut Parser, input: ParseStream<'_>) -> Vec<StatementTree> {
    let mut all = Vec::new();
    while !input.is_empty() {
        let begin = input.cursor();
        let read = statement(parser, input);
        all.push(read.unwrap_or_else(|error| StatementTree::Unread(parser.report(error, Spot::Statement, begin, input))));
    }
    all
}

/// Whether a statement begins at the cursor, and not an action of an `alter table` block. Both may begin with the same words, for a
/// column may be called `table` or `index`.
pub(super) fn begins(cursor: Cursor<'_>) -> bool {
    let cursor = after_attributes(cursor);
    let Some((verb, rest)) = word_at(cursor) else { return false };
    let object = keyword::after_object(&verb, rest);
    let named = object.and_then(after_name);
    match verb.as_str() {
        verb if keyword::is_action_only(verb) => false,
        "drop" => named.is_some() && !object.is_some_and(undo::begins),
        "restore" => named.is_some(),
        "rename" => named.and_then(|rest| after_words(rest, &["to"])).and_then(after_name).is_some(),
        "alter" => {
            let action = object.and_then(word_at).is_some_and(|(word, _)| ["type", "set", "drop"].contains(&word.as_str()));
            named.is_some_and(|rest| is_braces(rest) || !action)
        }
        _ => true,
    }
}

/// The cursor after `#[…]`, of which `///` is one.
fn after_attributes(mut cursor: Cursor<'_>) -> Cursor<'_> {
    while let Some((_, _, rest)) = punct_at(cursor, "#").and_then(|rest| rest.group(Delimiter::Bracket)) {
        cursor = rest;
    }
    cursor
}

/// One statement with its attributes and its `undo`.
pub(super) fn statement(parser: &mut Parser, input: ParseStream<'_>) -> Parse<StatementTree> {
    let begin = input.cursor();
    let attributes = attributes(parser, input)?;
    let start = input.span();
    let Some(keyword) = keyword::peek(input) else { return Err(unknown(input)) };
    let words = keyword.words;
    let planned = planned::statement(input, words);
    take_words(input, words);
    let id = parser.marks.begin(start);
    let Operations { parts, entries, effect, end } = match keyword.form {
        Grammar::Planned => return Err(planned),
        Grammar::Block(kind) => {
            return block::block(parser, BlockStart { words, attributes, begin }, kind, input).map(StatementTree::Block);
        }
        Grammar::Operations(read) => read(parser, id, input)?,
        Grammar::Create(kind, read) => object::create(parser, id, (kind, read), input)?,
        Grammar::Object(read, kind) => read(parser, id, kind, input)?,
    };
    let undo = undo::after(parser, UndoOwner { id, subject: None }, end, input)?;
    let range = range(begin, input.cursor());
    Ok(StatementTree::Plain(Plain { range, words, attributes, parts, entries, effect, undo }))
}

/// Rule `unknown_statement`.
fn unknown(input: ParseStream<'_>) -> Diagnostic {
    let word = next_word(input).unwrap_or_default();
    if word.is_empty() {
        return expected(input, "a statement");
    }
    let objects = keyword::objects_of(&word);
    if !objects.is_empty() {
        let after = after_words(input.cursor(), &[&word]);
        if let Some((cursor, object)) = after.and_then(|after| Some((after, word_at(after)?.0)))
            && let near @ Some(_) = did_you_mean(&object, objects.iter().map(String::as_str))
        {
            return Diagnostic::new("unknown_keyword", cursor.span(), format!("unknown keyword `{object}`")).help_if(near);
        }
        let all = format!("write one of `{}`, or raw SQL", objects.join("`, `"));
        let message = match objects.as_slice() {
            [only] => format!("expected `{only}` after `{word}`"),
            _ => format!("expected the kind of object after `{word}`, as in `{word} table`"),
        };
        return Diagnostic::new("unknown_statement", input.span(), message).help(all);
    }
    if keyword::TOP.contains(&word.as_str()) {
        let message = format!("`{word}` is allowed only at the top of a migration");
        return Diagnostic::new("unknown_statement", input.span(), message).help("move it out of the braces");
    }
    if keyword::is_action_only(&word) {
        let message = format!("`{word}` is not a statement, but an action of `alter table`");
        return Diagnostic::new("unknown_statement", input.span(), message).help("write it inside of `alter table`");
    }
    let near = did_you_mean(&word, keyword::firsts());
    let mut firsts: Vec<&str> = keyword::firsts().collect();
    firsts.sort_unstable();
    firsts.dedup();
    let all = format!("a statement begins with one of `{}`", firsts.join("`, `"));
    Diagnostic::new("unknown_statement", input.span(), format!("unknown statement `{word}`")).help_if(near).help(all)
}
