//! Queries the database without blocking the application: each query in a transaction that only reads,
//! for a limited time, and without waiting for locks.

mod earlier;

use std::collections::HashMap;
use std::time::Duration;

use migrate_history::plan::{Plan, Planned};
use migrate_history::{Guard, Text, Touched};

use self::earlier::Earlier;
use crate::Cause;
use crate::driver::{Driver, Row, Size, Unanswered};
use crate::inspection::{Amount, Answer, InspectedGuard, InspectedStep, InspectedTable, Inspection};
use crate::planned_step::PlannedStep;

/// What the database says about a plan.
pub(crate) async fn inspect<D: Driver>(driver: &mut D, plan: Plan, limit: Duration) -> Inspection {
    let mut asking = Asking { driver, limit, sizes: HashMap::new() };
    let (mut steps, mut earlier) = (Vec::new(), Earlier::default());
    for planned in &plan.migrations {
        for step in left(&plan, planned) {
            steps.push(asking.step(step, &earlier).await);
        }
        earlier.add(planned);
    }
    Inspection { plan, steps }
}

/// A plan for a database that is not there.
pub(crate) fn without_database(plan: Plan) -> Inspection {
    let answer = || Answer::Unknown("the database does not exist yet".to_owned());
    let guard = |guard: &Guard| InspectedGuard { guard: guard.clone(), answer: answer() };
    let table = |touched: &Touched| table(touched, &Size { rows: Amount::NotThere, bytes: Amount::NotThere });
    let steps = plan.migrations.iter().flat_map(|planned| left(&plan, planned)).map(|step| InspectedStep {
        revision: step.planned.revision.clone(),
        position: step.position(),
        step: step.step.clone(),
        tables: step.step.touches.tables.iter().map(table).collect(),
        guards: step.step.guards.iter().map(guard).collect(),
    });
    Inspection { steps: steps.collect(), plan }
}

/// The steps that are left to do.
fn left<'p>(plan: &Plan, planned: &'p Planned) -> impl Iterator<Item = PlannedStep<'p>> {
    PlannedStep::all(planned, plan.direction).skip(planned.done)
}

fn table(touched: &Touched, size: &Size) -> InspectedTable {
    InspectedTable { touched: touched.clone(), rows: size.rows.clone(), bytes: size.bytes.clone() }
}

/// Questions to one database.
struct Asking<'d, D> {
    driver: &'d mut D,
    limit: Duration,
    /// A table that several steps touch is measured once.
    sizes: HashMap<String, Size>,
}

impl<D: Driver> Asking<'_, D> {
    async fn step(&mut self, step: PlannedStep<'_>, earlier: &Earlier<'_>) -> InspectedStep {
        let (mut tables, mut guards) = (Vec::new(), Vec::new());
        for touched in step.step.touches.tables.iter() {
            tables.push(table(touched, &self.size(touched).await));
        }
        for guard in step.step.guards.iter() {
            let answer = self.answer(guard, earlier).await;
            guards.push(InspectedGuard { guard: guard.clone(), answer });
        }
        let (revision, position) = (step.planned.revision.clone(), step.position());
        InspectedStep { revision, position, step: step.step.clone(), tables, guards }
    }

    async fn size(&mut self, touched: &Touched) -> Size {
        let name = touched.quoted();
        if let Some(size) = self.sizes.get(&name) {
            return size.clone();
        }
        let size = self.driver.size(touched, self.limit).await;
        self.sizes.insert(name, size.clone());
        size
    }

    async fn answer(&mut self, guard: &Guard, earlier: &Earlier<'_>) -> Answer {
        if let Some(revision) = earlier.changes(guard) {
            return Answer::After { revision: revision.clone() };
        }
        match self.driver.ask(&guard.query, self.limit).await {
            Ok(rows) => counted(&rows),
            Err(Unanswered::TimedOut(limit)) => {
                Answer::TimedOut { limit, estimate: self.driver.estimate(&guard.query, self.limit).await }
            }
            Err(Unanswered::Locked) => Answer::Unknown(LOCKED.to_owned()),
            // What it is about may be made by then.
            Err(Unanswered::Failed(error)) => failed(error, earlier.last()),
        }
    }
}

/// Why a question was not answered at once.
const LOCKED: &str = "another session has locked the table";

fn failed(error: sqlx::Error, earlier: Option<&Text>) -> Answer {
    match earlier {
        Some(revision) => Answer::After { revision: revision.clone() },
        None => Answer::Unknown(Cause::of(error).message),
    }
}

/// The answer of a guard: a count.
fn counted(rows: &[Row]) -> Answer {
    let text = rows.first().and_then(|row| row.first()?.as_deref());
    match text.and_then(|text| text.parse::<i64>().ok()) {
        Some(count) => match u64::try_from(count) {
            Ok(0) | Err(_) => Answer::Holds,
            Ok(rows) => Answer::Refuses { rows },
        },
        None => Answer::Unknown("the check returned no count".to_owned()),
    }
}
