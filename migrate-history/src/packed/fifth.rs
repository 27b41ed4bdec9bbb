//! The fifth form: steps did not say what they keep.

use crate::codec::{Codec, many};
use crate::{Database, List, Script, Step, Unwind};

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
        unwind: if bool::read(input)? { Some(Box::new(unwind(input)?)) } else { None },
        keeps: List::default(),
    })
}

fn unwind(input: &mut &str) -> Option<Unwind> {
    let begun = if bool::read(input)? { Some(many(input, step)?.into()) } else { None };
    Some(Unwind {
        begun,
        steps: many(input, step)?.into(),
        losses: Codec::read(input)?,
        drops: Codec::read(input)?,
        moves: Codec::read(input)?,
    })
}
