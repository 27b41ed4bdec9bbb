//! What becomes an error of a run by `?`.

use std::convert::Infallible;

use migrate_history::plan::{PlanError, TargetError};

use super::Error;

impl From<PlanError> for Error {
    fn from(problem: PlanError) -> Error {
        Error::Plan(problem)
    }
}

impl From<TargetError> for Error {
    fn from(error: TargetError) -> Error {
        Error::Plan(PlanError::Target(error))
    }
}

/// A [`Target`](migrate_history::plan::Target) that is one already needs no reading.
impl From<Infallible> for Error {
    fn from(never: Infallible) -> Error {
        match never {}
    }
}
