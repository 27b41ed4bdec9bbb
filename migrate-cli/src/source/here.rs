//! Where the command is run, and what is meant there.

use std::path::PathBuf;

use migrate_source::Package;
pub(super) use migrate_source::shown;

use super::arguments::Location;
use crate::failure::Failure;

/// The folder that the command is run in.
pub(super) fn here() -> Result<PathBuf, Failure> {
    std::env::current_dir().map_err(|error| Failure::failed(format!("cannot read the current folder: {error}")))
}

/// The package that is meant.
pub(super) fn package(place: &Location) -> Result<Package, Failure> {
    Ok(Package::find(&here()?, &place.choice())?)
}
