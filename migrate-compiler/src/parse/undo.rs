//! What is written about the downgrade of a statement, an action or a block: `undo …` and `irreversible …` after it.

use crate::draft::{Piece, Undo};
use crate::name::Name;
use crate::operation::{DropColumn, Operation, RunSql};
use crate::problem::{Role, Slot};
use proc_macro2::Span;
use syn::buffer::Cursor;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::cursor::{
    after_words, expected, inside_braces, peek_braces, peek_words, punct_at, take_punct, take_words, text,
};
use crate::parse::expr::Reader;
use crate::parse::keyword::End;
use crate::parse::{Parser, alter, column, raw, statement, table};

/// Where pieces stand that have no downgrade of their own.
#[derive(Clone, Copy)]
pub(super) enum Within {
    /// `undo { … }`
    Undo,
    /// `down { … }`
    Down,
    /// `sql "…" as { … }`
    Effect,
}

/// What an `undo` comes after.
#[derive(Clone, Copy)]
enum After {
    /// A statement or an action.
    One,
    /// An `alter table` block.
    Block,
}

/// Whether something is written about a downgrade at the cursor, and no name that is spelt like it.
pub(super) fn begins(cursor: Cursor<'_>) -> bool {
    after_words(cursor, &["undo"]).is_some_and(|rest| rest.token_tree().is_some() && punct_at(rest, ";").is_none())
        || after_words(cursor, &["irreversible"]).is_some_and(|rest| rest.literal().is_some())
        || after_words(cursor, &["keep", "data"]).is_some()
}

/// What comes after a statement or an action: its `undo` and its end.
pub(super) fn after(
    parser: &mut Parser,
    pieces: Vec<Piece>,
    table: Option<(&Name, Span)>,
    ends: End,
    input: ParseStream<'_>,
) -> Parse<Vec<Piece>> {
    let undo = undo(parser, &pieces, After::One, table, input)?;
    end(&undo, ends, input)?;
    Ok(together(pieces, undo, &Undo::Part))
}

/// What comes after an `alter table` or `alter enum` block, whose actions are undone together then. Rule `block_and_undo`: what is written after one of
/// its actions as well is never used.
pub(super) fn after_block(
    parser: &mut Parser,
    table: Option<(&Name, Span)>,
    pieces: Vec<Piece>,
    input: ParseStream<'_>,
) -> Parse<Vec<Piece>> {
    let undo = undo(parser, &pieces, After::Block, table, input)?;
    end(&undo, End::Brace, input)?;
    if !undo.is_written() {
        return Ok(pieces);
    }
    for piece in pieces.iter().filter(|piece| piece.undo.is_written()) {
        let message = format!("`{}` after the block replaces this, so this is never used", word(&undo));
        let diagnostic = Diagnostic::new("block_and_undo", place(parser, piece), message);
        parser.diagnostics.push(diagnostic.help("remove one of the two"));
    }
    Ok(together(pieces, undo, &Undo::Together))
}

/// The pieces, undone together where something was written.
fn together(mut pieces: Vec<Piece>, undo: Undo, others: &Undo) -> Vec<Piece> {
    if !undo.is_written() {
        return pieces;
    }
    pieces.iter_mut().for_each(|piece| piece.undo = others.clone());
    if let Some(first) = pieces.first_mut() {
        first.undo = undo;
    }
    pieces
}

/// The semicolon, which may be left out after braces and at the end.
fn end(undo: &Undo, end: End, input: ParseStream<'_>) -> Parse<()> {
    let by_braces = matches!(undo, Undo::Written(_) | Undo::Unread);
    if take_punct(input, ";").is_none() && (end == End::Semicolon || undo.is_written()) && !input.is_empty() && !by_braces {
        table::no_comma(input)?;
        return Err(expected(input, "`;`"));
    }
    Ok(())
}

