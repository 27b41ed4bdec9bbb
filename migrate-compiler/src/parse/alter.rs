//! Changes of a table: what is in `alter table NAME { … }`.

use crate::name::{Name, Written};
use crate::operation::{
    AddColumn, AddConstraint, AlterConstraint, AlterType, CommentColumn, CommentTable, DropColumn, DropConstraint, KeepColumn,
    Operation, RenameColumn, RenameConstraint, RestoreColumn, SetCounter, SetDefault, UnnamedConstraint,
};
use crate::problem::{PieceId, Role};
use crate::schema::CounterKind;
use crate::tree::WrittenOperation;
use syn::buffer::Cursor;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::column::EntryContext;
use crate::parse::cursor::{
    after_name, after_words, expect_punct, expect_words, expected, is_parens, peek_parens, punct_at, take_words, text,
};
use crate::parse::expr::Reader;
use crate::parse::keyword::{CHANGES, OfColumn, one_of};
use crate::parse::table::no_cascade;
use crate::parse::{Parser, column, constraint, name, table, types, undo};

fn one(id: PieceId, operation: Operation) -> Parse<Vec<WrittenOperation>> {
    Ok(vec![WrittenOperation { id, operation }])
}

/// `add COLUMN: TYPE …`, `add [NAME:] CONSTRAINT`, the word taken.
pub(super) fn add(parser: &mut Parser, piece: PieceId, table: &Name, input: ParseStream<'_>) -> Parse<Vec<WrittenOperation>> {
    if constraint::is_constraint(input.cursor()) {
        let constraint = constraint::constraint(parser, piece, table, None, input)?;
        return one(piece, AddConstraint { table: table.clone(), constraint }.into());
    }
    let (name, span) = name::plain(input, "a column (`name: type`) or a constraint")?;
    if punct_at(input.cursor(), ":").is_none() {
        return Err(table::colon(input.span()));
    }
    expect_punct(input, ":")?;
    if constraint::is_constraint(input.cursor()) {
        let constraint = constraint::constraint(parser, piece, table, Some((name, span)), input)?;
        return one(piece, AddConstraint { table: table.clone(), constraint }.into());
    }
    let written = column::column(parser, &EntryContext { piece, table, before: (0, 0) }, (name, span), input)?;
    let add = AddColumn { table: table.clone(), column: written.column, fill: None };
    let following = table::following(parser, table, written.constraints, piece);
    Ok(std::iter::once(WrittenOperation { id: piece, operation: add.into() }).chain(following).collect())
}

/// `drop COLUMN [keep data [undo default EXPR]]`, `drop constraint NAME`, the word taken.
pub(super) fn drop(parser: &mut Parser, piece: PieceId, table: &Name, input: ParseStream<'_>) -> Parse<Vec<WrittenOperation>> {
    if names_constraint(input) {
        expect_words(input, &["constraint"])?;
        let (name, span) = name::plain(input, "the name of the constraint")?;
        parser.marks.note(piece, Role::Constraint, &name, span);
        no_cascade(input, "constraint")?;
        return one(piece, DropConstraint::new(table.clone(), name).into());
    }
    let place = input.span();
    if let Some(unnamed) = unnamed(parser, piece, table, input)? {
        parser.marks.note(piece, Role::Constraint, &unnamed.to_string(), place);
        return one(piece, DropConstraint { unnamed: Some(unnamed), ..DropConstraint::new(table.clone(), "") }.into());
    }
    let (column, span) = name::plain(input, "the name of the column")?;
    parser.marks.note(piece, Role::Column, &column, span);
    no_cascade(input, "column")?;
    let table = table.clone();
    if take_words(input, undo::KEEP).is_none() {
        return one(piece, DropColumn { table, column }.into());
    }
    let has_value = take_words(input, &["undo", "default"]).is_some();
    let since = if has_value { Some(column::default(parser, piece, &column, input)?) } else { None };
    one(piece, KeepColumn { table, column, since, number: None }.into())
}

