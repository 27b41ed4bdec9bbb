//! The statements of a macro as lines: one statement, action or entry on each, and what is too long broken where it reads best.

use proc_macro2::Delimiter;

use super::comment::Apart;
use super::document::Document;
use super::phrase::{clauses, sequence};
use super::remark::{after, between};
use super::space::{BracketScope, is_apart};
use super::token::{TokenKind, WrittenToken};
use super::tree::{FormNode, GroupNode};

/// How what is in braces is divided.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Division {
    /// Statements or actions, each up to its semicolon or its braces.
    Statements,
    /// The entries of a table, with commas between.
    Entries,
    /// Texts for several databases, with commas between.
    Texts,
}

/// The words after the braces of a statement with which it goes on.
const GOES_ON: [&str; 4] = ["as", "irreversible", "keep", "undo"];

/// What is in the brackets of a macro.
pub(super) fn whole(group: GroupNode<'_>) -> Document<'_> {
    block(group, Division::Statements, Opening::Always)
}

/// Whether braces may be on one line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opening {
    /// They are on several lines.
    Always,
    /// Where they have one item and were on one line.
    AsWritten,
}

fn block(group: GroupNode<'_>, division: Division, opening: Opening) -> Document<'_> {
    let GroupNode { open, inner, close, .. } = group;
    if inner.is_empty() && open.after.is_none() && close.before.is_empty() {
        return Document::group(vec![Document::Text(open.text), Document::Text(close.text)]);
    }
    let items = divided(inner, division);
    let is_short = match division {
        Division::Statements => items.len() == 1,
        Division::Entries => false,
        Division::Texts => true,
    };
    let is_line = opening == Opening::AsWritten && is_short && items.first().is_some_and(|item| is_on_line(item));
    let end = if is_line { Document::Line } else { Document::Hard };
    let mut inside = Vec::new();
    for (place, nodes) in items.into_iter().enumerate() {
        inside.push(if is_line { Document::Line } else { Document::Hard });
        inside.extend(item(nodes, if place == 0 { ItemPlace::First } else { ItemPlace::Later }));
    }
    let has_items = !inside.is_empty();
    inside.extend(last_comments(&close, if has_items { ItemPlace::Later } else { ItemPlace::First }));
    let mut parts = vec![Document::Text(open.text)];
    parts.extend(open.after.as_ref().into_iter().flat_map(after));
    parts.extend([Document::indent(inside), end, Document::Text(close.text)]);
    Document::group(parts)
}

/// Whether an item begins on the line of the bracket before it, with nothing that has a line of its own.
fn is_on_line(item: &[FormNode<'_>]) -> bool {
    let first = item.first().and_then(FormNode::first);
    first.is_some_and(|token| token.apart < Apart::Line && token.before.is_empty() && token.kind != TokenKind::Doc)
        && !item.first().is_some_and(|node| node.is_mark("#"))
}

/// The items of what is in braces.
fn divided(nodes: Vec<FormNode<'_>>, division: Division) -> Vec<Vec<FormNode<'_>>> {
    let (mut items, mut open) = (Vec::new(), Vec::new());
    let mut nodes = nodes.into_iter().peekable();
    while let Some(node) = nodes.next() {
        let ends = match division {
            Division::Statements => {
                let goes_on = |next: &FormNode<'_>| {
                    next.is_mark(";") || next.is_mark(",") || next.word().is_some_and(|word| GOES_ON.contains(&word))
                };
                node.is_mark(";") || node.group(Delimiter::Brace).is_some() && !nodes.peek().is_some_and(goes_on)
            }
            Division::Entries | Division::Texts => node.is_mark(","),
        };
        // The message of a migration, `//! …`, is no part of its first statement.
        let is_message = open.is_empty() && matches!(&node, FormNode::Token(token) if is_message(token));
        open.push(node);
        if ends || is_message {
            items.push(std::mem::take(&mut open));
        }
    }
    items.extend((!open.is_empty()).then_some(open));
    items
}

fn is_message(token: &WrittenToken<'_>) -> bool {
    token.kind == TokenKind::Doc && (token.text.starts_with("//!") || token.text.starts_with("/*!"))
}

/// The place of an item among others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ItemPlace {
    First,
    Later,
}

/// An item, with what is written before it on lines of its own, and the comment on the rest of its last line.
fn item(mut nodes: Vec<FormNode<'_>>, place: ItemPlace) -> Vec<Document<'_>> {
    let last = nodes.last_mut().and_then(FormNode::take_after);
    let mut parts = Vec::new();
    let mut place = place;
    while let Some(length) = length_of_attribute(&nodes) {
        let rest = nodes.split_off(length);
        parts.extend(leading(&mut nodes, place));
        parts.extend(attribute(nodes));
        parts.push(Document::Hard);
        (nodes, place) = (rest, ItemPlace::Later);
    }
    if !nodes.is_empty() {
        parts.extend(leading(&mut nodes, place));
        parts.extend(statement(nodes));
    }
    parts.extend(last.iter().flat_map(after));
    parts
}

/// How many of the nodes that an item begins with are an attribute, or a comment that is a part of the program.
fn length_of_attribute(nodes: &[FormNode<'_>]) -> Option<usize> {
    let is_bracket = |at: usize| nodes.get(at).is_some_and(|node| node.group(Delimiter::Bracket).is_some());
    match nodes.first()? {
        node if node.is(TokenKind::Doc) => Some(1),
        node if node.is_mark("#") && is_bracket(1) => Some(2),
        node if node.is_mark("#") && nodes.get(1).is_some_and(|node| node.is_mark("!")) && is_bracket(2) => Some(3),
        FormNode::Token(_) | FormNode::Group(_) | FormNode::Case(_) => None,
    }
}

/// The comments before an item, which have lines of their own, and the empty line before them or it.
fn leading<'t>(nodes: &mut [FormNode<'t>], place: ItemPlace) -> Vec<Document<'t>> {
    let Some(token) = nodes.first_mut().and_then(first_mut) else { return Vec::new() };
    let (mut parts, mut place) = (Vec::new(), place);
    for comment in std::mem::take(&mut token.before) {
        parts.extend(empty_line(comment.apart, place));
        parts.push(Document::Text(comment.text));
        parts.push(if comment.ends_line { Document::Hard } else { Document::Space });
        place = ItemPlace::Later;
    }
    parts.extend(empty_line(token.apart, place));
    parts
}

