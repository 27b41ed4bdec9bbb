//! Doing operations to a schema.

use crate::footprint::{Footprint, Part, Path};
use crate::operation::{About, Operation};
use crate::problem::{PieceId, Problems};
use crate::schema::{Schema, Unsure};
use crate::transition::Transition;

/// Does one operation. Errors about what the schema is unsure of are not reported; what is missing makes it unsure.
pub(super) fn apply(operation: &Operation, piece: PieceId, before: &Schema, problems: &mut Problems) -> (Schema, bool) {
    let mut after = before.clone();
    let mut found = Problems::new();
    operation.apply(&mut after, &mut found);
    found.remarks().iter().for_each(|remark| problems.remark(remark.clone()));
    let found = found.take();
    let of_column = uses_column(operation, before);
    let sound = found.is_empty() && !of_column;
    let about = operation.about(before);
    if !sound {
        leave_open(&about, before, &mut after.unsure);
    }
    let of_table = about.tables.iter().any(|table| before.unsure.tables.contains(table));
    for problem in found {
        let known = of_table || of_column || before.unsure.words.contains(&problem.slot.name);
        if problem.code.starts_with("unknown_") {
            after.unsure.words.insert(problem.slot.name.clone());
        }
        if !known {
            problems.of(piece, |problems| problems.push(problem));
        }
    }
    (after, sound)
}

/// Whether it uses a column that another one was to be.
fn uses_column(operation: &Operation, before: &Schema) -> bool {
    let unsure = &before.unsure.columns;
    let mut footprint = Footprint::default();
    if !unsure.is_empty() {
        operation.touches(before, &mut footprint);
    }
    footprint.reads.iter().chain(&footprint.writes).any(|path| unsure.contains(path))
}

/// What an operation with an error was to make or to rename: what uses it later is not wrong because of that.
fn leave_open(about: &About, before: &Schema, unsure: &mut Unsure) {
    if let Some(path @ Path { of, part: Part::Column(name) }) = &about.makes {
        unsure.words.insert(name.clone());
        if before.table(of).is_some_and(|table| table.column(name).is_some()) {
            unsure.columns.insert(path.clone());
        }
    }
    unsure.words.extend(about.renames.iter().filter_map(|(_, to)| named(to)));
    if let Some(Path { of, part: Part::All }) = about.brings()
        && before.table(of).is_some()
    {
        unsure.tables.insert(of.clone());
    }
}

/// The name of what a path leads to.
fn named(path: &Path) -> Option<String> {
    match &path.part {
        Part::All | Part::Object(_) => Some(path.of.to_string()),
        Part::Column(name) | Part::Constraint(name) | Part::Index(name) => Some(name.clone()),
        Part::Itself | Part::PrimaryKey | Part::Comment | Part::Rows | Part::Name => None,
        Part::Type(_) | Part::Null(_) | Part::Default(_) | Part::ColumnComment(_) => None,
    }
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
