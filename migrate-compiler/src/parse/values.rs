//! Changes of an enum: what is in `alter enum NAME { … }`.

use syn::parse::ParseStream;

use crate::diagnostic::Parse;
use crate::name::Name;
use crate::operation::{AddValue, DropValue, RenameValue, ValuePosition};
use crate::parse::Parser;
use crate::parse::cursor::{expect_words, take_words, text};
use crate::problem::{PieceId, Role};
use crate::tree::WrittenOperation;

/// `add "a" [before "b" | after "b"]`, the word taken.
pub(super) fn add(parser: &mut Parser, piece: PieceId, of: &Name, input: ParseStream<'_>) -> Parse<Vec<WrittenOperation>> {
    let value = value(parser, piece, Role::Literal, input)?;
    let place = if take_words(input, &["before"]).is_some() {
        ValuePosition::Before(self::value(parser, piece, Role::To, input)?)
    } else if take_words(input, &["after"]).is_some() {
        ValuePosition::After(self::value(parser, piece, Role::To, input)?)
    } else {
        ValuePosition::Last
    };
    Ok(vec![WrittenOperation { id: piece, operation: AddValue { of: of.clone(), value, place }.into() }])
}

/// `rename "a" to "b"`, the word taken.
pub(super) fn rename(parser: &mut Parser, piece: PieceId, of: &Name, input: ParseStream<'_>) -> Parse<Vec<WrittenOperation>> {
    let from = value(parser, piece, Role::Literal, input)?;
    expect_words(input, &["to"])?;
    let to = value(parser, piece, Role::To, input)?;
    Ok(vec![WrittenOperation { id: piece, operation: RenameValue { of: of.clone(), from, to }.into() }])
}

/// `drop "a" [into "b"]`, the word taken.
pub(super) fn drop(parser: &mut Parser, piece: PieceId, of: &Name, input: ParseStream<'_>) -> Parse<Vec<WrittenOperation>> {
    let dropped = value(parser, piece, Role::Literal, input)?;
    let has_other = take_words(input, &["into"]).is_some();
    let into = if has_other { Some(value(parser, piece, Role::To, input)?) } else { None };
    Ok(vec![WrittenOperation { id: piece, operation: DropValue { of: of.clone(), value: dropped, into }.into() }])
}

fn value(parser: &mut Parser, piece: PieceId, role: Role, input: ParseStream<'_>) -> Parse<String> {
    let (value, span) = text(input, "the value in double quotes")?;
    parser.marks.note(piece, role, &format!("{value:?}"), span);
    Ok(value)
}
