//! The journal: every step that ever ran, downgrades and failures too. Rows are only added.

use migrate_history::plan::Direction;
use migrate_history::{Database, Text};

use crate::driver::{Driver, Row};
use crate::ledger::{self, Ledger, RunStamp, tool};
use crate::planned_step::PlannedStep;
use crate::sql::{Parameter, Query, dialect};
use crate::{Error, Position};

/// What an entry is about.
#[derive(Clone, Debug)]
pub(crate) struct NewEntry<'e> {
    pub step: PlannedStep<'e>,
    /// In milliseconds.
    pub duration: Parameter,
    /// What became of the step.
    pub outcome: StepOutcome<'e>,
}

/// What an entry says of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StepOutcome<'e> {
    /// It is committed with the entry.
    Done,
    /// It failed, in these words.
    Failed(&'e str),
    /// It begins, outside of a transaction.
    Begun,
}

impl StepOutcome<'_> {
    fn word(self) -> &'static str {
        match self {
            StepOutcome::Done => "done",
            StepOutcome::Failed(_) => "failed",
            StepOutcome::Begun => "begun",
        }
    }
}

/// The statement that adds an entry.
pub(crate) fn insert(ledger: &Ledger, stamp: &RunStamp, entry: &NewEntry<'_>) -> Query {
    let count = |count: usize| Parameter::Integer(i64::try_from(count).unwrap_or(i64::MAX));
    let PlannedStep { planned, direction, step: _, number } = entry.step;
    let checksum = planned.migration.map(|migration| migration.checksum().to_owned());
    let values = [
        ledger.now(),
        Parameter::from(&*stamp.history),
        Parameter::from(&*planned.revision),
        Parameter::from(direction.word()),
        Parameter::from(entry.outcome.word()),
        count(number),
        count(entry.step.position().total),
        Parameter::Text(checksum),
        entry.duration.clone(),
        stamp.by.clone(),
        tool(),
        Parameter::from(&*stamp.run),
        Parameter::Text(if let StepOutcome::Failed(why) = entry.outcome { Some(why.to_owned()) } else { None }),
    ];
    row(ledger, values)
}

/// The statement that adds an entry of a migration that is recorded as applied, or no longer, and was not run.
pub(crate) fn stamped(ledger: &Ledger, stamp: &RunStamp, what: (Direction, &str, Option<String>)) -> Query {
    let (direction, revision, checksum) = what;
    let values = [
        ledger.now(),
        Parameter::from(&*stamp.history),
        Parameter::from(revision),
        Parameter::from(direction.word()),
        Parameter::from(StepOutcome::Done.word()),
        Parameter::Integer(1),
        Parameter::Integer(1),
        Parameter::Text(checksum),
        Parameter::Integer(0),
        stamp.by.clone(),
        tool(),
        Parameter::from(&*stamp.run),
        Parameter::from("recorded, and not run"),
    ];
    row(ledger, values)
}

fn row(ledger: &Ledger, values: [Parameter; 13]) -> Query {
    let places = vec!["{}"; values.len()].join(", ");
    Query::new(
        format!(
            "INSERT INTO {} (at, history, revision, direction, event, step, steps, checksum, duration_ms, applied_by, tool, \
             run, detail) VALUES ({places})",
            ledger.table("migrate_journal")
        ),
        values,
    )
}

/// The query for the last entry. Every run that writes adds one, so a plan is still valid if the last entry is the same.
pub(crate) fn last(ledger: &Ledger) -> String {
    format!("SELECT coalesce(max(id), 0) FROM {}", ledger.table("migrate_journal"))
}

/// The number of an entry, from the rows of [`last`].
pub(crate) fn number(rows: &[Row]) -> Result<i64, Error> {
    let text = rows.first().and_then(|row| row.first()).and_then(Option::as_deref);
    text.and_then(|text| text.parse().ok()).ok_or_else(|| Error::Ledger("`migrate_journal` has no last entry".to_owned()))
}

