//! What undoes a migration.

use crate::step::Step;

/// The downgrade of one world.
#[derive(Debug, Default)]
pub(super) struct Downgrade {
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// Why there is none.
    pub irreversible: Option<String>,
}
