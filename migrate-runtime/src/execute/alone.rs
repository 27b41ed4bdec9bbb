//! A step of statements that no transaction may hold. Where it was begun before, its probe says what became of it.

use std::time::Instant;

use migrate_history::{Rebuild, Statement};

use super::run::{Flow, Run};
use super::step::{Failure, Task};
use crate::driver::Driver;
use crate::event::Event;
use crate::{Cause, Error, Place};

/// What became of a step that was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Done,
    Half,
    Nothing,
}

impl Found {
    /// What a probe says.
    fn read(text: &str) -> Option<Found> {
        match text {
            "done" => Some(Found::Done),
            "half" => Some(Found::Half),
            "nothing" => Some(Found::Nothing),
            _ => None,
        }
    }
}

impl<D: Driver> Run<'_, '_, D> {
    /// Begins, does and records it.
    pub(super) async fn alone(&mut self, task: Task<'_>, position: &mut i64) -> Result<Flow, Failure> {
        let started = Instant::now();
        let found = match self.begun(task).await? {
            Some(_) => self.probe(task).await?,
            None => match self.begin_step(task, *position).await? {
                Flow::On(next) => {
                    *position = next;
                    Found::Nothing
                }
                Flow::Again => return Ok(Flow::Again),
            },
        };
        if let (Found::Half, Some(probe)) = (found, &task.step.probe) {
            self.outside(task, &probe.cleanup).await?;
        }
        if found != Found::Done {
            self.outside(task, &task.step.statements).await?;
        }
        self.driver.begin(Rebuild::Nothing, 1, self.job.observer).await?;
        if self.is_overtaken(*position).await? {
            return Ok(Flow::Again);
        }
        self.end_step(task, started).await
    }

    /// What became of the step. One without a probe may be done twice.
    async fn probe(&mut self, task: Task<'_>) -> Result<Found, Failure> {
        let Some(probe) = &task.step.probe else { return Ok(Found::Nothing) };
        let rows =
            self.driver.texts(&probe.query).await.map_err(|error| Failure::of::<D>("look at a step that was begun", error))?;
        let text = rows.into_iter().flatten().flatten().next();
        let unreadable =
            || Error::Ledger(format!("the probe of `{}` says neither done, half nor nothing", task.planned.revision));
        Ok(text.as_deref().and_then(Found::read).ok_or_else(unreadable)?)
    }

    /// Runs statements outside of a transaction, each with the lock timeout of a step.
    async fn outside(&mut self, task: Task<'_>, statements: &[Statement]) -> Result<(), Failure> {
        let [before, after] = self.driver.around_alone();
        for (at, statement) in statements.iter().enumerate() {
            let started = Instant::now();
            let result = self.between(&before, &statement.sql, &after).await;
            result
                .map_err(|error| self.stopped_alone(task, Place { number: at + 1, total: statements.len() }, statement, error))?;
            self.job.observer.tell(Event::Statement {
                revision: task.planned.revision.clone(),
                number: at + 1,
                total: statements.len(),
                sql: statement.sql.clone(),
                duration: Some(started.elapsed()),
            });
        }
        Ok(())
    }

    /// A statement between others, the last of which run whatever becomes of it.
    async fn between(&mut self, before: &[String], sql: &str, after: &[String]) -> Result<(), sqlx::Error> {
        for statement in before {
            self.driver.run(statement).await?;
        }
        let result = self.driver.run(sql).await;
        for statement in after {
            let settled = self.driver.run(statement).await;
            if result.is_ok() {
                settled?;
            }
        }
        result
    }

    /// Where the connection is gone, the probe says what became of the statement.
    fn stopped_alone(&self, task: Task<'_>, place: Place, statement: &Statement, error: sqlx::Error) -> Failure {
        if D::is_lost(&error) {
            return Failure::Lost(Cause::of(error));
        }
        self.refused(task, place, statement.operation.clone(), statement.sql.clone(), error)
    }
}
