//! What is written after examples.

use crate::draft::{Piece, Undo};
use crate::operation::{Operation, RunProgram};
use crate::problem::PieceId;

/// What is written after an example of which no downgrade can be inferred, because it changes rows.
pub fn undo(operation: &Operation) -> Undo {
    if ["UpdateRows", "Backfill", "DeleteRows", "Truncate"].contains(&operation.name()) {
        return Undo::Nothing("an example".to_owned());
    }
    function(operation).unwrap_or(Undo::Inferred)
}

/// The function that undoes the one of an example.
fn function(operation: &Operation) -> Option<Undo> {
    let program = operation.program()?;
    let back = RunProgram { path: format!("{}_undo", program.path), ..program.clone() };
    Some(Undo::Written(vec![Piece {
        // No example has so many pieces.
        id: PieceId(1000),
        operation: back.into(),
        only: None,
        allows: Vec::new(),
        settings: Vec::new(),
        undo: Undo::Inferred,
    }]))
}
