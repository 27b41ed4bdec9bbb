//! All steps of a plan in one transaction: what is done of it is all of it, or nothing.

use std::time::Instant;

use migrate_history::plan::{Plan, PlanError, Planned};
use migrate_history::{Calls, Mode, Rebuild, Step, Text};

use super::attempt_error::AttemptError;
use super::runner::{Continuation, Runner, Task};
use super::statements::Attempt;
use crate::Error;
use crate::backoff::Backoff;
use crate::driver::Driver;
use crate::event::Event;
use crate::planned_step::PlannedStep;
use crate::protocol::{Instruction, Since, Standing, protocol};

/// Whether somebody may be using what the plan changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Nothing of the history was applied before.
    Nobody,
    /// Somebody may.
    Somebody,
}

/// What an instruction of a step's protocol is in a transaction that holds several steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// It asks or changes something.
    Work,
    /// It records what was done.
    Record,
    /// It is done once for all steps.
    Shared,
}

fn phase(instruction: &Instruction<'_>) -> Phase {
    match instruction {
        Instruction::Guards(_)
        | Instruction::Notices(_)
        | Instruction::Drops(_)
        | Instruction::Wait
        | Instruction::Statement(..)
        | Instruction::Keep(_) => Phase::Work,
        Instruction::Program
        | Instruction::Alone(..)
        | Instruction::Rows(..)
        | Instruction::Batch(..)
        | Instruction::MoreRows
        | Instruction::NextBatch
        | Instruction::Unsupported => Phase::Work,
        Instruction::Row(_) | Instruction::Entry(_) => Phase::Record,
        Instruction::Begin { .. } | Instruction::Check(_) | Instruction::Seal | Instruction::Commit => Phase::Shared,
    }
}

/// A step as a part of the transaction.
struct Inside<'p> {
    planned: &'p Planned,
    number: usize,
    step: Step,
}

/// What a step does first: its statement, or the function that it calls.
fn statement(step: &Step) -> Text {
    let first = || step.statements.first().map(|statement| statement.sql.clone());
    match &step.mode {
        Mode::Program { name, .. } => name.clone(),
        Mode::Transaction { .. } | Mode::Alone | Mode::Batches { .. } => first().unwrap_or_else(|| "".into()),
        Mode::Unknown { name, .. } => name.clone(),
    }
}

/// The steps of a plan as they run within one transaction.
///
/// # Errors
/// [`PlanError::NotInTransaction`], at the first step that cannot.
fn inside(plan: &Plan, usage: Use) -> Result<Vec<Inside<'_>>, PlanError> {
    let of = |planned| PlannedStep::all(planned, plan.direction).skip(planned.done);
    let steps = plan.migrations.iter().flat_map(of);
    steps
        .map(|PlannedStep { planned, step, number, .. }| {
            let step = match (&step.mode, usage) {
                (Mode::Transaction { .. }, _) if step.plain.is_empty() => step.clone(),
                (Mode::Program { calls: Calls::Once, .. }, _) => step.clone(),
                (Mode::Transaction { .. } | Mode::Alone | Mode::Batches { .. }, Use::Nobody) if !step.plain.is_empty() => {
                    step.at_once()
                }
                (Mode::Transaction { .. } | Mode::Alone | Mode::Batches { .. }, _)
                | (Mode::Program { calls: Calls::InBatches | Calls::Outside, .. } | Mode::Unknown { .. }, _) => {
                    let (revision, mode) = (planned.revision.clone(), step.mode.written().0.to_owned().into());
                    return Err(PlanError::NotInTransaction {
                        revision,
                        step: step.id.clone(),
                        mode,
                        statement: statement(step),
                    });
                }
            };
            Ok(Inside { planned, number, step })
        })
        .collect()
}

impl<D: Driver> Runner<'_, '_, D> {
    /// Does the whole plan, or nothing of it.
    pub(super) async fn atomically(
        &mut self,
        first: &Plan,
        plan: &Plan,
        usage: Use,
        position: i64,
    ) -> Result<Continuation, Error> {
        let steps = inside(plan, usage)?;
        let Some(last) = steps.last().map(|inside| self.task(first, inside)) else { return Ok(Continuation::On(position)) };
        let (started, mut position) = (Instant::now(), position);
        let mut backoff = Backoff::for_retry(self.job.options.retry_for);
        for attempt in 1.. {
            self.safe_point()?;
            let (task, failure) = match self.all(first, &steps, &mut position).await {
                Ok(Continuation::Again) => return Ok(Continuation::Again),
                Ok(Continuation::On(next)) => {
                    plan.migrations.iter().for_each(|planned| self.complete(planned, started.elapsed()));
                    return Ok(Continuation::On(next));
                }
                Err(failed) => failed,
            };
            let error = match failure {
                AttemptError::Contention(cause) => {
                    let blockers = self.driver.take_blockers().await;
                    if let Some(pause) = backoff.pause() {
                        let (revision, reason, left) = (task.of.planned.revision.clone(), cause.brief(), backoff.left());
                        self.job.observer.tell(Event::Retrying { revision, attempt, reason, blockers, pause, left });
                        self.pause(pause).await?;
                        continue;
                    }
                    super::step::locked(task, attempt, backoff.elapsed(), cause, blockers)
                }
                AttemptError::Lost(cause) => return self.recover_all(plan, last, cause, started).await,
                AttemptError::Ended(cause) => self.ended(task, cause),
                AttemptError::Final(ended @ (Error::Stopped(_) | Error::LeaseLost { .. })) => return Err(ended),
                AttemptError::Final(error) => error,
            };
            return Err(self.failed(task, error, started.elapsed()).await);
        }
        Ok(Continuation::Again)
    }

