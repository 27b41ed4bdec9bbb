//! Patterns over tokens, and what is written for what they match.

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};

use crate::parse::habit::shown::{Quotes, shown, trees};
use crate::parse::habit::words::is_keyword;
use crate::parse::keyword::TOP;
use crate::suggestion::nearest;
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
    all(&parsed(pattern), tokens, &mut found)?;
    Some(found)
}

/// Matches the parts of a pattern, one after the other.
fn all(parts: &[TokenTree], tokens: &[TokenTree], found: &mut Match) -> Option<()> {
    found.length = 0;
    for part in parts {
        let rest = tokens.get(found.length..)?;
        let length = match part {
            TokenTree::Ident(word) if is_end(word) => rest.is_empty().then_some(0)?,
            TokenTree::Ident(word) if is_capture(word) => capture(&word.to_string(), rest, found)?,
            TokenTree::Group(group) => inside(group, rest.first()?, found)?,
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => plain(part, rest.first()?).then_some(1)?,
        };
        found.length += length;
    }
    Some(())
}

/// Matches a placeholder. What it stands for a second time is what it stood for the first time.
fn capture(word: &str, rest: &[TokenTree], found: &mut Match) -> Option<usize> {
    rest.first()?;
    let tokens = rest[..captured(word, rest)?].to_vec();
    let known = found.captures.iter().find(|(known, _)| known == word);
    let shown = |tokens: &[TokenTree]| shown(tokens, Quotes::Double);
    known.is_none_or(|(_, known)| shown(known) == shown(&tokens)).then_some(())?;
    let length = tokens.len();
    found.captures.push((word.to_owned(), tokens));
    Some(length)
}

/// Matches a group whose tokens a pattern has one by one.
fn inside(part: &Group, first: &TokenTree, found: &mut Match) -> Option<usize> {
    let TokenTree::Group(group) = first else { return None };
    let (outer, tokens) = (found.length, trees(group.stream()));
    let is_whole = group.delimiter() == part.delimiter()
        && all(&trees(part.stream()), &tokens, found).is_some()
        && found.length == tokens.len();
    found.length = outer;
    is_whole.then_some(1)
}

/// Whether a word of a pattern is a placeholder.
fn is_capture(word: &Ident) -> bool {
    word.to_string().chars().all(|letter| letter.is_ascii_uppercase())
}

/// Whether the word is the end of a part.
fn is_end(word: &Ident) -> bool {
    word == "END"
}

/// Words that are long enough to be known with a slip of the finger, and that no name is meant by where a pattern has them.
const LONG: [&str; 4] = ["precision", "varying", "timezone", "autoincrement"];

/// Whether a word or a mark of a pattern is matched.
fn plain(part: &TokenTree, first: &TokenTree) -> bool {
    match (part, first) {
        (TokenTree::Ident(word), TokenTree::Ident(found)) => {
            let (word, found) = (word.to_string(), found.to_string());
            found.eq_ignore_ascii_case(&word) || LONG.contains(&word.as_str()) && nearest(&found, [word.as_str()]).is_some()
        }
        (TokenTree::Punct(mark), TokenTree::Punct(found)) => mark.as_char() == found.as_char(),
        (TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_), _) => false,
    }
}

fn captured(word: &str, rest: &[TokenTree]) -> Option<usize> {
    let is_group = |delimiter| matches!(&rest[0], TokenTree::Group(group) if group.delimiter() == delimiter);
    let is_name = |token: &TokenTree| matches!(token, TokenTree::Ident(_)) || is_text(token);
    let is_mark = |token: &TokenTree, mark| matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark);
    let is_matched = match word {
        "LIST" => is_group(Delimiter::Parenthesis),
        "BODY" | "DOWN" => is_group(Delimiter::Brace),
        "TEXT" => is_text(&rest[0]),
        "NUMBER" => {
            matches!(&rest[0], TokenTree::Literal(literal) if syn::parse_str::<syn::LitInt>(&literal.to_string()).is_ok())
        }
        "TYPE" => matches!(&rest[0], TokenTree::Ident(word) if is_type(&word.to_string())),
        "FIELD" | "NEW" => matches!(&rest[0], TokenTree::Ident(word) if is_field(&word.to_string())),
        "REST" if !is_group(Delimiter::Brace) => return Some(rest.len()),
        "BARE" if !matches!(&rest[0], TokenTree::Group(_)) => return Some(rest.len()),
        "REST" | "BARE" => false,
        "PATH" => {
            let step = |at: usize| {
                rest[at..].len() > 2 && is_mark(&rest[at], ':') && is_mark(&rest[at + 1], ':') && is_name(&rest[at + 2])
            };
            let steps = (0..).take_while(|place| step(1 + 3 * place)).count();
            return is_name(&rest[0]).then_some(1 + 3 * steps);
        }
        "RELATION" if rest.len() > 2 && is_name(&rest[0]) && is_mark(&rest[1], '.') && is_name(&rest[2]) => return Some(3),
        _ => is_name(&rest[0]),
    };
    is_matched.then_some(1)
}

/// Whether a word is the name of a column, and neither a type of the language nor a keyword. What only begins a part of a migration, such
/// as `label`, is no keyword inside of a statement.
fn is_field(word: &str) -> bool {
    let is_type = Type::words().any(|known| known == word) || Type::elsewhere(word).is_some();
    !is_type && (TOP.contains(&word) || !is_keyword(word))
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
            None => word.into(),
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
        "VALUES" => {
            let quoted = trees(inner("LIST")?).into_iter().map(quoted);
            Some(vec![Group::new(Delimiter::Parenthesis, quoted.collect()).into()])
        }
        _ => of(word),
    }
}

/// A name as a string literal.
fn quoted(token: TokenTree) -> TokenTree {
    match token {
        TokenTree::Ident(word) => {
            let mut text = Literal::string(&word.to_string());
            text.set_span(word.span());
            text.into()
        }
        TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => token,
    }
}

/// A text with its placeholders replaced by what was matched. They are found once: what is put in their place may be spelt like one.
pub(super) fn said(text: &str, found: &Match) -> String {
    let mut said = String::new();
    for word in text.split_inclusive(|letter: char| !letter.is_ascii_uppercase()) {
        let name = word.trim_end_matches(|letter: char| !letter.is_ascii_uppercase());
        match stands_for(name, found).map(|tokens| shown(&tokens, Quotes::Double)) {
            Some(text) => said.extend([&text, word.strip_prefix(name).unwrap_or_default()]),
            None => said.push_str(word),
        }
    }
    said
}
