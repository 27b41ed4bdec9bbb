//! Patterns over tokens, and what is written for what they match.

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};

use crate::parse::habit::shown::{Quotes, shown, trees};
use crate::parse::habit::words::is_keyword;
use crate::types::Type;

/// What a pattern matched: how many tokens, and the tokens of each of its placeholders.
#[derive(Default)]
pub(super) struct Match {
    pub length: usize,
    captures: Vec<(String, Vec<TokenTree>)>,
}

impl Match {
    /// The same with what else is known.
    pub fn and(mut self, known: Match) -> Match {
        self.captures.extend(known.captures);
        self
    }

    /// The same with the tokens of a placeholder.
    pub fn with(mut self, word: &str, tokens: Vec<TokenTree>) -> Match {
        self.captures.push((word.to_owned(), tokens));
        self
    }
}

/// The tokens that a text of this crate is.
fn parsed(text: &str) -> Vec<TokenTree> {
    text.parse::<TokenStream>().map(trees).unwrap_or_default()
}

/// Matches a pattern at the beginning of tokens.
pub(super) fn matches(pattern: &str, tokens: &[TokenTree]) -> Option<Match> {
    let mut found = Match::default();
    for part in parsed(pattern) {
        let rest = tokens.get(found.length..)?;
        let length = length(&part, rest)?;
        if let TokenTree::Ident(word) = &part
            && is_capture(word)
        {
            found.captures.push((word.to_string(), rest[..length].to_vec()));
        }
        found.length += length;
    }
    Some(found)
}

/// Whether a word of a pattern is a placeholder.
fn is_capture(word: &Ident) -> bool {
    word.to_string().chars().all(|letter| letter.is_ascii_uppercase())
}

/// How many tokens a part of a pattern matches.
fn length(part: &TokenTree, rest: &[TokenTree]) -> Option<usize> {
    let first = rest.first()?;
    let is_matched = match (part, first) {
        (TokenTree::Ident(word), _) if is_capture(word) => return captured(&word.to_string(), rest),
        (TokenTree::Ident(word), TokenTree::Ident(found)) => found.to_string().eq_ignore_ascii_case(&word.to_string()),
        (TokenTree::Punct(mark), TokenTree::Punct(found)) => mark.as_char() == found.as_char(),
        (TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_), _) => false,
    };
    is_matched.then_some(1)
}

fn captured(word: &str, rest: &[TokenTree]) -> Option<usize> {
    let is_group = |delimiter| matches!(&rest[0], TokenTree::Group(group) if group.delimiter() == delimiter);
    let is_name = |token: &TokenTree| matches!(token, TokenTree::Ident(_)) || is_text(token);
    let is_dot = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '.');
    let is_matched = match word {
        "LIST" => is_group(Delimiter::Parenthesis),
        "BODY" => is_group(Delimiter::Brace),
        "TEXT" => is_text(&rest[0]),
        "TYPE" => matches!(&rest[0], TokenTree::Ident(word) if is_type(&word.to_string())),
        "REST" if !is_group(Delimiter::Brace) => return Some(rest.len()),
        "REST" => false,
        "RELATION" if rest.len() > 2 && is_name(&rest[0]) && is_dot(&rest[1]) && is_name(&rest[2]) => return Some(3),
        _ => is_name(&rest[0]),
    };
    is_matched.then_some(1)
}

/// Whether a word may be a type: one of the language or of another one, or the name of an enum.
fn is_type(word: &str) -> bool {
    Type::words().any(|known| known == word) || !is_keyword(&word.to_lowercase())
}

fn is_text(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Literal(literal) if literal.to_string().starts_with('"'))
}

/// What is written for a match, at the place of what was matched.
pub(super) fn written(template: &str, found: &Match, span: Span) -> Vec<TokenTree> {
    filled(parsed(template), found, span)
}

fn filled(template: Vec<TokenTree>, found: &Match, span: Span) -> Vec<TokenTree> {
    template.into_iter().flat_map(|token| filled_one(token, found, span)).collect()
}

fn filled_one(token: TokenTree, found: &Match, span: Span) -> Vec<TokenTree> {
    let mut made = match token {
        TokenTree::Ident(word) => match stands_for(&word.to_string(), found) {
            Some(tokens) => return tokens,
            None => named(word, found),
        },
        TokenTree::Group(group) => {
            let inner = filled(trees(group.stream()), found, span);
            TokenTree::Group(Group::new(group.delimiter(), inner.into_iter().collect()))
        }
        TokenTree::Literal(literal) => {
            let text = syn::parse_str::<syn::LitStr>(&literal.to_string()).map(|text| text.value()).unwrap_or_default();
            TokenTree::Literal(Literal::string(&said(&text, found)))
        }
        TokenTree::Punct(punct) => TokenTree::Punct(punct),
    };
    made.set_span(span);
    vec![made]
}

/// A word of a template, in which placeholders may be a part of a name: `TABLE_COLUMNS_key`. What no identifier spells is a string literal.
fn named(word: Ident, found: &Match) -> TokenTree {
    let (text, name) = (word.to_string(), said(&word.to_string(), found));
    if text == name {
        return word.into();
    }
    let plain = name.replace("r#", "").replace('"', "");
    syn::parse_str::<Ident>(&plain).map_or_else(|_| Literal::string(&plain).into(), TokenTree::from)
}

/// The tokens of a placeholder of a template.
fn stands_for(word: &str, found: &Match) -> Option<Vec<TokenTree>> {
    let of = |word: &str| found.captures.iter().find(|(known, _)| known == word).map(|(_, tokens)| tokens.clone());
    let inner = |word: &str| match of(word)?.first() {
        Some(TokenTree::Group(group)) => Some(group.stream()),
        Some(TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_)) | None => None,
    };
    match word {
        "ENTRIES" => Some(vec![Group::new(Delimiter::Brace, inner("LIST")?).into()]),
        "INNER" => inner("BODY").map(trees),
        _ => of(word),
    }
}

/// A text with its placeholders replaced by what was matched.
pub(super) fn said(text: &str, found: &Match) -> String {
    let list = stands_for("LIST", found).map(|list| match list.as_slice() {
        [TokenTree::Group(group)] => names(group),
        _ => String::new(),
    });
    let said = list.map_or_else(|| text.to_owned(), |list| text.replace("COLUMNS", &list));
    found.captures.iter().fold(said, |said, (word, tokens)| said.replace(word, &shown(tokens, Quotes::Double)))
}

/// The names in parentheses, as PostgreSQL makes a name of them.
fn names(list: &Group) -> String {
    let names = trees(list.stream()).into_iter().filter(|token| matches!(token, TokenTree::Ident(_)));
    names.map(|name| name.to_string()).collect::<Vec<_>>().join("_")
}
