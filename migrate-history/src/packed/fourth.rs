//! The fourth form: steps did not say what undoes a migration half way.

use crate::codec::{Codec, many};
use crate::{Database, List, Script, Step};

/// The steps for one database.
pub(super) fn script(input: &mut &str) -> Option<Script> {
    Some(Script {
        database: Database::read(input)?,
        upgrade: many(input, step)?.into(),
        downgrade: many(input, step)?.into(),
        drops: Codec::read(input)?,
        moves: Codec::read(input)?,
        keep: None,
    })
}

fn step(input: &mut &str) -> Option<Step> {
    Some(Step {
        id: Codec::read(input)?,
        mode: Codec::read(input)?,
        statements: Codec::read(input)?,
        guards: Codec::read(input)?,
        notices: Codec::read(input)?,
        probe: Codec::read(input)?,
        plain: Codec::read(input)?,
        touches: Codec::read(input)?,
        unwind: None,
        keeps: List::default(),
    })
}
