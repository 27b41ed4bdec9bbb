//! The statements, the actions of blocks and the changes of columns by the words that they begin with: lists, which the parser,
//! suggestions, messages, the keywords, the check of what is planned, and a test of the book read.

use syn::buffer::Cursor;
use syn::parse::ParseStream;

use crate::diagnostic::Parse;
use crate::name::Name;
use crate::objects::{Kind, Read};
use crate::operation::{DropDefault, DropNotNull, Operation, SetNotNull};
use crate::parse::cursor::{after_words, peek_words};
use crate::parse::habit::Spot;
use crate::parse::{Parser, alter, index, object, program, raw, rows, table, values};
use crate::problem::{PieceId, Role};
use crate::tree::{self, Entry, WrittenOperation};

/// A kind of statement.
#[derive(Clone, Copy)]
pub(super) struct StatementKind {
    /// The words that it begins with.
    pub words: &'static [&'static str],
    /// How it is read.
    pub form: Grammar,
}

/// How a kind of statement is read.
#[derive(Clone, Copy)]
pub(super) enum Grammar {
    /// As operations, with its `undo` and its end after them.
    Operations(fn(&mut Parser, PieceId, ParseStream<'_>) -> Parse<Operations>),
    /// The same, of a new object, by what reads it after its name.
    Create(Kind, Read),
    /// The same, of an object by its kind.
    Object(fn(&mut Parser, PieceId, Kind, ParseStream<'_>) -> Parse<Operations>, Kind),
    /// As a block, whose actions have their own.
    Block(&'static BlockKind),
    /// Not yet.
    Planned,
}

/// A kind of block.
pub(super) struct BlockKind {
    /// What it alters.
    pub what: &'static str,
    /// How it is written.
    pub example: &'static str,
    /// The part that the name of what it alters plays.
    pub role: Role,
    /// What begins in it.
    pub actions: &'static [ActionKind],
    /// What can be in an `undo` after it, or after one of its actions.
    pub in_undo: InUndo,
    /// Where an action is that cannot be read.
    pub spot: fn(&Name) -> Spot,
}

/// What can be in the braces of an `undo`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum InUndo {
    /// Actions and statements.
    Actions,
    /// Statements.
    Statements,
}

/// A kind of action.
pub(super) struct ActionKind {
    /// The words that it begins with.
    pub words: &'static [&'static str],
    /// How it is read, its words taken.
    pub read: fn(&mut Parser, PieceId, &Name, ParseStream<'_>) -> Parse<Vec<WrittenOperation>>,
}

/// A kind of change in `alter COLUMN …`.
pub(super) struct ChangeKind {
    /// The words that it begins with.
    pub words: &'static [&'static str],
    /// How it is read, its words taken.
    pub read: fn(&mut Parser, PieceId, OfColumn, ParseStream<'_>) -> Parse<Operation>,
}

/// The column that is changed.
pub(super) struct OfColumn {
    /// Its table.
    pub table: Name,
    /// Its name.
    pub column: String,
}

/// What a statement does, what is in it, and how it ends.
pub(super) struct Operations {
    /// One, and those that are written inside of it.
    pub parts: Vec<WrittenOperation>,
    /// The entries of a table.
    pub entries: Vec<Entry>,
    /// What raw SQL does to the schema.
    pub effect: Option<Vec<tree::StatementTree>>,
    /// Its end.
    pub end: End,
}

impl Operations {
    /// One, with a semicolon after it.
    pub fn one(id: PieceId, operation: Operation) -> Operations {
        Operations { parts: vec![WrittenOperation { id, operation }], entries: Vec::new(), effect: None, end: End::Semicolon }
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
    read: fn(&mut Parser, PieceId, ParseStream<'_>) -> Parse<Operations>,
) -> StatementKind {
    StatementKind { words, form: Grammar::Operations(read) }
}

const fn planned(words: &'static [&'static str]) -> StatementKind {
    StatementKind { words, form: Grammar::Planned }
}

/// The statements about tables and rows, and those that are planned.
const STATEMENTS: &[StatementKind] = &[
    operations(&["create", "table"], table::create),
    operations(&["drop", "table"], table::drop),
    operations(&["restore", "table"], table::restore),
    operations(&["restore", "rows", "of"], rows::restore),
    operations(&["rename", "table"], table::rename),
    StatementKind { words: &["alter", "table"], form: Grammar::Block(&TABLE) },
    operations(&["create", "index"], index::create),
    operations(&["create", "unique", "index"], index::create_unique),
    operations(&["drop", "index"], index::drop),
    operations(&["rename", "index"], index::rename),
    operations(&["sql"], raw::statement),
    operations(&["expect"], raw::expect),
    operations(&["run"], program::statement),
    StatementKind { words: &["alter", "enum"], form: Grammar::Block(&ENUM) },
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
    operations(&["insert", "into"], rows::insert),
    operations(&["update"], rows::update),
    operations(&["delete", "from"], rows::delete),
    operations(&["truncate"], rows::truncate),
    operations(&["backfill"], rows::backfill),
];

/// `alter table`
const TABLE: BlockKind = BlockKind {
    what: "table",
    example: "alter table t { … }",
    role: Role::Table,
    actions: &[
        ActionKind { words: &["add"], read: alter::add },
        ActionKind { words: &["drop"], read: alter::drop },
        ActionKind { words: &["restore"], read: alter::restore },
        ActionKind { words: &["rename"], read: alter::rename },
        ActionKind { words: &["alter"], read: alter::alter },
        ActionKind { words: &["comment"], read: alter::comment },
    ],
    in_undo: InUndo::Actions,
    spot: |name| Spot::Action(name.clone()),
};

/// `alter enum`
const ENUM: BlockKind = BlockKind {
    what: "enum",
    example: "alter enum mood { add \"calm\"; }",
    role: Role::Object,
    actions: &[
        ActionKind { words: &["add"], read: values::add },
        ActionKind { words: &["rename"], read: values::rename },
        ActionKind { words: &["drop"], read: values::drop },
    ],
    in_undo: InUndo::Statements,
    spot: |_| Spot::Value,
};

/// The changes of a column in `alter COLUMN …`.
pub(super) const CHANGES: &[ChangeKind] = &[
    ChangeKind { words: &["type"], read: alter::to_type },
    ChangeKind {
        words: &["set", "not", "null"],
        read: |_, _, OfColumn { table, column }, _| Ok(SetNotNull { table, column }.into()),
    },
    ChangeKind {
        words: &["drop", "not", "null"],
        read: |_, _, OfColumn { table, column }, _| Ok(DropNotNull { table, column }.into()),
    },
    ChangeKind { words: &["set", "default"], read: alter::to_default },
    ChangeKind {
        words: &["drop", "default"],
        read: |_, _, OfColumn { table, column }, _| Ok(DropDefault { table, column }.into()),
    },
    ChangeKind { words: &["add", "identity"], read: alter::to_identity },
    ChangeKind { words: &["drop", "identity"], read: alter::to_no_counter },
    ChangeKind { words: &["add", "serial"], read: alter::to_serial },
    ChangeKind { words: &["drop", "serial"], read: alter::to_no_counter },
];

/// Every kind of block.
fn blocks() -> impl Iterator<Item = &'static BlockKind> {
    all().filter_map(|statement| match statement.form {
        Grammar::Block(kind) => Some(kind),
        Grammar::Operations(_) | Grammar::Create(..) | Grammar::Object(..) | Grammar::Planned => None,
    })
}

/// Every statement.
fn all() -> impl Iterator<Item = StatementKind> {
    let of_kind = |(kind, read): (Kind, Read)| {
        let [create, drop, rename] = kind.words();
        let rename = kind.rename().map(|_| StatementKind { words: rename, form: Grammar::Object(object::rename, kind) });
        let create = StatementKind { words: create, form: Grammar::Create(kind, read) };
        [create, StatementKind { words: drop, form: Grammar::Object(object::drop, kind) }].into_iter().chain(rename)
    };
    let read = |kind: &Kind| Some((*kind, kind.read()?));
    STATEMENTS.iter().copied().chain(Kind::ALL.iter().filter_map(read).flat_map(of_kind))
}

/// What else begins with a word at the top of a migration.
pub(super) const TOP: &[&str] = &["down", "require", "after", "depends", "label", "revision"];

/// The statement that begins here.
pub(super) fn peek(input: ParseStream<'_>) -> Option<StatementKind> {
    all().find(|statement| peek_words(input, statement.words))
}

/// The cursor after what the statements with this verb are about: `table`, `unique index`.
pub(super) fn after_object<'c>(verb: &str, rest: Cursor<'c>) -> Option<Cursor<'c>> {
    objects(verb).find_map(|words| after_words(rest, words))
}

/// What the statements with this verb are about.
fn objects(verb: &str) -> impl Iterator<Item = &'static [&'static str]> {
    all().filter_map(|statement| statement.words.split_first()).filter(move |(first, _)| **first == verb).map(|(_, rest)| rest)
}

/// What can be written after a verb today; nothing where the verb alone is a statement.
pub(super) fn objects_of(verb: &str) -> Vec<String> {
    let built = all().filter(|statement| !matches!(statement.form, Grammar::Planned));
    let split = built.filter_map(|statement| statement.words.split_first());
    split.filter(|(first, rest)| **first == verb && !rest.is_empty()).map(|(_, rest)| rest.join(" ")).collect()
}

/// The words that something begins with at the top of a migration.
pub(super) fn firsts() -> impl Iterator<Item = &'static str> {
    let built = all().filter(|statement| !matches!(statement.form, Grammar::Planned));
    built.filter_map(|statement| statement.words.first().copied()).chain(TOP.iter().copied())
}

