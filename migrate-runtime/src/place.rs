//! Where in a row of things something stands.

use std::fmt;

/// The place of one of several: a step of a migration, a statement of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub number: usize,
    /// How many there are.
    pub total: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} of {}", self.number, self.total)
    }
}
