//! The protocol of a step as one message: its transaction, its statements and its rows of the ledger, in one round trip.

use migrate_history::{Action, Rebuild, Statement, Text};

use super::attempt_error::AttemptError;
use super::runner::{Continuation, Runner, Task};
use crate::driver::{ANOTHER_SESSION, Driver, Envelope, MessageError, Spent};
use crate::event::Event;
use crate::protocol::{Instruction, Measured, Records, Since};
use crate::sql::dialect;
use crate::{Cause, Error, Position, journal};

/// A statement of a message, and the instruction that it belongs to.
struct Line<'p> {
    instruction: Instruction<'p>,
    /// Which of the instruction's statements it is, from 0.
    nth: usize,
    sql: String,
}

/// A step, written out.
pub(super) struct StepMessage<'p> {
    lines: Vec<Line<'p>>,
    /// Whether it begins and commits the transaction itself.
    is_whole: bool,
}

/// Whether a statement may go with others: how often the server answers says which one failed, so its text must be one statement for
/// certain.
fn is_plain(statement: &Statement) -> bool {
    statement.action == Action::Run && is_single(&statement.sql)
}

fn is_single(sql: &str) -> bool {
    !sql.trim().is_empty() && !sql.contains(';') && !sql.contains("--") && !sql.contains("/*")
}

