//! Statements.

use crate::draft::{Piece, Undo};
use crate::name::Name;
use crate::suggestion::did_you_mean;
use proc_macro2::{Delimiter, Span};
use syn::buffer::Cursor;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::attribute::{Attributes, attributes};
use crate::parse::cursor::{after_name, after_words, expected, is_braces, next_word, peek_braces, punct_at, take_words, word_at};
use crate::parse::habit::Spot;
use crate::parse::keyword::{self, Form, Operations};
use crate::parse::undo::Within;
use crate::parse::{Parser, planned, undo};

/// `{ STATEMENTS }`
pub(super) fn block(parser: &mut Parser, what: &str, input: ParseStream<'_>) -> Parse<Vec<Piece>> {
    if !peek_braces(input) {
        return Err(expected(input, what));
    }
    let inner = crate::parse::cursor::inside_braces(input)?;
    Ok(statements(parser, &inner))
}

/// The same, where a statement is only itself: rule `way_back_here`, and `attribute_here` in what raw SQL does to the schema.
pub(super) fn plain_block(parser: &mut Parser, what: &str, input: ParseStream<'_>) -> Parse<Vec<Piece>> {
    let pieces = block(parser, what, input)?;
    undo::refuse(parser, &pieces, Within::Effect);
    for piece in pieces.iter().filter(|piece| piece.only.is_some() || !piece.allows.is_empty()) {
        let message = "what raw SQL does to the schema is described for the whole `sql`";
        let diagnostic = Diagnostic::new("attribute_here", parser.marks.place(piece.id), message);
        parser.diagnostics.push(diagnostic.help("move the attribute before `sql`"));
    }
    Ok(pieces)
}

/// Statements up to the end, going on after each mistake.
pub(super) fn statements(parser: &mut Parser, input: ParseStream<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    while !input.is_empty() {
        let begin = input.cursor();
        match statement(parser, input) {
            Ok(done) => pieces.extend(done),
            Err(diagnostic) => parser.report(diagnostic, Spot::Statement, begin, input),
        }
    }
    pieces
}

/// Whether a statement begins at the cursor, and not an action of an `alter table` block. Both may begin with the same words, for a
/// column may be called `table` or `index`.
pub(super) fn begins(cursor: Cursor<'_>) -> bool {
    let cursor = after_attributes(cursor);
    let Some((verb, rest)) = word_at(cursor) else { return false };
    let object = keyword::after_object(&verb, rest);
    let named = object.and_then(after_name);
    match verb.as_str() {
        "add" | "comment" => false,
        "drop" => named.is_some() && !object.is_some_and(undo::begins),
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
pub(super) fn statement(parser: &mut Parser, input: ParseStream<'_>) -> Parse<Vec<Piece>> {
    let attributes = attributes(input)?;
    let start = input.span();
    let Some(statement) = keyword::peek(input) else { return Err(unknown(input)) };
    if statement.words != ["create", "table"] {
        attributes.refuse_comment("another statement")?;
    }
    let operations = match statement.form {
        Form::Planned => return Err(planned::word(input, &format!("`{}`", statement.words.join(" ")))),
        Form::Block(read) => {
            take_words(input, statement.words);
            return read(parser, &attributes, input);
        }
        Form::Operations(read) => {
            take_words(input, statement.words);
            let piece = parser.marks.begin(start);
            read(parser, piece, &attributes, input)?
        }
        Form::Object(read, kind) => {
            take_words(input, statement.words);
            let piece = parser.marks.begin(start);
            read(parser, piece, kind, input)?
        }
    };
    finish(parser, operations, &attributes, None, input)
}

/// Rule `unknown_statement`.
fn unknown(input: ParseStream<'_>) -> Diagnostic {
    let word = next_word(input).unwrap_or_default();
    if word.is_empty() {
        return expected(input, "a statement");
    }
    let objects = keyword::objects_of(&word);
    if !objects.is_empty() {
        let object = after_words(input.cursor(), &[&word]).and_then(word_at).map(|(word, _)| word);
        let near = did_you_mean(object.as_deref().unwrap_or_default(), objects.iter().map(String::as_str));
        let message = format!("`{word}` needs something to {word}: `{word} table …`");
        return Diagnostic::new("unknown_statement", input.span(), message).help_if(near);
    }
    if keyword::TOP.contains(&word.as_str()) {
        let message = format!("`{word}` is allowed only at the top of a migration");
        return Diagnostic::new("unknown_statement", input.span(), message);
    }
    let near = did_you_mean(&word, keyword::firsts());
    Diagnostic::new("unknown_statement", input.span(), format!("no statement begins with `{word}`")).help_if(near)
}

/// The `undo` after a statement or an action, and its end; makes the pieces.
pub(super) fn finish(
    parser: &mut Parser,
    operations: Operations,
    attributes: &Attributes,
    table: Option<(&Name, Span)>,
    input: ParseStream<'_>,
) -> Parse<Vec<Piece>> {
    let Operations { all: operations, end } = operations;
    for (role, word, span) in &attributes.words {
        operations.iter().for_each(|(piece, _)| parser.marks.note(*piece, *role, word, *span));
    }
    let Attributes { only, allows, .. } = attributes;
    let piece = |(id, operation)| Piece { id, operation, only: only.clone(), allows: allows.clone(), undo: Undo::Inferred };
    let pieces = operations.into_iter().map(piece).collect();
    undo::after(parser, pieces, table, end, input)
}