/// Whether this run has committed a step: what is asked when the reply to a COMMIT was lost.
pub(crate) async fn has<D: Driver>(driver: &mut D, stamp: &RunStamp, step: PlannedStep<'_>) -> Result<bool, Error> {
    let query = Query::new(
        format!(
            "SELECT revision FROM {} WHERE run = {{}} AND revision = {{}} AND direction = {{}} AND step = {{}} \
             AND event = 'done'",
            driver.ledger().table("migrate_journal")
        ),
        [
            Parameter::from(&*stamp.run),
            Parameter::from(&*step.planned.revision),
            Parameter::from(step.direction.word()),
            Parameter::Integer(i64::try_from(step.number).unwrap_or(i64::MAX)),
        ],
    );
    let query = query.write_out(dialect(D::DATABASE));
    let replies = driver.snapshot(&[query]).await.map_err(|failed| Error::while_doing("read the journal")(failed.error))?;
    Ok(replies.iter().any(|rows| !rows.is_empty()))
}

/// What the journal says of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Journal {
    /// The database.
    pub database: Database,
    /// PostgreSQL: the schema that the session works in.
    pub schema: Option<Text>,
    /// The history's name.
    pub history: Text,
    /// The requested entries, the last one first.
    pub events: Vec<Journaled>,
}

/// An entry: a step that was committed, or that failed and was rolled back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Journaled {
    /// Its number. Later ones are higher.
    pub id: i64,
    /// When: UTC, RFC 3339.
    pub at: String,
    /// The revision.
    pub revision: Text,
    /// The direction.
    pub direction: Direction,
    /// The step of the migration.
    pub step: Position,
    /// Why it failed; `None` where it was committed.
    pub failure: Option<String>,
    /// How long the step took, in milliseconds.
    pub duration_ms: i64,
    /// Who ran it, and where.
    pub applied_by: String,
    /// The version of `migrate`.
    pub tool: String,
    /// What tells the run from others.
    pub run: String,
}

/// The last entries of a history, the last one first. In an `ORDER BY` a bare `id` would be the text of it that is selected.
pub(crate) async fn entries<D: Driver>(driver: &mut D, history: &str, limit: usize) -> Result<Vec<Journaled>, Error> {
    let ledger = driver.ledger();
    let query = Query::new(
        format!(
            "SELECT CAST(id AS text), {}, revision, direction, CAST(step AS text), CAST(steps AS text), \
             CASE WHEN event = 'done' THEN NULL ELSE coalesce(detail, event) END, CAST(duration_ms AS text), applied_by, tool, run \
             FROM {} AS entry WHERE history = {{}} AND event <> 'begun' ORDER BY entry.id DESC LIMIT {{}}",
            ledger.moment("at"),
            ledger.table("migrate_journal")
        ),
        [Parameter::from(history), Parameter::Integer(i64::try_from(limit).unwrap_or(i64::MAX))],
    );
    ledger::journal(driver, &query).await?.into_iter().map(entry).collect()
}

fn entry(row: Row) -> Result<Journaled, Error> {
    let mut fields = row.into_iter();
    let unreadable = |what: &str| Error::Ledger(format!("an entry of `migrate_journal` cannot be read: {what}"));
    let number = |field: Option<Option<String>>| field.flatten().and_then(|text| text.parse().ok());
    let place = |field: Option<Option<String>>| field.flatten().and_then(|text| text.parse().ok());
    let text = |field: Option<Option<String>>| field.flatten().unwrap_or_default();
    let id = number(fields.next()).ok_or_else(|| unreadable("its id is not a number"))?;
    let (at, revision, direction) = (text(fields.next()), text(fields.next()), text(fields.next()));
    let known = [Direction::Upgrade, Direction::Downgrade].into_iter().find(|known| known.word() == direction);
    let direction = known.ok_or_else(|| unreadable(&format!("the direction of entry {id} is `{direction}`")))?;
    let steps = place(fields.next()).zip(place(fields.next()));
    let step = steps.map(|(number, total)| Position { number, total }).ok_or_else(|| unreadable("a step is not a number"))?;
    Ok(Journaled {
        id,
        at,
        revision: revision.into(),
        direction,
        step,
        failure: fields.next().flatten(),
        duration_ms: number(fields.next()).unwrap_or_default(),
        applied_by: text(fields.next()),
        tool: text(fields.next()),
        run: text(fields.next()),
    })
}
