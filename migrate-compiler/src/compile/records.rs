//! What tells a statement whose rows are recorded from all others: of its migration and of the others.

use migrate_history::checksum;

use crate::draft::{Draft, Piece, Undo};
use crate::state::State;

/// How many letters of a digest tell migrations apart.
const LETTERS: usize = 32;

/// The records of one migration.
pub(super) struct RowRecords<'a> {
    /// The state after its parents.
    pub before: &'a State,
    /// How it is written.
    pub draft: &'a Draft,
}

impl RowRecords<'_> {
    /// Whether the downgrade of a statement is inferred, so that it must know what was done.
    pub fn are_needed(&self, piece: &Piece) -> bool {
        self.draft.down.is_none() && matches!(piece.undo, Undo::Inferred)
    }

    /// What a statement is recorded as: a digest of what the migration does and of what came before it, and its place.
    pub fn of(&self, piece: &Piece) -> String {
        let operations: Vec<String> = self.draft.pieces.iter().map(Piece::canonical).collect();
        let digest = checksum::<_, _, &str>(&self.before.revisions, &operations, &[]);
        let digest: String = digest.chars().filter(char::is_ascii_hexdigit).skip(1).take(LETTERS).collect();
        format!("{digest}:{}", piece.id.0)
    }
}
