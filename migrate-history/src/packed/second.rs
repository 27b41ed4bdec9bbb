//! The second form: a step was a transaction, and guards were of the downgrade as a whole.

use crate::codec::{Codec, many};
use crate::{Database, Guard, List, Rebuild, Script, Statement, Step};

/// The steps for one database.
pub(super) fn script(input: &mut &str) -> Option<Script> {
    let (database, upgrade, downgrade) = (Database::read(input)?, many(input, step)?, many(input, step)?);
    let guards: List<Guard> = Codec::read(input)?;
    Some(Script {
        database,
        upgrade: Step::of_older(upgrade, List::default()),
        downgrade: Step::of_older(downgrade, guards),
        drops: Codec::read(input)?,
        moves: Codec::read(input)?,
        keep: None,
    })
}

fn step(input: &mut &str) -> Option<Step> {
    let rebuild = if bool::read(input)? { Rebuild::Tables } else { Rebuild::Nothing };
    Some(Step::transaction(rebuild, List::<Statement>::read(input)?))
}
