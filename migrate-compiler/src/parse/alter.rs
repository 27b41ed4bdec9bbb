//! `alter table NAME { … }`

use crate::draft::Piece;
use crate::name::{Name, Written};
use crate::operation::{
    AddColumn, AddConstraint, AlterConstraint, AlterType, CommentColumn, CommentTable, DropColumn, DropConstraint, DropDefault,
    DropNotNull, Operation, RenameColumn, RenameConstraint, SetCounter, SetDefault, SetNotNull,
};
use crate::problem::{PieceId, Role};
use proc_macro2::Span;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::attribute::{Attributes, attributes};
use crate::parse::column::EntryContext;
use crate::parse::cursor::{
    after_name, after_words, any_word, expect_punct, expect_words, expected, next_word, peek_braces, peek_words, punct_at,
    take_words, text,
};
use crate::parse::expr::Reader;
use crate::parse::habit::Spot;
use crate::parse::keyword::{End, Operations};
use crate::parse::{Parser, column, constraint, name, statement, table, types, undo};

/// The block and its `undo`, after `alter table`.
pub(super) fn alter(parser: &mut Parser, block: &Attributes, input: ParseStream<'_>) -> Parse<Vec<Piece>> {
    let (name, span) = name::qualified(input, "the name of the table")?;
    if !peek_braces(input) {
        return Err(expected(input, "the changes in braces: `alter table t { … }`"));
    }
    let inner = crate::parse::cursor::inside_braces(input)?;
    if inner.is_empty() {
        return Err(Diagnostic::new("changes_nothing", span, "this `alter table` changes nothing").help("remove it"));
    }
    let pieces = actions(parser, (&name, span), block, &inner);
    undo::after_block(parser, Some((&name, span)), pieces, input)
}

/// The actions of a block, going on after each mistake.
fn actions(parser: &mut Parser, table: (&Name, Span), block: &Attributes, input: ParseStream<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    while !input.is_empty() {
        let start = input.cursor();
        match begin(parser, table, block, input) {
            Ok(done) => pieces.extend(done),
            Err(diagnostic) => parser.report(diagnostic, Spot::Action(table.0.clone()), start, input),
        }
    }
    pieces
}

/// What stands in the braces of an `undo` after an action or a block: actions of the same table, and statements.
pub(super) fn undo(parser: &mut Parser, table: (&Name, Span), input: ParseStream<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    while !input.is_empty() {
        let start = input.cursor();
        let (place, read) = if statement::begins(start) {
            (Spot::Statement, statement::statement(parser, input))
        } else {
            (Spot::Action(table.0.clone()), begin(parser, table, &Attributes::default(), input))
        };
        match read {
            Ok(done) => pieces.extend(done),
            Err(diagnostic) => parser.report(diagnostic, place, start, input),
        }
    }
    pieces
}

/// One action, with its place in the marks.
fn begin(parser: &mut Parser, table: (&Name, Span), block: &Attributes, input: ParseStream<'_>) -> Parse<Vec<Piece>> {
    let piece = parser.marks.begin(input.span());
    parser.marks.note(piece, Role::Table, &table.0.to_string(), table.1);
    one(parser, piece, table, block, input)
}

/// One action with its attributes and its `undo`.
fn one(
    parser: &mut Parser,
    piece: PieceId,
    table: (&Name, Span),
    block: &Attributes,
    input: ParseStream<'_>,
) -> Parse<Vec<Piece>> {
    let own = attributes(input)?;
    parser.marks.start(piece, input.span());
    let operations = action(parser, piece, table.0, own.comment.clone(), input)?;
    if !matches!(operations.first(), Some((_, Operation::AddColumn(_)))) {
        own.refuse_comment("another change")?;
    }
    let all = own.within(block);
    let operations = Operations { all: operations, end: End::Semicolon };
    statement::finish(parser, operations, &all, Some(table), input)
}

