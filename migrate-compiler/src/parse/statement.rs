//! Statements.

use crate::draft::{Piece, Undo};
use crate::name::Name;
use crate::near::did_you_mean;
use crate::operation::{CreateIndex, DropIndex, Operation, RenameIndex};
use crate::problem::{PieceId, Role};
use proc_macro2::{Delimiter, Span};
use syn::buffer::Cursor;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::attribute::{Attributes, attributes};
use crate::parse::cursor::{
    after_name, after_words, expect_words, expected, is_braces, next_word, peek_braces, peek_words, punct_at, take_words, word_at,
};
use crate::parse::undo::Within;
use crate::parse::{Parser, alter, index, name, planned, raw, table, undo};

/// The words that statements begin with.
const WORDS: &[&str] = &["create", "drop", "rename", "alter", "sql", "down", "require", "after", "revision"];

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
        match statement(parser, input) {
            Ok(done) => pieces.extend(done),
            Err(diagnostic) => parser.report(diagnostic, input),
        }
    }
    pieces
}

/// Whether a statement begins at the cursor, and not an action of an `alter table` block. Both may begin with the same words, for a
/// column may be called `table` or `index`.
pub(super) fn begins(cursor: Cursor<'_>) -> bool {
    let cursor = after_attributes(cursor);
    let Some((verb, rest)) = word_at(cursor) else { return false };
    let mut objects = [&["table"][..], &["index"]].into_iter().chain(planned::objects(&verb));
    let object = objects.find_map(|words| after_words(rest, words));
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
    planned::statement(input)?;
    if !peek_words(input, &["create", "table"]) {
        attributes.refuse_comment("another statement")?;
    }
    if take_words(input, &["alter", "table"]).is_some() {
        return alter::alter(parser, &attributes, input);
    }
    let piece = parser.marks.begin(start);
    let (operations, needs_end) = operation(parser, piece, &attributes, input)?;
    finish(parser, operations, &attributes, needs_end, None, input)
}

/// What the statement does, and whether a semicolon must end it.
fn operation(
    parser: &mut Parser,
    piece: PieceId,
    attributes: &Attributes,
    input: ParseStream<'_>,
) -> Parse<(Vec<(PieceId, Operation)>, bool)> {
    let start = input.span();
    let one = |operation: Operation| (vec![(piece, operation)], true);
    if take_words(input, &["create", "table"]).is_some() {
        table::if_exists(input, "not exists")?;
        return Ok((table::create(parser, piece, attributes, input)?, false));
    }
    if take_words(input, &["drop", "table"]).is_some() {
        return Ok(one(table::drop(parser, piece, input)?));
    }
    if take_words(input, &["rename", "table"]).is_some() {
        return Ok(one(table::rename(parser, piece, input)?));
    }
    for (words, unique) in [(&["create", "index"][..], false), (&["create", "unique", "index"][..], true)] {
        if take_words(input, words).is_some() {
            index::concurrently(input, &words.join(" "))?;
            table::if_exists(input, "not exists")?;
            let (name, table) = index::head(parser, piece, input)?;
            let index = index::index(parser, piece, &table, name, unique, input)?;
            return Ok(one(CreateIndex { table, index }.into()));
        }
    }
    if take_words(input, &["drop", "index"]).is_some() {
        index::concurrently(input, "drop index")?;
        table::if_exists(input, "exists")?;
        let (name, span) = name::qualified(input, "the name of the index")?;
        parser.marks.note(piece, Role::Index, &name.to_string(), span);
        return Ok(one(DropIndex { name }.into()));
    }
    if take_words(input, &["rename", "index"]).is_some() {
        table::if_exists(input, "exists")?;
        let (from, span) = name::qualified(input, "the name of the index")?;
        parser.marks.note(piece, Role::Index, &from.to_string(), span);
        expect_words(input, &["to"])?;
        let (to, span) = name::qualified(input, "the new name")?;
        parser.marks.note(piece, Role::To, &to.to_string(), span);
        return Ok(one(RenameIndex { from, to }.into()));
    }
    if take_words(input, &["sql"]).is_some() {
        let operation = raw::sql(parser, piece, start, input)?;
        let ends = matches!(&operation, Operation::RunSql(raw) if raw.effect.as_ref().is_some_and(|effect| !effect.is_empty()));
        return Ok((vec![(piece, operation)], !ends));
    }
    Err(unknown(input))
}

/// Rule `unknown_statement`.
fn unknown(input: ParseStream<'_>) -> Diagnostic {
    let word = next_word(input).unwrap_or_default();
    if word.is_empty() {
        return expected(input, "a statement");
    }
    let objects = ["table", "index", "unique index"];
    if ["create", "drop", "rename", "alter"].contains(&word.as_str()) {
        let object = after_words(input.cursor(), &[&word]).and_then(word_at).map(|(word, _)| word);
        let near = did_you_mean(object.as_deref().unwrap_or_default(), objects);
        let message = format!("`{word}` needs something to {word}: `{word} table …`");
        return Diagnostic::new("unknown_statement", input.span(), message).help_if(near);
    }
    if WORDS.contains(&word.as_str()) {
        let message = format!("`{word}` is allowed only at the top of a migration");
        return Diagnostic::new("unknown_statement", input.span(), message);
    }
    let near = did_you_mean(&word, WORDS.iter().copied());
    Diagnostic::new("unknown_statement", input.span(), format!("no statement begins with `{word}`")).help_if(near)
}

/// The `undo` after a statement or an action, and its end; makes the pieces.
pub(super) fn finish(
    parser: &mut Parser,
    operations: Vec<(PieceId, Operation)>,
    attributes: &Attributes,
    needs_end: bool,
    table: Option<(&Name, Span)>,
    input: ParseStream<'_>,
) -> Parse<Vec<Piece>> {
    for (role, word, span) in &attributes.words {
        operations.iter().for_each(|(piece, _)| parser.marks.note(*piece, *role, word, *span));
    }
    let Attributes { only, allows, .. } = attributes;
    let piece = |(id, operation)| Piece { id, operation, only: only.clone(), allows: allows.clone(), undo: Undo::Inferred };
    let pieces = operations.into_iter().map(piece).collect();
    undo::after(parser, pieces, table, needs_end, input)
}
