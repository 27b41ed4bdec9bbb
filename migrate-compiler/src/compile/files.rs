//! The files whose rows a migration inserts.

use crate::compile::downgrade::Downgrade;
use crate::compile::upgrade::Upgrade;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::rows_file::RowsFile;

/// Each file once, of both ways and all databases. Rule `file_twice`: a file is read for the columns of one statement.
pub(super) fn of(upgrades: &[Upgrade<'_>], downgrades: &[Downgrade], problems: &mut Problems) -> Vec<RowsFile> {
    let down = downgrades.iter().flat_map(|downgrade| &downgrade.steps);
    let mut files: Vec<RowsFile> = Vec::new();
    for step in upgrades.iter().flat_map(Upgrade::steps).chain(down) {
        let Some(file) = step.operation.file(&step.before) else { continue };
        match files.iter().find(|other| other.name == file.name) {
            None => files.push(file),
            Some(other) if *other == file => {}
            Some(_) => problems.of(step.piece, |problems| problems.push(twice(&file))),
        }
    }
    files
}

fn twice(file: &RowsFile) -> Problem {
    let message = format!("{:?} was already inserted with other columns", file.name);
    let problem = Problem::new("file_twice", Slot::new(Role::Literal, &file.name), message);
    problem.help("write the second statement in another migration, or use another file")
}