fn action(
    parser: &mut Parser,
    piece: PieceId,
    table: &Name,
    comment: Option<String>,
    input: ParseStream<'_>,
) -> Parse<Vec<(PieceId, Operation)>> {
    const ACTIONS: &str = "`add`, `drop`, `rename`, `alter` or `comment`";
    let word = next_word(input).ok_or_else(|| expected(input, ACTIONS))?;
    let operation = match word.as_str() {
        "add" => return add(parser, piece, table, comment, input),
        "drop" => drop(parser, piece, table, input),
        "rename" => rename(parser, piece, table, input),
        "alter" => alter_column(parser, piece, table, input),
        "comment" => comment_on(parser, piece, table, input),
        _ => {
            let near = crate::suggestion::did_you_mean(&word, ["add", "drop", "rename", "alter", "comment"]);
            return Err(expected(input, ACTIONS).help_if(near));
        }
    };
    Ok(vec![(piece, operation?)])
}

/// `add COLUMN: TYPE …`, `add [NAME:] CONSTRAINT`
fn add(
    parser: &mut Parser,
    piece: PieceId,
    table: &Name,
    comment: Option<String>,
    input: ParseStream<'_>,
) -> Parse<Vec<(PieceId, Operation)>> {
    let start = expect_words(input, &["add"])?;
    if constraint::is_constraint(input.cursor()) {
        let constraint = constraint::constraint(parser, piece, table, None, input)?;
        return Ok(vec![(piece, AddConstraint { table: table.clone(), constraint }.into())]);
    }
    let (name, span) = name::plain(input, "a column (`name: type`) or a constraint")?;
    if punct_at(input.cursor(), ":").is_none() {
        return Err(table::colon(input.span()));
    }
    expect_punct(input, ":")?;
    if constraint::is_constraint(input.cursor()) {
        let constraint = constraint::constraint(parser, piece, table, Some((name, span)), input)?;
        return Ok(vec![(piece, AddConstraint { table: table.clone(), constraint }.into())]);
    }
    let mut written = column::column(parser, &EntryContext { piece, table, before: (0, 0) }, (name, span), input)?;
    written.column.comment = comment;
    let add = AddColumn { table: table.clone(), column: written.column, fill: None };
    let following = table::following(parser, table, written.constraints, piece, start);
    Ok(std::iter::once((piece, add.into())).chain(following).collect())
}

/// `drop COLUMN`, `drop constraint NAME`
fn drop(parser: &mut Parser, piece: PieceId, table: &Name, input: ParseStream<'_>) -> Parse<Operation> {
    expect_words(input, &["drop"])?;
    if names_constraint(input) {
        expect_words(input, &["constraint"])?;
        let (name, span) = name::plain(input, "the name of the constraint")?;
        parser.marks.note(piece, Role::Constraint, &name, span);
        return Ok(DropConstraint { table: table.clone(), name }.into());
    }
    let (column, span) = name::plain(input, "the name of the column")?;
    parser.marks.note(piece, Role::Column, &column, span);
    if peek_words(input, &["cascade"]) {
        return Err(Diagnostic::new("cascade", input.span(), "`cascade` drops what nobody named")
            .help("remove it: what still uses the column is an error that lists the statements to write"));
    }
    Ok(DropColumn { table: table.clone(), column }.into())
}

/// Whether `constraint` is followed by a name, and is no column of that name.
fn names_constraint(input: ParseStream<'_>) -> bool {
    let Some(rest) = after_words(input.cursor(), &["constraint"]) else { return false };
    after_name(rest).is_some() && !undo::begins(rest)
}

/// `rename COLUMN to COLUMN`, `rename constraint NAME to NAME`
fn rename(parser: &mut Parser, piece: PieceId, table: &Name, input: ParseStream<'_>) -> Parse<Operation> {
    expect_words(input, &["rename"])?;
    let of_constraint = after_words(input.cursor(), &["constraint"])
        .and_then(after_name)
        .is_some_and(|rest| after_words(rest, &["to"]).is_some());
    if of_constraint {
        expect_words(input, &["constraint"])?;
    }
    let what = if of_constraint { "the name of the constraint" } else { "the name of the column" };
    let (from, span) = name::plain(input, what)?;
    parser.marks.note(piece, if of_constraint { Role::Constraint } else { Role::Column }, &from, span);
    expect_words(input, &["to"])?;
    let (to, span) = name::plain(input, "the new name")?;
    parser.marks.note(piece, Role::To, &to, span);
    let table = table.clone();
    Ok(if of_constraint { RenameConstraint { table, from, to }.into() } else { RenameColumn { table, from, to }.into() })
}

