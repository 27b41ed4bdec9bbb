//! The protocol of a step, statement by statement: where a query must run first, a table is rebuilt, a text may have more
//! than one statement, or no transaction holds the step.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use migrate_history::plan::PlanError;
use migrate_history::{BatchRows, Keeping, Statement, Text};

use super::attempt_error::AttemptError;
use super::batches::{FollowingRows, NextRows};
use super::pace::{Pace, Room};
use super::runner::{Continuation, Runner, Task};
use crate::driver::{Driver, Spent};
use crate::event::Event;
use crate::journal::{self, StepOutcome};
use crate::protocol::{Instruction, Measured, Records, RowState};
use crate::sql::{Parameter, dialect};
use crate::{Error, Position};

/// What the instructions of one attempt leave for later ones.
pub(super) struct Attempt<'p> {
    /// When it began.
    started: Instant,
    /// When its transaction ran its first statement.
    first_statement: Option<Instant>,
    /// What is in the ledger and the journal of how long it took.
    measured: Measured,
    /// The statements that a rebuild must not lose, by the query that found them.
    pub kept: BTreeMap<&'p str, Vec<String>>,
    /// The rows of the transaction that were taken last.
    rows: Option<NextRows>,
    /// Where a function has ended that is called in batches.
    pub cursor: Option<Text>,
    /// How the batches go.
    pub pace: Pace,
    /// How many rows the table of the batches has, about.
    total: Option<u64>,
    /// The journal's entry that is not committed yet.
    entry: Option<i64>,
}

/// Which instruction is next.
pub(super) enum NextInstruction {
    /// The one after this.
    Following,
    /// The first of a batch.
    Batch,
    /// That which takes more rows in the same transaction.
    Rows,
    /// The one after the batches.
    End,
    /// None: another run was there.
    Overtaken,
}

impl Attempt<'_> {
    pub(super) fn new() -> Self {
        let (started, measured) = (Instant::now(), Measured::of(Parameter::Integer(0)));
        Attempt {
            started,
            first_statement: None,
            measured,
            kept: BTreeMap::new(),
            rows: None,
            cursor: None,
            pace: Pace::new(),
            total: None,
            entry: None,
        }
    }
}

impl<D: Driver> Runner<'_, '_, D> {
    /// Does the instructions in their order. The journal's position is moved on by what is committed.
    pub(super) async fn walk(
        &mut self,
        task: Task<'_>,
        instructions: &[Instruction<'_>],
        position: &mut i64,
    ) -> Result<Continuation, AttemptError> {
        let mut attempt = Attempt::new();
        let mut at = 0;
        while let Some(instruction) = instructions.get(at) {
            at = match self.instruction(task, *instruction, &mut attempt, position).await? {
                NextInstruction::Following => at + 1,
                NextInstruction::Batch => first_of_batch(instructions),
                NextInstruction::Rows => rows_before(instructions, at),
                NextInstruction::End => after_batches(instructions),
                NextInstruction::Overtaken => return Ok(Continuation::Again),
            };
        }
        self.after_batches(task, &mut attempt);
        Ok(Continuation::On(*position))
    }

    /// Does an instruction of a transaction that holds several steps.
    pub(super) async fn instruction_of_all<'p>(
        &mut self,
        task: Task<'_>,
        instruction: Instruction<'p>,
        attempt: &mut Attempt<'p>,
        position: &mut i64,
    ) -> Result<Continuation, AttemptError> {
        Ok(match self.instruction(task, instruction, attempt, position).await? {
            NextInstruction::Overtaken => Continuation::Again,
            NextInstruction::Following | NextInstruction::Batch | NextInstruction::Rows | NextInstruction::End => {
                Continuation::On(*position)
            }
        })
    }