/// `undo { … }`, `undo "…"`, `undo default EXPR`, `undo nothing "reason"`, `irreversible "reason"`
fn undo(
    parser: &mut Parser,
    pieces: &[Piece],
    place: After,
    table: Option<(&Name, Span)>,
    input: ParseStream<'_>,
) -> Parse<Undo> {
    let span = input.span();
    // A block of which nothing could be read has no piece.
    let piece = pieces.first().map_or_else(|| parser.marks.begin(span), |piece| piece.id);
    if peek_words(input, &["keep", "data"]) {
        let message = "`keep data` is planned and not built yet";
        let help = "leave it out until then: the level says what is lost";
        return Err(Diagnostic::new("planned", span, message).help(help));
    }
    if take_words(input, &["irreversible"]).is_some() {
        parser.marks.note(piece, Role::Undo, "", span);
        return Ok(Undo::Irreversible(reason(input)?));
    }
    if take_words(input, &["undo"]).is_none() {
        return Ok(Undo::Inferred);
    }
    parser.marks.note(piece, Role::Undo, "", span);
    if take_words(input, &["nothing"]).is_some() {
        return Ok(Undo::Nothing(reason(input)?));
    }
    if peek_words(input, &["default"]) {
        return default(parser, pieces, place, input);
    }
    if !raw::peek_texts(input) {
        return written(parser, table, input);
    }
    let id = parser.marks.begin(input.span());
    let texts = raw::texts(parser, id, input)?;
    let operation = RunSql { texts, effect: None }.into();
    Ok(Undo::Written(vec![Piece { id, operation, only: None, allows: Vec::new(), undo: Undo::Inferred }]))
}

/// `{ … }`: statements, and after an action or a block actions of its table.
fn written(parser: &mut Parser, table: Option<(&Name, Span)>, input: ParseStream<'_>) -> Parse<Undo> {
    if !peek_braces(input) {
        return Err(expected(input, "`{ … }`, SQL in double quotes, or `nothing \"reason\"`"));
    }
    let inner = inside_braces(input)?;
    let known = parser.diagnostics.len();
    let pieces = match table {
        Some(table) => alter::undo(parser, table, &inner),
        None => statement::statements(parser, &inner),
    };
    let is_read = parser.diagnostics.len() == known;
    refuse(parser, &pieces, Within::Undo);
    Ok(if is_read { Undo::Written(pieces) } else { Undo::Unread })
}

/// `default EXPR`. Rule `undo_default`: it is the value of a column that was dropped.
fn default(parser: &mut Parser, pieces: &[Piece], place: After, input: ParseStream<'_>) -> Parse<Undo> {
    let span = input.span();
    take_words(input, &["default"]);
    if let (After::One, [Piece { id, operation: Operation::DropColumn(DropColumn { column, .. }), .. }]) = (place, pieces) {
        return column::default(parser, *id, column, input).map(Undo::Default);
    }
    let message = "`undo default` is allowed only after `drop COLUMN` in an `alter table` block";
    let diagnostic = Diagnostic::new("undo_default", span, message);
    parser.diagnostics.push(diagnostic.help("write `undo { … }` with the statements of the downgrade"));
    let nobody = parser.marks.begin(span);
    Reader::new(parser, nobody, None).expr(input)?;
    Ok(Undo::Unread)
}

/// Rule `way_back_here`: what is itself a downgrade, or a description, has no downgrade.
pub(super) fn refuse(parser: &mut Parser, pieces: &[Piece], within: Within) {
    for piece in pieces.iter().filter(|piece| piece.undo.is_written()) {
        let word = word(&piece.undo);
        let message = match within {
            Within::Undo if word == "undo" => "`undo` cannot be nested".to_owned(),
            Within::Undo => format!("`{word}` cannot be used in `undo`"),
            Within::Down => format!("`{word}` cannot be used in `down`"),
            Within::Effect => format!("`{word}` cannot be used in `as {{ … }}`"),
        };
        parser.diagnostics.push(Diagnostic::new("way_back_here", place(parser, piece), message).help("remove it"));
    }
}

/// The keyword.
fn word(undo: &Undo) -> &'static str {
    match undo {
        Undo::Irreversible(_) => "irreversible",
        Undo::Inferred | Undo::Written(_) | Undo::Default(_) | Undo::Nothing(_) => "undo",
        Undo::Unread | Undo::Together | Undo::Part => "undo",
    }
}

/// Where something is written about a piece's downgrade.
fn place(parser: &Parser, piece: &Piece) -> Span {
    let slot = Slot::new(Role::Undo, "");
    parser.marks.word(piece.id, &slot).unwrap_or_else(|| parser.marks.place(piece.id))
}

/// Rule `reason`: why there is no downgrade.
fn reason(input: ParseStream<'_>) -> Parse<String> {
    let span = input.span();
    let (reason, place) = text(input, "the reason in double quotes")
        .map_err(|_| Diagnostic::new("reason", span, "say why, in double quotes").help("`\"retention: must not come back\"`"))?;
    if reason.trim().is_empty() {
        return Err(Diagnostic::new("reason", place, "say why: the reason is empty").help("`\"retention: must not come back\"`"));
    }
    Ok(reason)
}