/// `alter COLUMN …`, `alter constraint NAME deferrable …`
fn alter_column(parser: &mut Parser, piece: PieceId, table: &Name, input: ParseStream<'_>) -> Parse<Operation> {
    expect_words(input, &["alter"])?;
    let behind = after_words(input.cursor(), &["constraint"]).and_then(after_name);
    let timings: [&[&str]; 3] = [&["deferrable"], &["not", "deferrable"], &["initially"]];
    if behind.is_some_and(|rest| timings.iter().any(|words| after_words(rest, words).is_some())) {
        return alter_constraint(parser, piece, table, input);
    }
    let (column, span) = name::plain(input, "the name of the column")?;
    parser.marks.note(piece, Role::Column, &column, span);
    let table = table.clone();
    if take_words(input, &["set", "not", "null"]).is_some() {
        Ok(SetNotNull { table, column }.into())
    } else if take_words(input, &["drop", "not", "null"]).is_some() {
        Ok(DropNotNull { table, column }.into())
    } else if take_words(input, &["set", "default"]).is_some() {
        let default = column::default(parser, piece, &column, input)?;
        Ok(SetDefault { table, column, default }.into())
    } else if take_words(input, &["drop", "default"]).is_some() {
        Ok(DropDefault { table, column }.into())
    } else if take_words(input, &["type"]).is_some() {
        alter_type(parser, piece, table, column, input)
    } else if take_words(input, &["drop", "identity"]).is_some() || take_words(input, &["drop", "serial"]).is_some() {
        Ok(SetCounter { table, column, to: None }.into())
    } else if take_words(input, &["add"]).is_some() {
        let counter = column::counter(input)?.ok_or_else(|| expected(input, "`identity` or `identity always`"))?;
        Ok(SetCounter { table, column, to: Some(counter) }.into())
    } else {
        const CHANGES: &str =
            "`type`, `set not null`, `drop not null`, `set default`, `drop default`, `add identity` or `drop identity`";
        Err(expected(input, CHANGES))
    }
}

fn alter_type(parser: &mut Parser, piece: PieceId, table: Name, column: String, input: ParseStream<'_>) -> Parse<Operation> {
    let span = input.span();
    let to = types::plain(input)?;
    parser.marks.note(piece, Role::Type, &column, span);
    if input.peek(syn::Token![?]) {
        let message = "a type change keeps whether the column may be null";
        return Err(Diagnostic::new("nullable_type", input.span(), message)
            .help(format!("write `alter {} drop not null;` beside it", Written(&column))));
    }
    let place = input.span();
    let using = if take_words(input, &["using"]).is_some() {
        parser.marks.note(piece, Role::Using, "", place);
        Some(Reader::new(parser, piece, Some(&table)).expr(input)?)
    } else {
        None
    };
    Ok(AlterType { table, column, to, using }.into())
}

fn alter_constraint(parser: &mut Parser, piece: PieceId, table: &Name, input: ParseStream<'_>) -> Parse<Operation> {
    expect_words(input, &["constraint"])?;
    let (name, span) = name::plain(input, "the name of the constraint")?;
    parser.marks.note(piece, Role::Constraint, &name, span);
    let timing = constraint::timing(input)?.ok_or_else(|| expected(input, "`deferrable` or `not deferrable`"))?;
    Ok(AlterConstraint { table: table.clone(), name, timing }.into())
}

/// `comment "…"` of the table, `comment COLUMN "…"`
fn comment_on(parser: &mut Parser, piece: PieceId, table: &Name, input: ParseStream<'_>) -> Parse<Operation> {
    any_word(input, "`comment`")?;
    if input.peek(syn::LitStr) && !input.peek2(syn::LitStr) {
        let (comment, _) = text(input, "the comment in double quotes")?;
        let comment = Some(comment).filter(|comment| !comment.is_empty());
        return Ok(CommentTable { table: table.clone(), comment }.into());
    }
    let (column, span) = name::plain(input, "the name of the column")?;
    parser.marks.note(piece, Role::Column, &column, span);
    let (comment, _) = text(input, "the comment in double quotes")?;
    let comment = Some(comment).filter(|comment| !comment.is_empty());
    Ok(CommentColumn { table: table.clone(), column, comment }.into())
}