    async fn instruction<'p>(
        &mut self,
        task: Task<'_>,
        instruction: Instruction<'p>,
        attempt: &mut Attempt<'p>,
        position: &mut i64,
    ) -> Result<NextInstruction, AttemptError> {
        self.hard_point()?;
        match instruction {
            Instruction::Begin { rebuild, statements } => self.driver.begin(rebuild, statements, self.job.observer).await?,
            Instruction::Check(_) if self.is_overtaken(*position).await? => return Ok(NextInstruction::Overtaken),
            Instruction::Check(since) => self.verify(task, since).await?,
            Instruction::Guards(guards) => self.ask_guards(task, guards).await?,
            Instruction::Notices(notices) => self.tell_notices(task, notices).await?,
            Instruction::Drops(drops) => self.count_drops(task, drops).await?,
            Instruction::Wait => self.wait_less(task, attempt).await?,
            Instruction::Statement(position, statement) => self.statement(task, (position, statement), attempt).await?,
            Instruction::Alone(position, statement) => {
                self.safe_point()?;
                self.alone(task, position, statement).await?;
            }
            Instruction::Rows(next, form) => {
                attempt.pace.begin(BatchRows::most(next));
                match self.next_rows(task, (next, form), attempt.pace.rows(), attempt.rows.as_ref()).await? {
                    Some(rows) => attempt.rows = Some(rows),
                    None => return Ok(NextInstruction::End),
                }
            }
            Instruction::MoreRows => return Ok(self.more_rows(attempt)),
            Instruction::Batch(position, statement) => self.batch(task, (position, statement), attempt).await?,
            Instruction::Program => return self.program(task, attempt).await,
            Instruction::NextBatch => {
                self.after_batch(task, attempt).await?;
                return Ok(NextInstruction::Batch);
            }
            Instruction::Keep(keeps) => self.keep(task, keeps).await?,
            Instruction::Seal => self.seal(task).await?,
            Instruction::Row(record) => self.row(task, record, attempt).await?,
            Instruction::Entry(outcome) => self.entry(task, outcome, attempt).await?,
            Instruction::Commit => {
                self.commit(task, attempt, position).await?;
                self.note_begun(task);
            }
            Instruction::Unsupported => return Err(unsupported(task).into()),
        }
        Ok(NextInstruction::Following)
    }

    /// Whether another run was there since.
    async fn is_overtaken(&mut self, position: i64) -> Result<bool, AttemptError> {
        let last = journal::last(&self.driver.ledger());
        let last = self.driver.texts(&last).await.map_err(|error| AttemptError::of::<D>("read the journal", error))?;
        let is_overtaken = journal::number(&last)? != position;
        if is_overtaken {
            self.job.observer.tell(Event::Overtaken);
        }
        Ok(is_overtaken)
    }

    async fn wait_less(&mut self, task: Task<'_>, attempt: &Attempt<'_>) -> Result<(), AttemptError> {
        let time = attempt.first_statement.map(|first| first.elapsed());
        let statements = task.of.step.statements.len();
        if let Some(less) = self.driver.wait_less(Spent { time, statements }) {
            self.driver.execute(&less).await.map_err(|error| AttemptError::of::<D>("set the lock timeout", error))?;
        }
        Ok(())
    }

    async fn statement<'p>(
        &mut self,
        task: Task<'_>,
        (position, statement): (Position, &'p Statement),
        attempt: &mut Attempt<'p>,
    ) -> Result<(), AttemptError> {
        let started = Instant::now();
        attempt.first_statement.get_or_insert(started);
        self.expect(task, statement).await?;
        self.load(task, position, statement).await?;
        let result = self.act(statement, &mut attempt.kept).await;
        result.map_err(|(sql, error)| self.refused(task, position, (statement.operation.clone(), sql), error))?;
        self.tell_statement(task, position, statement.sql.clone(), started);
        Ok(())
    }

    /// A statement of a batch, with its keys.
    async fn batch(
        &mut self,
        task: Task<'_>,
        (position, statement): (Position, &Statement),
        attempt: &Attempt<'_>,
    ) -> Result<(), AttemptError> {
        let started = Instant::now();
        let sql = attempt.rows.as_ref().map_or_else(|| statement.sql.to_string(), |rows| rows.fill(&statement.sql));
        let result = self.driver.execute(&sql).await;
        let sql = Text::Owned(sql);
        result.map_err(|error| self.refused(task, position, (statement.operation.clone(), sql.clone()), error))?;
        self.tell_statement(task, position, sql, started);
        Ok(())
    }

    /// Reports what is committed, and lets others get the lock before the next batch.
    async fn after_batch(&mut self, task: Task<'_>, attempt: &mut Attempt<'_>) -> Result<(), AttemptError> {
        let rows = attempt.rows.take().filter(|rows| rows.number > 0);
        if rows.is_some() && attempt.pace.is_first() {
            attempt.total = self.expected_rows(task).await;
        }
        let so_far = rows.map_or(0, |rows| rows.so_far);
        let speed = attempt.pace.end(so_far, self.job.options.batch_time);
        if so_far > 0 {
            self.tell_progress(task, so_far, attempt.total, speed.rate);
        }
        self.safe_point()?;
        Ok(self.rest(task, speed.batch).await?)
    }

    /// Whether the transaction takes more rows.
    fn more_rows(&self, attempt: &mut Attempt<'_>) -> NextInstruction {
        let Some(rows) = &attempt.rows else { return NextInstruction::Following };
        match rows.following {
            FollowingRows::Absent => {
                attempt.pace.take(rows.number, Duration::ZERO);
                NextInstruction::End
            }
            FollowingRows::Unknown if attempt.pace.take(rows.number, self.job.options.batch_time) == Room::Left => {
                NextInstruction::Rows
            }
            FollowingRows::Unknown => NextInstruction::Following,
        }
    }

    /// The transaction that has found the end is committed.
    fn after_batches(&mut self, task: Task<'_>, attempt: &mut Attempt<'_>) {
        let Some(NextRows { so_far, .. }) = attempt.rows else { return };
        if so_far > 0 {
            let rate = attempt.pace.end(so_far, self.job.options.batch_time).rate;
            self.tell_progress(task, so_far, Some(so_far), rate);
        }
    }

    pub(super) fn tell_statement(&mut self, task: Task<'_>, position: Position, sql: Text, started: Instant) {
        let (revision, Position { number, total }) = (task.of.planned.revision.clone(), position);
        self.job.observer.tell(Event::Statement { revision, number, total, sql, duration: Some(started.elapsed()) });
    }

    async fn seal(&mut self, task: Task<'_>) -> Result<(), AttemptError> {
        self.driver.seal().await.map_err(|seal| AttemptError::unsealed(&task.of.planned.revision, seal))
    }

    /// What becomes of data that is kept. A row that was deleted by hand is missing only where they are listed.
    async fn keep(&mut self, task: Task<'_>, keeps: &[Keeping]) -> Result<(), AttemptError> {
        let ledger = self.driver.ledger();
        for query in (Records { ledger: &ledger, stamp: &self.stamp, step: task.of }).keep(keeps) {
            self.driver.write(&query).await.map_err(|error| AttemptError::of::<D>("write the ledger", error))?;
        }
        Ok(())
    }

    async fn row(&mut self, task: Task<'_>, record: RowState, attempt: &mut Attempt<'_>) -> Result<(), AttemptError> {
        let (cursor, rows) = attempt.rows.as_ref().map(|rows| (rows.cursor.clone(), rows.so_far)).unzip();
        let (duration, cursor) = (Parameter::milliseconds(attempt.started.elapsed()), cursor.or_else(|| attempt.cursor.clone()));
        attempt.measured = Measured { duration, cursor, rows: rows.unwrap_or_default() };
        let ledger = self.driver.ledger();
        let row = Records { ledger: &ledger, stamp: &self.stamp, step: task.of }.row(record, &attempt.measured);
        match self.driver.write(&row).await.map_err(|error| AttemptError::of::<D>("write the ledger", error))? {
            1 => Ok(()),
            _ => Err(AttemptError::gone(&task.of.planned.revision)),
        }
    }

    async fn entry(&mut self, task: Task<'_>, outcome: StepOutcome<'_>, attempt: &mut Attempt<'_>) -> Result<(), AttemptError> {
        let ledger = self.driver.ledger();
        let entry = Records { ledger: &ledger, stamp: &self.stamp, step: task.of }.entry(outcome, &attempt.measured);
        let entry = format!("{} RETURNING id", entry.write_out(dialect(D::DATABASE)));
        let rows = self.driver.texts(&entry).await.map_err(|error| AttemptError::of::<D>("write the ledger", error))?;
        attempt.entry = Some(journal::number(&rows)?);
        Ok(())
    }

    pub(super) async fn commit(
        &mut self,
        task: Task<'_>,
        attempt: &mut Attempt<'_>,
        position: &mut i64,
    ) -> Result<(), AttemptError> {
        self.driver.commit().await.map_err(|commit| self.uncommitted(task, commit))?;
        *position = attempt.entry.take().unwrap_or(*position);
        Ok(())
    }
}

fn first_of_batch(instructions: &[Instruction<'_>]) -> usize {
    let begin = instructions.iter().rposition(|instruction| matches!(instruction, Instruction::Begin { .. }));
    begin.unwrap_or(instructions.len())
}

fn rows_before(instructions: &[Instruction<'_>], at: usize) -> usize {
    let rows = instructions.iter().take(at).rposition(|instruction| matches!(instruction, Instruction::Rows(..)));
    rows.unwrap_or(instructions.len())
}

fn after_batches(instructions: &[Instruction<'_>]) -> usize {
    instructions.iter().rposition(|instruction| *instruction == Instruction::NextBatch).map_or(instructions.len(), |at| at + 1)
}

fn unsupported(task: Task<'_>) -> Error {
    let (revision, step) = (task.of.planned.revision.clone(), task.of.step.id.clone());
    let mode = Text::Owned(task.of.step.mode.written().0.to_owned());
    PlanError::UnknownMode { revision, step, mode }.into()
}
