//! A run as a script, for review and for `psql` or `sqlite3`: it leaves the schema and the ledger that the executor would.

mod psql;
mod registry;
mod shell;
mod sqlite3;
mod steps;
mod stops;
mod writer;

use migrate_history::plan::{Applied, Direction, Goal, Graph, Plan, Progress, Target, TargetError};
use migrate_history::{Database, History, Migration};

use self::stops::Start;
use self::writer::ScriptWriter;
use crate::Error;
use crate::recorded::recorded_parents;

/// The script from one target to another, as text. There is no connection to a database, so both are named.
///
/// Each step is one transaction with its ledger row. The script stops at the first error, where rows violate a condition of a
/// downgrade, and where the ledger is not at `from`.
///
/// # Errors
/// The targets do not exist or are in the other direction, the history does not support the database, or a migration is irreversible.
pub fn script(history: &History, database: Database, direction: Direction, from: &str, to: &str) -> Result<String, Error> {
    let applied = applied(history, from)?;
    let goal = Goal::resolve(history, &applied, direction, &Target::parse(to)?).map_err(Error::Plan)?;
    let plan = Plan::new(history, database, &applied, &goal).map_err(Error::Plan)?;
    let writer = ScriptWriter::new(history, database);
    let heads = Graph::with_applied(history, &applied).map_err(migrate_history::plan::PlanError::from)?;
    let heads = heads.heads_within(|id| applied.iter().any(|row| row.revision == id));
    let there = |migration: &&Migration| applied.iter().any(|row| row.revision == migration.id);
    let there: Vec<&Migration> = history.migrations.iter().copied().filter(there).collect();
    let (heads, earlier) = there.into_iter().partition(|one| heads.contains(&one.id));
    let first = history.migrations.iter().copied().find(|one| !one.compiled().operations.is_empty());
    let mut out = writer.head(&plan, &Start { heads, earlier, first }, (from, to));
    for planned in &plan.migrations {
        writer.migration(planned, direction, &mut out)?;
    }
    Ok(out + &writer.tail(&plan))
}

/// The ledger as it would be at a target.
fn applied(history: &History, from: &str) -> Result<Vec<Applied>, Error> {
    let target = Target::parse(from)?;
    if target == Target::Base {
        return Ok(Vec::new());
    }
    // No database is asked.
    if target.needs_ledger() {
        return Err(TargetError::NoDatabase { target: from.to_owned() }.into());
    }
    let goal = Goal::resolve(history, &[], Direction::Upgrade, &target).map_err(Error::Plan)?;
    let there = history.migrations.iter().filter(|migration| goal.revisions.contains(&migration.id));
    Ok(there.map(|migration| row(migration)).collect())
}

fn row(migration: &Migration) -> Applied {
    let (revision, parents) = (migration.id.clone(), recorded_parents(migration));
    let (checksum, progress) = (migration.checksum().to_owned().into(), Progress::Complete);
    Applied { revision, parents, checksum, progress, record: None, stored: None }
}
