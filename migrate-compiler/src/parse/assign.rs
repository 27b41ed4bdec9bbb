//! `COLUMN = EXPR, …` and `where EXPR`: what rows get, and which rows.

use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::expr::{Binary, Expr, FromTable};
use crate::name::{Name, Written};
use crate::parse::cursor::{expect_punct, list, peek_punct, peek_words, take_punct, take_words};
use crate::parse::expr::Reader;
use crate::parse::{Parser, name, query};
use crate::problem::{PieceId, Role};
use crate::rows::{Assignment, Given, Which};

/// `COLUMN = EXPR, …`
pub(super) fn sets(parser: &mut Parser, piece: PieceId, table: &Name, input: ParseStream<'_>) -> Parse<Vec<Assignment>> {
    list(input, |input| {
        let (column, span) = name::plain(input, "the column that gets a value")?;
        parser.marks.note(piece, Role::Column, &column, span);
        changed(parser, piece, (table, &column), input)?;
        expect_punct(input, "=")?;
        Ok(Assignment { column, value: given(parser, piece, Some(table), input)? })
    })
}

/// Rule `rust_operator`: `a += 1`, which is `a = a + 1`.
fn changed(parser: &mut Parser, piece: PieceId, (table, column): (&Name, &str), input: ParseStream<'_>) -> Parse<()> {
    let forms = [("+=", Binary::Add), ("-=", Binary::Subtract), ("*=", Binary::Multiply), ("/=", Binary::Divide)];
    let Some((spelling, operator)) = forms.into_iter().find(|(spelling, _)| peek_punct(input, spelling)) else { return Ok(()) };
    let span = input.span();
    take_punct(input, spelling);
    let value = Reader::new(parser, piece, Some(table)).expr(input)?;
    let whole = Expr::binary(Expr::column(column), operator, value);
    let message = format!("`{spelling}` is an operator of Rust");
    Err(Diagnostic::new("rust_operator", span, message).help(format!("write `{} = {whole}`", Written(column))))
}

/// `default` or an expression, over the columns of a table where there is one.
pub(super) fn given(parser: &mut Parser, piece: PieceId, table: Option<&Name>, input: ParseStream<'_>) -> Parse<Given> {
    if let Some(span) = take_words(input, &["default"]) {
        parser.marks.note(piece, Role::Default, "default", span);
        return Ok(Given::Default);
    }
    let reader = Reader::new(parser, piece, table);
    let mut reader = if table.is_some() && query::has_from(input.cursor()) { reader.beside_others() } else { reader };
    Ok(Given::Value(reader.expr(input)?))
}

/// `[from OTHER [as NAME]]`
pub(super) fn beside(parser: &mut Parser, piece: PieceId, table: &Name, input: ParseStream<'_>) -> Parse<Option<FromTable>> {
    if !peek_words(input, &["from"]) {
        return Ok(None);
    }
    Reader::new(parser, piece, Some(table)).from(input).map(Some)
}

/// `[where EXPR]` of a statement that may read another table.
pub(super) fn which_beside(
    parser: &mut Parser,
    piece: PieceId,
    (table, from): (&Name, Option<&FromTable>),
    input: ParseStream<'_>,
) -> Parse<Which> {
    if from.is_none() || take_words(input, &["where"]).is_none() {
        return which(parser, piece, table, input);
    }
    Ok(Which::Where(Reader::new(parser, piece, Some(table)).beside_others().expr(input)?))
}

/// `[where EXPR]`
pub(super) fn which(parser: &mut Parser, piece: PieceId, table: &Name, input: ParseStream<'_>) -> Parse<Which> {
    if take_words(input, &["where"]).is_none() {
        return Ok(Which::All);
    }
    Ok(Which::Where(Reader::new(parser, piece, Some(table)).expr(input)?))
}
