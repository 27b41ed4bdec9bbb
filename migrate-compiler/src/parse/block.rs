//! Blocks of actions: `alter table NAME { … }`, `alter enum NAME { … }`.

use proc_macro2::Span;
use syn::buffer::Cursor;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::name::Name;
use crate::parse::attribute::attributes;
use crate::parse::cursor::{expected, inside_braces, next_word, peek_braces, peek_words, range, take_words};
use crate::parse::habit::Spot;
use crate::parse::keyword::{BlockKind, End, one_of};
use crate::parse::undo::UndoOwner;
use crate::parse::{Parser, name, statement, undo};
use crate::suggestion::did_you_mean;
use crate::tree::{Attributes, Block, Plain, StatementTree};

/// What was read of a block before the name of what it alters.
pub(super) struct BlockStart<'c> {
    /// The words that it begins with.
    pub words: &'static [&'static str],
    /// What is written before it.
    pub attributes: Attributes,
    /// Where that begins.
    pub begin: Cursor<'c>,
}

/// What actions alter.
#[derive(Clone, Copy)]
pub(super) struct BlockSubject<'a> {
    /// What kind of block it has.
    pub kind: &'static BlockKind,
    /// Its name.
    pub name: &'a Name,
    /// The place of the name.
    pub place: Span,
}

/// The block and its `undo`, after its words.
pub(super) fn block(
    parser: &mut Parser,
    begun: BlockStart<'_>,
    kind: &'static BlockKind,
    input: ParseStream<'_>,
) -> Parse<Block> {
    let (name, place) = name::qualified(input, &format!("the name of the {}", kind.what))?;
    if !peek_braces(input) {
        return Err(expected(input, &format!("the changes in braces: `{}`", kind.example)));
    }
    let inner = inside_braces(input)?;
    let subject = BlockSubject { kind, name: &name, place };
    let actions = actions(parser, subject, &inner);
    let id = parser.marks.begin(input.span());
    let undo = undo::after(parser, UndoOwner { id, subject: Some(subject) }, End::Brace, input)?;
    let BlockStart { words, attributes, begin } = begun;
    Ok(Block { range: range(begin, input.cursor()), words, attributes, name, place, actions, undo })
}

/// The actions of a block, going on after each mistake.
fn actions(parser: &mut Parser, subject: BlockSubject<'_>, input: ParseStream<'_>) -> Vec<StatementTree> {
    let mut all = Vec::new();
    while !input.is_empty() {
        let begin = input.cursor();
        let read = action(parser, subject, input);
        let unread = |error| StatementTree::Unread(parser.report(error, (subject.kind.spot)(subject.name), begin, input));
        all.push(read.unwrap_or_else(unread));
    }
    all
}

/// What is in the braces of an `undo` after an action or a block of a table: actions of the same table, and statements.
pub(super) fn actions_and_statements(
    parser: &mut Parser,
    subject: BlockSubject<'_>,
    input: ParseStream<'_>,
) -> Vec<StatementTree> {
    let mut all = Vec::new();
    while !input.is_empty() {
        let begin = input.cursor();
        let (spot, read) = if statement::begins(begin) {
            (Spot::Statement, statement::statement(parser, input))
        } else {
            ((subject.kind.spot)(subject.name), action(parser, subject, input))
        };
        all.push(read.unwrap_or_else(|error| StatementTree::Unread(parser.report(error, spot, begin, input))));
    }
    all
}

/// One action with its attributes and its `undo`.
fn action(parser: &mut Parser, subject: BlockSubject<'_>, input: ParseStream<'_>) -> Parse<StatementTree> {
    let begin = input.cursor();
    let attributes = attributes(parser, input)?;
    let BlockSubject { kind, name, place } = subject;
    let Some(action) = kind.actions.iter().find(|action| peek_words(input, action.words)) else {
        return Err(unknown(kind, input));
    };
    let id = parser.marks.begin(input.span());
    parser.marks.note(id, kind.role, &name.to_string(), place);
    take_words(input, action.words);
    let parts = (action.read)(parser, id, name, input)?;
    let undo = undo::after(parser, UndoOwner { id, subject: Some(subject) }, End::Semicolon, input)?;
    let range = range(begin, input.cursor());
    let words = action.words;
    Ok(StatementTree::Plain(Plain { range, words, attributes, parts, entries: Vec::new(), effect: None, undo }))
}

fn unknown(kind: &BlockKind, input: ParseStream<'_>) -> Diagnostic {
    let words: Vec<String> = kind.actions.iter().map(|action| action.words.join(" ")).collect();
    let near = next_word(input).and_then(|word| did_you_mean(&word, words.iter().map(String::as_str)));
    expected(input, &one_of(words.into_iter())).help_if(near)
}
