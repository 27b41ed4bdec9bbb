//! Statements and blocks as pieces.

use crate::desugar::undo::is_read;
use crate::desugar::{Desugar, Within};
use proc_macro2::Span;

use crate::diagnostic::Diagnostic;
use crate::draft::{Piece, Undo};
use crate::operation::Operation;
use crate::tree::{self, Attributes, Block, Plain, StatementTree, WrittenOperation};

impl Desugar<'_> {
    pub(super) fn statement(&mut self, statement: StatementTree) -> Vec<Piece> {
        match statement {
            StatementTree::Plain(plain) => self.plain(plain, None),
            StatementTree::Block(block) => self.block(block),
            StatementTree::Unread(_) => Vec::new(),
        }
    }

    /// One piece for each operation of a statement; they are undone as one.
    fn plain(&mut self, plain: Plain, block: Option<&Attributes>) -> Vec<Piece> {
        let Plain { attributes, mut parts, entries, effect, undo, .. } = plain;
        self.one_only(&attributes);
        self.settable(&attributes);
        if effect.iter().flatten().any(|statement| !is_read(statement)) {
            self.half_read.extend(parts.iter().map(|part| part.id));
        }
        let mut own = parts.first_mut().map(|part| &mut part.operation);
        self.comment(own.as_deref_mut(), attributes.comment.clone());
        entries.into_iter().for_each(|entry| self.entry(own.as_deref_mut(), entry));
        if let (Some(raw), Some(effect)) = (own.and_then(Operation::raw_mut), effect) {
            raw.effect = Some(self.effect(effect));
        }
        let piece = |WrittenOperation { id, operation }| {
            let mut piece = Piece { id, operation, only: None, allows: Vec::new(), settings: Vec::new(), undo: Undo::Inferred };
            self.attribute(&mut piece, &attributes, block);
            piece
        };
        let pieces = parts.into_iter().map(piece).collect();
        self.undone(pieces, undo, &Undo::Part)
    }

    /// What raw SQL does to the schema.
    fn effect(&mut self, statements: Vec<StatementTree>) -> Vec<Operation> {
        self.refuse(&statements, Within::Effect);
        self.no_attributes(&statements);
        self.statements(statements).into_iter().map(|piece| piece.operation).collect()
    }

    /// The pieces of the actions, which are undone together where something is written after the block.
    fn block(&mut self, block: Block) -> Vec<Piece> {
        let Block { words, attributes, place, mut actions, undo, .. } = block;
        self.one_only(&attributes);
        self.settable(&attributes);
        self.comment(None, attributes.comment.clone());
        if actions.is_empty() {
            self.diagnostics.push(changes_nothing(words, place));
        }
        if let Some(undo) = &undo {
            self.replaced(&mut actions, undo);
        }
        let pieces = actions.into_iter().flat_map(|action| match action {
            StatementTree::Plain(plain) => self.plain(plain, Some(&attributes)),
            StatementTree::Block(block) => self.block(block),
            StatementTree::Unread(_) => Vec::new(),
        });
        let pieces = pieces.collect();
        self.undone(pieces, undo, &Undo::Together)
    }

    /// The pieces, undone together where something was written.
    fn undone(&mut self, mut pieces: Vec<Piece>, undo: Option<tree::UndoClause>, others: &Undo) -> Vec<Piece> {
        let Some(undo) = undo else { return pieces };
        let undo = self.undo(undo, &pieces, others);
        pieces.iter_mut().for_each(|piece| piece.undo = others.clone());
        if let Some(first) = pieces.first_mut() {
            first.undo = undo;
        }
        pieces
    }
}

/// Rule `changes_nothing`: a block has an action.
fn changes_nothing(words: &[&str], place: Span) -> Diagnostic {
    Diagnostic::new("changes_nothing", place, format!("this `{}` changes nothing", words.join(" "))).help("remove it")
}
