//! A level in a sentence, with what a reader of it must know.

use crate::{Grade, Level, Text};

/// "exact (stated)"; or the level with what it does not restore, or why it is irreversible.
pub fn explained(grade: Grade, losses: &[Text], irreversible: Option<&str>) -> String {
    match (grade.level, irreversible) {
        (Level::Exact, _) | (Level::Irreversible, None) => grade.to_string(),
        (Level::Schema, _) => format!("{grade}: a downgrade does not restore {}", losses.join(" and ")),
        (Level::Irreversible, Some(reason)) => format!("{grade}: {reason}"),
    }
}
