//! The rows of the ledger as they were read.

use std::fmt::Display;

use migrate_history::plan::{Applied, AppliedRecord, Progress, Stored};
use migrate_history::{Grade, History, List};

use super::Ledger;
use crate::driver::Row;
use crate::sql::{Parameter, Query};
use crate::stored::StoredDowngrade;
use crate::{Error, stored};

/// A line of [`Ledger::select_lines`].
pub(super) fn decode_line(ledger: &Ledger, history: &History, line: &str) -> Result<Applied, Error> {
    let fields: Vec<&str> = line.split('\t').collect();
    let (revision, checksum, progress) = match fields.as_slice() {
        [revision, checksum] => (revision, checksum, Ok(Progress::Complete)),
        [revision, checksum, direction, step, steps] => (revision, checksum, progress_of(direction, step, steps)),
        _ => return Err(unreadable(ledger, history, fields[0], "its revision or checksum has a tab or an end of line in it")),
    };
    let progress = progress.map_err(|what| unreadable(ledger, history, revision, &what))?;
    let (revision, checksum) = ((*revision).to_owned().into(), (*checksum).to_owned().into());
    Ok(Applied { revision, parents: List::default(), checksum, progress, record: None, stored: None })
}

fn progress_of(direction: &str, step: &str, steps: &str) -> Result<Progress, String> {
    let number = |text: &str| text.parse().map_err(|_| format!("{text:?} is not a number"));
    progress(direction, number(step)?, number(steps)?)
}

/// A row of a listing.
pub(super) fn decode(ledger: &Ledger, history: &History, row: &Row) -> Result<Applied, Error> {
    let revision = text(row, 0)?;
    decode_row(row, &revision).map_err(|what| unreadable(ledger, history, &revision, &what))
}

/// A row that no version has written.
pub(super) fn unreadable(ledger: &Ledger, history: &History, revision: &str, what: &str) -> Error {
    let row = Query::new("history = {} AND revision = {}", [Parameter::from(&*history.name), Parameter::from(revision)]);
    let (table, row) = (ledger.table("migrate_ledger"), row.write_out(ledger.dialect()));
    Error::Ledger(format!(
        "the row of `{revision}` cannot be read: {what}\n\
         help: restore the row from a backup; or, if all that `{revision}` makes is there, say so: \
         `UPDATE {table} SET direction = 'upgrade', step = 1, steps = 1 WHERE {row}`; or, if nothing of it is there, \
         `DELETE FROM {table} WHERE {row}`"
    ))
}

fn decode_row(row: &Row, revision: &str) -> Result<Applied, String> {
    Ok(Applied {
        revision: revision.to_owned().into(),
        parents: stored::read_texts(&field(row, 1)?)?,
        checksum: field(row, 2)?.into(),
        progress: progress(&field(row, 3)?, integer(row, 4)?, integer(row, 5)?)?,
        record: Some(decode_record(row)?),
        stored: None,
    })
}

fn decode_record(row: &Row) -> Result<AppliedRecord, String> {
    let Grade { level, basis } = grade_of(&field(row, 6)?)?;
    Ok(AppliedRecord {
        level,
        basis,
        message: field(row, 7)?.into(),
        applied_at: field(row, 8)?.into(),
        applied_by: field(row, 9)?.into(),
        duration_ms: integer(row, 10)?,
        tool: field(row, 11)?.into(),
        losses: stored::read_texts(&field(row, 12)?)?,
        irreversible: row.get(13).cloned().flatten().map(Into::into),
    })
}

pub(super) fn decode_stored(row: &Row) -> Result<Stored, String> {
    let StoredDowngrade { steps, drops, moves } = stored::read(&field(row, 6)?)?;
    let Grade { level, basis } = grade_of(&field(row, 3)?)?;
    Ok(Stored {
        message: field(row, 1)?.into(),
        operations: stored::read_texts(&field(row, 2)?)?,
        level,
        basis,
        losses: stored::read_texts(&field(row, 4)?)?,
        irreversible: row.get(5).cloned().flatten().map(Into::into),
        notes: row.get(10).and_then(Option::as_deref).map(stored::read_texts).transpose()?.unwrap_or_default(),
        upgrade: row.get(8).and_then(Option::as_deref).map(stored::read).transpose()?.map(|upgrade| upgrade.steps),
        begun: row.get(9).and_then(Option::as_deref).map(stored::read_begun).transpose()?,
        downgrade: steps,
        drops,
        moves,
    })
}

pub(super) fn text(row: &Row, at: usize) -> Result<String, Error> {
    field(row, at).map_err(|_| Error::Ledger(format!("column {at} of a row is null")))
}

pub(super) fn field(row: &Row, at: usize) -> Result<String, String> {
    row.get(at).cloned().flatten().ok_or_else(|| format!("column {at} is null"))
}

fn integer(row: &Row, at: usize) -> Result<i64, String> {
    field(row, at)?.parse().map_err(|_| format!("column {at} is not a number"))
}

fn grade_of(text: &str) -> Result<Grade, String> {
    Grade::from_text(text).ok_or_else(|| format!("`{text}` is not a level"))
}

/// What no version has written.
pub(super) fn impossible(direction: &str, step: impl Display, steps: impl Display) -> String {
    format!("step {step} of {steps} of its {direction}, which cannot be")
}

fn progress(direction: &str, step: i64, steps: i64) -> Result<Progress, String> {
    let impossible = || impossible(direction, step, steps);
    let count = |number: i64| usize::try_from(number).map_err(|_| impossible());
    // Of a step outside of a transaction it is recorded that it begins.
    let (step, steps) = (count(step)?, count(steps)?);
    if steps == 0 {
        return Err(impossible());
    }
    match direction {
        "upgrade" if step == steps => Ok(Progress::Complete),
        "upgrade" if step < steps => Ok(Progress::Upgrading { step, steps }),
        // With its last step the row is deleted.
        "downgrade" if step < steps => Ok(Progress::Downgrading { step, steps }),
        "upgrade" | "downgrade" => Err(impossible()),
        other => Err(format!("its direction is `{other}`")),
    }
}