    fn task<'p>(&self, first: &'p Plan, inside: &'p Inside<'p>) -> Task<'p> {
        let Inside { planned, number, step } = inside;
        let (direction, number) = (self.direction, *number);
        Task { first, of: PlannedStep { planned, direction, step, number } }
    }

    /// One attempt; at which step it failed.
    async fn all<'p>(
        &mut self,
        first: &'p Plan,
        steps: &'p [Inside<'p>],
        position: &mut i64,
    ) -> Result<Continuation, (Task<'p>, AttemptError)> {
        let tasks: Vec<Task<'p>> = steps.iter().map(|inside| self.task(first, inside)).collect();
        let mut now = 0;
        let done = self.each(&tasks, position, &mut now).await;
        if !matches!(done, Ok(Continuation::On(_))) {
            self.driver.rollback().await;
        }
        done.map_err(|error| (tasks[now.min(tasks.len() - 1)], error))
    }

    /// The instructions of all steps between one BEGIN and one COMMIT: first what each does, and once the transaction is sealed,
    /// what is recorded of each.
    async fn each(&mut self, tasks: &[Task<'_>], position: &mut i64, now: &mut usize) -> Result<Continuation, AttemptError> {
        let rebuild = tasks.iter().map(|task| rebuilds(&task.of.step.mode)).fold(Rebuild::Nothing, Rebuild::and);
        let statements = tasks.iter().map(|task| task.of.step.statements.len()).sum();
        let begin = [Instruction::Begin { rebuild, statements }, Instruction::Check(Since::Plan)];
        let mut attempt = Attempt::new();
        for (place, task) in tasks.iter().enumerate() {
            *now = place;
            self.safe_point()?;
            self.tell_start(tasks, place);
            let first: &[Instruction<'_>] = if place == 0 { &begin } else { &[] };
            let work = protocol(task.of, Standing::NotBegun).into_iter().filter(|instruction| phase(instruction) == Phase::Work);
            for instruction in first.iter().copied().chain(work) {
                if self.instruction_of_all(*task, instruction, &mut attempt, position).await? == Continuation::Again {
                    return Ok(Continuation::Again);
                }
            }
        }
        let Some(last) = tasks.last() else { return Ok(Continuation::On(*position)) };
        self.instruction_of_all(*last, Instruction::Seal, &mut attempt, position).await?;
        for task in tasks {
            for instruction in
                protocol(task.of, Standing::NotBegun).into_iter().filter(|instruction| phase(instruction) == Phase::Record)
            {
                self.instruction_of_all(*task, instruction, &mut attempt, position).await?;
            }
        }
        self.commit(*last, &mut attempt, position).await?;
        Ok(Continuation::On(*position))
    }

    /// Tells of a migration where its first step begins.
    fn tell_start(&mut self, tasks: &[Task<'_>], place: usize) {
        let starts = |at: &usize| *at == 0 || tasks[*at].of.planned.revision != tasks[*at - 1].of.planned.revision;
        if starts(&place) {
            let planned = tasks[place].of.planned;
            let (revision, title, direction) = (planned.revision.clone(), planned.title().to_owned(), self.direction);
            let (number, total) = ((0..=place).filter(starts).count(), (0..tasks.len()).filter(starts).count());
            self.job.observer.tell(Event::Started { revision, title, direction, number, total });
        }
    }

    /// The reply to the COMMIT was lost: where it has the last step, it has all of them.
    async fn recover_all(
        &mut self,
        plan: &Plan,
        last: Task<'_>,
        cause: crate::Cause,
        started: Instant,
    ) -> Result<Continuation, Error> {
        let known = self.completed.len();
        let next = self.recover(last, cause, started).await?;
        if let Some(last) = self.completed.split_off(known).pop() {
            let earlier = plan.migrations.iter().filter(|planned| planned.revision != last.revision);
            earlier.for_each(|planned| self.complete(planned, started.elapsed()));
            self.completed.push(last);
        }
        Ok(next)
    }
}

fn rebuilds(mode: &Mode) -> Rebuild {
    match mode {
        Mode::Transaction { rebuild } => *rebuild,
        Mode::Alone | Mode::Batches { .. } | Mode::Program { .. } | Mode::Unknown { .. } => Rebuild::Nothing,
    }
}
