//! Databases where only a reviewed plan runs: those that the history describes, and those whose ledger says so.

use migrate_history::History;
use migrate_history::plan::Direction;

use crate::driver::Driver;
use crate::ledger::Flag;
use crate::protected::Protection;
use crate::{Error, Review, Unreviewed};

/// What a change is called where it was not reviewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ReviewedChange<'c> {
    /// A plan in this direction.
    Plan(Direction),
    /// These changes of the ledger, or of what is kept.
    Lines(&'c [String]),
}

/// Whether the database is protected, and why.
///
/// # Errors
/// It does not say which database it is.
pub(crate) async fn find<D: Driver>(driver: &mut D, history: &History, flag: Flag) -> Result<Option<Protection>, Error> {
    if flag == Flag::Protected {
        return Ok(Some(Protection::Ledger));
    }
    if history.protected.is_empty() {
        return Ok(None);
    }
    let place = driver.place().await.map_err(Error::while_doing("find out which database this is"))?;
    let pattern = history.protected.iter().find(|pattern| place.is_matched(pattern));
    Ok(pattern.cloned().map(Protection::Setting))
}

/// Refuses a change that is not the reviewed one: on a protected database any without a review, and anywhere one that differs from it.
///
/// # Errors
/// [`Error::Unreviewed`]
pub(crate) fn refuse(
    protection: Option<Protection>,
    given: Option<&str>,
    change: &ReviewedChange<'_>,
    hash: impl FnOnce() -> String,
) -> Result<(), Error> {
    if protection.is_none() && given.is_none() {
        return Ok(());
    }
    let hash = hash();
    if given == Some(&*hash) {
        return Ok(());
    }
    let review = match change {
        ReviewedChange::Plan(direction) => Review::Plan(*direction),
        ReviewedChange::Lines(lines) => Review::Lines(lines.to_vec()),
    };
    Err(Error::Unreviewed(Box::new(Unreviewed { protection, review, hash, given: given.map(str::to_owned) })))
}
