//! What a downgrade loses, and whether there is consent to it.

use migrate_history::Count;
use migrate_history::plan::{Direction, Dropped, Plan, Planned};

use crate::Lost;
use crate::driver::{Driver, Row};

/// What was agreed to before the run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Agreed<'p> {
    /// Nothing is to be lost.
    Nothing,
    /// What this plan says.
    Plan(&'p Plan),
    /// Whatever is lost.
    Everything,
}

impl Agreed<'_> {
    /// What the downgrade of a migration loses beyond that.
    pub fn beyond(self, planned: &Planned) -> Vec<Lost> {
        let lost = |what| Lost { revision: planned.revision.clone(), what };
        let whats = match self {
            Agreed::Everything => Vec::new(),
            // That its other losses are those of the plan was checked before.
            Agreed::Plan(plan) => plan.unsaid(&planned.revision, &planned.drops),
            // Once it has begun, it was agreed to.
            Agreed::Nothing if planned.done > 0 || !planned.needs_consent() => Vec::new(),
            Agreed::Nothing => planned.lost(),
        };
        whats.into_iter().map(lost).collect()
    }
}

/// Counts what the downgrades of a plan drop, as far as that can be known before the first of them. What a database does not answer
/// stays as it is where it will be asked again, else it is unknown.
pub(crate) async fn count<D: Driver>(driver: &mut D, plan: &mut Plan, later: Later) {
    if plan.direction != Direction::Downgrade {
        return;
    }
    for dropped in plan.migrations.iter_mut().flat_map(|planned| &mut planned.drops) {
        if dropped.count != Count::NotAsked {
            continue;
        }
        match (driver.snapshot(&[dropped.tally.query.to_string()]).await, later) {
            (Ok(replies), _) => {
                let rows = replies.first().map(Vec::as_slice).unwrap_or_default();
                dropped.count = counted(rows).unwrap_or(Count::NotAsked);
            }
            (Err(_), Later::Again) => {}
            (Err(failed), Later::Never) => {
                dropped.count = Count::Unknown(crate::Cause::of(failed.error).message.into());
            }
        }
    }
}

/// Whether it will be asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Later {
    /// In the transaction of the migration.
    Again,
    /// A plan is shown as it is.
    Never,
}

/// The answer to a question.
pub(crate) fn counted(rows: &[Row]) -> Option<Count> {
    let text = rows.first()?.first()?.as_deref()?;
    text.parse().ok().map(Count::of)
}

/// What of a migration was counted, for the report.
pub(crate) fn dropped(planned: &[Dropped]) -> Vec<Dropped> {
    planned.iter().filter(|dropped| !dropped.count.is_none()).cloned().collect()
}
