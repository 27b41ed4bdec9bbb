//! A statement that no transaction may hold.

use std::time::Instant;

use migrate_history::{Action, Statement};

use super::attempt_error::AttemptError;
use super::runner::{Runner, Task};
use crate::driver::Driver;
use crate::event::Event;
use crate::{Cause, Position};

impl<D: Driver> Runner<'_, '_, D> {
    /// Runs it outside of a transaction, with the lock timeout of a step.
    pub(super) async fn alone(&mut self, task: Task<'_>, position: Position, statement: &Statement) -> Result<(), AttemptError> {
        let started = Instant::now();
        let around = match statement.action {
            Action::Set if self.driver.is_shared() => return self.not_set(task, position, statement),
            // It is for the statement after it, or puts back what was for the one before it.
            Action::Set => [Vec::new(), Vec::new()],
            Action::Run | Action::Load | Action::Expect | Action::Keep | Action::Restore => self.driver.around_alone(),
        };
        let [before, after] = around;
        let result = self.between(&before, &statement.sql, &after).await;
        result.map_err(|error| self.stopped_alone(task, position, statement, error))?;
        self.tell_statement(task, position, statement.sql.clone(), started);
        Ok(())
    }

    /// Behind a pooler in transaction mode the next statement may be in another session, and the next client of this one would have the
    /// settings.
    fn not_set(&mut self, task: Task<'_>, position: Position, statement: &Statement) -> Result<(), AttemptError> {
        if position.number == position.total {
            return Ok(());
        }
        let (revision, sql) = (&task.of.planned.revision, &statement.sql);
        let note = format!("`{revision}` runs a statement without its settings, which a pooler would not keep to it: {sql}");
        self.job.observer.tell(Event::Noted { note });
        Ok(())
    }

    /// A statement between others, the last of which run whatever becomes of it.
    async fn between(&mut self, before: &[String], sql: &str, after: &[String]) -> Result<(), sqlx::Error> {
        for statement in before {
            self.driver.execute(statement).await?;
        }
        let result = self.driver.execute(sql).await;
        for statement in after {
            let settled = self.driver.execute(statement).await;
            if result.is_ok() {
                settled?;
            }
        }
        result
    }

    /// Where the connection is gone, the probe says what became of the statement.
    fn stopped_alone(&self, task: Task<'_>, position: Position, statement: &Statement, error: sqlx::Error) -> AttemptError {
        if D::is_lost(&error) {
            return AttemptError::Lost(Cause::of(error));
        }
        self.refused(task, position, (statement.operation.clone(), statement.sql.clone()), error)
    }
}
