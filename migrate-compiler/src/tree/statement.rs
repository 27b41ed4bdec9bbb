//! Statements, blocks, what is in them, and what is written about their downgrade.

use migrate_history::Database;
use proc_macro2::Span;

use crate::expr::Expr;
use crate::name::Name;
use crate::operation::{Operation, RunProgram};
use crate::problem::PieceId;
use crate::tree::{Attributes, Range};

/// A statement, or an action of a block.
#[derive(Clone, Debug)]
pub enum StatementTree {
    /// One that is no block.
    Plain(Plain),
    /// `alter table` or `alter enum`.
    Block(Block),
    /// One that could not be read.
    Unread(Unread),
}

impl StatementTree {
    /// Its tokens.
    pub fn range(&self) -> Range {
        match self {
            StatementTree::Plain(plain) => plain.range,
            StatementTree::Block(block) => block.range,
            StatementTree::Unread(unread) => unread.range,
        }
    }
}

/// A statement that is no block, or an action of one.
#[derive(Clone, Debug)]
pub struct Plain {
    /// From its attributes to its semicolon.
    pub range: Range,
    /// The words that it begins with.
    pub words: &'static [&'static str],
    /// What is written before it.
    pub attributes: Attributes,
    /// What it does, and after that what is done with it: the constraints of a new column, the indexes of a new table.
    pub parts: Vec<WrittenOperation>,
    /// The entries of `create table`.
    pub entries: Vec<Entry>,
    /// What is in the braces of `sql "…" as { … }`; empty for `as nothing`.
    pub effect: Option<Vec<StatementTree>>,
    /// What is written about its downgrade.
    pub undo: Option<UndoClause>,
}

/// An operation of a statement.
#[derive(Clone, Debug)]
pub struct WrittenOperation {
    /// Its node in the marks.
    pub id: PieceId,
    /// What is done.
    pub operation: Operation,
}

/// `alter table NAME { … }` or `alter enum NAME { … }`
#[derive(Clone, Debug)]
pub struct Block {
    /// From its attributes to its brace, or to the end of its `undo`.
    pub range: Range,
    /// The words that it begins with.
    pub words: &'static [&'static str],
    /// What is written before it.
    pub attributes: Attributes,
    /// What is altered.
    pub name: Name,
    /// The place of the name.
    pub place: Span,
    /// The actions.
    pub actions: Vec<StatementTree>,
    /// What is written about the downgrade of all of them.
    pub undo: Option<UndoClause>,
}

/// An entry of `create table`.
#[derive(Clone, Debug)]
pub struct Entry {
    /// From its attributes to its last token; one that could not be read has its comma.
    pub range: Range,
    /// What is written before it.
    pub attributes: Attributes,
    /// What it is.
    pub kind: EntryKind,
}

/// What an entry of `create table` is.
#[derive(Clone, Debug)]
pub enum EntryKind {
    /// A column, by its place among the columns.
    Column(usize),
    /// A constraint, by its place among the constraints.
    Constraint(usize),
    /// An index.
    Index(PieceId),
    /// An entry that could not be read, or what follows one up to the comma.
    Unread(Unread),
}

/// `undo …` or `irreversible …` after a statement, an action or a block.
#[derive(Clone, Debug)]
pub struct UndoClause {
    /// From its word to its end, without the semicolon.
    pub range: Range,
    /// What is written.
    pub kind: UndoKind,
}

/// What is written about a downgrade.
#[derive(Clone, Debug)]
pub enum UndoKind {
    /// `undo { … }`
    Statements(Vec<StatementTree>),
    /// `undo "…"` or `undo { postgres: "…", sqlite: "…" }`, with its node in the marks.
    Sql(PieceId, Vec<(Option<Database>, String)>),
    /// `undo PATH`, with its node in the marks.
    Program(PieceId, RunProgram),
    /// `undo default EXPR`, with the tokens from `default` on and those of the value.
    Default {
        /// `default EXPR`
        range: Range,
        /// The value.
        value: Box<Expr>,
        /// The tokens of the value.
        of_value: Range,
    },
    /// `undo nothing "reason"`
    Nothing(String),
    /// `irreversible "reason"`
    Irreversible(String),
}

impl UndoKind {
    /// The keyword.
    pub fn word(&self) -> &'static str {
        match self {
            UndoKind::Statements(_) | UndoKind::Sql(..) | UndoKind::Program(..) => "undo",
            UndoKind::Default { .. } | UndoKind::Nothing(_) => "undo",
            UndoKind::Irreversible(_) => "irreversible",
        }
    }
}

/// What could not be read.
#[derive(Clone, Copy, Debug)]
pub struct Unread {
    /// The tokens that were left out.
    pub range: Range,
    /// Which of the parser's errors tells of it.
    pub error: usize,
}
