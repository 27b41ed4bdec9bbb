//! `name: type …`, and the constraints that are written with a column.

use crate::expr::Expr;
use crate::name::Name;
use crate::problem::{EntryId, PieceId, Role};
use crate::schema::{Column, Constraint, Counter, CounterKind, Rule, Timing};
use proc_macro2::Span;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::cursor::{expected, parens, peek_words, take_punct, take_words};
use crate::parse::expr::Reader;
use crate::parse::{Parser, constraint, name, planned, types};

/// A column with the constraints that are written with it.
pub(super) struct ColumnSyntax {
    pub column: Column,
    pub constraints: Vec<Constraint>,
}

/// Where a column is written.
pub(super) struct EntryContext<'a> {
    pub piece: PieceId,
    pub table: &'a Name,
    /// How many columns and how many constraints are written before it.
    pub before: (usize, usize),
}

/// `type[?] [attribute …]`, after `name:`.
pub(super) fn column(
    parser: &mut Parser,
    entry: &EntryContext<'_>,
    name: (String, Span),
    input: ParseStream<'_>,
) -> Parse<ColumnSyntax> {
    parser.within(EntryId::Column(entry.before.0), |parser| inside(parser, entry, name, input))
}

fn inside(
    parser: &mut Parser,
    entry: &EntryContext<'_>,
    (name, span): (String, Span),
    input: ParseStream<'_>,
) -> Parse<ColumnSyntax> {
    let piece = entry.piece;
    parser.marks.note(piece, Role::Column, &name, span);
    let written = types::of_column(&name, input)?;
    parser.marks.note(piece, Role::Type, &name, written.span);
    let nullable = take_punct(input, "?").is_some();
    if nullable {
        nullable_elements(input, &written.ty)?;
    }
    let counter = written.counter.map(|kind| Counter { kind, sequence: String::new() });
    let column = Column { name, ty: written.ty, nullable, default: None, counter, comment: None, kept: None };
    let mut written = ColumnSyntax { column, constraints: Vec::new() };
    while attribute(parser, entry, &mut written, input)? {}
    Ok(written)
}

/// Rule `nullable_elements`: the question mark is after the brackets.
fn nullable_elements(input: ParseStream<'_>, ty: &crate::types::Type) -> Parse<()> {
    if input.cursor().group(proc_macro2::Delimiter::Bracket).is_some() {
        let message = "the elements of an array are always nullable: `?` must be after the brackets";
        return Err(Diagnostic::new("nullable_elements", input.span(), message).help(format!("write `{ty}[]?`")));
    }
    Ok(())
}

/// One attribute, if one comes next.
fn attribute(parser: &mut Parser, entry: &EntryContext<'_>, written: &mut ColumnSyntax, input: ParseStream<'_>) -> Parse<bool> {
    let place = EntryId::Constraint(entry.before.1 + written.constraints.len());
    if parser.within(place, |parser| constraint(parser, entry, written, input))? {
        return Ok(true);
    }
    let (piece, span) = (entry.piece, input.span());
    let own = written.column.name.clone();
    if let Some(counter) = self::counter(input)? {
        once(written.column.counter.as_ref(), "identity", span)?;
        written.column.counter = Some(counter);
    } else if take_words(input, &["default"]).is_some() {
        let place = input.span();
        parser.marks.note(piece, Role::Default, &own, place);
        let default = Reader::new(parser, piece, None).expr(input)?;
        once(written.column.default.as_ref(), "default", span)?;
        written.column.default = Some(default);
    } else {
        later(input)?;
        return Ok(false);
    }
    Ok(true)
}

/// A constraint of the column, if one comes next; it may be named and timed: `… [as NAME] [deferrable …]`.
fn constraint(parser: &mut Parser, entry: &EntryContext<'_>, written: &mut ColumnSyntax, input: ParseStream<'_>) -> Parse<bool> {
    let (piece, mut place) = (entry.piece, input.span());
    let Some(rule) = rule(parser, entry, &written.column.name, input)? else { return Ok(false) };
    let mut name = None;
    if take_words(input, &["as"]).is_some() {
        let (given, span) = name::plain(input, "a name for the constraint")?;
        (name, place) = (Some(given), span);
    }
    let timing = constraint::timing(input)?.unwrap_or(Timing::Immediate);
    parser.marks.note(piece, Role::Constraint, name.as_deref().unwrap_or_default(), place);
    written.constraints.push(Constraint { name, rule, timing });
    Ok(true)
}

