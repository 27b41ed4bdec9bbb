//! A step, one statement at a time: where guards must be asked first, a table is built anew, or a text may hold more than one
//! statement.

use std::collections::BTreeMap;
use std::time::Instant;

use migrate_history::plan::Planned;
use migrate_history::{Action, Statement, Tally, Text};

use super::run::{Flow, Run};
use super::step::{Failure, Task, entry};
use crate::driver::{Driver, Row, Seal, Spent};
use crate::event::Event;
use crate::journal::{Entry, Outcome};
use crate::shape::{Expected, Found, differences};
use crate::sql::{Query, Value, dialect};
use crate::{Cause, Differs, Error, Place, Refusal, journal, losses};

impl<D: Driver> Run<'_, '_, D> {
    /// Begins, does and commits it.
    pub(super) async fn in_pieces(&mut self, task: Task<'_>, position: i64) -> Result<Flow, Failure> {
        let started = Instant::now();
        self.driver.begin(task.rebuild(), task.step.statements.len(), self.job.observer).await?;
        if self.is_overtaken(position).await? {
            return Ok(Flow::Again);
        }
        self.ask_first(task).await?;
        self.statements(task).await?;
        self.driver.seal().await.map_err(|seal| unsealed(task, seal))?;
        let next = self.record(task, Value::milliseconds(started.elapsed())).await?;
        match self.driver.commit().await {
            Ok(()) => Ok(Flow::On(next)),
            Err(commit) => Err(self.uncommitted(task, commit)),
        }
    }

    /// Whether another runner was there since the plan was made.
    pub(super) async fn is_overtaken(&mut self, position: i64) -> Result<bool, Failure> {
        let last = journal::last(&self.driver.ledger());
        let last = self.driver.texts(&last).await.map_err(|error| Failure::of::<D>("read the journal", error))?;
        let is_overtaken = journal::number(&last)? != position;
        if is_overtaken {
            self.job.observer.tell(Event::Overtaken);
        }
        Ok(is_overtaken)
    }

    /// What the database is asked before anything is touched.
    pub(super) async fn ask_first(&mut self, task: Task<'_>) -> Result<(), Failure> {
        self.ask_guards(task).await?;
        self.tell_notices(task).await?;
        if task.number == 1 { self.count_drops(task).await } else { Ok(()) }
    }

    /// All of them, so that all refusals are told at once.
    async fn ask_guards(&mut self, task: Task<'_>) -> Result<(), Failure> {
        let (planned, mut refusals) = (task.planned, Vec::new());
        for guard in task.step.guards.iter() {
            let rows = match self.count(planned, &guard.query, &guard.refusal).await {
                Ok(rows) => rows,
                // What other guards found may be why.
                Err(Failure::Final(_)) if !refusals.is_empty() => break,
                Err(failure) => return Err(failure),
            };
            let (revision, query) = (planned.revision.clone(), guard.query.clone());
            self.job.observer.tell(Event::Guarded { revision, query: query.clone(), rows });
            if rows > 0 {
                refusals.push(Refusal { rows, refusal: guard.refusal.clone(), query });
            }
        }
        if refusals.is_empty() {
            return Ok(());
        }
        Err(Error::Refused { revision: planned.revision.clone(), refusals }.into())
    }

    /// Which rows a reader should know of, and which stop nothing.
    async fn tell_notices(&mut self, task: Task<'_>) -> Result<(), Failure> {
        for notice in task.step.notices.iter() {
            let rows = self.count(task.planned, &notice.query, &notice.finding).await?;
            if rows > 0 {
                self.job.observer.tell(Event::Noted { note: format!("{rows} {}", notice.finding) });
            }
        }
        Ok(())
    }

    /// What is dropped, counted under the lock; refused where nobody has agreed to it.
    async fn count_drops(&mut self, task: Task<'_>) -> Result<(), Failure> {
        let mut planned = task.planned.clone();
        for dropped in planned.drops.iter_mut().filter(|dropped| !dropped.tally.query.is_empty()) {
            let Tally { query, what, reads: _ } = &dropped.tally;
            let rows = self.ask(task.planned, query, what).await?;
            let unreadable = || Error::Ledger(format!("a question of `{}` gives no count", task.planned.revision));
            dropped.count = losses::counted(&rows).ok_or_else(unreadable)?;
            let (revision, dropped) = (planned.revision.clone(), dropped.clone());
            self.job.observer.tell(Event::Counted { revision, dropped });
        }
        let losses = self.agreed(task.first).beyond(&planned);
        if !losses.is_empty() {
            return Err(Error::Losses { revision: planned.revision, losses }.into());
        }
        self.dropped = losses::dropped(&planned.drops);
        Ok(())
    }

    async fn ask(&mut self, planned: &Planned, query: &str, what: &Text) -> Result<Vec<Row>, Failure> {
        match self.driver.texts(query).await {
            Ok(rows) => Ok(rows),
            Err(error) if D::is_contention(&error) => Err(Failure::Contention(Cause::of(error))),
            Err(error) if D::is_ended(&error) => Err(Failure::Ended(Cause::of(error))),
            Err(error) => {
                let (revision, question) = (planned.revision.clone(), what.clone());
                Err(Error::Unanswered { revision, question, cause: Box::new(Cause::of(error)) }.into())
            }
        }
    }

