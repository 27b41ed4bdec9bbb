//! The questions that are asked before a downgrade touches anything.

use crate::compile::reverse::BackStep;
use crate::dialect;
use crate::fact::Demand;
use crate::history::{Database, Guard};
use crate::schema::Schema;

/// What must hold of the rows before the way back begins, for each of its operations, in the names of the schema at its start.
pub(super) fn guards(steps: &[BackStep], start: &Schema, database: Database) -> Vec<Guard> {
    let mut guards: Vec<Guard> = Vec::new();
    for (place, step) in steps.iter().enumerate() {
        for demand in step.operation.facts(&step.before).demands {
            let asked = steps[..place].iter().rev().try_fold(demand, |demand, earlier| earlier.operation.ask_before(demand));
            guards.extend(asked.and_then(|demand| guard(&demand, start, database)));
        }
    }
    guards.dedup();
    guards
}

/// The question for a demand; none where the compiler has settled it.
fn guard(demand: &Demand, start: &Schema, database: Database) -> Option<Guard> {
    match demand {
        Demand::Empty { .. } => None,
        Demand::NotNull { .. } | Demand::Holds { .. } | Demand::Distinct { .. } | Demand::Refers { .. } => {
            dialect::guard(database, demand, start)
        }
        Demand::RefersToNothing { .. } | Demand::Fits { .. } => dialect::guard(database, demand, start),
    }
}
