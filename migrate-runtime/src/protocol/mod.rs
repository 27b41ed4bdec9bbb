//! What is done for one step, in order, as data. It is written here alone, and read by three interpreters: one sends it as one
//! message (`execute::message`), one runs it statement by statement (`execute::statements`), one writes a script (`script::steps`).

mod instruction;
mod records;

use migrate_history::{Calls, Guard, Keeping, Mode, Rebuild, Statement};

pub(crate) use self::instruction::{Instruction, RowState, Since, Standing};
pub(crate) use self::records::{Measured, Records};
use crate::Position;
use crate::journal::StepOutcome;
use crate::planned_step::PlannedStep;

/// The protocol of a step, given what is known of an earlier run of it.
pub(crate) fn protocol(step: PlannedStep<'_>, standing: Standing) -> Vec<Instruction<'_>> {
    match &step.step.mode {
        Mode::Transaction { rebuild } => transaction(step, *rebuild),
        Mode::Alone => alone(step, standing),
        Mode::Batches { next, cursor } => batches(step, Instruction::Rows(next, *cursor), standing),
        Mode::Program { calls: Calls::Once, .. } => program(step),
        Mode::Program { calls: Calls::InBatches, .. } => program_in_batches(step, standing),
        Mode::Program { calls: Calls::Outside, .. } => program_outside(step, standing),
        // A plan has no such step.
        Mode::Unknown { .. } => vec![Instruction::Unsupported],
    }
}

/// One transaction with its row of the ledger.
fn transaction(step: PlannedStep<'_>, rebuild: Rebuild) -> Vec<Instruction<'_>> {
    let begin = begin(rebuild, step.step.statements.len(), Since::Plan);
    [begin, questions(step), statements(&step.step.statements), done(step)].concat()
}

/// Statements that no transaction may hold: it is recorded that they begin, and that they are done.
fn alone(step: PlannedStep<'_>, standing: Standing) -> Vec<Instruction<'_>> {
    let cleanup = step.step.probe.as_ref().map(|probe| outside(&probe.cleanup)).unwrap_or_default();
    let work = match standing {
        Standing::NotBegun => [begun(step), outside(&step.step.statements)].concat(),
        Standing::Begun => outside(&step.step.statements),
        Standing::Half => [cleanup, outside(&step.step.statements)].concat(),
        Standing::Done => Vec::new(),
    };
    [work, begin(Rebuild::Nothing, 1, Since::Begun), done(step)].concat()
}

/// Many transactions, each of which takes the next rows and moves the ledger's cursor on; the one that finds the end is the last. That the
/// step begins is recorded in the first of them, so that a few rows are one transaction.
fn batches<'p>(step: PlannedStep<'p>, rows: Instruction<'p>, standing: Standing) -> Vec<Instruction<'p>> {
    let statements = numbered(&step.step.statements).map(|(position, statement)| Instruction::Batch(position, statement));
    let work: Vec<Instruction<'_>> = [rows].into_iter().chain(statements).chain([Instruction::MoreRows]).collect();
    let batch = [work, moved()].concat();
    let first = match standing {
        Standing::NotBegun => [beginning(step, step.step.statements.len()), batch.clone()].concat(),
        Standing::Begun | Standing::Half | Standing::Done => Vec::new(),
    };
    [first, begin(Rebuild::Nothing, step.step.statements.len(), Since::Begun), batch, done(step)].concat()
}

/// One transaction in which a function is called, with its row of the ledger.
fn program(step: PlannedStep<'_>) -> Vec<Instruction<'_>> {
    [begin(Rebuild::Nothing, 1, Since::Plan), questions(step), vec![Instruction::Program], done(step)].concat()
}

/// Many transactions, in each of which a function is called with the cursor that the one before has left in the ledger; the one in
/// which it leaves none is the last.
fn program_in_batches(step: PlannedStep<'_>, standing: Standing) -> Vec<Instruction<'_>> {
    let first = match standing {
        Standing::NotBegun => begun(step),
        Standing::Begun | Standing::Half | Standing::Done => Vec::new(),
    };
    [first, begin(Rebuild::Nothing, 1, Since::Begun), vec![Instruction::Program], moved(), done(step)].concat()
}

/// A function that no transaction holds: it is recorded that it begins, and that it is done. One that has begun is called again.
fn program_outside(step: PlannedStep<'_>, standing: Standing) -> Vec<Instruction<'_>> {
    let first = match standing {
        Standing::NotBegun => begun(step),
        Standing::Begun | Standing::Half | Standing::Done => Vec::new(),
    };
    [first, vec![Instruction::Program], begin(Rebuild::Nothing, 1, Since::Begun), done(step)].concat()
}

/// A transaction, in which the plan must still hold.
fn begin<'p>(rebuild: Rebuild, statements: usize, since: Since) -> Vec<Instruction<'p>> {
    vec![Instruction::Begin { rebuild, statements }, Instruction::Check(since)]
}

/// What the database is asked before anything is touched.
fn questions(step: PlannedStep<'_>) -> Vec<Instruction<'_>> {
    let guards: &[Guard] = &step.step.guards;
    let guards = (!guards.is_empty()).then_some(Instruction::Guards(guards));
    let notices = (!step.step.notices.is_empty()).then_some(Instruction::Notices(&step.step.notices));
    let drops = (step.is_first() && !step.planned.drops.is_empty()).then_some(Instruction::Drops(&step.planned.drops));
    guards.into_iter().chain(notices).chain(drops).collect()
}

/// The statements of a transaction, which share one lock timeout.
fn statements(list: &[Statement]) -> Vec<Instruction<'_>> {
    let wait = |position: Position| (position.number > 1).then_some(Instruction::Wait);
    numbered(list)
        .flat_map(|(position, statement)| wait(position).into_iter().chain([Instruction::Statement(position, statement)]))
        .collect()
}

/// Statements outside of a transaction.
fn outside(list: &[Statement]) -> Vec<Instruction<'_>> {
    numbered(list).map(|(position, statement)| Instruction::Alone(position, statement)).collect()
}

/// The transaction that records that a step begins which no transaction holds.
fn begun(step: PlannedStep<'_>) -> Vec<Instruction<'_>> {
    [beginning(step, 1), vec![Instruction::Commit]].concat()
}

/// The same, which then has so many statements and is yet to be committed.
fn beginning(step: PlannedStep<'_>, statements: usize) -> Vec<Instruction<'_>> {
    let recorded = vec![Instruction::Row(RowState::Begun), Instruction::Entry(StepOutcome::Begun)];
    [begin(Rebuild::Nothing, statements, Since::Plan), questions(step), recorded].concat()
}

/// What ends a batch, in the transaction that is open.
fn moved<'p>() -> Vec<Instruction<'p>> {
    vec![Instruction::Seal, Instruction::Row(RowState::Moved), Instruction::Commit, Instruction::NextBatch]
}

/// What ends a step, in the transaction that is open.
fn done(step: PlannedStep<'_>) -> Vec<Instruction<'_>> {
    let keeps: &[Keeping] = &step.step.keeps;
    let keeps = (!keeps.is_empty()).then_some(Instruction::Keep(keeps));
    let recorded =
        [Instruction::Seal, Instruction::Row(RowState::Done), Instruction::Entry(StepOutcome::Done), Instruction::Commit];
    keeps.into_iter().chain(recorded).collect()
}

fn numbered(list: &[Statement]) -> impl Iterator<Item = (Position, &Statement)> {
    let total = list.len();
    list.iter().enumerate().map(move |(at, statement)| (Position { number: at + 1, total }, statement))
}
