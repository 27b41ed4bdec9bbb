//! Where a space is between two tokens of a line, as the printer of the language writes it.

use proc_macro2::Delimiter;

use super::comment::Apart;
use super::token::TokenKind;
use super::tree::FormNode;
use super::words::{BEFORE_LISTS, BEFORE_OWNERS, BEFORE_OWNERS_IN_INDEX, BEFORE_VALUES};

/// Where the nodes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BracketScope {
    /// In `#[…]`, which is Rust.
    Attribute,
    /// Anywhere else.
    Language,
}

/// The marks that no space comes before.
const CLOSES: [&str; 6] = [",", ";", "?", ":", ".", ".."];

/// The marks that no space comes after.
const OPENS: [&str; 2] = [".", "::"];

/// The marks that have one operand or two.
const UNARY: [&str; 3] = ["-", "~", "!"];

/// The words that a path may come after which begins with `::`.
const BEFORE_PATHS: [&str; 3] = ["after", "run", "undo"];

/// Whether a space is before a node of these, which are all that are in the same brackets.
pub(super) fn is_apart(nodes: &[FormNode<'_>], at: usize, scope: BracketScope) -> bool {
    let Some((before, node)) = at.checked_sub(1).and_then(|last| Some((nodes.get(last)?, nodes.get(at)?))) else { return false };
    if is_foreign(before) || is_foreign(node) {
        return node.first().is_some_and(|token| token.apart > Apart::Glued);
    }
    if let Some(mark) = node.mark() {
        // Two operators of one operand may be another one together.
        return is_apart_from_mark(before, mark) && (UNARY.contains(&mark) || !is_unary(nodes, at - 1));
    }
    let is_open = before.mark().is_some_and(|mark| OPENS.contains(&mark));
    if is_open || is_attribute(nodes, at - 1) || is_unary(nodes, at - 1) {
        return false;
    }
    match node {
        FormNode::Group(group) if group.delimiter == Delimiter::Parenthesis => !is_called(nodes, at - 1, scope),
        FormNode::Group(group) if group.delimiter == Delimiter::Bracket => is_before_value(before),
        FormNode::Group(_) | FormNode::Token(_) | FormNode::Case(_) => true,
    }
}

fn is_apart_from_mark(before: &FormNode<'_>, mark: &str) -> bool {
    match mark {
        "::" => before.word().is_some_and(|word| BEFORE_PATHS.contains(&word)) || before.is_mark(",") || before.is_mark(":"),
        mark if CLOSES.contains(&mark) => false,
        _ => !before.mark().is_some_and(|mark| OPENS.contains(&mark)),
    }
}

/// Whether it is a mark that the language does not have: what it belongs to is known to who wrote it.
fn is_foreign(node: &FormNode<'_>) -> bool {
    node.mark().is_some_and(|mark| mark.chars().any(|letter| "$'`\\@^".contains(letter)))
}

/// Whether it is the `#` of an attribute, or its `!`.
fn is_attribute(nodes: &[FormNode<'_>], at: usize) -> bool {
    let begins = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| nodes.get(at));
        let is_group = |node: &FormNode<'_>| [Delimiter::Brace, Delimiter::Bracket].iter().any(|of| node.group(*of).is_some());
        let is_end = |node: &FormNode<'_>| node.is_mark(";") || node.is_mark(",") || node.is(TokenKind::Doc) || is_group(node);
        nodes[at].is_mark("#") && before.is_none_or(is_end)
    };
    let is_bracket = nodes.get(at + 1).is_some_and(|node| node.group(Delimiter::Bracket).is_some());
    is_bracket && (begins(at) || nodes[at].is_mark("!") && at > 0 && begins(at - 1))
}

/// Whether it is an operator of what follows alone.
fn is_unary(nodes: &[FormNode<'_>], at: usize) -> bool {
    let is_one = nodes[at].mark().is_some_and(|mark| UNARY.contains(&mark));
    let before = at.checked_sub(1).and_then(|at| nodes.get(at));
    is_one && before.is_none_or(|before| is_before_value(before) && !before.is_mark("?"))
}

/// Whether a value comes after it.
fn is_before_value(node: &FormNode<'_>) -> bool {
    node.mark().is_some_and(|mark| mark != "?")
        || node.word().is_some_and(|word| is_one_of(word, BEFORE_VALUES))
        || node.group(Delimiter::Brace).is_some()
}

/// Whether parentheses after it are those of a function or a type.
fn is_called(nodes: &[FormNode<'_>], at: usize, scope: BracketScope) -> bool {
    let Some(word) = nodes[at].word() else { return false };
    if scope == BracketScope::Attribute || at > 0 && nodes[at - 1].is_mark("::") {
        return true;
    }
    !is_one_of(word, BEFORE_VALUES) && !is_one_of(word, BEFORE_LISTS) && !owns_list(nodes, at)
}

/// Whether it is the name of what has a list: a table, an index, the method of an index.
fn owns_list(nodes: &[FormNode<'_>], at: usize) -> bool {
    let mut start = at;
    while start >= 2 && nodes[start - 1].is_mark(".") {
        start -= 2;
    }
    let Some(word) = start.checked_sub(1).and_then(|before| nodes[before].word()) else { return false };
    let is_of_index = || {
        let of_item = nodes[..start].iter().rev().take_while(|node| !node.is_mark(";") && !node.is_mark(","));
        of_item.take_while(|node| !matches!(node, FormNode::Group(_))).any(|node| node.is_word("index"))
    };
    is_one_of(word, BEFORE_OWNERS) || is_one_of(word, BEFORE_OWNERS_IN_INDEX) && is_of_index()
}

/// Whether it is one of these words, also where it is in capitals, which is an error that does not hide the others.
fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|one| word.eq_ignore_ascii_case(one))
}
