//! Which token stands in which slot of a piece.

use crate::problem::{PieceId, Role, Slot};
use proc_macro2::Span;

/// The places of the words of all pieces.
#[derive(Clone, Debug, Default)]
pub struct Marks(Vec<Piece>);

#[derive(Clone, Debug)]
struct Piece {
    start: Span,
    words: Vec<(Role, String, Span)>,
}

impl Marks {
    /// Begins a piece at its first token.
    pub(crate) fn begin(&mut self, start: Span) -> PieceId {
        self.0.push(Piece { start, words: Vec::new() });
        PieceId(self.0.len() - 1)
    }

    /// Notes a word of a piece.
    pub(crate) fn note(&mut self, piece: PieceId, role: Role, word: &str, span: Span) {
        if let Some(piece) = self.0.get_mut(piece.0) {
            piece.words.push((role, word.to_owned(), span));
        }
    }

    /// The first token of a piece.
    pub(crate) fn place(&self, piece: PieceId) -> Span {
        self.0.get(piece.0).map_or_else(Span::call_site, |piece| piece.start)
    }

    /// The token of a slot: the word in its role, else the word in another role, else the piece's first token.
    pub fn find(&self, piece: PieceId, slot: &Slot) -> Option<Span> {
        let piece = self.0.get(piece.0)?;
        let exact = piece.words.iter().find(|(role, word, _)| *role == slot.role && *word == slot.name);
        let named = piece.words.iter().find(|(_, word, _)| *word == slot.name && !word.is_empty());
        let played = piece.words.iter().find(|(role, ..)| *role == slot.role);
        Some(exact.or(named).or(played).map_or(piece.start, |(_, _, span)| *span))
    }
}

impl Marks {
    /// Says where a piece really begins: behind its attributes.
    pub(crate) fn start(&mut self, piece: PieceId, start: Span) {
        if let Some(piece) = self.0.get_mut(piece.0) {
            piece.start = start;
        }
    }

    /// Begins a piece that was written together with another, and shares its words.
    pub(crate) fn begin_like(&mut self, other: PieceId, start: Span) -> PieceId {
        let words = self.0.get(other.0).map(|piece| piece.words.clone()).unwrap_or_default();
        self.0.push(Piece { start, words });
        PieceId(self.0.len() - 1)
    }
}
