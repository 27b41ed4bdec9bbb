//! Where the command is run, and what is meant there.

use std::path::{Path, PathBuf};

use migrate_source::Package;

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

/// A path as a user would write it from here.
pub(super) fn shown(path: &Path) -> String {
    let from_here = std::env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok().map(PathBuf::from));
    from_here.unwrap_or_else(|| path.to_owned()).display().to_string()
}
