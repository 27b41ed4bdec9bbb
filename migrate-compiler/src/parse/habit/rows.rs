//! Statements about rows that SQL writes in another form.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};

use crate::parse::habit::edit::{Edit, inside, spliced};
use crate::parse::habit::pattern::{Match, matches, written};
use crate::parse::habit::shown::trees;

/// The next change of such a statement.
pub(super) fn edit(tokens: &[TokenTree]) -> Option<Edit> {
    alias(tokens).or_else(|| set_together(tokens)).or_else(|| inserted(tokens)).or_else(|| truncated(tokens))
}

/// `truncate a, b`
fn truncated(tokens: &[TokenTree]) -> Option<Edit> {
    let start = matches("truncate table", tokens).or_else(|| matches("truncate", tokens))?.length;
    let tables = listed(&tokens[start..]);
    let comma = tokens.iter().position(|token| is_mark(token, ','))?;
    let are_names = tables.iter().all(|table| matches("RELATION END", table).is_some());
    let one = |table: Vec<TokenTree>| {
        let found = Match::default().with("RELATION", table);
        written("truncate RELATION undo nothing \"the rows are not needed\"; ", &found, Span::call_site())
    };
    let mut all: Vec<TokenTree> = tables.into_iter().flat_map(one).collect();
    all.pop();
    let says = Some(("sql_syntax", "`truncate` empties one table".to_owned()));
    are_names.then(|| Edit { says, index: comma, span: tokens[comma].span(), ..spliced(tokens, 0, tokens.len(), all) })
}

/// `delete from users u where u.id = 5`: a statement has no other name for its table, and its columns need none.
fn alias(tokens: &[TokenTree]) -> Option<Edit> {
    let of = |head: &str, next: &str| {
        let as_is = format!("{head} as NAME {next}");
        let plain = format!("{head} FIELD {next}");
        matches(&as_is, tokens).or_else(|| matches(&plain, tokens))
    };
    let found = of("delete from RELATION", "where").or_else(|| of("update RELATION", "set"))?;
    let start = matches("delete from RELATION", tokens).or_else(|| matches("update RELATION", tokens))?.length;
    let name = tokens[found.length - 2].to_string();
    let rest = unqualified(&tokens[found.length - 1..], &name);
    let says = Some(("sql_syntax", "the table of a statement has no other name".to_owned()));
    Some(Edit { says, ..spliced(tokens, start, tokens.len() - start, rest) })
}

/// The tokens without `NAME.` before columns.
fn unqualified(tokens: &[TokenTree], name: &str) -> Vec<TokenTree> {
    let mut plain = Vec::new();
    let mut rest = tokens;
    while let Some((token, after)) = rest.split_first() {
        let is_before_dot = after.first().is_some_and(|token| is_mark(token, '.'));
        if is_before_dot && token.to_string() == name {
            rest = &after[1..];
            continue;
        }
        plain.push(match token {
            TokenTree::Group(group) => grouped(group.delimiter(), unqualified(&trees(group.stream()), name), group.span()),
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => token.clone(),
        });
        rest = after;
    }
    plain
}

/// `set (a, b) = (x, y)`
fn set_together(tokens: &[TokenTree]) -> Option<Edit> {
    let start = matches("update RELATION set", tokens).or_else(|| matches("backfill RELATION set", tokens))?.length;
    let (columns, values) = (inside(tokens.get(start)?, Delimiter::Parenthesis)?, tokens.get(start + 2)?);
    let (columns, values) = (listed(&columns), listed(&inside(values, Delimiter::Parenthesis)?));
    if !is_mark(tokens.get(start + 1)?, '=') || columns.len() != values.len() {
        return None;
    }
    let equal = || TokenTree::from(Punct::new('=', Spacing::Alone));
    let pairs = columns.into_iter().zip(values).map(|(column, value)| [column, vec![equal()], value].concat());
    let says = Some(("sql_syntax", "each column of `set` is written with its own value".to_owned()));
    Some(Edit { says, ..spliced(tokens, start, 3, with_commas(pairs)) })
}

/// `insert into t set a = 1, b = 2`, `insert into t { a: 1, b: 2 }`
fn inserted(tokens: &[TokenTree]) -> Option<Edit> {
    let start = matches("insert into RELATION", tokens)?.length;
    let (given, length) = match matches("set", &tokens[start..]) {
        Some(_) => (tokens[start + 1..].to_vec(), tokens.len() - start),
        None => (inside(tokens.get(start)?, Delimiter::Brace)?, 1),
    };
    let pairs: Option<Vec<_>> = listed(&given).into_iter().map(pair).collect();
    let (columns, values): (Vec<_>, Vec<_>) = pairs?.into_iter().unzip();
    let parens = |list: Vec<Vec<TokenTree>>| grouped(Delimiter::Parenthesis, with_commas(list), Span::call_site());
    let word = TokenTree::from(Ident::new("values", Span::call_site()));
    let new = vec![parens(columns), word, parens(values)];
    let says = Some(("sql_syntax", "the columns of `insert` are written before their values".to_owned()));
    Some(Edit { says, ..spliced(tokens, start, length, new) })
}

/// `a = 1` or `a: 1`
fn pair(tokens: Vec<TokenTree>) -> Option<(Vec<TokenTree>, Vec<TokenTree>)> {
    let (column, rest) = tokens.split_first()?;
    let (mark, value) = rest.split_first()?;
    let is_given = (is_mark(mark, '=') || is_mark(mark, ':')) && !value.is_empty();
    is_given.then(|| (vec![column.clone()], value.to_vec()))
}

/// What the commas separate.
fn listed(tokens: &[TokenTree]) -> Vec<Vec<TokenTree>> {
    let parts = tokens.split(|token| is_mark(token, ',')).map(<[TokenTree]>::to_vec);
    parts.filter(|part| !part.is_empty()).collect()
}

fn with_commas(parts: impl IntoIterator<Item = Vec<TokenTree>>) -> Vec<TokenTree> {
    let mut all: Vec<TokenTree> = Vec::new();
    for part in parts {
        if !all.is_empty() {
            all.push(Punct::new(',', Spacing::Alone).into());
        }
        all.extend(part);
    }
    all
}

fn grouped(delimiter: Delimiter, tokens: Vec<TokenTree>, span: Span) -> TokenTree {
    let mut group = Group::new(delimiter, tokens.into_iter().collect::<TokenStream>());
    group.set_span(span);
    group.into()
}

fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}