/// `primary key`, `unique`, `references …` or `check (…)` after a type.
fn rule(parser: &mut Parser, entry: &EntryContext<'_>, own: &str, input: ParseStream<'_>) -> Parse<Option<Rule>> {
    let (piece, span) = (entry.piece, input.span());
    let columns = vec![own.to_owned()];
    if take_words(input, &["primary", "key"]).is_some() {
        parser.marks.note(piece, Role::Use, own, span);
        Ok(Some(Rule::PrimaryKey { columns }))
    } else if take_words(input, &["unique"]).is_some() {
        parser.marks.note(piece, Role::Use, own, span);
        let nulls_not_distinct = take_words(input, &["nulls", "not", "distinct"]).is_some();
        Ok(Some(Rule::Unique { columns, nulls_not_distinct }))
    } else if take_words(input, &["references"]).is_some() {
        parser.marks.note(piece, Role::Use, own, span);
        Ok(Some(Rule::ForeignKey(constraint::references(parser, piece, columns, input)?)))
    } else if take_words(input, &["check"]).is_some() {
        let read = |input: ParseStream<'_>| Reader::new(parser, piece, Some(entry.table)).expr(input);
        Ok(Some(Rule::Check { condition: parens(input, "a condition in parentheses", read)? }))
    } else {
        Ok(None)
    }
}

/// `identity [always] [as SEQUENCE]`, `serial [as SEQUENCE]`
fn counter(input: ParseStream<'_>) -> Parse<Option<Counter>> {
    if take_words(input, &["identity"]).is_some() {
        return counted(CounterKind::Identity, input).map(Some);
    }
    if take_words(input, &["serial"]).is_some() {
        return counted(CounterKind::Serial, input).map(Some);
    }
    Ok(None)
}

/// `[always] [as SEQUENCE]`, after `identity` or `serial`.
pub(super) fn counted(kind: CounterKind, input: ParseStream<'_>) -> Parse<Counter> {
    let is_always = kind == CounterKind::Identity && take_words(input, &["always"]).is_some();
    let kind = if is_always { CounterKind::Always } else { kind };
    let sequence =
        if take_words(input, &["as"]).is_some() { name::plain(input, "a name for the sequence")?.0 } else { String::new() };
    Ok(Counter { kind, sequence })
}

/// Rule `attribute_twice`.
fn once<T>(there: Option<&T>, word: &str, span: Span) -> Parse<()> {
    if there.is_some() {
        Err(Diagnostic::new("attribute_twice", span, format!("duplicate `{word}`")).help("remove one of them"))
    } else {
        Ok(())
    }
}

/// What SQL writes after a type and is not supported yet.
fn later(input: ParseStream<'_>) -> Parse<()> {
    let raw = |sql: &str| format!("sql {sql:?} as {{ alter table t {{ add c: text?; }} }}");
    let parts = [
        ("generated", "`generated as`", "ALTER TABLE t ADD COLUMN c TEXT GENERATED ALWAYS AS (…) STORED"),
        ("collate", "`collate`", "ALTER TABLE t ADD COLUMN c TEXT COLLATE …"),
    ];
    match parts.into_iter().find(|(word, ..)| peek_words(input, &[word])) {
        Some((_, what, sql)) => Err(planned::of_table(input, what, &raw(sql))),
        None => Ok(()),
    }
}

/// Says that a column is expected.
pub(super) fn expected_column(input: ParseStream<'_>) -> Diagnostic {
    expected(input, "a column (`name: type`), a constraint or an index")
}

/// A default, for `alter … set default`.
pub(super) fn default(parser: &mut Parser, piece: PieceId, column: &str, input: ParseStream<'_>) -> Parse<Expr> {
    parser.marks.note(piece, Role::Default, column, input.span());
    Reader::new(parser, piece, None).expr(input)
}