/// Every word that a statement, an action or a change of a column is begun with, or a part of a migration.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    let statements = all().flat_map(|statement| statement.words);
    let actions = blocks().flat_map(|block| block.actions).flat_map(|action| action.words);
    let changes = CHANGES.iter().flat_map(|change| change.words);
    statements.chain(actions).chain(changes).chain(TOP).copied()
}

/// Whether an action of a block begins with this word, and no statement does.
pub(super) fn is_action_only(verb: &str) -> bool {
    let begins = |words: &[&str]| words.first() == Some(&verb);
    let in_block = blocks().flat_map(|block| block.actions).any(|action| begins(action.words));
    in_block && !all().any(|statement| begins(statement.words))
}

/// Every statement's words, and whether it is built.
pub fn statements() -> impl Iterator<Item = (String, bool)> {
    all().map(|statement| (statement.words.join(" "), !matches!(statement.form, Grammar::Planned)))
}

/// The words of every action: what is altered, and how the action begins.
pub fn actions() -> impl Iterator<Item = (&'static str, String)> {
    let of_block = |block: &'static BlockKind| block.actions.iter().map(|action| (block.what, action.words.join(" ")));
    let changes = CHANGES.iter().map(|change| ("column", change.words.join(" ")));
    blocks().flat_map(of_block).chain(changes)
}

/// "`a`, `b` or `c`"
pub(super) fn one_of(words: impl Iterator<Item = String>) -> String {
    let mut words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    let last = words.pop().unwrap_or_default();
    if words.is_empty() { last } else { format!("{} or {last}", words.join(", ")) }
}
