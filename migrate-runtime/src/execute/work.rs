//! How far a run is.

use migrate_history::Text;
use migrate_history::plan::{Plan, Planned};

use crate::Position;
use crate::error::Incomplete;

/// What the run is to do, and how far it is with the migration that it is at.
#[derive(Debug, Default)]
pub(super) struct RunProgress {
    /// The revisions of the plan.
    pub planned: Vec<Text>,
    /// The migration that is between two of its steps.
    pub incomplete: Option<Incomplete>,
}

impl RunProgress {
    /// This is to be done.
    pub fn plan(&mut self, plan: &Plan) {
        self.planned = plan.migrations.iter().map(|planned| planned.revision.clone()).collect();
        self.incomplete = None;
    }

    /// So many steps of a migration are committed.
    pub fn note(&mut self, planned: &Planned, done: usize) {
        let steps = Position { number: done, total: planned.steps.len().max(1) };
        self.incomplete = Some(Incomplete { revision: planned.revision.clone(), steps });
    }

    /// The migration is complete.
    pub fn complete(&mut self) {
        self.incomplete = None;
    }
}
