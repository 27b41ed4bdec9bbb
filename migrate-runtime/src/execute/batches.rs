//! A step in many transactions, each of which takes the next rows in the order of a key. How far it is stands in the ledger, in the
//! transaction that does the rows, so that each row is taken once whatever happens.

use std::borrow::Cow;
use std::time::Instant;

use migrate_history::plan::Begun;
use migrate_history::{Rebuild, Text};

use super::pieces;
use super::run::{Flow, Run};
use super::step::{Failure, Task};
use crate::Place;
use crate::driver::Driver;
use crate::event::Event;
use crate::sql::dialect;

/// Whether there are rows left.
enum Batch {
    More,
    Last(Flow),
}

impl<D: Driver> Run<'_, '_, D> {
    /// Begins, does and records it.
    pub(super) async fn batches(&mut self, task: Task<'_>, next: &str, position: &mut i64) -> Result<Flow, Failure> {
        let started = Instant::now();
        if self.begun(task).await?.is_none() {
            match self.begin_step(task, *position).await? {
                Flow::On(next) => *position = next,
                Flow::Again => return Ok(Flow::Again),
            }
        }
        loop {
            match self.batch(task, next, *position, started).await? {
                Batch::More => {}
                Batch::Last(flow) => return Ok(flow),
            }
        }
    }

    /// One transaction.
    async fn batch(&mut self, task: Task<'_>, next: &str, position: i64, started: Instant) -> Result<Batch, Failure> {
        self.driver.begin(Rebuild::Nothing, task.step.statements.len(), self.job.observer).await?;
        if self.is_overtaken(position).await? {
            return Ok(Batch::Last(Flow::Again));
        }
        let begun = self.begun(task).await?.ok_or_else(|| pieces::gone(&task.planned.revision))?;
        let after = begun.cursor.as_deref().map_or_else(|| "NULL".to_owned(), |cursor| dialect(D::DATABASE).literal(cursor));
        let rows = self.driver.texts(&filled(next, &after, "NULL")).await;
        let rows = rows.map_err(|error| Failure::of::<D>("look for the next rows", error))?;
        let Some(cursor) = rows.into_iter().flatten().flatten().next() else {
            return self.end_step(task, started).await.map(Batch::Last);
        };
        let upto = dialect(D::DATABASE).literal(&cursor);
        let total = task.step.statements.len();
        for (at, statement) in task.step.statements.iter().enumerate() {
            let (begun, sql) = (Instant::now(), filled(&statement.sql, &after, &upto));
            if let Err(error) = self.driver.run(&sql).await {
                let operation = statement.operation.clone();
                return Err(self.refused(task, Place { number: at + 1, total }, operation, Cow::Owned(sql), error));
            }
            let (revision, duration) = (task.planned.revision.clone(), Some(begun.elapsed()));
            self.job.observer.tell(Event::Statement { revision, number: at + 1, total, sql: Text::Owned(sql), duration });
        }
        self.driver.seal().await.map_err(|seal| pieces::unsealed(task, seal))?;
        let moved = Begun { step: task.step.id.clone(), cursor: Some(cursor.into()) };
        let moved = self.driver.ledger().moved(&self.stamp, task.planned, &moved);
        if self.driver.write(&moved).await.map_err(|error| Failure::of::<D>("write the ledger", error))? != 1 {
            return Err(pieces::gone(&task.planned.revision).into());
        }
        self.driver.commit().await.map_err(|commit| self.uncommitted(task, commit))?;
        Ok(Batch::More)
    }
}

/// A text with the keys between which it works, each as a literal. What stands in a key is left as it is.
fn filled(text: &str, after: &str, upto: &str) -> String {
    let between = |part: &str| part.replace("{upto}", upto);
    text.split("{after}").map(between).collect::<Vec<_>>().join(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_not_read_as_a_place() {
        assert_eq!(filled("k > {after} AND k <= {upto}", "'{upto}'", "'{after}'"), "k > '{upto}' AND k <= '{after}'");
    }
}
