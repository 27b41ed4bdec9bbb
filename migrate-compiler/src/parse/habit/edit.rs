//! One change of what could not be read.

use proc_macro2::{Delimiter, Group, Span, TokenTree};

use crate::parse::habit::shown::trees;
use crate::tree::Range;

/// A change.
pub(super) struct Edit {
    /// The part after it.
    pub tokens: Vec<TokenTree>,
    /// Which token was the first that is different.
    pub index: usize,
    /// The place of that token.
    pub span: Span,
    /// The rule and what is wrong, where it is not what was said already.
    pub says: Option<(&'static str, String)>,
    /// What to do in a history without PostgreSQL, where it is for PostgreSQL alone.
    pub unserved: Option<&'static str>,
    /// What was written for words, where words were replaced by words.
    pub words: Option<String>,
    /// The tokens that were replaced.
    pub replaced: Option<Range>,
    /// What it makes of the part.
    pub kind: EditKind,
}

/// What a change makes of a part.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum EditKind {
    /// The same, as it is written here.
    Same,
    /// A statement, of an action.
    Beside,
    /// The same with a keyword that may be meant.
    Guess,
}

/// The tokens with some of them replaced.
pub(super) fn spliced(tokens: &[TokenTree], at: usize, length: usize, new: Vec<TokenTree>) -> Edit {
    let old = &tokens[at..at + length];
    let same = old.iter().zip(&new).take_while(|(old, new)| old.to_string() == new.to_string()).count();
    let index = at + same.min(length.saturating_sub(1));
    let span = tokens.get(index).or(tokens.last()).map_or_else(Span::call_site, TokenTree::span);
    let replaced = covered(old);
    let tokens = tokens[..at].iter().cloned().chain(new).chain(tokens[at + length..].iter().cloned()).collect();
    Edit { tokens, index, span, says: None, unserved: None, words: None, replaced, kind: EditKind::Same }
}

/// What tokens cover.
pub(super) fn covered(tokens: &[TokenTree]) -> Option<Range> {
    let last = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.span_close(),
        TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => token.span(),
    };
    let first = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.span_open(),
        TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => token.span(),
    };
    Some(Range { first: first(tokens.first()?), last: last(tokens.last()?) })
}

/// A change inside of groups.
pub(super) fn in_groups(tokens: &[TokenTree], of: Delimiter, change: impl Fn(&[TokenTree]) -> Option<Edit>) -> Option<Edit> {
    (0..tokens.len()).find_map(|at| change(&inside(&tokens[at], of)?).map(|edit| lifted(tokens, at, edit)))
}

/// The tokens in a group.
pub(super) fn inside(token: &TokenTree, of: Delimiter) -> Option<Vec<TokenTree>> {
    match token {
        TokenTree::Group(group) if group.delimiter() == of => Some(trees(group.stream())),
        TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    }
}

/// A change of what is in a group, as one of the tokens that the group is one of.
pub(super) fn lifted(tokens: &[TokenTree], at: usize, edit: Edit) -> Edit {
    let mut whole = tokens.to_vec();
    if let TokenTree::Group(group) = &tokens[at] {
        let mut new = Group::new(group.delimiter(), edit.tokens.into_iter().collect());
        new.set_span(group.span());
        whole[at] = new.into();
    }
    Edit { tokens: whole, index: at, ..edit }
}
