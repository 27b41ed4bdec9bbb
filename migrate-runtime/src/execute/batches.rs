//! The rows that the next batch of a step takes. Its position is in the ledger, in the transaction that does the rows, so that
//! each row is taken once whatever happens.

use std::time::Duration;

use migrate_history::{BatchRows, Cursor, Mode, Text, Work};

use super::attempt_error::AttemptError;
use super::runner::{Runner, Task};
use crate::driver::{Driver, Row};
use crate::event::Event;
use crate::sql::dialect;
use crate::{Error, stored};

/// How long a table may be counted, where the database does not say how many rows it expects.
const LONGEST_COUNT: Duration = Duration::from_millis(300);

/// The rows of a batch.
pub(super) struct NextRows {
    batch: BatchRows,
    form: Cursor,
    /// How far the step is with them, as the ledger has it.
    pub cursor: Text,
    /// How many they are, as far as their query says it.
    pub number: u64,
    /// How many rows the step has gone through with them.
    pub so_far: u64,
    /// Whether others come after them.
    pub following: FollowingRows,
}

/// What comes after the rows of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FollowingRows {
    /// Their query does not show it.
    Unknown,
    /// None: there were fewer than the limit.
    Absent,
}

impl NextRows {
    /// A text for these rows.
    pub fn fill(&self, text: &str) -> String {
        self.batch.fill(self.form, text)
    }
}

impl<D: Driver> Runner<'_, '_, D> {
    /// Which rows are next, so many at most, after those that this transaction has done, or else the ledger says are done; `None` where
    /// none are left.
    pub(super) async fn next_rows(
        &mut self,
        task: Task<'_>,
        (next, form): (&str, Cursor),
        most: u64,
        before: Option<&NextRows>,
    ) -> Result<Option<NextRows>, AttemptError> {
        let (after, done) = match before {
            Some(before) => (before.batch.upto.clone(), before.so_far),
            None => self.done_rows(task, form).await?,
        };
        let mut batch = BatchRows { after, upto: None, rows: most };
        let rows = self.driver.texts(&batch.fill(form, next)).await;
        let rows = rows.map_err(|error| AttemptError::of::<D>("look for the next rows", error))?;
        let Some((upto, number)) = rows.into_iter().next().and_then(|row| found::<D>(form, row)) else { return Ok(None) };
        if form == Cursor::Key && batch.after.as_ref() == Some(&upto.literals) {
            let step = &task.of.step.id;
            let again =
                format!("step {step} of `{}` finds the rows at ({}) again", task.of.planned.revision, upto.literals.join(", "));
            return Err(Error::Ledger(again).into());
        }
        batch.upto = Some(upto.literals);
        let following = match form {
            Cursor::Key if number < most => FollowingRows::Absent,
            Cursor::Key | Cursor::Text => FollowingRows::Unknown,
        };
        Ok(Some(NextRows { batch, form, cursor: upto.cursor.into(), number, so_far: done + number, following }))
    }

    /// After which rows the ledger says that the step goes on, and how many those are that it has gone through.
    async fn done_rows(&mut self, task: Task<'_>, form: Cursor) -> Result<(Option<Vec<String>>, u64), AttemptError> {
        let begun = self.begun(task).await?.ok_or_else(|| AttemptError::gone(&task.of.planned.revision))?;
        let unreadable = || Error::Ledger(format!("the cursor of `{}` cannot be read", task.of.planned.revision));
        let after = begun.cursor.as_deref().map(|cursor| read::<D>(form, cursor).ok_or_else(unreadable)).transpose()?;
        Ok((after, begun.rows))
    }
}

impl<D: Driver> Runner<'_, '_, D> {
    /// How many rows the table of a step in batches has, where the database can say it quickly.
    pub(super) async fn expected_rows(&mut self, task: Task<'_>) -> Option<u64> {
        match task.of.step.mode {
            Mode::Batches { cursor: Cursor::Key, .. } => {}
            Mode::Batches { cursor: Cursor::Text, .. } | Mode::Transaction { .. } | Mode::Alone => return None,
            Mode::Program { .. } | Mode::Unknown { .. } => return None,
        }
        let table = task.of.step.touches.tables.iter().find(|table| table.work == Work::Update)?;
        if let Some(rows) = self.driver.estimate(&format!("SELECT FROM {}", table.quoted()), LONGEST_COUNT).await {
            return Some(rows);
        }
        let count = format!("SELECT count(*) FROM {}", table.quoted());
        let rows = self.driver.ask(&count, LONGEST_COUNT).await.ok()?;
        rows.into_iter().flatten().flatten().next()?.parse().ok()
    }

    pub(super) fn tell_progress(&mut self, task: Task<'_>, rows: u64, total: Option<u64>, rate: f64) {
        let left = total.map(|total| total.saturating_sub(rows) as f64 / rate.max(0.001));
        let left = left.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let (revision, step) = (task.of.planned.revision.clone(), task.of.number);
        self.job.observer.tell(Event::Progress { revision, step, rows, total, rate, left });
    }
}

/// A place in the order of the rows.
struct KeyPlace {
    /// As the ledger has it.
    cursor: String,
    /// As the texts of the step have it.
    literals: Vec<String>,
}

/// What the query for the next rows says: where they end, and how many they are; `None` where none are left.
fn found<D: Driver>(form: Cursor, mut row: Row) -> Option<(KeyPlace, u64)> {
    match form {
        Cursor::Text => {
            let cursor = row.into_iter().next().flatten()?;
            Some((KeyPlace { literals: vec![dialect(D::DATABASE).literal(&cursor)], cursor }, 0))
        }
        Cursor::Key => {
            let number = row.pop().flatten()?.parse().ok()?;
            let literals: Vec<String> = row.into_iter().collect::<Option<_>>()?;
            Some((KeyPlace { cursor: stored::write_texts(&literals), literals }, number))
        }
    }
}

/// What the ledger has of a place, as literals.
fn read<D: Driver>(form: Cursor, cursor: &str) -> Option<Vec<String>> {
    match form {
        Cursor::Text => Some(vec![dialect(D::DATABASE).literal(cursor)]),
        Cursor::Key => Some(stored::read_texts(cursor).ok()?.iter().map(|text| text.to_string()).collect()),
    }
}
