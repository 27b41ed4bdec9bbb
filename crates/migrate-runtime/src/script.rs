//! A script for review.
use migrate_model::history::{Database, History};
use migrate_model::plan::Direction;

use crate::Error;

/// A script.
///
/// # Errors
/// None yet.
pub fn script(_: &History, _: Database, _: Direction, _: &str, _: &str) -> Result<String, Error> {
    Ok(String::new())
}
