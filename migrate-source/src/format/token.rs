//! The tokens of a macro with the comments between them, as they are written.

use std::ops::Range;

use migrate_compiler::expr::Binary;
use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

use super::comment::{Apart, Gap, WrittenComment, gap};

/// A token as it is written.
#[derive(Debug)]
pub(super) struct WrittenToken<'t> {
    /// What it is.
    pub kind: TokenKind,
    /// How it is written.
    pub text: &'t str,
    /// The comments before it.
    pub before: Vec<WrittenComment<'t>>,
    /// The comment on the rest of its line.
    pub after: Option<WrittenComment<'t>>,
    /// What is between it and the token or comment before it.
    pub apart: Apart,
}

/// What kind of token it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A word.
    Word,
    /// A literal.
    Literal,
    /// An operator, or another mark.
    Mark,
    /// A comment that is a part of the program: `/// …`, `//! …`.
    Doc,
    /// `(`, `[` or `{`
    Open(Delimiter),
    /// `)`, `]` or `}`
    Close,
}

/// The marks of several characters that are no operators of expressions.
const OTHER_MARKS: [&str; 7] = ["::", "..", "=>", "==", "!=", "&&", "--"];

/// The most groups inside of groups. The compiler reads fewer.
const DEEPEST: usize = 200;

/// The tokens of a text: one group, and what is in it. `None` where it cannot be read, or is too deep.
pub(super) fn tokens(text: &str) -> Option<Vec<WrittenToken<'_>>> {
    let stream: TokenStream = text.parse().ok()?;
    let mut lexer = TokenReader { text, at: 0, depth: 0, tokens: Vec::new() };
    lexer.stream(stream)?;
    Some(lexer.tokens)
}

struct TokenReader<'t> {
    text: &'t str,
    /// The end of what was read.
    at: usize,
    depth: usize,
    tokens: Vec<WrittenToken<'t>>,
}

impl<'t> TokenReader<'t> {
    fn stream(&mut self, stream: TokenStream) -> Option<()> {
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        let mut at = 0;
        while let Some(tree) = trees.get(at) {
            at += match tree {
                TokenTree::Group(group) => self.group(group)?,
                TokenTree::Ident(_) => self.push(TokenKind::Word, place(&trees[at..=at])?)?,
                TokenTree::Literal(_) => self.push(TokenKind::Literal, place(&trees[at..=at])?)?,
                TokenTree::Punct(_) => self.mark(&trees[at..])?,
            };
        }
        Some(())
    }

    fn group(&mut self, group: &Group) -> Option<usize> {
        self.depth += 1;
        if self.depth > DEEPEST || group.delimiter() == Delimiter::None {
            return None;
        }
        self.push(TokenKind::Open(group.delimiter()), group.span_open().byte_range())?;
        self.stream(group.stream())?;
        self.push(TokenKind::Close, group.span_close().byte_range())?;
        self.depth -= 1;
        Some(1)
    }

    /// An operator, another mark, or a comment that is a part of the program; how many trees it is.
    fn mark(&mut self, trees: &[TokenTree]) -> Option<usize> {
        let place = place(&trees[..1])?;
        if self.text.get(place.clone())?.starts_with("/") && matches!(&trees[0], TokenTree::Punct(hash) if hash.as_char() == '#')
        {
            let same = trees.iter().take_while(|tree| tree.span().byte_range() == place).count();
            self.push(TokenKind::Doc, place)?;
            return Some(same);
        }
        if let [TokenTree::Punct(quote), TokenTree::Ident(_), ..] = trees
            && quote.as_char() == '\''
        {
            self.push(TokenKind::Word, self::place(&trees[..2])?)?;
            return Some(2);
        }
        let length = length_of_mark(trees);
        self.push(TokenKind::Mark, self::place(&trees[..length])?)?;
        Some(length)
    }

    fn push(&mut self, kind: TokenKind, place: Range<usize>) -> Option<usize> {
        let Gap { after, before, apart } = gap(self.text.get(self.at..place.start)?);
        if let Some(last) = self.tokens.last_mut() {
            last.after = after;
        }
        let text = self.text.get(place.clone())?;
        self.at = place.end;
        self.tokens.push(WrittenToken { kind, text, before, after: None, apart });
        Some(1)
    }
}

/// The place of the first to the last of some trees.
fn place(trees: &[TokenTree]) -> Option<Range<usize>> {
    Some(trees.first()?.span().byte_range().start..trees.last()?.span().byte_range().end)
}

/// How many characters the mark has that the trees begin with: the longest that the language reads as one.
fn length_of_mark(trees: &[TokenTree]) -> usize {
    let operators = Binary::ALL.iter().map(|operator| operator.spelling());
    let lengths = operators.chain(OTHER_MARKS).filter(|mark| begins(trees, mark)).map(|mark| mark.chars().count());
    lengths.max().unwrap_or(1)
}

fn begins(trees: &[TokenTree], mark: &str) -> bool {
    let length = mark.chars().count();
    let is_part = |(at, letter): (usize, char)| match trees.get(at) {
        Some(TokenTree::Punct(punct)) => punct.as_char() == letter && (at + 1 == length || punct.spacing() == Spacing::Joint),
        Some(TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Literal(_)) | None => false,
    };
    mark.chars().enumerate().all(is_part)
}

/// What nothing but the spaces, the line breaks and the ends of comments may change: the tokens and the comments, in order.
pub(super) fn written<'t>(tokens: &[WrittenToken<'t>]) -> Vec<&'t str> {
    let mut all = Vec::new();
    for token in tokens {
        all.extend(token.before.iter().map(|comment| comment.text));
        all.push(token.text);
        all.extend(token.after.iter().map(|comment| comment.text));
    }
    all
}
