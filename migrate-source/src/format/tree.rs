//! Tokens as a tree: what is in brackets, and what is between `case` and `end`.

use proc_macro2::Delimiter;

use super::comment::WrittenComment;
use super::token::{TokenKind, WrittenToken};

/// A part of a macro.
#[derive(Debug)]
pub(super) enum FormNode<'t> {
    /// A token, which is no bracket.
    Token(WrittenToken<'t>),
    /// What is in brackets.
    Group(GroupNode<'t>),
    /// `case … end`
    Case(Vec<FormNode<'t>>),
}

/// What is in brackets.
#[derive(Debug)]
pub(super) struct GroupNode<'t> {
    /// Which brackets.
    pub delimiter: Delimiter,
    /// The one that opens it.
    pub open: WrittenToken<'t>,
    /// What is in it.
    pub inner: Vec<FormNode<'t>>,
    /// The one that closes it.
    pub close: WrittenToken<'t>,
}

impl<'t> FormNode<'t> {
    /// Its text, where it is a word.
    pub fn word(&self) -> Option<&'t str> {
        match self {
            FormNode::Token(token) if token.kind == TokenKind::Word => Some(token.text),
            FormNode::Token(_) | FormNode::Group(_) | FormNode::Case(_) => None,
        }
    }

    /// Its text, where it is a mark.
    pub fn mark(&self) -> Option<&'t str> {
        match self {
            FormNode::Token(token) if token.kind == TokenKind::Mark => Some(token.text),
            FormNode::Token(_) | FormNode::Group(_) | FormNode::Case(_) => None,
        }
    }

    /// Whether it is this word.
    pub fn is_word(&self, word: &str) -> bool {
        self.word() == Some(word)
    }

    /// Whether it is this mark.
    pub fn is_mark(&self, mark: &str) -> bool {
        self.mark() == Some(mark)
    }

    /// Whether it is a token of this kind.
    pub fn is(&self, kind: TokenKind) -> bool {
        matches!(self, FormNode::Token(token) if token.kind == kind)
    }

    /// What is in it, where it is a group of these brackets.
    pub fn group(&self, delimiter: Delimiter) -> Option<&GroupNode<'t>> {
        match self {
            FormNode::Group(group) if group.delimiter == delimiter => Some(group),
            FormNode::Group(_) | FormNode::Token(_) | FormNode::Case(_) => None,
        }
    }

    /// Its first token.
    pub fn first(&self) -> Option<&WrittenToken<'t>> {
        match self {
            FormNode::Token(token) => Some(token),
            FormNode::Group(group) => Some(&group.open),
            FormNode::Case(nodes) => nodes.first()?.first(),
        }
    }

    /// The comment after its last token, which is taken from there.
    pub fn take_after(&mut self) -> Option<WrittenComment<'t>> {
        match self {
            FormNode::Token(token) => token.after.take(),
            FormNode::Group(group) => group.close.after.take(),
            FormNode::Case(nodes) => nodes.last_mut()?.take_after(),
        }
    }
}

/// The tree of tokens, whose brackets match.
pub(super) fn tree<'t>(tokens: Vec<WrittenToken<'t>>) -> Vec<FormNode<'t>> {
    let mut open: Vec<(WrittenToken<'t>, Delimiter, Vec<FormNode<'t>>)> = Vec::new();
    let mut nodes = Vec::new();
    for token in tokens {
        match token.kind {
            TokenKind::Open(delimiter) => open.push((token, delimiter, std::mem::take(&mut nodes))),
            TokenKind::Close => {
                let Some((first, delimiter, around)) = open.pop() else { continue };
                let inner = cases(std::mem::replace(&mut nodes, around));
                nodes.push(FormNode::Group(GroupNode { delimiter, open: first, inner, close: token }));
            }
            TokenKind::Word | TokenKind::Literal | TokenKind::Mark | TokenKind::Doc => nodes.push(FormNode::Token(token)),
        }
    }
    cases(nodes)
}

/// The same with each `case … end` as one node.
fn cases(nodes: Vec<FormNode<'_>>) -> Vec<FormNode<'_>> {
    let mut done: Vec<FormNode<'_>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for node in nodes {
        let (begins, ends) = (node.is_word("case"), node.is_word("end"));
        let is_end = node.is_mark(";") || node.group(Delimiter::Brace).is_some();
        done.push(node);
        if begins {
            open.push(done.len() - 1);
        } else if is_end {
            open.clear();
        } else if ends && let Some(start) = open.pop() {
            let case = done.split_off(start);
            // Both words may be names.
            if case.iter().any(|node| node.is_word("when")) {
                done.push(FormNode::Case(case));
            } else {
                done.extend(case);
            }
        }
    }
    done
}
