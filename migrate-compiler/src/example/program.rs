//! Examples of functions of the program.

use migrate_history::Calls;

use crate::draft::{Piece, Undo};
use crate::example::{self, Examples};
use crate::operation::{Operation, RunProgram};
use crate::problem::PieceId;
use crate::schema::Schema;

impl Examples for RunProgram {
    fn examples() -> Vec<(Schema, Operation)> {
        let run = |path: &str, calls, tables: &[&str]| {
            let tables = tables.iter().map(|table| (*table).into()).collect();
            (example::schema(), RunProgram { path: path.to_owned(), calls, tables }.into())
        };
        vec![
            run("fill", Calls::Once, &[]),
            run("super::fill", Calls::Once, &["users", "posts"]),
            run("fill_in_batches", Calls::InBatches, &["users"]),
        ]
    }
}

/// What is written after an example of which no downgrade can be inferred.
pub fn undo(operation: &Operation) -> Undo {
    let Some(program) = operation.program() else { return Undo::Inferred };
    let back = RunProgram { path: format!("{}_undo", program.path), ..program.clone() };
    Undo::Written(vec![Piece {
        // No example has so many pieces.
        id: PieceId(1000),
        operation: back.into(),
        only: None,
        allows: Vec::new(),
        undo: Undo::Inferred,
    }])
}
