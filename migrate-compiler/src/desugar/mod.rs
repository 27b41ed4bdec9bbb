//! From the tree of a migration to its draft: blocks become the pieces of their actions, attributes of a block are those of each action,
//! an `undo` belongs to all pieces that it undoes. Errors in the tree are reported here; what cannot be read, by the parser.

mod attribute;
mod head;
mod statement;
mod undo;

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, Piece};
use crate::marks::Marks;
use crate::problem::PieceId;
use crate::tree::{Down, Heading, Item, Require, StatementTree};

/// What is made of a tree.
pub(crate) struct Desugared {
    /// The draft, without the words of what could not be read.
    pub draft: Draft,
    /// What is wrong with the tree.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the parents are known.
    pub has_head: bool,
}

/// The draft of a tree.
pub(crate) fn desugar(head: &Heading, items: Vec<Item>, marks: &mut Marks) -> Desugared {
    let mut desugar = Desugar { marks, diagnostics: Vec::new(), half_read: BTreeSet::new() };
    desugar.head(head);
    let has_head = desugar.diagnostics.is_empty();
    let mut draft = Draft::default();
    items.into_iter().for_each(|item| desugar.item(item, &mut draft));
    draft.half_read = desugar.half_read;
    Desugared { draft, diagnostics: desugar.diagnostics, has_head }
}

/// What is collected.
struct Desugar<'m> {
    marks: &'m mut Marks,
    diagnostics: Vec<Diagnostic>,
    half_read: BTreeSet<PieceId>,
}

/// Where statements have no downgrade of their own.
#[derive(Clone, Copy)]
enum Within {
    /// `undo { … }`
    Undo,
    /// `down { … }`
    Down,
    /// `sql "…" as { … }`
    Effect,
}

impl Desugar<'_> {
    fn item(&mut self, item: Item, draft: &mut Draft) {
        match item {
            Item::Statement(statement) => draft.pieces.extend(self.statement(*statement)),
            Item::Down(down) => self.down(down, draft),
            Item::Require(require) => self.require(&require, draft),
        }
    }

    /// Rule `setting_twice`: a migration has one level that it requires.
    fn require(&mut self, require: &Require, draft: &mut Draft) {
        if draft.require.is_some() {
            self.twice("require", require.range, "remove one of them");
        } else {
            draft.require = Some(require.level);
        }
    }

    /// Rule `setting_twice`: a migration has one downgrade.
    fn down(&mut self, down: Down, draft: &mut Draft) {
        self.refuse(&down.statements, Within::Down);
        let pieces = self.statements(down.statements);
        if draft.down.replace(pieces).is_some() {
            self.twice("down", down.range, "remove one of them");
        }
    }

    fn statements(&mut self, statements: Vec<StatementTree>) -> Vec<Piece> {
        statements.into_iter().flat_map(|statement| self.statement(statement)).collect()
    }
}
