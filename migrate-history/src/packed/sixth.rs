//! The sixth form: scripts had no downgrade that keeps what the migration made.

use crate::Script;
use crate::codec::Codec;

/// The steps for one database.
pub(super) fn script(input: &mut &str) -> Option<Script> {
    Some(Script {
        database: Codec::read(input)?,
        upgrade: Codec::read(input)?,
        downgrade: Codec::read(input)?,
        drops: Codec::read(input)?,
        moves: Codec::read(input)?,
        keep: None,
    })
}
