//! Foreign keys whose rows are looked at when the key is made: on a database that would do so before the COMMIT, the key may be gone by
//! then, or the rows others.

use migrate_history::Database;

use crate::effect::Demand;
use crate::operation::Rows;
use crate::sql::guard::{Asked, Subject, Way};
use crate::transition::Transition;

/// How many steps, from the first on, have one after them that may take away what they demand.
pub(super) fn checked(steps: &[&Transition]) -> usize {
    steps.iter().rposition(|step| may_take_away(step)).unwrap_or_default()
}

/// What looks at the rows after an operation, before what comes later may take that away from the database.
pub(super) fn checks(step: &Transition, database: Database) -> Vec<String> {
    let effects = step.operation.effects(&step.before);
    let ask = |demand: &Demand| {
        let subject = Subject::of(&step.after, demand.table()?)?;
        let target = demand.target().map(|target| (target, Subject::of(&step.after, target)));
        Asked { database, way: Way::Upgrade, subject, target }.check(demand)
    };
    effects.demands.iter().chain(&effects.outcome).filter_map(ask).collect()
}

/// Whether a step may take a foreign key away, or change the rows that it is about.
fn may_take_away(step: &Transition) -> bool {
    let about = step.operation.about(&step.before);
    about.rows == Rows::Changed || about.drops.is_some_and(|path| path.part.may_hold_key())
}