impl<D: Driver> Runner<'_, '_, D> {
    /// The instructions as one message, where they allow that: nothing has to be asked first, and every text is one statement. After a
    /// connection was lost each statement goes alone, so that one which ends it is named.
    pub(super) fn message<'p>(&self, task: Task<'_>, instructions: &[Instruction<'p>], position: i64) -> Option<StepMessage<'p>> {
        if self.reconnects > 0 {
            return None;
        }
        let envelope = self.driver.envelope(position, task.of.step.statements.len());
        let mut lines = Vec::new();
        for instruction in instructions {
            let texts = self.instruction_texts(task, *instruction, &envelope)?;
            lines.extend(texts.into_iter().enumerate().map(|(nth, sql)| Line { instruction: *instruction, nth, sql }));
        }
        Some(StepMessage { lines, is_whole: !envelope.begin.is_empty() })
    }

    /// The statements of an instruction; `None` where it cannot go with others.
    fn instruction_texts(&self, task: Task<'_>, instruction: Instruction<'_>, envelope: &Envelope) -> Option<Vec<String>> {
        let (ledger, dialect) = (self.driver.ledger(), dialect(D::DATABASE));
        let measured = Measured::of(ledger.duration());
        let records = Records { ledger: &ledger, stamp: &self.stamp, step: task.of };
        let spent = Spent { time: None, statements: task.of.step.statements.len() };
        match instruction {
            Instruction::Begin { rebuild: Rebuild::Nothing, statements: _ } => Some(envelope.begin.clone()),
            Instruction::Check(Since::Plan) => Some(vec![envelope.check.clone()]),
            // How long the step took is not how long this transaction did.
            Instruction::Check(Since::Begun) => None,
            Instruction::Wait => Some(self.driver.wait_less(spent).into_iter().collect()),
            Instruction::Statement(_, statement) => is_plain(statement).then(|| vec![statement.sql.to_string()]),
            Instruction::Keep(keeps) => Some(records.keep(keeps).iter().map(|query| query.write_out(dialect)).collect()),
            Instruction::Seal => Some(envelope.seal.clone()),
            Instruction::Row(record) => Some(dialect.once(&records.row(record, &measured).write_out(dialect))),
            Instruction::Entry(outcome) => {
                Some(vec![format!("{} RETURNING id", records.entry(outcome, &measured).write_out(dialect))])
            }
            Instruction::Commit if envelope.begin.is_empty() => Some(Vec::new()),
            Instruction::Commit => Some(vec!["COMMIT".to_owned()]),
            Instruction::Begin { rebuild: Rebuild::Tables, .. }
            | Instruction::Guards(_)
            | Instruction::Notices(_)
            | Instruction::Drops(_) => None,
            Instruction::Alone(..)
            | Instruction::Rows(..)
            | Instruction::Batch(..)
            | Instruction::Program
            | Instruction::MoreRows
            | Instruction::NextBatch
            | Instruction::Unsupported => None,
        }
    }

    /// Sends it, and reads what became of it.
    pub(super) async fn send(&mut self, task: Task<'_>, message: &StepMessage<'_>) -> Result<Continuation, AttemptError> {
        if !message.is_whole {
            self.driver.begin(Rebuild::Nothing, task.of.step.statements.len(), self.job.observer).await?;
        }
        let texts: Vec<String> = message.lines.iter().map(|line| line.sql.clone()).collect();
        let entry =
            message.lines.iter().position(|line| matches!(line.instruction, Instruction::Entry(_))).unwrap_or(texts.len());
        match self.driver.message(&texts, entry).await {
            Ok(rows) => {
                if !message.is_whole {
                    self.driver.commit().await.map_err(|commit| self.uncommitted(task, commit))?;
                }
                self.tell_statements(task, task.of.step.statements.len());
                Ok(Continuation::On(journal::number(&rows)?))
            }
            Err(failed) if D::is_lost(&failed.error) => Err(AttemptError::Lost(Cause::of(failed.error))),
            Err(failed) => self.stopped(task, message, failed),
        }
    }

    /// What the statement that failed means.
    fn stopped(&mut self, task: Task<'_>, message: &StepMessage<'_>, failed: MessageError) -> Result<Continuation, AttemptError> {
        let (instruction, nth) =
            message.lines.get(failed.at).map_or((Instruction::Commit, 0), |line| (line.instruction, line.nth));
        if D::is_failed_check(&failed.error)
            && let Some(failed) = self.failed_check(task, (instruction, nth), &failed.error)
        {
            return failed;
        }
        if D::is_ended(&failed.error) {
            let cause = Cause::of(failed.error);
            // Its answer may be on the way while the session ends.
            return Err(if instruction == Instruction::Commit { AttemptError::Lost(cause) } else { AttemptError::Ended(cause) });
        }
        if D::is_contention(&failed.error) {
            return Err(AttemptError::Contention(Cause::of(failed.error)));
        }
        let mut cause = Cause::of(failed.error);
        cause.position = cause.position.and_then(|position| position.checked_sub(failed.offset));
        Err(self.failed_instruction(task, (instruction, nth), cause).into())
    }

    /// What it means that a check of our own failed; `None` where the instruction has none.
    fn failed_check(
        &mut self,
        task: Task<'_>,
        (instruction, nth): (Instruction<'_>, usize),
        error: &sqlx::Error,
    ) -> Option<Result<Continuation, AttemptError>> {
        let revision = &task.of.planned.revision;
        if D::is_fenced(error) {
            return Some(Err(Error::LeaseLost { holder: None }.into()));
        }
        match instruction {
            Instruction::Check(_) if error.to_string().contains(ANOTHER_SESSION) => Some(Err(Error::Pooler.into())),
            Instruction::Check(_) => {
                self.job.observer.tell(Event::Overtaken);
                Some(Ok(Continuation::Again))
            }
            Instruction::Seal if nth == 0 => Some(Err(Error::TransactionEnded { revision: revision.clone() }.into())),
            Instruction::Row(_) => Some(Err(AttemptError::gone(revision))),
            Instruction::Begin { .. }
            | Instruction::Guards(_)
            | Instruction::Notices(_)
            | Instruction::Drops(_)
            | Instruction::Wait
            | Instruction::Statement(..) => None,
            Instruction::Alone(..) | Instruction::Rows(..) | Instruction::Batch(..) => None,
            Instruction::MoreRows | Instruction::Program | Instruction::NextBatch | Instruction::Keep(_) => None,
            Instruction::Seal | Instruction::Entry(_) | Instruction::Commit | Instruction::Unsupported => None,
        }
    }

    fn failed_instruction(&mut self, task: Task<'_>, (instruction, nth): (Instruction<'_>, usize), cause: Cause) -> Error {
        let doing = match instruction {
            Instruction::Statement(position, statement) => {
                self.tell_statements(task, position.number - 1);
                let texts = (statement.operation.clone(), statement.sql.clone());
                return self.statement_error(task, position, texts, cause);
            }
            Instruction::Commit => {
                let last = task.of.step.statements.len() + 1;
                let commit = Text::Borrowed("COMMIT");
                return self.statement_error(task, Position { number: last, total: last }, (commit.clone(), commit), cause);
            }
            Instruction::Wait => "set the lock timeout",
            Instruction::Seal if nth == 0 => "check the transaction",
            Instruction::Seal => "restore the settings of the session",
            Instruction::Keep(_) | Instruction::Row(_) | Instruction::Entry(_) => "write the ledger",
            // A message has none of the others.
            Instruction::Begin { .. }
            | Instruction::Check(_)
            | Instruction::Guards(_)
            | Instruction::Notices(_)
            | Instruction::Drops(_) => "begin a transaction",
            Instruction::Alone(..)
            | Instruction::Rows(..)
            | Instruction::Batch(..)
            | Instruction::Program
            | Instruction::MoreRows
            | Instruction::NextBatch
            | Instruction::Unsupported => "begin a transaction",
        };
        Error::Database { doing, cause: Box::new(cause) }
    }

    /// How long each took is not known, for their answers come together.
    fn tell_statements(&mut self, task: Task<'_>, done: usize) {
        let total = task.of.step.statements.len();
        for (at, statement) in task.of.step.statements.iter().take(done).enumerate() {
            let (revision, sql) = (task.of.planned.revision.clone(), statement.sql.clone());
            self.job.observer.tell(Event::Statement { revision, number: at + 1, total, sql, duration: None });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_may_hold_several_statements_goes_alone() {
        assert!(is_single("CREATE TABLE t (n integer)"));
        for doubtful in ["", " ", "SELECT 1; SELECT 2", "SELECT 1 -- one", "/* none */"] {
            assert!(!is_single(doubtful), "{doubtful}");
        }
    }
}
