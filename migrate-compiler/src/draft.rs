//! A migration as it was written, before anything is known about it.

use std::collections::BTreeSet;

use migrate_history::{Database, Grade};

use crate::expr::Expr;
use crate::operation::Operation;
use crate::problem::PieceId;
use crate::session_setting::{self, SessionSetting};

/// What the parser makes of a migration's statements.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The pieces of the upgrade, in order.
    pub pieces: Vec<Piece>,
    /// `down { … }`: the downgrade of the whole migration, in the order in which it runs.
    pub down: Option<Vec<Piece>>,
    /// `require …;`: the lowest level that is accepted.
    pub require: Option<Grade>,
    /// The words of statements that could not be read: no error about them is reported.
    pub unread: BTreeSet<String>,
    /// The pieces of raw SQL of whose effect a part could not be read: no danger of theirs is reported.
    pub half_read: BTreeSet<PieceId>,
}

impl Draft {
    /// The pieces of the upgrade, those together that are undone together.
    pub fn groups(&self) -> impl Iterator<Item = &[Piece]> {
        self.pieces.chunk_by(|_, next| matches!(next.undo, Undo::Together | Undo::Part))
    }

    /// Every piece, those of `undo` and `down` included.
    pub fn every_piece(&self) -> Vec<&Piece> {
        let mut every = Vec::new();
        gather(&self.pieces, &mut every);
        gather(self.down.as_deref().unwrap_or_default(), &mut every);
        every
    }
}

fn gather<'d>(pieces: &'d [Piece], every: &mut Vec<&'d Piece>) {
    for piece in pieces {
        every.push(piece);
        if let Undo::Written(undo) = &piece.undo {
            gather(undo, every);
        }
    }
}

/// One operation with what was written around it. A block such as `alter table` gives one piece an action, and a table with indexes
/// one for each of them.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Unique in the draft, pieces of `undo` and `down` included.
    pub id: PieceId,
    /// What is done.
    pub operation: Operation,
    /// `#[only(…)]`: the databases it is for; all of the history's when absent.
    pub only: Option<Vec<Database>>,
    /// `#[allow(rule, reason = "…")]`
    pub allows: Vec<Allow>,
    /// `#[set(name = "value")]`
    pub settings: Vec<SessionSetting>,
    /// What was written about its downgrade.
    pub undo: Undo,
}

impl Piece {
    /// Its statement in canonical form, with the databases that it is for.
    pub fn canonical(&self) -> String {
        self.canonical_as(&self.operation)
    }

    /// The same with its operation completed.
    pub fn canonical_as(&self, operation: &Operation) -> String {
        let settings = session_setting::written(&self.settings);
        match &self.only {
            Some(only) => {
                let words: Vec<&str> = only.iter().map(|database| database.word()).collect();
                format!("#[only({})] {settings}{operation}", words.join(", "))
            }
            None => format!("{settings}{operation}"),
        }
    }
}

/// A danger that is accepted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Allow {
    /// Which one of the migration it is: before a block it is one, which each action of the block has.
    pub id: usize,
    /// The rule.
    pub rule: String,
    /// Why it is accepted. Rule `allow_reason`: it must not be empty.
    pub reason: String,
}

/// What was written about the downgrade of a piece, and of the pieces that follow it and are [`Undo::Together`] with
/// it or [`Undo::Part`]s of it.
#[derive(Clone, Debug)]
pub enum Undo {
    /// Nothing: it is worked out.
    Inferred,
    /// `undo { … }` or `undo "…"`, in the order in which it runs.
    Written(Vec<Piece>),
    /// `undo default EXPR`: the column that is dropped comes back, with this value in every row.
    Default(Expr),
    /// `undo nothing "reason"`
    Nothing(String),
    /// `irreversible "reason"`
    Irreversible(String),
    /// Something that could not be read: no error about it is reported.
    Unread,
    /// What was written for the block before it is for this piece of it, too.
    Together,
    /// The same for a part of one statement or action: a constraint of a new column, an index of a new table.
    Part,
}

impl Undo {
    /// Whether something was written here.
    pub fn is_written(&self) -> bool {
        match self {
            Undo::Written(_) | Undo::Default(_) | Undo::Nothing(_) | Undo::Irreversible(_) | Undo::Unread => true,
            Undo::Inferred | Undo::Together | Undo::Part => false,
        }
    }
}
