//! Tokens as a person writes them.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

use crate::parse::habit::words::is_keyword;
use crate::typing::function::FUNCTIONS;

/// Whose string literals are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// Those of the language.
    Double,
    /// Those of SQL.
    Single,
}

/// The text of tokens.
pub(super) fn shown(tokens: &[TokenTree], quotes: Quotes) -> String {
    let mut text = String::new();
    for (index, token) in tokens.iter().enumerate() {
        if index > 0 && is_apart(tokens, index) {
            text.push(' ');
        }
        text.push_str(&one(token, quotes));
    }
    text
}

fn one(token: &TokenTree, quotes: Quotes) -> String {
    match token {
        TokenTree::Group(group) => grouped(group, quotes),
        TokenTree::Literal(literal) if quotes == Quotes::Single => {
            let text = syn::parse_str::<syn::LitStr>(&literal.to_string());
            text.map_or_else(|_| literal.to_string(), |text| format!("'{}'", text.value().replace('\'', "''")))
        }
        TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => token.to_string(),
    }
}

fn grouped(group: &Group, quotes: Quotes) -> String {
    let inner = shown(&trees(group.stream()), quotes);
    match group.delimiter() {
        Delimiter::Parenthesis => format!("({inner})"),
        Delimiter::Bracket => format!("[{inner}]"),
        Delimiter::Brace if inner.is_empty() => "{}".to_owned(),
        Delimiter::Brace => format!("{{ {inner} }}"),
        Delimiter::None => inner,
    }
}

/// The next token as text of the language.
pub(in crate::parse) fn next(input: syn::parse::ParseStream<'_>) -> String {
    input.cursor().token_tree().map(|(token, _)| one(&token, Quotes::Double)).unwrap_or_default()
}

/// The tokens of a stream.
pub(super) fn trees(stream: TokenStream) -> Vec<TokenTree> {
    stream.into_iter().collect()
}

/// Whether a space is before the token.
fn is_apart(tokens: &[TokenTree], index: usize) -> bool {
    let (before, token) = (&tokens[index - 1], &tokens[index]);
    if is_punct(token, ",;?.:") && !is_punct(before, ":=") || is_punct(before, ".#") || is_joint(before) {
        return false;
    }
    if is_punct(before, ":") {
        // After `::` comes its type.
        return index < 2 || !is_joint(&tokens[index - 2]);
    }
    if is_punct(before, "-") {
        return index >= 2 && !is_punct(&tokens[index - 2], "-+*/=<>,") && !is_word(&tokens[index - 2]);
    }
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
            !(is_called(before) || index > 2 && is_joint(&tokens[index - 3]))
        }
        TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => !group.stream().is_empty(),
        TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => true,
    }
}

fn is_punct(token: &TokenTree, of: &str) -> bool {
    matches!(token, TokenTree::Punct(punct) if of.contains(punct.as_char()))
}

fn is_joint(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint)
}

fn is_word(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(word) if is_keyword(&word.to_string()))
}

/// Whether parentheses after this are those of a function or of a type.
fn is_called(token: &TokenTree) -> bool {
    let TokenTree::Ident(word) = token else { return false };
    let word = word.to_string();
    ["varchar", "char", "decimal", "sql", "column", "only"].contains(&word.as_str())
        || FUNCTIONS.iter().any(|function| function.name == word)
}
