//! Indexes.

use crate::expr::Expr;
use crate::name::Name;
use crate::problem::{PieceId, Role};
use crate::schema::{Index, Key};
use proc_macro2::Span;
use syn::buffer::Cursor;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::operation::{CreateIndex, DropIndex, RenameIndex};
use crate::parse::cursor::{
    after_words, any_word, expect_words, is_parens, list, parens, peek_parens, peek_words, punct_at, take_words,
};
use crate::parse::expr::Reader;
use crate::parse::keyword::Operations;
use crate::parse::{Parser, constraint, name};

/// Whether an index allows equal keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Uniqueness {
    /// It does.
    Any,
    /// It does not.
    Unique,
}

impl Uniqueness {
    /// The words for such an index.
    pub fn words(self) -> &'static str {
        match self {
            Uniqueness::Any => "index",
            Uniqueness::Unique => "unique index",
        }
    }
}

/// What is known of an index before its keys.
pub(super) struct IndexStart<'a> {
    pub piece: PieceId,
    pub table: &'a Name,
    pub name: Option<(String, Span)>,
}

/// `[using METHOD] (KEY, …) [include (…)] [nulls not distinct] [where EXPR]`, after the name and the table.
pub(super) fn index(parser: &mut Parser, head: IndexStart<'_>, uniqueness: Uniqueness, input: ParseStream<'_>) -> Parse<Index> {
    let start = input.span();
    let IndexStart { piece, table, name } = head;
    let (name, place) = name.map_or((None, start), |(name, span)| (Some(name), span));
    parser.marks.note(piece, Role::Index, name.as_deref().unwrap_or_default(), place);
    let method = if take_words(input, &["using"]).is_some() {
        Some(option(parser, piece, "a method such as `gin`", input)?)
    } else {
        None
    };
    let keys = parens(input, "the columns in parentheses", |input| list(input, |input| key(parser, piece, table, input)))?;
    let include = if take_words(input, &["include"]).is_some() {
        parser.marks.note(piece, Role::Option, "include", input.span());
        constraint::columns(parser, piece, Role::Use, input)?
    } else {
        Vec::new()
    };
    let span = input.span();
    let nulls_not_distinct = take_words(input, &["nulls", "not", "distinct"]).is_some();
    if nulls_not_distinct {
        parser.marks.note(piece, Role::Option, "nulls not distinct", span);
    }
    let filter =
        if take_words(input, &["where"]).is_some() { Some(Reader::new(parser, piece, Some(table)).expr(input)?) } else { None };
    Ok(Index { name, unique: uniqueness == Uniqueness::Unique, method, keys, include, nulls_not_distinct, filter })
}

fn option(parser: &mut Parser, piece: PieceId, what: &str, input: ParseStream<'_>) -> Parse<String> {
    let word = any_word(input, what)?;
    let option = name::unfolded(&word, |name| format!("r#{name}"))?;
    parser.marks.note(piece, Role::Option, &option, word.span());
    Ok(option)
}

/// `EXPR [asc|desc] [nulls first|last] [with CLASS]`
fn key(parser: &mut Parser, piece: PieceId, table: &Name, input: ParseStream<'_>) -> Parse<Key> {
    let span = input.span();
    let mut value = Reader::new(parser, piece, Some(table)).expr(input)?;
    // A string literal as a key is a column: to sort by a constant sorts by nothing.
    if let Expr::Text(text) = &value
        && !text.is_typed()
    {
        parser.marks.note(piece, Role::Use, text, span);
        value = Expr::column(&**text);
    }
    let descending = take_words(input, &["asc"]).is_none() && take_words(input, &["desc"]).is_some();
    let nulls_first = if take_words(input, &["nulls", "first"]).is_some() {
        Some(true)
    } else {
        take_words(input, &["nulls", "last"]).map(|_| false)
    };
    let class =
        if take_words(input, &["with"]).is_some() { Some(option(parser, piece, "an operator class", input)?) } else { None };
    Ok(Key { value, descending, nulls_first, class })
}

/// Rule `index_concurrently`: how an index is built is the compiler's choice. A word that ends the statement is a name.
pub(super) fn concurrently(input: ParseStream<'_>, words: &str) -> Parse<()> {
    let Some(behind) = after_words(input.cursor(), &["concurrently"]).filter(|behind| !behind.eof()) else { return Ok(()) };
    if punct_at(behind, ";").is_some() || punct_at(behind, ".").is_some() {
        return Ok(());
    }
    let message = "unexpected `concurrently`: the compiler decides how an index is built";
    Err(Diagnostic::new("index_concurrently", input.span(), message)
        .help(format!("write `{words}` without it, or `r#concurrently` for an index of this name")))
}

/// `create index …`, the words taken.
pub(super) fn create(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Operations> {
    created(parser, piece, Uniqueness::Any, input)
}

/// `create unique index …`, the words taken.
pub(super) fn create_unique(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Operations> {
    created(parser, piece, Uniqueness::Unique, input)
}

fn created(parser: &mut Parser, piece: PieceId, uniqueness: Uniqueness, input: ParseStream<'_>) -> Parse<Operations> {
    concurrently(input, &format!("create {}", uniqueness.words()))?;
    let (name, table) = head(parser, piece, input)?;
    let index = index(parser, IndexStart { piece, table: &table, name }, uniqueness, input)?;
    Ok(Operations::one(piece, CreateIndex { table, index }.into()))
}

/// `drop index NAME`, the words taken.
pub(super) fn drop(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Operations> {
    concurrently(input, "drop index")?;
    let (name, span) = name::qualified(input, "the name of the index")?;
    parser.marks.note(piece, Role::Index, &name.to_string(), span);
    Ok(Operations::one(piece, DropIndex { name }.into()))
}

/// `rename index NAME to NAME`, the words taken.
pub(super) fn rename(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Operations> {
    let (from, span) = name::qualified(input, "the name of the index")?;
    parser.marks.note(piece, Role::Index, &from.to_string(), span);
    expect_words(input, &["to"])?;
    let (to, span) = name::qualified(input, "the new name")?;
    parser.marks.note(piece, Role::To, &to.to_string(), span);
    Ok(Operations::one(piece, RenameIndex { from, to }.into()))
}

/// `[NAME] on TABLE`, after `index`: there is no name where `on` comes next.
fn head(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<(Option<(String, Span)>, Name)> {
    // `on on (a)` is of the table `on`, and `on on t (a)` is of the index `on`.
    let ends = |table: Cursor<'_>| is_parens(table) || punct_at(table, ".").is_some();
    let unnamed = match after_words(input.cursor(), &["on", "on"]) {
        Some(rest) => ends(rest),
        None => peek_words(input, &["on"]),
    };
    let name = if unnamed { None } else { Some(name::plain(input, "a name or `on`")?) };
    expect_words(input, &["on"])?;
    let (table, span) = name::qualified(input, "a table")?;
    parser.marks.note(piece, Role::Table, &table.to_string(), span);
    Ok((name, table))
}

/// Whether an index of a table follows the word `index`: a name, `using` or its keys, and not the `:` of a column.
pub(super) fn inside_name(input: ParseStream<'_>) -> Parse<Option<(String, Span)>> {
    let unnamed = peek_parens(input)
        || peek_words(input, &["using"])
            && !{
                let rest = crate::parse::cursor::after_words(input.cursor(), &["using"]);
                rest.is_some_and(crate::parse::cursor::is_parens)
            };
    if unnamed { Ok(None) } else { name::plain(input, "a name or columns in parentheses").map(Some) }
}
