//! A step as one message: its transaction, its statements and its rows of the ledger, in one round trip.

use migrate_history::{Action, Rebuild, Text};

use super::pieces;
use super::run::{Flow, Run};
use super::step::{Failure, Task, entry};
use crate::driver::{ANOTHER_SESSION, Driver, Fault, Spent};
use crate::event::Event;
use crate::journal::Outcome;
use crate::sql::dialect;
use crate::{Cause, Error, Place, journal};

/// What a statement of a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Begin,
    Check,
    /// The step's own, from 0.
    Statement(usize),
    /// Lowers the lock timeout before the next of them.
    Wait,
    Seal,
    /// Puts the session back to our settings.
    Settle,
    Row,
    Entry,
    Commit,
}

/// A step, written out.
pub(super) struct Message {
    parts: Vec<Part>,
    statements: Vec<String>,
    /// Whether it begins and commits the transaction itself.
    is_whole: bool,
}

impl Message {
    fn say(&mut self, part: Part, statement: String) {
        self.parts.push(part);
        self.statements.push(statement);
    }
}

/// Whether a text is one statement for certain: how often the server answers says which statement failed.
fn is_single(sql: &str) -> bool {
    !sql.trim().is_empty() && !sql.contains(';') && !sql.contains("--") && !sql.contains("/*")
}

impl<D: Driver> Run<'_, '_, D> {
    /// The step as one message, where it allows that: nothing has to be asked first, and every text is one statement. After a
    /// connection was lost each statement goes alone, so that one which ends it is named.
    pub(super) fn message(&self, task: Task<'_>, position: i64) -> Option<Message> {
        let total = task.step.statements.len();
        let envelope = self.driver.envelope(position, total);
        let statements = task.step.statements.iter();
        let plain = statements.clone().all(|statement| statement.action == Action::Run && is_single(&statement.sql));
        if !plain || task.rebuild() == Rebuild::Tables || self.reconnects > 0 || task.asks_first() {
            return None;
        }
        let (ledger, direction) = (self.driver.ledger(), self.direction);
        let duration = ledger.duration();
        let row = ledger.record(&self.stamp, task.planned, direction, task.number, duration.clone());
        let entry = journal::insert(&ledger, &self.stamp, &entry(task, direction, duration, Outcome::Done));
        let is_whole = !envelope.begin.is_empty();
        let mut message = Message { parts: Vec::new(), statements: Vec::new(), is_whole };
        envelope.begin.into_iter().for_each(|begin| message.say(Part::Begin, begin));
        message.say(Part::Check, envelope.check);
        for (at, statement) in statements.enumerate() {
            let less = self.driver.wait_less(Spent { time: None, statements: total });
            less.filter(|_| at > 0).into_iter().for_each(|less| message.say(Part::Wait, less));
            message.say(Part::Statement(at), statement.sql.to_string());
        }
        let seal = [Part::Seal].into_iter().chain(std::iter::repeat(Part::Settle));
        seal.zip(envelope.seal).for_each(|(part, statement)| message.say(part, statement));
        dialect(D::DATABASE).once(&row.write_out(dialect(D::DATABASE))).into_iter().for_each(|row| message.say(Part::Row, row));
        message.say(Part::Entry, format!("{} RETURNING id", entry.write_out(dialect(D::DATABASE))));
        if is_whole {
            message.say(Part::Commit, "COMMIT".to_owned());
        }
        Some(message)
    }

    /// Sends it, and reads what became of it.
    pub(super) async fn send(&mut self, task: Task<'_>, message: &Message) -> Result<Flow, Failure> {
        if !message.is_whole {
            self.driver.begin(Rebuild::Nothing, task.step.statements.len(), self.job.observer).await?;
        }
        let entry = message.parts.iter().position(|part| *part == Part::Entry).unwrap_or(message.parts.len());
        match self.driver.message(&message.statements, entry).await {
            Ok(rows) => {
                if !message.is_whole {
                    self.driver.commit().await.map_err(|commit| self.uncommitted(task, commit))?;
                }
                self.tell_statements(task, task.step.statements.len());
                Ok(Flow::On(journal::number(&rows)?))
            }
            Err(fault) if D::is_lost(&fault.error) => Err(Failure::Lost(Cause::of(fault.error))),
            Err(fault) => self.stopped(task, message, fault),
        }
    }

    /// What the part that failed means.
    fn stopped(&mut self, task: Task<'_>, message: &Message, fault: Fault) -> Result<Flow, Failure> {
        let revision = &task.planned.revision;
        let total = task.step.statements.len();
        let failed_check = D::is_failed_check(&fault.error);
        let part = message.parts.get(fault.at).copied().unwrap_or(Part::Commit);
        match part {
            Part::Check if failed_check && fault.error.to_string().contains(ANOTHER_SESSION) => {
                return Err(Error::Pooler.into());
            }
            Part::Check if failed_check => {
                self.job.observer.tell(Event::Overtaken);
                return Ok(Flow::Again);
            }
            Part::Seal if failed_check => return Err(Error::TransactionEnded { revision: revision.clone() }.into()),
            Part::Row if failed_check => return Err(pieces::gone(revision).into()),
            Part::Begin | Part::Check | Part::Seal | Part::Settle | Part::Row | Part::Entry | Part::Commit => {}
            Part::Statement(_) | Part::Wait => {}
        }
        if D::is_ended(&fault.error) {
            let cause = Cause::of(fault.error);
            // Its answer may be on the way while the session ends.
            return Err(if part == Part::Commit { Failure::Lost(cause) } else { Failure::Ended(cause) });
        }
        if D::is_contention(&fault.error) {
            return Err(Failure::Contention(Cause::of(fault.error)));
        }
        let mut cause = Cause::of(fault.error);
        cause.position = cause.position.and_then(|position| position.checked_sub(fault.offset));
        let error = match part {
            Part::Begin | Part::Check => doing("begin a transaction", cause),
            Part::Wait => doing("set the lock timeout", cause),
            Part::Seal => doing("check the transaction", cause),
            Part::Settle => doing("put back the settings of the session", cause),
            Part::Row | Part::Entry => doing("write the ledger", cause),
            Part::Commit => {
                let commit = Text::Borrowed("COMMIT");
                let place = Place { number: total + 1, total: total + 1 };
                self.statement_error(task, place, commit.clone(), commit, cause)
            }
            Part::Statement(at) => {
                self.tell_statements(task, at);
                let statement = &task.step.statements[at];
                let place = Place { number: at + 1, total };
                self.statement_error(task, place, statement.operation.clone(), statement.sql.clone(), cause)
            }
        };
        Err(error.into())
    }

    /// How long each took is not known, for their answers come together.
    fn tell_statements(&mut self, task: Task<'_>, done: usize) {
        let total = task.step.statements.len();
        for (at, statement) in task.step.statements.iter().take(done).enumerate() {
            let (revision, sql) = (task.planned.revision.clone(), statement.sql.clone());
            self.job.observer.tell(Event::Statement { revision, number: at + 1, total, sql, duration: None });
        }
    }
}

fn doing(doing: &'static str, cause: Cause) -> Error {
    Error::Database { doing, cause: Box::new(cause) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_may_hold_several_statements_goes_in_pieces() {
        assert!(is_single("CREATE TABLE t (n integer)"));
        for doubtful in ["", " ", "SELECT 1; SELECT 2", "SELECT 1 -- one", "/* none */"] {
            assert!(!is_single(doubtful), "{doubtful}");
        }
    }
}
