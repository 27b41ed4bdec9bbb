//! What undoes a migration.

use crate::transition::Transition;

/// The downgrade of one variant.
#[derive(Debug, Default)]
pub(super) struct Downgrade {
    /// What is done, in order.
    pub steps: Vec<Transition>,
    /// Why there is none.
    pub irreversible: Option<String>,
}
