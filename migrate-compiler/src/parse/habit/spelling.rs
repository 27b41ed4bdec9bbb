//! How words and string literals are spelled.

use proc_macro2::{Delimiter, Ident, Literal, TokenTree};

use crate::parse::habit::edit::{Edit, EditKind, in_groups, inside, lifted, spliced};
use crate::parse::habit::shown::{Quotes, shown};
use crate::parse::habit::words::{is_keyword, keywords};
use crate::suggestion::all_near;
use crate::types::Type;

/// Rule `keyword_case`: keywords in capitals, up to the next word that is none.
pub(super) fn capitals(tokens: &[TokenTree]) -> Option<Edit> {
    let lower = |token: &TokenTree| match token {
        TokenTree::Ident(word) => {
            let text = word.to_string();
            let lower = text.to_lowercase();
            (text != lower && is_keyword(&lower)).then(|| TokenTree::Ident(Ident::new(&lower, word.span())))
        }
        TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    };
    let here = (0..tokens.len()).find(|at| lower(&tokens[*at]).is_some()).map(|at| {
        let new: Vec<TokenTree> = tokens[at..].iter().map_while(lower).collect();
        let words = shown(&new, Quotes::Double);
        let says = Some(("keyword_case", format!("keywords are written in lower case: `{words}`")));
        Edit { says, words: Some(words), ..spliced(tokens, at, new.len(), new) }
    });
    here.or_else(|| in_groups(tokens, Delimiter::Parenthesis, capitals))
}

/// Rule `single_quotes`, which was said where it was read.
pub(super) fn quotes(tokens: &[TokenTree]) -> Option<Edit> {
    let text = |token: &TokenTree| match token {
        TokenTree::Literal(literal) => syn::parse_str::<syn::LitChar>(&literal.to_string()).ok(),
        TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Punct(_) => None,
    };
    let here = tokens.iter().enumerate().find_map(|(at, token)| Some((at, text(token)?))).map(|(at, letter)| {
        let new = Literal::string(&letter.value().to_string());
        let prefix = usize::from(at > 0 && is_prefix(&tokens[at - 1]));
        let says = (prefix > 0).then(|| ("single_quotes", "a string literal is written in double quotes".to_owned()));
        Edit { says, words: Some(new.to_string()), ..spliced(tokens, at - prefix, 1 + prefix, vec![new.into()]) }
    });
    here.or_else(|| in_groups(tokens, Delimiter::Parenthesis, quotes))
}

/// Whether this says of a string literal of SQL how it is escaped: `E'…'`, `N'…'`.
fn is_prefix(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(word) if ["E", "e", "N", "n"].iter().any(|prefix| word == prefix))
}

/// `array[…]`, where the language writes `[…]`.
pub(super) fn arrays(tokens: &[TokenTree]) -> Option<Edit> {
    let is_array = |pair: &[TokenTree]| match pair {
        [TokenTree::Ident(word), TokenTree::Group(group)] => {
            word.to_string().eq_ignore_ascii_case("array") && group.delimiter() == Delimiter::Bracket
        }
        _ => false,
    };
    let here = tokens.windows(2).position(is_array).map(|at| {
        let new = vec![tokens[at + 1].clone()];
        let says = Some(("sql_syntax", "an array is written without `array`".to_owned()));
        Edit { says, words: Some(shown(&new, Quotes::Double)), ..spliced(tokens, at, 2, new) }
    });
    here.or_else(|| in_groups(tokens, Delimiter::Parenthesis, arrays))
}

/// Rule `keyword_case`: the method of an index in capitals.
pub(super) fn methods(tokens: &[TokenTree]) -> Option<Edit> {
    let method = |pair: &[TokenTree]| match pair {
        [TokenTree::Ident(using), TokenTree::Ident(word)] if using == "using" => {
            let lower = word.to_string().to_lowercase();
            (*word != lower).then(|| Ident::new(&lower, word.span()))
        }
        _ => None,
    };
    let (at, new) = tokens.windows(2).enumerate().find_map(|(at, pair)| Some((at + 1, method(pair)?)))?;
    let says = Some(("keyword_case", format!("the method of an index is written in lower case: `{new}`")));
    Some(Edit { says, words: Some(new.to_string()), ..spliced(tokens, at, 1, vec![new.into()]) })
}

/// Rule `unknown_keyword`: a keyword for each word that is near to one, the nearest first.
pub(super) fn spellings(tokens: &[TokenTree]) -> Vec<Edit> {
    tokens.iter().enumerate().flat_map(|(at, token)| spellings_of(tokens, at, token)).collect()
}

fn spellings_of(tokens: &[TokenTree], at: usize, token: &TokenTree) -> Vec<Edit> {
    if let Some(inner) = inside(token, Delimiter::Parenthesis) {
        return spellings(&inner).into_iter().map(|edit| lifted(tokens, at, edit)).collect();
    }
    let TokenTree::Ident(word) = token else { return Vec::new() };
    let written = word.to_string();
    // What follows `using` is the method of an index, and no keyword.
    if at > 0 && matches!(&tokens[at - 1], TokenTree::Ident(using) if using == "using") {
        return Vec::new();
    }
    // What is only in capitals, or a type of another name, is no misspelling.
    if is_keyword(&written.to_lowercase()) || Type::elsewhere(&written).is_some() {
        return Vec::new();
    }
    let spelled = |near: &str| {
        let says = Some(("unknown_keyword", format!("unknown keyword `{written}`")));
        let new = near.split(' ').map(|near| Ident::new(near, word.span()).into()).collect();
        Edit { says, words: Some(near.to_owned()), kind: EditKind::Guess, ..spliced(tokens, at, 1, new) }
    };
    joined(&written).iter().map(String::as_str).chain(all_near(&written, keywords())).map(spelled).collect()
}

/// The keywords that a word is, written together or with `_` between them: `primarykey`, `set_null`.
fn joined(word: &str) -> Option<String> {
    let parts: Vec<&str> = word.split('_').collect();
    if parts.len() > 1 && parts.iter().all(|part| is_keyword(part)) {
        return Some(parts.join(" "));
    }
    let halves = (1..word.len()).filter_map(|middle| word.split_at_checked(middle));
    halves.into_iter().find(|(one, other)| is_keyword(one) && is_keyword(other)).map(|(one, other)| format!("{one} {other}"))
}