fn empty_line<'t>(apart: Apart, place: ItemPlace) -> Option<Document<'t>> {
    (apart == Apart::Blank && place == ItemPlace::Later).then_some(Document::Blank)
}

fn first_mut<'n, 't>(node: &'n mut FormNode<'t>) -> Option<&'n mut WrittenToken<'t>> {
    match node {
        FormNode::Token(token) => Some(token),
        FormNode::Group(group) => Some(&mut group.open),
        FormNode::Case(nodes) => nodes.first_mut().and_then(first_mut),
    }
}

/// The comments before the bracket that closes a block.
fn last_comments<'t>(close: &WrittenToken<'t>, mut place: ItemPlace) -> Vec<Document<'t>> {
    let mut parts = Vec::new();
    for comment in &close.before {
        parts.push(if comment.apart < Apart::Line { Document::Space } else { Document::Hard });
        parts.extend(empty_line(comment.apart, place));
        parts.push(Document::Text(comment.text));
        parts.extend(comment.text.starts_with("//").then_some(Document::Hard));
        place = ItemPlace::Later;
    }
    parts
}

/// `#[…]`, or a comment that is a part of the program.
fn attribute(nodes: Vec<FormNode<'_>>) -> Vec<Document<'_>> {
    let mut parts = Vec::new();
    for node in nodes {
        match node {
            FormNode::Group(GroupNode { open, inner, close, .. }) => {
                parts.push(Document::Text(open.text));
                parts.extend(open.after.iter().flat_map(after));
                parts.extend(sequence(&inner, BracketScope::Attribute));
                parts.extend(last_comments(&close, ItemPlace::Later));
                parts.push(Document::Text(close.text));
                parts.extend(close.after.iter().flat_map(after));
            }
            FormNode::Token(token) => {
                parts.push(Document::Text(token.text));
                parts.extend(token.after.iter().flat_map(after));
            }
            FormNode::Case(_) => {}
        }
    }
    parts
}

/// A statement, an action or an entry: what is in braces as a block, and what is between as clauses.
fn statement(nodes: Vec<FormNode<'_>>) -> Vec<Document<'_>> {
    let mut is_table = matches!(nodes.as_slice(), [create, table, ..] if create.is_word("create") && table.is_word("table"));
    let apart: Vec<bool> = (0..nodes.len()).map(|at| is_apart(&nodes, at, BracketScope::Language)).collect();
    let (mut parts, mut open) = (Vec::new(), Vec::new());
    let mut apart = apart.into_iter();
    for node in nodes {
        let is_apart = apart.next().unwrap_or(true);
        match node {
            FormNode::Group(group) if group.delimiter == Delimiter::Brace => {
                parts.extend(phrase(std::mem::take(&mut open)));
                parts.extend(is_apart.then_some(Document::Space));
                let division = if std::mem::take(&mut is_table) { Division::Entries } else { division(&group) };
                parts.extend(braces(group, division));
            }
            FormNode::Token(_) | FormNode::Group(_) | FormNode::Case(_) => {
                if open.is_empty() && !parts.is_empty() && is_apart {
                    parts.push(Document::Space);
                }
                open.push(node);
            }
        }
    }
    parts.extend(phrase(open));
    parts
}

/// Braces with the comments around them.
fn braces(mut group: GroupNode<'_>, division: Division) -> Vec<Document<'_>> {
    let mut parts: Vec<Document<'_>> = std::mem::take(&mut group.open.before).iter().flat_map(between).collect();
    let last = group.close.after.take();
    parts.push(block(group, division, Opening::AsWritten));
    parts.extend(last.iter().flat_map(after));
    parts
}

/// How what is in braces that are not a table's is divided.
fn division(group: &GroupNode<'_>) -> Division {
    match group.inner.as_slice() {
        [name, colon, ..] if colon.is_mark(":") && (name.word().is_some() || name.is(TokenKind::Literal)) => Division::Texts,
        _ => Division::Statements,
    }
}

/// What is between the braces of a statement.
fn phrase(mut nodes: Vec<FormNode<'_>>) -> Vec<Document<'_>> {
    // What ends it is no reason to break it.
    let end = nodes.pop_if(|node| node.is_mark(",") || node.is_mark(";"));
    let mut parts = Vec::new();
    if !nodes.is_empty() {
        parts.push(clauses(&nodes));
    }
    if let Some(FormNode::Token(token)) = end {
        parts.extend(token.before.iter().flat_map(between));
        parts.push(Document::Text(token.text));
        parts.extend(token.after.iter().flat_map(after));
    }
    parts
}
