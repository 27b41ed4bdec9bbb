//! What is written about the downgrade, in canonical form: the part of a checksum that tells an edited `undo` or `down`.
//!
//! What the compiler infers is not in it. That follows from the parents and the operations, which the other part covers, and a later
//! version may infer something better without anybody having edited anything.

use crate::draft::{Draft, Piece, Undo};

/// A text for each `undo` that was written, with the place of its statement; last the whole downgrade.
pub(super) fn written(draft: &Draft) -> Vec<String> {
    let mut texts: Vec<String> = draft.pieces.iter().enumerate().filter_map(|(place, piece)| undo(place, piece)).collect();
    texts.extend(draft.down.as_ref().map(|pieces| format!("down {}", block(pieces))));
    texts
}

fn undo(place: usize, piece: &Piece) -> Option<String> {
    match &piece.undo {
        // The piece before it, together with which it is undone, reports it.
        Undo::Inferred | Undo::Unread | Undo::Together | Undo::Part => None,
        Undo::Written(pieces) => Some(format!("{place} undo {}", block(pieces))),
        Undo::Default(value) => Some(format!("{place} undo default {value}")),
        // Why nothing needs to be undone is a remark.
        Undo::Nothing(_) => Some(format!("{place} undo nothing")),
        Undo::Irreversible(reason) => Some(format!("{place} irreversible {reason:?}")),
    }
}

fn block(pieces: &[Piece]) -> String {
    let texts: Vec<String> = pieces.iter().map(Piece::canonical).collect();
    format!("{{ {} }}", texts.join(" "))
}