    async fn count(&mut self, planned: &Planned, query: &str, what: &Text) -> Result<i64, Failure> {
        let rows = self.ask(planned, query, what).await?;
        let text = rows.into_iter().flatten().flatten().next();
        let count = text.and_then(|text| text.parse().ok());
        let unreadable = || Error::Ledger(format!("a guard of `{}` gives no count", planned.revision));
        count.ok_or_else(|| unreadable().into())
    }

    pub(super) async fn statements(&mut self, task: Task<'_>) -> Result<(), Failure> {
        let mut kept: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let total = task.step.statements.len();
        let begun = Instant::now();
        for (at, statement) in task.step.statements.iter().enumerate() {
            if at > 0
                && let Some(less) = self.driver.wait_less(Spent { time: Some(begun.elapsed()), statements: total })
            {
                self.driver.run(&less).await.map_err(|error| Failure::of::<D>("set the lock timeout", error))?;
            }
            let started = Instant::now();
            if statement.action == Action::Expect {
                self.expect(task, &statement.sql).await?;
            }
            let result = self.statement(statement, &mut kept).await;
            result.map_err(|(sql, error)| {
                self.refused(task, Place { number: at + 1, total }, statement.operation.clone(), sql, error)
            })?;
            self.job.observer.tell(Event::Statement {
                revision: task.planned.revision.clone(),
                number: at + 1,
                total,
                sql: statement.sql.clone(),
                duration: Some(started.elapsed()),
            });
        }
        Ok(())
    }

    /// Does what the statement's action says; an error comes with the text that was sent.
    async fn statement<'s>(
        &mut self,
        statement: &'s Statement,
        kept: &mut BTreeMap<&'s str, Vec<String>>,
    ) -> Result<(), (Text, sqlx::Error)> {
        let with_text = |error| (statement.sql.clone(), error);
        match statement.action {
            Action::Run => self.driver.run(&statement.sql).await.map_err(with_text),
            // Compared already.
            Action::Expect => Ok(()),
            Action::Keep => {
                let texts = self.column(&statement.sql).await.map_err(with_text)?;
                kept.insert(&statement.sql, texts);
                Ok(())
            }
            Action::Restore => {
                let there = self.column(&statement.sql).await.map_err(with_text)?;
                let wanted = kept.remove(&*statement.sql).unwrap_or_default();
                for text in wanted.into_iter().filter(|text| !there.contains(text)) {
                    let result = self.driver.run(&text).await;
                    result.map_err(|error| (text.into(), error))?;
                }
                Ok(())
            }
        }
    }

    /// Refuses where a table is not what the text says.
    async fn expect(&mut self, task: Task<'_>, text: &str) -> Result<(), Failure> {
        let unread = || Error::Ledger(format!("what `{}` expects of a table cannot be read", task.planned.revision));
        let expected = Expected::read(text).ok_or_else(unread)?;
        let name = Value::from(&*expected.table.name);
        let objects = "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = {} COLLATE NOCASE AND sql IS NOT NULL \
                       AND type IN ('table', 'view', 'index')";
        let rows = self.driver.rows(&Query::new(objects, [name])).await.map_err(Error::while_doing("look at the table"))?;
        let found = rows.into_iter().filter_map(|row| {
            let [kind, name, sql] = <[Option<String>; 3]>::try_from(row).ok()?;
            Some(Found { kind: kind?, name: name?, sql: sql? })
        });
        let differences = differences(&expected, &found.collect::<Vec<_>>());
        if differences.is_empty() {
            return Ok(());
        }
        let (revision, table) = (task.planned.revision.clone(), expected.table.name);
        Err(Error::Differs(Box::new(Differs { revision, table, differences })).into())
    }

    async fn column(&mut self, query: &str) -> Result<Vec<String>, sqlx::Error> {
        let rows = self.driver.texts(query).await?;
        Ok(rows.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect())
    }

    /// The ledger's row and the journal's entry; its number.
    pub(super) async fn record(&mut self, task: Task<'_>, duration: Value) -> Result<i64, Failure> {
        let failed = |error| Failure::of::<D>("write the ledger", error);
        let (ledger, direction) = (self.driver.ledger(), self.direction);
        let row = ledger.record(&self.stamp, task.planned, direction, task.number, duration.clone());
        if self.driver.write(&row).await.map_err(failed)? != 1 {
            return Err(gone(&task.planned.revision).into());
        }
        self.journal(&entry(task, direction, duration, Outcome::Done)).await
    }

    /// An entry of the journal; its number.
    pub(super) async fn journal(&mut self, entry: &Entry<'_>) -> Result<i64, Failure> {
        let insert = journal::insert(&self.driver.ledger(), &self.stamp, entry);
        let insert = format!("{} RETURNING id", insert.write_out(dialect(D::DATABASE)));
        let rows = self.driver.texts(&insert).await.map_err(|error| Failure::of::<D>("write the ledger", error))?;
        Ok(journal::number(&rows)?)
    }
}

/// The row that a step is about was taken away by somebody.
pub(super) fn gone(revision: &str) -> Error {
    Error::Ledger(format!("the row of `{revision}` is not there any more; run the command again"))
}

pub(super) fn unsealed(task: Task<'_>, seal: Seal) -> Failure {
    let revision = task.planned.revision.clone();
    Failure::Final(match seal {
        Seal::Ended => Error::TransactionEnded { revision },
        Seal::Dangling(violations) => Error::ForeignKeys { revision, violations },
        Seal::Unreadable(broken) => Error::BrokenSchema { revision, broken },
        Seal::Failed(error) => Error::while_doing("check the transaction")(error),
    })
}
