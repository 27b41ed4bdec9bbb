//! What is done for one step, in order, as data. It is written here alone, and read by three interpreters: one sends it as one
//! message (`execute::message`), one runs it statement by statement (`execute::statements`), one writes a script (`script::steps`).

mod part;
mod records;

use migrate_history::{Guard, Mode, Rebuild, Statement, Text};

pub(crate) use self::part::{Part, RowState, Since, Standing};
pub(crate) use self::records::{Measured, Records};
use crate::Position;
use crate::journal::StepOutcome;
use crate::planned_step::PlannedStep;

/// The protocol of a step, given what is known of an earlier run of it.
pub(crate) fn protocol(step: PlannedStep<'_>, standing: Standing) -> Vec<Part<'_>> {
    match &step.step.mode {
        Mode::Transaction { rebuild } => transaction(step, *rebuild),
        Mode::Alone => alone(step, standing),
        Mode::Batches { next } => batches(step, next, standing),
        // A plan has no such step.
        Mode::Program { .. } | Mode::Unknown { .. } => vec![Part::Unsupported],
    }
}

/// One transaction with its row of the ledger.
fn transaction(step: PlannedStep<'_>, rebuild: Rebuild) -> Vec<Part<'_>> {
    let begin = begin(rebuild, step.step.statements.len(), Since::Plan);
    [begin, questions(step), statements(&step.step.statements), done()].concat()
}

/// Statements that no transaction may hold: it is recorded that they begin, and that they are done.
fn alone(step: PlannedStep<'_>, standing: Standing) -> Vec<Part<'_>> {
    let cleanup = step.step.probe.as_ref().map(|probe| outside(&probe.cleanup)).unwrap_or_default();
    let work = match standing {
        Standing::NotBegun => [begun(step), outside(&step.step.statements)].concat(),
        Standing::Begun => outside(&step.step.statements),
        Standing::Half => [cleanup, outside(&step.step.statements)].concat(),
        Standing::Done => Vec::new(),
    };
    [work, begin(Rebuild::Nothing, 1, Since::Begun), done()].concat()
}

/// Many transactions, each of which takes the next rows and moves the ledger's cursor on; the one that finds none is the last.
fn batches<'p>(step: PlannedStep<'p>, next: &'p Text, standing: Standing) -> Vec<Part<'p>> {
    let first = match standing {
        Standing::NotBegun => begun(step),
        Standing::Begun | Standing::Half | Standing::Done => Vec::new(),
    };
    let begin = begin(Rebuild::Nothing, step.step.statements.len(), Since::Begun);
    let batch = numbered(&step.step.statements).map(|(position, statement)| Part::Batch(position, statement)).collect();
    let moved = vec![Part::Seal, Part::Row(RowState::Moved), Part::Commit, Part::NextBatch];
    [first, begin, vec![Part::Rows(next)], batch, moved, done()].concat()
}

/// A transaction, in which the plan must still hold.
fn begin<'p>(rebuild: Rebuild, statements: usize, since: Since) -> Vec<Part<'p>> {
    vec![Part::Begin { rebuild, statements }, Part::Check(since)]
}

/// What the database is asked before anything is touched.
fn questions(step: PlannedStep<'_>) -> Vec<Part<'_>> {
    let guards: &[Guard] = &step.step.guards;
    let guards = (!guards.is_empty()).then_some(Part::Guards(guards));
    let notices = (!step.step.notices.is_empty()).then_some(Part::Notices(&step.step.notices));
    let drops = (step.is_first() && !step.planned.drops.is_empty()).then_some(Part::Drops(&step.planned.drops));
    guards.into_iter().chain(notices).chain(drops).collect()
}

/// The statements of a transaction, which share one lock timeout.
fn statements(list: &[Statement]) -> Vec<Part<'_>> {
    let wait = |position: Position| (position.number > 1).then_some(Part::Wait);
    numbered(list)
        .flat_map(|(position, statement)| wait(position).into_iter().chain([Part::Statement(position, statement)]))
        .collect()
}

/// Statements outside of a transaction.
fn outside(list: &[Statement]) -> Vec<Part<'_>> {
    numbered(list).map(|(position, statement)| Part::Alone(position, statement)).collect()
}

/// The transaction that records that a step begins which no transaction holds.
fn begun(step: PlannedStep<'_>) -> Vec<Part<'_>> {
    let recorded = vec![Part::Row(RowState::Begun), Part::Entry(StepOutcome::Begun), Part::Commit];
    [begin(Rebuild::Nothing, 1, Since::Plan), questions(step), recorded].concat()
}

/// What ends a step, in the transaction that is open.
fn done<'p>() -> Vec<Part<'p>> {
    vec![Part::Seal, Part::Row(RowState::Done), Part::Entry(StepOutcome::Done), Part::Commit]
}

fn numbered(list: &[Statement]) -> impl Iterator<Item = (Position, &Statement)> {
    let total = list.len();
    list.iter().enumerate().map(move |(at, statement)| (Position { number: at + 1, total }, statement))
}
