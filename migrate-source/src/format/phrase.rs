//! What is on one line where it fits: clauses, lists, conditions, brackets.

use std::ops::Range;

use proc_macro2::Delimiter;

use super::comment::Apart;
use super::document::Document;
use super::remark::{after, between};
use super::space::{BracketScope, is_apart};
use super::token::{TokenKind, WrittenToken};
use super::tree::{FormNode, GroupNode};
use super::words::{CLAUSES, JOINTS};

/// Some of the nodes that are in the same brackets.
#[derive(Clone, Copy)]
struct NodeRow<'n, 't> {
    /// All of them, for the spaces depend on what is before.
    all: &'n [FormNode<'t>],
    start: usize,
    end: usize,
    scope: BracketScope,
}

impl<'n, 't> NodeRow<'n, 't> {
    fn new(all: &'n [FormNode<'t>], scope: BracketScope) -> NodeRow<'n, 't> {
        NodeRow { all, start: 0, end: all.len(), scope }
    }

    fn part(self, range: Range<usize>) -> NodeRow<'n, 't> {
        NodeRow { start: range.start, end: range.end, ..self }
    }

    /// The places of its nodes but for the first.
    fn later(self) -> Range<usize> {
        self.start + 1..self.end
    }

    /// It in parts that begin at these places.
    fn split(self, places: &[usize]) -> Vec<NodeRow<'n, 't>> {
        let starts = std::iter::once(self.start).chain(places.iter().copied());
        let ends = places.iter().copied().chain([self.end]);
        starts.zip(ends).map(|(start, end)| self.part(start..end)).collect()
    }

    fn is_apart(self, at: usize) -> bool {
        is_apart(self.all, at, self.scope)
    }
}

/// What is between the braces of a statement: its clauses on lines of their own, where they do not fit on one.
pub(super) fn clauses<'t>(nodes: &[FormNode<'t>]) -> Document<'t> {
    clauses_of(NodeRow::new(nodes, BracketScope::Language))
}

/// What is in brackets: a query, or a list.
pub(super) fn sequence<'t>(nodes: &[FormNode<'t>], scope: BracketScope) -> Vec<Document<'t>> {
    let row = NodeRow::new(nodes, scope);
    if nodes.first().is_some_and(|node| node.is_word("select")) {
        return vec![query(row)];
    }
    let mut parts = Vec::new();
    for (element, comma) in elements(row) {
        if !parts.is_empty() {
            parts.push(Document::Line);
        }
        parts.extend(joined(element, &JOINTS));
        parts.extend(comma.into_iter().flat_map(token));
    }
    parts
}

/// A query in brackets, whose clauses are one below the other.
fn query<'t>(row: NodeRow<'_, 't>) -> Document<'t> {
    let mut parts = Vec::new();
    for clause in row.split(&clause_starts(row)) {
        parts.extend((!parts.is_empty()).then_some(Document::Line));
        parts.extend(list(clause));
    }
    Document::group(parts)
}

fn clauses_of<'t>(row: NodeRow<'_, 't>) -> Document<'t> {
    let parts = row.split(&clause_starts(row));
    lines(parts.into_iter().map(list).collect())
}

/// Parts on one line where they fit, and else each on its own, the later ones indented.
fn lines(parts: Vec<Vec<Document<'_>>>) -> Document<'_> {
    let mut parts = parts.into_iter();
    let mut all = parts.next().unwrap_or_default();
    let rest: Vec<Document<'_>> = parts.flat_map(|part| std::iter::once(Document::Line).chain(part)).collect();
    if !rest.is_empty() {
        all.push(Document::indent(rest));
    }
    Document::group(all)
}

/// Where the clauses after the first words begin.
fn clause_starts(row: NodeRow<'_, '_>) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut at = row.start + 2;
    while at < row.end {
        let words = clause_at(row, at).unwrap_or(0);
        if words > 0 && row.is_apart(at) {
            starts.push(at);
        }
        at += words.max(1);
    }
    starts
}

/// How many words begin a clause here.
fn clause_at(row: NodeRow<'_, '_>, at: usize) -> Option<usize> {
    let before = &row.all[at - 1];
    let is_within = before.is_mark(":") || before.is_word("distinct") && row.all[at].is_word("from");
    let has =
        |words: &[&str]| at + words.len() <= row.end && words.iter().zip(&row.all[at..]).all(|(word, node)| node.is_word(word));
    let lengths = CLAUSES.iter().filter(|words| !is_within && has(words)).map(|words| words.len());
    lengths.max()
}

