//! Objects other than tables: `create extension NAME;`, `drop extension NAME;` and their like.

use proc_macro2::Span;
use syn::parse::ParseStream;

use crate::diagnostic::Parse;
use crate::name::Name;
use crate::objects::{Kind, Read};
use crate::operation::{CreateObject, DropObject, RenameObject};
use crate::parse::cursor::expect_words;
use crate::parse::keyword::Operations;
use crate::parse::{Parser, name, table};
use crate::problem::{PieceId, Role};

/// `create KIND NAME …`, the words taken.
pub(super) fn create(
    parser: &mut Parser,
    piece: PieceId,
    (kind, read): (Kind, Read),
    input: ParseStream<'_>,
) -> Parse<Operations> {
    let (name, span) = named(kind, input)?;
    parser.marks.note(piece, Role::Object, &name.to_string(), span);
    let object = read(input, &mut |role, word, span| parser.marks.note(piece, role, word, span))?;
    Ok(Operations::one(piece, CreateObject { name, object }.into()))
}

/// `drop KIND NAME`, the words taken.
pub(super) fn drop(parser: &mut Parser, piece: PieceId, kind: Kind, input: ParseStream<'_>) -> Parse<Operations> {
    let (name, span) = named(kind, input)?;
    parser.marks.note(piece, Role::Object, &name.to_string(), span);
    table::no_cascade(input, "object")?;
    Ok(Operations::one(piece, DropObject { kind, name }.into()))
}

/// `rename KIND NAME to NAME`, the words taken.
pub(super) fn rename(parser: &mut Parser, piece: PieceId, kind: Kind, input: ParseStream<'_>) -> Parse<Operations> {
    let (from, span) = named(kind, input)?;
    parser.marks.note(piece, Role::Object, &from.to_string(), span);
    expect_words(input, &["to"])?;
    let (to, span) = named(kind, input)?;
    parser.marks.note(piece, Role::To, &to.to_string(), span);
    Ok(Operations::one(piece, RenameObject { kind, from, to }.into()))
}

fn named(kind: Kind, input: ParseStream<'_>) -> Parse<(Name, Span)> {
    let what = format!("the name of the {}", kind.word());
    if kind.is_in_schema() {
        return name::qualified(input, &what);
    }
    let (name, span) = name::plain(input, &what)?;
    Ok((Name::new(name), span))
}
