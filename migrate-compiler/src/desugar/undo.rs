//! What is written about downgrades.

use crate::desugar::{Desugar, Within};
use crate::diagnostic::Diagnostic;
use crate::draft::{Piece, Undo};
use crate::operation::RunSql;
use crate::problem::{PieceId, Role};
use crate::tree::{self, EntryKind, Plain, Range, StatementTree, UndoKind};

impl Desugar<'_> {
    /// The downgrade of pieces, which is noted of the first of them. Of a block, the others are undone [`Undo::Together`] with that.
    pub(super) fn undo(&mut self, undo: tree::UndoClause, pieces: &[Piece], others: &Undo) -> Undo {
        if let Some(first) = pieces.first() {
            self.marks.note(first.id, Role::Undo, "", undo.range.first);
        }
        match undo.kind {
            UndoKind::Nothing(reason) => Undo::Nothing(reason),
            UndoKind::Irreversible(reason) => Undo::Irreversible(reason),
            UndoKind::Sql(id, texts) => {
                let operation = RunSql { texts, effect: None }.into();
                Undo::Written(vec![Piece {
                    id,
                    operation,
                    only: None,
                    allows: Vec::new(),
                    settings: Vec::new(),
                    undo: Undo::Inferred,
                }])
            }
            UndoKind::Program(id, mut program) => {
                // It undoes a function that works on these.
                if let (Some(run), true) = (pieces.first().and_then(|first| first.operation.program()), program.tables.is_empty())
                {
                    program.tables.clone_from(&run.tables);
                }
                let operation = program.into();
                Undo::Written(vec![Piece {
                    id,
                    operation,
                    only: None,
                    allows: Vec::new(),
                    settings: Vec::new(),
                    undo: Undo::Inferred,
                }])
            }
            UndoKind::Statements(statements) => self.written(statements),
            UndoKind::Default { range, value, of_value } => match dropped_column(pieces).filter(|_| matches!(others, Undo::Part))
            {
                Some((id, column)) => {
                    self.marks.note(id, Role::Default, column, of_value.first);
                    Undo::Default(*value)
                }
                None => self.no_default(range),
            },
        }
    }

    /// Rule `undo_default`: it is the value of a column that was dropped.
    fn no_default(&mut self, range: Range) -> Undo {
        let message = "`undo default` is allowed only after `drop COLUMN` in an `alter table` block";
        let diagnostic = Diagnostic::new("undo_default", range.first, message);
        self.diagnostics.push(diagnostic.help("use `undo { … }` with the statements of the downgrade"));
        Undo::Unread
    }

    /// The statements of `undo { … }`; they are not checked where one of them could not be read.
    fn written(&mut self, statements: Vec<StatementTree>) -> Undo {
        let known = self.diagnostics.len();
        let is_read = statements.iter().all(is_read);
        let refused = refused(&statements, Within::Undo);
        let pieces = self.statements(statements);
        let is_sound = self.diagnostics.len() == known;
        self.diagnostics.extend(refused);
        if is_read && is_sound { Undo::Written(pieces) } else { Undo::Unread }
    }

    /// Says of what is written about the downgrade of statements that it cannot be here.
    pub(super) fn refuse(&mut self, statements: &[StatementTree], within: Within) {
        self.diagnostics.extend(refused(statements, within));
    }

    /// Takes what is written after an action when something is written after its block. Rule `block_and_undo`: it would never be used.
    pub(super) fn replaced(&mut self, actions: &mut [StatementTree], of_block: &tree::UndoClause) {
        let plain = actions.iter_mut().filter_map(|action| match action {
            StatementTree::Plain(plain) => plain.undo.take(),
            StatementTree::Block(_) | StatementTree::Unread(_) => None,
        });
        for undo in plain {
            let message = format!("this `undo` is never used: the `{}` after the block replaces it", of_block.kind.word());
            let diagnostic = Diagnostic::new("block_and_undo", undo.range.first, message);
            self.diagnostics.push(diagnostic.help("remove one of the two"));
        }
    }
}

/// The column that one piece alone drops.
fn dropped_column(pieces: &[Piece]) -> Option<(PieceId, &str)> {
    let [Piece { id, operation, .. }] = pieces else { return None };
    Some((*id, operation.dropped_column()?))
}

/// Rule `undo_here`: what is itself a downgrade, or a description, has no downgrade.
fn refused(statements: &[StatementTree], within: Within) -> Vec<Diagnostic> {
    let of_one = |statement: &StatementTree| match statement {
        StatementTree::Plain(plain) => plain.undo.iter().map(|undo| undo_here(undo, within)).collect(),
        StatementTree::Block(block) => {
            let mut of_actions = refused(&block.actions, within);
            of_actions.extend(block.undo.iter().map(|undo| undo_here(undo, within)));
            of_actions
        }
        StatementTree::Unread(_) => Vec::new(),
    };
    statements.iter().flat_map(of_one).collect()
}

fn undo_here(undo: &tree::UndoClause, within: Within) -> Diagnostic {
    let word = undo.kind.word();
    let message = match within {
        Within::Undo if word == "undo" => "`undo` cannot be nested".to_owned(),
        Within::Undo => format!("`{word}` cannot be used in `undo`"),
        Within::Down => format!("`{word}` cannot be used in `down`"),
        Within::Effect => format!("`{word}` cannot be used in `as {{ … }}`"),
    };
    Diagnostic::new("undo_here", undo.range.first, message).help("remove it")
}

/// Whether a statement could be read as a whole.
pub(super) fn is_read(statement: &StatementTree) -> bool {
    match statement {
        StatementTree::Plain(plain) => is_plain_read(plain),
        StatementTree::Block(block) => block.actions.iter().all(is_read) && block.undo.as_ref().is_none_or(is_undo_read),
        StatementTree::Unread(_) => false,
    }
}

fn is_plain_read(plain: &Plain) -> bool {
    plain.entries.iter().all(|entry| !matches!(entry.kind, EntryKind::Unread(_)))
        && plain.effect.iter().flatten().all(is_read)
        && plain.undo.as_ref().is_none_or(is_undo_read)
}

fn is_undo_read(undo: &tree::UndoClause) -> bool {
    match &undo.kind {
        UndoKind::Statements(statements) => statements.iter().all(is_read),
        UndoKind::Sql(..) | UndoKind::Program(..) | UndoKind::Default { .. } => true,
        UndoKind::Nothing(_) | UndoKind::Irreversible(_) => true,
    }
}