/// `unique (…)`, `primary key`, `foreign key (…)` or `check (…)` where the name of a constraint, or of a column, is expected.
fn unnamed(parser: &mut Parser, piece: PieceId, table: &Name, input: ParseStream<'_>) -> Parse<Option<UnnamedConstraint>> {
    let ends = |rest: Cursor<'_>| rest.eof() || punct_at(rest, ";").is_some() || undo::begins(rest);
    let follows = |words: &[&str]| after_words(input.cursor(), words).is_some_and(|rest| is_parens(rest) || !ends(rest));
    let mut columns = |input: ParseStream<'_>| {
        if peek_parens(input) {
            return constraint::columns(parser, piece, Role::Use, input);
        }
        name::plain(input, "columns in parentheses").map(|(name, _)| vec![name])
    };
    if take_words(input, &["primary", "key"]).is_some() {
        return Ok(Some(UnnamedConstraint::PrimaryKey));
    }
    if take_words(input, &["foreign", "key"]).is_some() {
        return columns(input).map(UnnamedConstraint::ForeignKey).map(Some);
    }
    if follows(&["unique"]) {
        expect_words(input, &["unique"])?;
        return columns(input).map(UnnamedConstraint::Unique).map(Some);
    }
    if follows(&["check"]) {
        expect_words(input, &["check"])?;
        return Reader::new(parser, piece, Some(table)).expr(input).map(UnnamedConstraint::Check).map(Some);
    }
    Ok(None)
}

/// `restore COLUMN`, the word taken.
pub(super) fn restore(parser: &mut Parser, piece: PieceId, table: &Name, input: ParseStream<'_>) -> Parse<Vec<WrittenOperation>> {
    let (column, span) = name::plain(input, "the name that the column had")?;
    parser.marks.note(piece, Role::Column, &column, span);
    one(piece, RestoreColumn { table: table.clone(), column, number: None }.into())
}

/// Whether `constraint` is followed by a name, and is no column of that name.
fn names_constraint(input: ParseStream<'_>) -> bool {
    let Some(rest) = after_words(input.cursor(), &["constraint"]) else { return false };
    after_name(rest).is_some() && !undo::begins(rest)
}

/// `rename COLUMN to COLUMN`, `rename constraint NAME to NAME`, the word taken.
pub(super) fn rename(parser: &mut Parser, piece: PieceId, table: &Name, input: ParseStream<'_>) -> Parse<Vec<WrittenOperation>> {
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
    one(piece, if of_constraint { RenameConstraint { table, from, to }.into() } else { RenameColumn { table, from, to }.into() })
}

/// `alter COLUMN …`, `alter constraint NAME deferrable …`, the word taken.
pub(super) fn alter(parser: &mut Parser, piece: PieceId, table: &Name, input: ParseStream<'_>) -> Parse<Vec<WrittenOperation>> {
    let behind = after_words(input.cursor(), &["constraint"]).and_then(after_name);
    let timings: [&[&str]; 3] = [&["deferrable"], &["not", "deferrable"], &["initially"]];
    if behind.is_some_and(|rest| timings.iter().any(|words| after_words(rest, words).is_some())) {
        return alter_constraint(parser, piece, table, input);
    }
    let (column, span) = name::plain(input, "the name of the column")?;
    parser.marks.note(piece, Role::Column, &column, span);
    let Some(change) = CHANGES.iter().find(|change| take_words(input, change.words).is_some()) else {
        if let Some(nullable) = nullable(&column, input) {
            return Err(nullable);
        }
        let changes = one_of(CHANGES.iter().map(|change| change.words.join(" ")));
        return Err(expected(input, "a change of the column").help(format!("write {changes}")));
    };
    one(piece, (change.read)(parser, piece, OfColumn { table: table.clone(), column }, input)?)
}

