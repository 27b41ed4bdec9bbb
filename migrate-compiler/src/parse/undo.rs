//! What is written about the downgrade of a statement, an action or a block: `undo …` and `irreversible …` after it.

use syn::buffer::Cursor;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::block::{self, BlockSubject};
use crate::parse::cursor::{
    after_words, expected, inside_braces, peek_braces, peek_words, punct_at, range, take_punct, take_words, text,
};
use crate::parse::expr::Reader;
use crate::parse::keyword::{End, InUndo};
use crate::parse::{Parser, program, raw, statement, table};
use crate::problem::PieceId;
use crate::tree::{UndoClause, UndoKind};

/// What an `undo` comes after.
#[derive(Clone, Copy)]
pub(super) struct UndoOwner<'a> {
    /// The node whose words are those of the `undo`.
    pub id: PieceId,
    /// What the block alters that it is in, or that it comes after.
    pub subject: Option<BlockSubject<'a>>,
}

/// What comes after a drop that keeps the data.
pub(super) const KEEP: &[&str] = &["keep", "data"];

/// Whether something is written about a downgrade at the cursor, and no name that is spelt like it.
pub(super) fn begins(cursor: Cursor<'_>) -> bool {
    after_words(cursor, &["undo"]).is_some_and(|rest| rest.token_tree().is_some() && punct_at(rest, ";").is_none())
        || after_words(cursor, &["irreversible"]).is_some_and(|rest| rest.literal().is_some())
        || after_words(cursor, KEEP).is_some()
}

/// What comes after a statement, an action or a block: its `undo` and its end.
pub(super) fn after(parser: &mut Parser, owner: UndoOwner<'_>, ends: End, input: ParseStream<'_>) -> Parse<Option<UndoClause>> {
    let begin = input.cursor();
    let undo = kind(parser, owner, input)?.map(|kind| UndoClause { range: range(begin, input.cursor()), kind });
    end(undo.as_ref(), ends, input)?;
    Ok(undo)
}

/// The semicolon, which may be left out after braces and at the end.
fn end(undo: Option<&UndoClause>, end: End, input: ParseStream<'_>) -> Parse<()> {
    let by_braces = undo.is_some_and(|undo| matches!(undo.kind, UndoKind::Statements(_) | UndoKind::Sql(..)));
    if take_punct(input, ";").is_none() && (end == End::Semicolon || undo.is_some()) && !input.is_empty() && !by_braces {
        table::no_comma(input)?;
        return Err(expected(input, "`;`"));
    }
    Ok(())
}

/// `undo { … }`, `undo "…"`, `undo PATH`, `undo default EXPR`, `undo nothing "reason"`, `irreversible "reason"`
fn kind(parser: &mut Parser, owner: UndoOwner<'_>, input: ParseStream<'_>) -> Parse<Option<UndoKind>> {
    if peek_words(input, KEEP) {
        let message = "`keep data` is allowed only after drops, `update` and `delete`, before `undo`";
        return Err(Diagnostic::new("keep_here", input.span(), message).help("remove it"));
    }
    if take_words(input, &["irreversible"]).is_some() {
        return reason(input).map(UndoKind::Irreversible).map(Some);
    }
    if take_words(input, &["undo"]).is_none() {
        return Ok(None);
    }
    let kind = if take_words(input, &["nothing"]).is_some() {
        UndoKind::Nothing(reason(input)?)
    } else if peek_words(input, &["default"]) {
        default(parser, owner.id, input)?
    } else if raw::peek_texts(input) {
        let id = parser.marks.begin(input.span());
        UndoKind::Sql(id, raw::texts(parser, id, input)?)
    } else if program::begins(input.cursor()) {
        let id = parser.marks.begin(input.span());
        UndoKind::Program(id, program::called(parser, id, input)?)
    } else {
        written(parser, owner, input)?
    };
    Ok(Some(kind))
}

/// `{ … }`: statements, and after an action or a block of a table actions of that.
fn written(parser: &mut Parser, owner: UndoOwner<'_>, input: ParseStream<'_>) -> Parse<UndoKind> {
    if !peek_braces(input) {
        return Err(expected(input, "`{ … }`, SQL, a function or `nothing \"reason\"`"));
    }
    let inner = inside_braces(input)?;
    let statements = match owner.subject.filter(|subject| subject.kind.in_undo == InUndo::Actions) {
        Some(subject) => block::actions_and_statements(parser, subject, &inner),
        None => statement::statements(parser, &inner),
    };
    Ok(UndoKind::Statements(statements))
}

/// `default EXPR`
fn default(parser: &mut Parser, owner: PieceId, input: ParseStream<'_>) -> Parse<UndoKind> {
    let begin = input.cursor();
    take_words(input, &["default"]);
    let begin_of_value = input.cursor();
    let value = Box::new(Reader::new(parser, owner, None).expr(input)?);
    let end = input.cursor();
    Ok(UndoKind::Default { range: range(begin, end), value, of_value: range(begin_of_value, end) })
}

/// Rule `reason`: why there is no downgrade.
fn reason(input: ParseStream<'_>) -> Parse<String> {
    let span = input.span();
    let (reason, place) = text(input, "the reason in double quotes").map_err(|_| {
        Diagnostic::new("reason", span, "expected the reason in double quotes")
            .help("write a reason, such as `\"retention: must not come back\"`")
    })?;
    if reason.trim().is_empty() {
        return Err(Diagnostic::new("reason", place, "the reason is empty")
            .help("write a reason, such as `\"retention: must not come back\"`"));
    }
    Ok(reason)
}
