//! Doing operations to a schema.

use crate::footprint::{Part, Path};
use crate::operation::Operation;
use crate::problem::{PieceId, Problems};
use crate::schema::Schema;
use crate::transition::Transition;

/// Does one operation. Errors about what the schema is unsure of are not reported; what is missing makes it unsure.
pub(super) fn apply(operation: &Operation, piece: PieceId, before: &Schema, problems: &mut Problems) -> (Schema, bool) {
    let mut after = before.clone();
    let mut found = Problems::new();
    operation.apply(&mut after, &mut found);
    found.remarks().iter().for_each(|remark| problems.remark(remark.clone()));
    let found = found.take();
    let sound = found.is_empty();
    if !sound && let Some(Path { part: Part::Column(name), .. }) = operation.about(before).makes {
        // What uses the column later is not wrong because of that.
        after.unsure.insert(name);
    }
    for problem in found {
        let known = before.unsure.contains(&problem.slot.name);
        if problem.code.starts_with("unknown_") {
            after.unsure.insert(problem.slot.name.clone());
        }
        if !known {
            problems.of(piece, |problems| problems.push(problem));
        }
    }
    (after, sound)
}

/// Does the operations again from the end, so that each has its own schema before and after; and whether all of them can be done.
pub(super) fn walk(operations: Vec<(PieceId, Operation)>, from: Schema) -> (Vec<Transition>, bool) {
    let mut schema = from;
    let mut steps = Vec::new();
    let mut all_sound = true;
    for (piece, operation) in operations {
        let mut quiet = Problems::new();
        let (after, sound) = apply(&operation, piece, &schema, &mut quiet);
        all_sound &= sound;
        drop(quiet.take());
        let before = std::mem::replace(&mut schema, after.clone());
        steps.push(Transition { operation, piece, settings: Vec::new(), before, after });
    }
    (steps, all_sound)
}
