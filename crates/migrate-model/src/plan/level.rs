//! A level in a sentence, with what a reader of it must know.

use crate::history::{Level, Text};

/// "exact"; or the level with what does not come back, or why there is no way back.
pub fn explained(level: Level, losses: &[Text], irreversible: Option<&str>) -> String {
    match (level, irreversible) {
        (Level::Exact, _) | (Level::Irreversible, None) => level.word().to_owned(),
        (Level::Schema, _) => format!("{level}: a downgrade does not bring back {}", losses.join(" and ")),
        (Level::Irreversible, Some(reason)) => format!("{level}: {reason}"),
    }
}