/// A list with commas between, or the rows of `values`.
fn list<'t>(row: NodeRow<'_, 't>) -> Vec<Document<'t>> {
    let is_rows = |at: &usize| {
        let next = row.all[..row.end].get(at + 1);
        row.all[*at].is_word("values") && next.is_some_and(|next| next.group(Delimiter::Parenthesis).is_some())
    };
    if let Some(at) = (row.start..row.end).find(is_rows) {
        let mut parts = joined(row.part(row.start..at + 1), &JOINTS);
        parts.push(Document::indent(rows(row.part(at + 1..row.end))));
        return vec![Document::group(parts)];
    }
    let with_comma = |(element, comma): (NodeRow<'_, 't>, Option<&WrittenToken<'t>>)| {
        let mut parts = joined(element, &JOINTS);
        parts.extend(comma.into_iter().flat_map(token));
        parts
    };
    vec![lines(elements(row).into_iter().map(with_comma).collect())]
}

/// Rows, each on its own line where the first one was.
fn rows<'t>(row: NodeRow<'_, 't>) -> Vec<Document<'t>> {
    let is_open = row.all[row.start].first().is_some_and(|token| token.apart >= Apart::Line);
    let mut parts = Vec::new();
    for (element, comma) in elements(row) {
        parts.push(if is_open { Document::Hard } else { Document::Line });
        parts.extend(joined(element, &JOINTS));
        parts.extend(comma.into_iter().flat_map(token));
    }
    parts
}

/// What is between commas, each with the comma after it.
fn elements<'n, 't>(row: NodeRow<'n, 't>) -> Vec<(NodeRow<'n, 't>, Option<&'n WrittenToken<'t>>)> {
    let mut all = Vec::new();
    let mut start = row.start;
    for at in row.start..row.end {
        if let FormNode::Token(token) = &row.all[at]
            && row.all[at].is_mark(",")
        {
            all.push((row.part(start..at), Some(token)));
            start = at + 1;
        }
    }
    if start < row.end {
        all.push((row.part(start..row.end), None));
    }
    all
}

/// Operands with the first of these words or marks between them; in each operand, those with the next.
fn joined<'t>(row: NodeRow<'_, 't>, joints: &[&str]) -> Vec<Document<'t>> {
    let Some((joint, looser)) = joints.split_first() else { return flat(row) };
    let mut is_between = false;
    let mut places = Vec::new();
    for at in row.later() {
        let node = &row.all[at];
        // `between 1 and 9`
        let is_own = !(is_between && node.is_word("and"));
        is_between = node.is_word("between") || is_between && is_own;
        if is_own && row.is_apart(at) && (node.is_word(joint) || node.is_mark(joint)) {
            places.push(at);
        }
    }
    let parts = row.split(&places).into_iter().map(|part| joined(part, looser));
    if places.is_empty() { parts.flatten().collect() } else { vec![lines(parts.collect())] }
}

/// Nodes with nothing but spaces between.
fn flat<'t>(row: NodeRow<'_, 't>) -> Vec<Document<'t>> {
    let mut parts = Vec::new();
    for at in row.start..row.end {
        parts.extend((at > row.start && row.is_apart(at)).then_some(Document::Space));
        match &row.all[at] {
            FormNode::Token(one) => parts.extend(token(one)),
            FormNode::Group(group) => parts.extend(brackets(group, row.scope)),
            FormNode::Case(nodes) => parts.push(case(nodes)),
        }
    }
    parts
}

/// A token with the comments around it.
fn token<'t>(token: &WrittenToken<'t>) -> Vec<Document<'t>> {
    let mut parts: Vec<Document<'t>> = token.before.iter().flat_map(between).collect();
    if token.kind == TokenKind::Doc {
        parts.extend([Document::Hard, Document::Text(token.text), Document::Hard]);
    } else {
        parts.push(Document::Text(token.text));
    }
    parts.extend(token.after.iter().flat_map(after));
    parts
}

/// Brackets with what is in them.
fn brackets<'t>(group: &GroupNode<'t>, scope: BracketScope) -> Vec<Document<'t>> {
    let GroupNode { open, inner, close, .. } = group;
    let mut inside = Vec::new();
    if !inner.is_empty() {
        inside.push(Document::Soft);
        inside.extend(sequence(inner, scope));
    }
    inside.extend(close.before.iter().flat_map(between));
    let mut whole = vec![Document::Text(open.text)];
    whole.extend(open.after.iter().flat_map(after));
    if !inside.is_empty() {
        whole.extend([Document::indent(inside), Document::Soft]);
    }
    whole.push(Document::Text(close.text));
    let mut parts: Vec<Document<'t>> = open.before.iter().flat_map(between).collect();
    parts.push(Document::group(whole));
    parts.extend(close.after.iter().flat_map(after));
    parts
}

/// `case … end`
fn case<'t>(nodes: &[FormNode<'t>]) -> Document<'t> {
    let row = NodeRow::new(nodes, BracketScope::Language);
    let last = nodes.len().saturating_sub(1);
    let begins = |at: &usize| ["when", "else"].iter().any(|word| nodes[*at].is_word(word));
    let starts: Vec<usize> = (1..last).filter(begins).collect();
    let arms = row.part(0..last).split(&starts).into_iter().map(|arm| joined(arm, &JOINTS));
    Document::group(vec![lines(arms.collect()), Document::Line, Document::group(flat(row.part(last..nodes.len())))])
}
