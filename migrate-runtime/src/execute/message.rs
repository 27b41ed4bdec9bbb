//! The protocol of a step as one message: its transaction, its statements and its rows of the ledger, in one round trip.

use migrate_history::{Action, Rebuild, Statement, Text};

use super::attempt_error::AttemptError;
use super::runner::{Continuation, Runner, Task};
use crate::driver::{ANOTHER_SESSION, Driver, Envelope, MessageError, Spent};
use crate::event::Event;
use crate::protocol::{Measured, Part, Records, Since};
use crate::sql::dialect;
use crate::{Cause, Error, Position, journal};

/// A statement of a message, and the part that it belongs to.
struct Line<'p> {
    part: Part<'p>,
    /// Which of the part's statements it is, from 0.
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
    /// The parts as one message, where they allow that: nothing has to be asked first, and every text is one statement. After a
    /// connection was lost each statement goes alone, so that one which ends it is named.
    pub(super) fn message<'p>(&self, task: Task<'_>, parts: &[Part<'p>], position: i64) -> Option<StepMessage<'p>> {
        if self.reconnects > 0 {
            return None;
        }
        let envelope = self.driver.envelope(position, task.of.step.statements.len());
        let mut lines = Vec::new();
        for part in parts {
            let texts = self.part_texts(task, *part, &envelope)?;
            lines.extend(texts.into_iter().enumerate().map(|(nth, sql)| Line { part: *part, nth, sql }));
        }
        Some(StepMessage { lines, is_whole: !envelope.begin.is_empty() })
    }

    /// The statements of a part; `None` where it cannot go with others.
    fn part_texts(&self, task: Task<'_>, part: Part<'_>, envelope: &Envelope) -> Option<Vec<String>> {
        let (ledger, dialect) = (self.driver.ledger(), dialect(D::DATABASE));
        let measured = Measured::of(ledger.duration());
        let records = Records { ledger: &ledger, stamp: &self.stamp, step: task.of };
        let spent = Spent { time: None, statements: task.of.step.statements.len() };
        match part {
            Part::Begin { rebuild: Rebuild::Nothing, statements: _ } => Some(envelope.begin.clone()),
            Part::Check(Since::Plan) => Some(vec![envelope.check.clone()]),
            // How long the step took is not how long this transaction did.
            Part::Check(Since::Begun) => None,
            Part::Wait => Some(self.driver.wait_less(spent).into_iter().collect()),
            Part::Statement(_, statement) => is_plain(statement).then(|| vec![statement.sql.to_string()]),
            Part::Seal => Some(envelope.seal.clone()),
            Part::Row(record) => Some(dialect.once(&records.row(record, &measured).write_out(dialect))),
            Part::Entry(outcome) => Some(vec![format!("{} RETURNING id", records.entry(outcome, &measured).write_out(dialect))]),
            Part::Commit if envelope.begin.is_empty() => Some(Vec::new()),
            Part::Commit => Some(vec!["COMMIT".to_owned()]),
            Part::Begin { rebuild: Rebuild::Tables, .. } | Part::Guards(_) | Part::Notices(_) | Part::Drops(_) => None,
            Part::Alone(..) | Part::Rows(_) | Part::Batch(..) | Part::NextBatch | Part::Unsupported => None,
        }
    }

    /// Sends it, and reads what became of it.
    pub(super) async fn send(&mut self, task: Task<'_>, message: &StepMessage<'_>) -> Result<Continuation, AttemptError> {
        if !message.is_whole {
            self.driver.begin(Rebuild::Nothing, task.of.step.statements.len(), self.job.observer).await?;
        }
        let texts: Vec<String> = message.lines.iter().map(|line| line.sql.clone()).collect();
        let entry = message.lines.iter().position(|line| matches!(line.part, Part::Entry(_))).unwrap_or(texts.len());
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
        let (part, nth) = message.lines.get(failed.at).map_or((Part::Commit, 0), |line| (line.part, line.nth));
        if D::is_failed_check(&failed.error)
            && let Some(failed) = self.failed_check(task, (part, nth), &failed.error)
        {
            return failed;
        }
        if D::is_ended(&failed.error) {
            let cause = Cause::of(failed.error);
            // Its answer may be on the way while the session ends.
            return Err(if part == Part::Commit { AttemptError::Lost(cause) } else { AttemptError::Ended(cause) });
        }
        if D::is_contention(&failed.error) {
            return Err(AttemptError::Contention(Cause::of(failed.error)));
        }
        let mut cause = Cause::of(failed.error);
        cause.position = cause.position.and_then(|position| position.checked_sub(failed.offset));
        Err(self.failed_part(task, (part, nth), cause).into())
    }

    /// What it means that a check of our own failed; `None` where the part has none.
    fn failed_check(
        &mut self,
        task: Task<'_>,
        (part, nth): (Part<'_>, usize),
        error: &sqlx::Error,
    ) -> Option<Result<Continuation, AttemptError>> {
        let revision = &task.of.planned.revision;
        if D::is_fenced(error) {
            return Some(Err(Error::LeaseLost { holder: None }.into()));
        }
        match part {
            Part::Check(_) if error.to_string().contains(ANOTHER_SESSION) => Some(Err(Error::Pooler.into())),
            Part::Check(_) => {
                self.job.observer.tell(Event::Overtaken);
                Some(Ok(Continuation::Again))
            }
            Part::Seal if nth == 0 => Some(Err(Error::TransactionEnded { revision: revision.clone() }.into())),
            Part::Row(_) => Some(Err(AttemptError::gone(revision))),
            Part::Begin { .. } | Part::Guards(_) | Part::Notices(_) | Part::Drops(_) | Part::Wait | Part::Statement(..) => None,
            Part::Alone(..) | Part::Rows(_) | Part::Batch(..) | Part::NextBatch => None,
            Part::Seal | Part::Entry(_) | Part::Commit | Part::Unsupported => None,
        }
    }

    fn failed_part(&mut self, task: Task<'_>, (part, nth): (Part<'_>, usize), cause: Cause) -> Error {
        let doing = match part {
            Part::Statement(position, statement) => {
                self.tell_statements(task, position.number - 1);
                let texts = (statement.operation.clone(), statement.sql.clone());
                return self.statement_error(task, position, texts, cause);
            }
            Part::Commit => {
                let last = task.of.step.statements.len() + 1;
                let commit = Text::Borrowed("COMMIT");
                return self.statement_error(task, Position { number: last, total: last }, (commit.clone(), commit), cause);
            }
            Part::Wait => "set the lock timeout",
            Part::Seal if nth == 0 => "check the transaction",
            Part::Seal => "restore the settings of the session",
            Part::Row(_) | Part::Entry(_) => "write the ledger",
            // A message has none of the others.
            Part::Begin { .. } | Part::Check(_) | Part::Guards(_) | Part::Notices(_) | Part::Drops(_) => "begin a transaction",
            Part::Alone(..) | Part::Rows(_) | Part::Batch(..) | Part::NextBatch | Part::Unsupported => "begin a transaction",
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