/// Rule `sql_syntax`: `alter NAME TYPE?`, which is one of two changes.
fn nullable(column: &str, input: ParseStream<'_>) -> Option<Diagnostic> {
    let (fork, column) = (input.fork(), Written(column));
    let ty = types::plain(&fork).ok().filter(|_| fork.peek(syn::Token![?]))?;
    let message = "a type is changed by `alter NAME type …`";
    let help = format!("write `alter {column} type {ty}`, or `alter {column} drop not null` where it becomes nullable");
    Some(Diagnostic::new("sql_syntax", input.span(), message).help(help))
}

/// `set default EXPR`, the words taken.
pub(super) fn to_default(parser: &mut Parser, piece: PieceId, of: OfColumn, input: ParseStream<'_>) -> Parse<Operation> {
    let OfColumn { table, column } = of;
    let default = column::default(parser, piece, &column, input)?;
    Ok(SetDefault { table, column, default }.into())
}

/// `add identity [always] [as SEQUENCE]`, the words taken.
pub(super) fn to_identity(_: &mut Parser, _: PieceId, of: OfColumn, input: ParseStream<'_>) -> Parse<Operation> {
    let OfColumn { table, column } = of;
    let counter = column::counted(CounterKind::Identity, input)?;
    Ok(SetCounter { table, column, to: Some(counter) }.into())
}

/// `add serial [as SEQUENCE]`, the words taken.
pub(super) fn to_serial(_: &mut Parser, _: PieceId, of: OfColumn, input: ParseStream<'_>) -> Parse<Operation> {
    let OfColumn { table, column } = of;
    let counter = column::counted(CounterKind::Serial, input)?;
    Ok(SetCounter { table, column, to: Some(counter) }.into())
}

/// `drop identity` or `drop serial`, the words taken.
pub(super) fn to_no_counter(_: &mut Parser, _: PieceId, of: OfColumn, _: ParseStream<'_>) -> Parse<Operation> {
    let OfColumn { table, column } = of;
    Ok(SetCounter { table, column, to: None }.into())
}

/// `type TYPE [using EXPR]`, the word taken.
pub(super) fn to_type(parser: &mut Parser, piece: PieceId, of: OfColumn, input: ParseStream<'_>) -> Parse<Operation> {
    let OfColumn { table, column } = of;
    let span = input.span();
    let to = types::plain_of_column(&column, input)?;
    parser.marks.note(piece, Role::Type, &column, span);
    if input.peek(syn::Token![?]) {
        let message = "a change of the type cannot make a column nullable";
        return Err(Diagnostic::new("nullable_type", input.span(), message)
            .help(format!("write `alter {} drop not null;` as another action", Written(&column))));
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

fn alter_constraint(parser: &mut Parser, piece: PieceId, table: &Name, input: ParseStream<'_>) -> Parse<Vec<WrittenOperation>> {
    expect_words(input, &["constraint"])?;
    let (name, span) = name::plain(input, "the name of the constraint")?;
    parser.marks.note(piece, Role::Constraint, &name, span);
    let timing = constraint::timing(input)?.ok_or_else(|| expected(input, "`deferrable` or `not deferrable`"))?;
    one(piece, AlterConstraint { table: table.clone(), name, timing }.into())
}

/// `comment "…"` of the table, `comment COLUMN "…"`, the word taken.
pub(super) fn comment(parser: &mut Parser, piece: PieceId, table: &Name, input: ParseStream<'_>) -> Parse<Vec<WrittenOperation>> {
    if input.peek(syn::LitStr) && !input.peek2(syn::LitStr) {
        let (comment, _) = text(input, "the comment in double quotes")?;
        let comment = Some(comment).filter(|comment| !comment.is_empty());
        return one(piece, CommentTable { table: table.clone(), comment }.into());
    }
    let (column, span) = name::plain(input, "the name of the column")?;
    parser.marks.note(piece, Role::Column, &column, span);
    let (comment, _) = text(input, "the comment in double quotes")?;
    let comment = Some(comment).filter(|comment| !comment.is_empty());
    one(piece, CommentColumn { table: table.clone(), column, comment }.into())
}
