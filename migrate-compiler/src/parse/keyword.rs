//! The statements of the language by the words that they begin with: one list, which the parser, suggestions, the check of what is
//! planned, the blocks that take actions as well, and a test of the book read.

use syn::buffer::Cursor;
use syn::parse::ParseStream;

use crate::diagnostic::Parse;
use crate::draft::Piece;
use crate::objects::Kind;
use crate::operation::Operation;
use crate::parse::attribute::Attributes;
use crate::parse::cursor::{after_words, peek_words};
use crate::parse::{Parser, alter, index, object, raw, table, values};
use crate::problem::PieceId;

/// A kind of statement.
#[derive(Clone, Copy)]
pub(super) struct Statement {
    /// The words that it begins with.
    pub words: &'static [&'static str],
    /// How it is read.
    pub form: Form,
}

/// How a kind of statement is read.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// As operations, with its `undo` and its end behind them.
    Operations(fn(&mut Parser, PieceId, &Attributes, ParseStream<'_>) -> Parse<Operations>),
    /// The same, of an object beside tables.
    Object(fn(&mut Parser, PieceId, Kind, ParseStream<'_>) -> Parse<Operations>, Kind),
    /// As a block, whose actions have their own.
    Block(fn(&mut Parser, &Attributes, ParseStream<'_>) -> Parse<Vec<Piece>>),
    /// Not yet.
    Planned,
}

/// What a statement does, and how it ends.
pub(super) struct Operations {
    /// One, and those that are written inside of it.
    pub all: Vec<(PieceId, Operation)>,
    /// Its end.
    pub end: End,
}

impl Operations {
    /// One, with a semicolon behind it.
    pub fn one(piece: PieceId, operation: Operation) -> Operations {
        Operations { all: vec![(piece, operation)], end: End::Semicolon }
    }
}

/// How a statement ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// With a semicolon.
    Semicolon,
    /// With the brace that closes it.
    Brace,
}

const fn operations(
    words: &'static [&'static str],
    read: fn(&mut Parser, PieceId, &Attributes, ParseStream<'_>) -> Parse<Operations>,
) -> Statement {
    Statement { words, form: Form::Operations(read) }
}

const fn planned(words: &'static [&'static str]) -> Statement {
    Statement { words, form: Form::Planned }
}

/// The statements about tables and rows, and those that are planned.
const STATEMENTS: &[Statement] = &[
    operations(&["create", "table"], table::create),
    operations(&["drop", "table"], table::drop),
    operations(&["rename", "table"], table::rename),
    Statement { words: &["alter", "table"], form: Form::Block(alter::alter) },
    operations(&["create", "index"], index::create),
    operations(&["create", "unique", "index"], index::create_unique),
    operations(&["drop", "index"], index::drop),
    operations(&["rename", "index"], index::rename),
    operations(&["sql"], raw::statement),
    operations(&["expect"], raw::expect),
    Statement { words: &["alter", "enum"], form: Form::Block(values::alter) },
    planned(&["create", "view"]),
    planned(&["replace", "view"]),
    planned(&["drop", "view"]),
    planned(&["create", "materialized", "view"]),
    planned(&["drop", "materialized", "view"]),
    planned(&["create", "function"]),
    planned(&["replace", "function"]),
    planned(&["drop", "function"]),
    planned(&["create", "trigger"]),
    planned(&["drop", "trigger"]),
    planned(&["create", "sequence"]),
    planned(&["drop", "sequence"]),
    planned(&["insert", "into"]),
    planned(&["backfill"]),
    planned(&["update"]),
    planned(&["delete", "from"]),
    planned(&["run"]),
];

/// Every statement.
fn all() -> impl Iterator<Item = Statement> {
    let of_kind = |kind: &Kind| {
        let [create, drop, rename] = kind.words();
        let rename = kind.renames().then_some(Statement { words: rename, form: Form::Object(object::rename, *kind) });
        let create = Statement { words: create, form: Form::Object(object::create, *kind) };
        [create, Statement { words: drop, form: Form::Object(object::drop, *kind) }].into_iter().chain(rename)
    };
    STATEMENTS.iter().copied().chain(Kind::ALL.iter().flat_map(of_kind))
}

/// What else begins with a word at the top of a migration.
pub(super) const TOP: &[&str] = &["down", "require", "after", "revision"];

/// The statement that begins here.
pub(super) fn peek(input: ParseStream<'_>) -> Option<Statement> {
    all().find(|statement| peek_words(input, statement.words))
}

/// The cursor behind what the statements with this verb are about: `table`, `unique index`.
pub(super) fn after_object<'c>(verb: &str, rest: Cursor<'c>) -> Option<Cursor<'c>> {
    objects(verb).find_map(|words| after_words(rest, words))
}

/// What the statements with this verb are about.
fn objects(verb: &str) -> impl Iterator<Item = &'static [&'static str]> {
    all().filter_map(|statement| statement.words.split_first()).filter(move |(first, _)| **first == verb).map(|(_, rest)| rest)
}

/// What can be written after a verb today; nothing where it is a statement by itself.
pub(super) fn objects_of(verb: &str) -> Vec<String> {
    let built = all().filter(|statement| !matches!(statement.form, Form::Planned));
    let split = built.filter_map(|statement| statement.words.split_first());
    split.filter(|(first, rest)| **first == verb && !rest.is_empty()).map(|(_, rest)| rest.join(" ")).collect()
}

/// The words that something begins with at the top of a migration.
pub(super) fn firsts() -> impl Iterator<Item = &'static str> {
    let built = all().filter(|statement| !matches!(statement.form, Form::Planned));
    built.filter_map(|statement| statement.words.first().copied()).chain(TOP.iter().copied())
}

/// Every word that a statement is begun with, or a part of a migration.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    all().flat_map(|statement| statement.words).copied().chain(TOP.iter().copied())
}

/// Every statement's words, and whether it is built.
pub fn statements() -> impl Iterator<Item = (String, bool)> {
    all().map(|statement| (statement.words.join(" "), !matches!(statement.form, Form::Planned)))
}
