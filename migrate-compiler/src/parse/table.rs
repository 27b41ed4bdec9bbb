//! Tables as a whole.

use crate::help::Help;
use crate::name::Name;
use crate::operation::{AddConstraint, CreateIndex, CreateTable, DropTable, KeepTable, Operation, RenameTable, RestoreTable};
use crate::problem::{EntryId, PieceId, Role};
use crate::schema::{Constraint, Table};
use crate::tree::{self, Attributes, Entry, EntryKind, WrittenOperation};
use proc_macro2::Span;
use syn::buffer::Cursor;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::attribute::attributes;
use crate::parse::column::{EntryContext, expected_column};
use crate::parse::cursor::{
    expect_punct, expect_words, expected, peek_braces, peek_words, punct_at, range, take_punct, take_words,
};
use crate::parse::habit::Spot;
use crate::parse::index::Uniqueness;
use crate::parse::keyword::{End, Operations};
use crate::parse::{Parser, column, constraint, index, name, undo};

/// `create table NAME { … }`, the words taken. Indexes in it are operations that follow.
pub(super) fn create(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Operations> {
    let (name, span) = name::qualified(input, "the name of the table")?;
    parser.marks.note(piece, Role::Table, &name.to_string(), span);
    if !peek_braces(input) {
        return Err(expected(input, "the columns in braces"));
    }
    let inner = crate::parse::cursor::inside_braces(input)?;
    let mut body = Body { name: name.clone(), table: Table::default(), indexes: Vec::new() };
    let mut entries = Vec::new();
    while !inner.is_empty() {
        let begin = inner.cursor();
        let read = whole_entry(parser, piece, &mut body, &inner);
        let behind = inner.cursor();
        let separated = if read.is_err() || inner.is_empty() { Ok(()) } else { separator(&inner) };
        let read = read.map(|entry| entries.push(entry)).and(separated);
        if let Err(diagnostic) = read {
            entries.push(unread(parser, diagnostic, (begin, behind), &inner));
            parser.unread_name(&name.name);
        }
    }
    let operation = Operation::from(CreateTable { name, table: body.table });
    let parts = std::iter::once(WrittenOperation { id: piece, operation }).chain(body.indexes).collect();
    Ok(Operations { parts, entries, effect: None, end: End::Brace })
}

/// What is collected from the braces.
struct Body {
    name: Name,
    table: Table,
    indexes: Vec<WrittenOperation>,
}

/// The comma between two entries.
fn separator(input: ParseStream<'_>) -> Parse<()> {
    if input.peek(syn::Token![;]) {
        return Err(Diagnostic::new("comma", input.span(), "columns are separated by commas").help(Help::write(";", ",")));
    }
    expect_punct(input, ",").map(|_| ())
}

/// An entry with its attributes.
fn whole_entry(parser: &mut Parser, piece: PieceId, body: &mut Body, input: ParseStream<'_>) -> Parse<Entry> {
    let begin = input.cursor();
    let attributes = attributes(parser, input)?;
    let kind = entry(parser, piece, body, input)?;
    Ok(Entry { range: range(begin, input.cursor()), attributes, kind })
}

/// `index …`, a constraint, `name: constraint` or `name: type …`.
fn entry(parser: &mut Parser, piece: PieceId, body: &mut Body, input: ParseStream<'_>) -> Parse<EntryKind> {
    let is_named = |cursor| crate::parse::cursor::after_name(cursor).is_some_and(|rest| punct_at(rest, ":").is_some());
    let unique = peek_words(input, &["unique", "index"]);
    let uniqueness = if unique { Uniqueness::Unique } else { Uniqueness::Any };
    if !is_named(input.cursor()) && (peek_words(input, &["index"]) || unique) {
        return entry_index(parser, body, uniqueness, input);
    }
    if constraint::is_constraint(input.cursor()) {
        return entry_constraint(parser, piece, body, None, input);
    }
    if !is_named(input.cursor()) {
        return Err(not_named(input));
    }
    let (name, span) = name::plain(input, "a name")?;
    expect_punct(input, ":")?;
    if constraint::is_constraint(input.cursor()) {
        return entry_constraint(parser, piece, body, Some((name, span)), input);
    }
    let before = (body.table.columns.len(), body.table.constraints.len());
    let written = column::column(parser, &EntryContext { piece, table: &body.name, before }, (name, span), input)?;
    body.table.columns.push(written.column);
    body.table.constraints.extend(written.constraints);
    Ok(EntryKind::Column(before.0))
}

fn entry_constraint(
    parser: &mut Parser,
    piece: PieceId,
    body: &mut Body,
    name: Option<(String, Span)>,
    input: ParseStream<'_>,
) -> Parse<EntryKind> {
    let place = body.table.constraints.len();
    let read = |parser: &mut Parser| constraint::constraint(parser, piece, &body.name, name, input);
    let constraint = parser.within(EntryId::Constraint(place), read)?;
    body.table.constraints.push(constraint);
    Ok(EntryKind::Constraint(place))
}

fn entry_index(parser: &mut Parser, body: &mut Body, uniqueness: Uniqueness, input: ParseStream<'_>) -> Parse<EntryKind> {
    let id = parser.marks.begin(input.span());
    take_words(input, &["unique"]);
    expect_words(input, &["index"])?;
    index::concurrently(input, uniqueness.words())?;
    let name = index::inside_name(input)?;
    let index = index::index(parser, index::IndexStart { piece: id, table: &body.name, name }, uniqueness, input)?;
    body.indexes.push(WrittenOperation { id, operation: CreateIndex { table: body.name.clone(), index }.into() });
    Ok(EntryKind::Index(id))
}

/// What is left out from where an entry begins, or from where no comma follows it.
fn unread(parser: &mut Parser, error: Diagnostic, (begin, behind): (Cursor<'_>, Cursor<'_>), input: ParseStream<'_>) -> Entry {
    let unread = parser.report(error, Spot::Entry, begin, input);
    let range = range(behind, input.cursor());
    Entry { range, attributes: Attributes::default(), kind: EntryKind::Unread(tree::Unread { range, ..unread }) }
}

/// Rule `colon`: SQL writes `name type`, the language `name: type`.
pub(super) fn colon(span: Span) -> Diagnostic {
    Diagnostic::new("colon", span, "expected `:` between column name and type")
}

fn not_named(input: ParseStream<'_>) -> Diagnostic {
    let word = crate::parse::cursor::word_at(input.cursor());
    match word {
        Some((_, rest)) if rest.ident().is_some() => colon(rest.span()),
        _ => expected_column(input),
    }
}

/// `drop table NAME [keep data]`, the words taken.
pub(super) fn drop(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Operations> {
    let (name, span) = name::qualified(input, "the name of the table")?;
    parser.marks.note(piece, Role::Table, &name.to_string(), span);
    no_cascade(input, "table")?;
    let keeps = take_words(input, undo::KEEP).is_some();
    Ok(Operations::one(piece, if keeps { KeepTable { name, number: None }.into() } else { DropTable { name }.into() }))
}

/// `restore table NAME`, the words taken.
pub(super) fn restore(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Operations> {
    let (name, span) = name::qualified(input, "the name that the table had")?;
    parser.marks.note(piece, Role::Table, &name.to_string(), span);
    Ok(Operations::one(piece, RestoreTable { name, number: None }.into()))
}

/// `rename table NAME to NAME`, the words taken.
pub(super) fn rename(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Operations> {
    let (from, span) = name::qualified(input, "the name of the table")?;
    parser.marks.note(piece, Role::Table, &from.to_string(), span);
    expect_words(input, &["to"])?;
    let (to, span) = name::qualified(input, "the new name")?;
    parser.marks.note(piece, Role::To, &to.to_string(), span);
    Ok(Operations::one(piece, RenameTable { from, to }.into()))
}

/// Rule `cascade`.
pub(super) fn no_cascade(input: ParseStream<'_>, what: &str) -> Parse<()> {
    if peek_words(input, &["cascade"]) {
        let help = format!("remove `cascade`: if something uses the {what}, the error shows the statements that drop it");
        return Err(Diagnostic::new(
            "cascade",
            input.span(),
            "`cascade` is not supported: it drops objects that the statement does not name",
        )
        .help(help));
    }
    Ok(())
}

/// The constraints of a new column, as operations that follow it.
pub(super) fn following(parser: &mut Parser, table: &Name, constraints: Vec<Constraint>, of: PieceId) -> Vec<WrittenOperation> {
    let add = |(place, constraint)| {
        let id = parser.marks.begin_with(of, EntryId::Constraint(place));
        WrittenOperation { id, operation: AddConstraint { table: table.clone(), constraint }.into() }
    };
    constraints.into_iter().enumerate().map(add).collect()
}

/// Takes a comma, where a list of actions was written with commas.
pub(super) fn no_comma(input: ParseStream<'_>) -> Parse<()> {
    match take_punct(input, ",") {
        Some(span) => Err(Diagnostic::new("semicolon", span, "actions are separated by semicolons").help(Help::write(",", ";"))),
        None => Ok(()),
    }
}
