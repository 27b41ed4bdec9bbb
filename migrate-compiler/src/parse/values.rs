//! Changes of an enum: `alter enum NAME { … }`.

use proc_macro2::Span;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::draft::Piece;
use crate::name::Name;
use crate::operation::{AddValue, DropValue, Operation, Position, RenameValue};
use crate::parse::attribute::{Attributes, attributes};
use crate::parse::cursor::{expect_words, expected, inside_braces, next_word, peek_braces, peek_words, text};
use crate::parse::keyword::Operations;
use crate::parse::{Parser, habit, name, statement, undo};
use crate::problem::{PieceId, Role};
use crate::suggestion::did_you_mean;

/// `NAME { … }`, behind `alter enum`.
pub(super) fn alter(parser: &mut Parser, block: &Attributes, input: ParseStream<'_>) -> Parse<Vec<Piece>> {
    let (of, span) = name::qualified(input, "the name of the enum")?;
    if !peek_braces(input) {
        return Err(expected(input, "the changes in braces: `alter enum mood { add \"calm\"; }`"));
    }
    let inner = inside_braces(input)?;
    if inner.is_empty() {
        return Err(Diagnostic::new("changes_nothing", span, "this `alter enum` changes nothing").help("remove it"));
    }
    let mut pieces = Vec::new();
    while !inner.is_empty() {
        let begin = inner.cursor();
        match one(parser, (&of, span), block, &inner) {
            Ok(done) => pieces.extend(done),
            Err(diagnostic) => parser.report(diagnostic, habit::Spot::Value, begin, &inner),
        }
    }
    undo::after_block(parser, None, pieces, input)
}

/// One action with its attributes and its `undo`.
fn one(parser: &mut Parser, of: (&Name, Span), block: &Attributes, input: ParseStream<'_>) -> Parse<Vec<Piece>> {
    let own = attributes(input)?;
    own.refuse_comment("a change of an enum")?;
    let piece = parser.marks.begin(input.span());
    parser.marks.note(piece, Role::Object, &of.0.to_string(), of.1);
    let operation = action(parser, piece, of.0, input)?;
    statement::finish(parser, Operations::one(piece, operation), &own.within(block), None, input)
}

fn action(parser: &mut Parser, piece: PieceId, of: &Name, input: ParseStream<'_>) -> Parse<Operation> {
    const ACTIONS: &str = "`add`, `rename` or `drop`";
    let of = of.clone();
    match next_word(input).as_deref() {
        Some("add") => {
            let value = value(parser, piece, "add", Role::Literal, input)?;
            let place = place(parser, piece, input)?;
            Ok(AddValue { of, value, place }.into())
        }
        Some("rename") => {
            let from = value(parser, piece, "rename", Role::Literal, input)?;
            let to = value(parser, piece, "to", Role::To, input)?;
            Ok(RenameValue { of, from, to }.into())
        }
        Some("drop") => {
            let dropped = value(parser, piece, "drop", Role::Literal, input)?;
            let has_other = peek_words(input, &["into"]);
            let into = if has_other { Some(value(parser, piece, "into", Role::To, input)?) } else { None };
            Ok(DropValue { of, value: dropped, into }.into())
        }
        Some(word) => Err(expected(input, ACTIONS).help_if(did_you_mean(word, ["add", "rename", "drop"]))),
        None => Err(expected(input, ACTIONS)),
    }
}

/// A value behind a word.
fn value(parser: &mut Parser, piece: PieceId, word: &str, role: Role, input: ParseStream<'_>) -> Parse<String> {
    expect_words(input, &[word])?;
    let (value, span) = text(input, "the value in double quotes")?;
    parser.marks.note(piece, role, &format!("{value:?}"), span);
    Ok(value)
}

/// `before "a"`, `after "a"`
fn place(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Position> {
    if peek_words(input, &["before"]) {
        return value(parser, piece, "before", Role::To, input).map(Position::Before);
    }
    if peek_words(input, &["after"]) {
        return value(parser, piece, "after", Role::To, input).map(Position::After);
    }
    Ok(Position::Last)
}
