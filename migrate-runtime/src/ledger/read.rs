//! Reading the ledger: for a plan, and for a listing; no more of it than either needs.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use migrate_history::plan::{Applied, Direction, Progress, Record, Stored, after_missing};
use migrate_history::{Grade, History, List, Migration, Text};

use super::elsewhere::{self, Own};
use super::{FORMAT, Ledger, Snapshot, TABLES};
use crate::driver::{Driver, Row};
use crate::sql::{Lines, Query, Value};
use crate::stored::Downgrade;
use crate::{Cause, Error, journal, stored};

/// The columns of a row in a listing, before those of [`Record`].
const BRIEF: &str = "revision, parents, checksum, direction, CAST(step AS text), CAST(steps AS text)";

/// The columns of [`Stored`], and the parents, which matter of a revision that the code does not know.
const STORED: &str = "revision, message, operations, level, losses, irreversible, downgrade, parents";

impl Ledger {
    /// The columns of [`Record`].
    fn record_columns(&self) -> String {
        let applied_at = self.moment("applied_at");
        format!("level, message, {applied_at}, applied_by, CAST(duration_ms AS text), tool, losses, irreversible")
    }

    /// A column of a moment as text: UTC, RFC 3339.
    pub fn moment(&self, column: &str) -> String {
        self.dialect().moment(column)
    }

    /// What a plan needs of every row, as one text: a line a revision, and how far it is where it is not done. A thousand rows cost
    /// a client more than the query costs the server.
    fn select_lines(&self, history: &str) -> Query {
        let Lines { join, tab, line } = self.dialect().lines();
        let done = format!("direction = '{}' AND step = steps", Direction::Upgrade.word());
        let far = format!("{tab} || direction || {tab} || step || {tab} || steps");
        let lines = format!("{join}(revision || {tab} || checksum || CASE WHEN {done} THEN '' ELSE {far} END, {line})");
        self.select(&lines, history)
    }

    fn select(&self, columns: &str, history: &str) -> Query {
        let table = self.table("migrate_ledger");
        Query::new(format!("SELECT {columns} FROM {table} WHERE history = {{}}"), [Value::from(history)])
    }
}

/// What of the journal is read with the rows: every table costs a new session the look into the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Journal {
    /// Its last entry, for who holds the lock.
    Position,
    Unread,
}

/// Reads the ledger for a plan.
///
/// # Errors
/// It cannot be read or understood, or is newer than this program.
pub(crate) async fn read<D: Driver>(driver: &mut D, history: &History) -> Result<Snapshot, Error> {
    let is_there = is_there(driver).await?;
    let snapshot = if is_there { rows(driver, history, Journal::Unread).await? } else { Snapshot::of(driver) };
    if snapshot.applied.is_empty() {
        elsewhere::refuse(driver, history, if is_there { Own::There } else { Own::Missing }).await?;
    }
    Ok(snapshot)
}

/// The same, of a ledger that is known to be there, with the journal's position.
///
/// # Errors
/// As [`read`].
pub(crate) async fn read_again<D: Driver>(driver: &mut D, history: &History) -> Result<Snapshot, Error> {
    rows(driver, history, Journal::Position).await
}

/// Everything that is read is of one moment: another runner may be at work. What the code does not have of a revision is therefore
/// asked for together with everything else, as soon as it is known which revisions these are; usually there are none.
async fn rows<D: Driver>(driver: &mut D, history: &History, journal: Journal) -> Result<Snapshot, Error> {
    let ledger = driver.ledger();
    let known: HashMap<&str, &Migration> = history.migrations.iter().map(|one| (&*one.id, *one)).collect();
    let (mut asked, mut found) = (BTreeSet::new(), FORMAT);
    loop {
        let stored = (!asked.is_empty()).then(|| ledger.select_stored(&history.name, found, asked.iter()));
        let mut queries = vec![newest(&ledger), ledger.select_lines(&history.name).write_out(ledger.dialect())];
        queries.extend(stored.map(|query| query.write_out(ledger.dialect())));
        queries.extend((journal == Journal::Position).then(|| journal::last(&ledger)));
        let replies = ask(driver, &queries).await?;
        let mut replies = replies.iter().map(Vec::as_slice);
        let mut next = || replies.next().unwrap_or_default();
        let format = format(&ledger, next())?;
        refuse_newer(format)?;
        // Brought up to date in between, it may be read as it was.
        found = format;
        let lines = next().first().and_then(|row| row.first()?.as_deref()).unwrap_or_default();
        let mut applied = sorted(lines.lines().map(|line| decode_line(&ledger, history, line)))?;
        let after_missing = after_missing(history, &applied);
        let is_wanted =
            |row: &&Applied| row.needs_stored(known.get(&*row.revision).copied()) || after_missing.contains(&row.revision);
        let wanted: BTreeSet<String> = applied.iter().filter(is_wanted).map(|row| row.revision.to_string()).collect();
        if !wanted.is_subset(&asked) {
            asked.extend(wanted);
            continue;
        }
        if !asked.is_empty() {
            fill(&ledger, history, &mut applied, &wanted, next())?;
        }
        let position = if journal == Journal::Position { journal::number(next())? } else { 0 };
        return Ok(Snapshot { format: Some(format), applied, position, ..Snapshot::of(driver) });
    }
}

/// Asks at one moment. A newer ledger may have other columns, so its format, which is the first question, is asked for alone where the
/// others have no answer.
async fn ask<D: Driver>(driver: &mut D, queries: &[String]) -> Result<Vec<Vec<Row>>, Error> {
    let fault = match driver.snapshot(queries).await {
        Ok(replies) => return Ok(replies),
        Err(fault) => fault,
    };
    if D::is_contention(&fault.error) {
        let (cause, blockers) = (Box::new(Cause::of(fault.error)), driver.take_blockers().await);
        return Err(Error::LedgerLocked { cause, blockers });
    }
    let ledger = driver.ledger();
    let newest = driver.snapshot(queries.get(..1).unwrap_or_default()).await;
    let newest = newest.map_err(|fault| ledger.unread(fault.error))?;
    refuse_newer(format(&ledger, newest.first().map(Vec::as_slice).unwrap_or_default())?)?;
    Err(ledger.unread(fault.error))
}

/// Reads the ledger for a listing: a newer one too, as long as its rows still read like ours.
///
/// # Errors
/// It cannot be read or understood.
pub(crate) async fn look<D: Driver>(driver: &mut D, history: &History) -> Result<Snapshot, Error> {
    if !is_there(driver).await? {
        elsewhere::refuse(driver, history, Own::Missing).await?;
        return Ok(Snapshot::of(driver));
    }
    let ledger = driver.ledger();
    let columns = format!("{BRIEF}, {}", ledger.record_columns());
    let query = ledger.select(&columns, &history.name).write_out(ledger.dialect());
    let replies = ask(driver, &[newest(&ledger), query]).await?;
    let [formats, rows] = replies.as_slice() else { return Err(Error::Ledger("it gave no answer".to_owned())) };
    let format = format(&ledger, formats)?;
    match sorted(rows.iter().map(|row| decode(&ledger, history, row))) {
        Ok(applied) => {
            if applied.is_empty() {
                elsewhere::refuse(driver, history, Own::There).await?;
            }
            Ok(Snapshot { format: Some(format), applied, ..Snapshot::of(driver) })
        }
        Err(error) => Err(refuse_newer(format).err().unwrap_or(error)),
    }
}

/// The rows of a query on the journal; none where there is no ledger.
///
/// # Errors
/// As [`look`].
pub(crate) async fn journal<D: Driver>(driver: &mut D, query: &Query) -> Result<Vec<Row>, Error> {
    if !is_there(driver).await? {
        return Ok(Vec::new());
    }
    let ledger = driver.ledger();
    let replies = ask(driver, &[newest(&ledger), query.write_out(ledger.dialect())]).await?;
    Ok(replies.into_iter().nth(1).unwrap_or_default())
}

/// Whether there is a ledger. Its absence is read from the catalogue, since an error in reading it has many other reasons.
pub(crate) async fn is_there<D: Driver>(driver: &mut D) -> Result<bool, Error> {
    let found = driver.tables(&TABLES).await.map_err(Error::while_doing("look for the ledger"))?;
    if found.is_empty() {
        return Ok(false);
    }
    match TABLES.iter().find(|table| !found.iter().any(|name| name == *table)) {
        None => Ok(true),
        Some(missing) => Err(Error::Ledger(format!(
            "{} and no `{missing}`, so it is no ledger\n\
             help: restore the missing tables from a backup; or, if these are tables of your own, give them other names: {}",
            there(&found),
            found.iter().map(|table| renamed(&driver.ledger(), table)).collect::<Vec<_>>().join("; ")
        ))),
    }
}

fn there(tables: &[String]) -> String {
    let names = tables.iter().map(|table| format!("`{table}`")).collect::<Vec<_>>();
    format!("there {} {}", if names.len() == 1 { "is" } else { "are" }, names.join(" and "))
}

/// The statement that gives a table which is not ours another name.
fn renamed(ledger: &Ledger, table: &str) -> String {
    format!("`ALTER TABLE {} RENAME TO my_{table}`", ledger.table(table))
}

impl Ledger {
    /// Why it cannot be read: the tables are somebody else's, or something else.
    pub fn unread(&self, error: sqlx::Error) -> Error {
        let cause = Cause::of(error);
        // `undefined_column`; SQLite has no code for it.
        let is_foreign = cause.code.as_deref() == Some("42703") || cause.message.contains("no such column");
        if !is_foreign {
            return Error::Database { doing: "read the ledger", cause: Box::new(cause) };
        }
        Error::Ledger(format!(
            "a table has the name of one of its tables and other columns: {}\n\
             help: if the tables are your own, give them other names: {}; or restore them from a backup",
            cause.message,
            TABLES.map(|table| renamed(self, table)).join("; ")
        ))
    }
}

/// Adds what the code does not have of these revisions.
fn fill(
    ledger: &Ledger,
    history: &History,
    applied: &mut [Applied],
    wanted: &BTreeSet<String>,
    rows: &[Row],
) -> Result<(), Error> {
    let unreadable = |revision: &str, what: &str| unreadable(ledger, history, revision, what);
    let applied = applied.iter_mut().map(|row| (row.revision.to_string(), row));
    let mut applied: BTreeMap<String, &mut Applied> = applied.filter(|(revision, _)| wanted.contains(revision)).collect();
    for row in rows {
        let revision = text(row, 0)?;
        if let Some(applied) = applied.get_mut(&revision) {
            applied.stored = Some(Box::new(decode_stored(row).map_err(|what| unreadable(&revision, &what))?));
            let parents = field(row, 7).and_then(|parents| stored::read_texts(&parents));
            applied.parents = parents.map_err(|what| unreadable(&revision, &what))?;
        }
    }
    Ok(())
}

impl Ledger {
    fn select_stored<'r>(&self, history: &str, format: i64, revisions: impl ExactSizeIterator<Item = &'r String>) -> Query {
        let upgrade = if format < FORMAT { "NULL" } else { "upgrade" };
        let places = vec!["{}"; revisions.len()].join(", ");
        let values = [Value::from(history)].into_iter().chain(revisions.map(|revision| Value::from(revision.as_str())));
        let table = self.table("migrate_ledger");
        Query::new(format!("SELECT {STORED}, {upgrade} FROM {table} WHERE history = {{}} AND revision IN ({places})"), values)
    }
}

pub(super) fn newest(ledger: &Ledger) -> String {
    format!("SELECT format FROM {}", ledger.table("migrate_format"))
}

pub(super) fn format(ledger: &Ledger, rows: &[Row]) -> Result<i64, Error> {
    let formats = rows.iter().filter_map(|row| row.first()?.as_deref()?.parse().ok());
    formats.max().ok_or_else(|| {
        let table = ledger.table("migrate_format");
        Error::Ledger(format!(
            "`migrate_format` has no number\n\
             help: restore its row, `INSERT INTO {table} (format, tool) VALUES ({FORMAT}, 'by hand')`; or, if the table is your own, \
             give it another name: {}",
            renamed(ledger, "migrate_format")
        ))
    })
}

fn refuse_newer(format: i64) -> Result<(), Error> {
    if format > FORMAT { Err(Error::NewerLedger { found: format, known: FORMAT }) } else { Ok(()) }
}

/// In the order of their ids, for the database has none: what a plan does with revisions that only the ledger knows must not
/// change from run to run.
fn sorted(rows: impl Iterator<Item = Result<Applied, Error>>) -> Result<Vec<Applied>, Error> {
    let mut applied: Vec<Applied> = rows.collect::<Result<_, _>>()?;
    applied.sort_by(|one, other| one.revision.cmp(&other.revision));
    Ok(applied)
}

/// A line of [`Ledger::select_lines`].
fn decode_line(ledger: &Ledger, history: &History, line: &str) -> Result<Applied, Error> {
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
    let number = |text: &str| text.parse().map_err(|_| format!("{text:?} is no number"));
    progress(direction, number(step)?, number(steps)?)
}

/// A row of a listing.
fn decode(ledger: &Ledger, history: &History, row: &Row) -> Result<Applied, Error> {
    let revision = text(row, 0)?;
    decode_row(row, &revision).map_err(|what| unreadable(ledger, history, &revision, &what))
}

/// A row that no version has written.
fn unreadable(ledger: &Ledger, history: &History, revision: &str, what: &str) -> Error {
    let row = Query::new("history = {} AND revision = {}", [Value::from(&*history.name), Value::from(revision)]);
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

fn decode_record(row: &Row) -> Result<Record, String> {
    let Grade { level, basis } = grade_of(&field(row, 6)?)?;
    Ok(Record {
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

fn decode_stored(row: &Row) -> Result<Stored, String> {
    let Downgrade { steps, drops, moves } = stored::read(&field(row, 6)?)?;
    let Grade { level, basis } = grade_of(&field(row, 3)?)?;
    Ok(Stored {
        message: field(row, 1)?.into(),
        operations: stored::read_texts(&field(row, 2)?)?,
        level,
        basis,
        losses: stored::read_texts(&field(row, 4)?)?,
        irreversible: row.get(5).cloned().flatten().map(Into::into),
        upgrade: row.get(8).and_then(Option::as_deref).map(stored::read).transpose()?.map(|upgrade| upgrade.steps),
        downgrade: steps,
        drops,
        moves,
    })
}

fn text(row: &Row, at: usize) -> Result<String, Error> {
    field(row, at).map_err(|_| Error::Ledger(format!("column {at} of a row is null")))
}

fn field(row: &Row, at: usize) -> Result<String, String> {
    row.get(at).cloned().flatten().ok_or_else(|| format!("column {at} is null"))
}

fn integer(row: &Row, at: usize) -> Result<i64, String> {
    field(row, at)?.parse().map_err(|_| format!("column {at} is no number"))
}

fn grade_of(text: &str) -> Result<Grade, String> {
    Grade::from_text(text).ok_or_else(|| format!("`{text}` is no level"))
}

fn progress(direction: &str, step: i64, steps: i64) -> Result<Progress, String> {
    let impossible = || format!("step {step} of {steps} of its {direction}, which cannot be");
    let count = |number: i64| usize::try_from(number).ok().filter(|number| *number > 0).ok_or_else(impossible);
    let (step, steps) = (count(step)?, count(steps)?);
    match direction {
        "upgrade" if step == steps => Ok(Progress::Complete),
        "upgrade" if step < steps => Ok(Progress::Upgrading { step, steps }),
        // With its last step the row is deleted.
        "downgrade" if step < steps => Ok(Progress::Downgrading { step, steps }),
        "upgrade" | "downgrade" => Err(impossible()),
        other => Err(format!("its direction is `{other}`")),
    }
}

impl Snapshot {
    /// Of a ledger that is not there.
    fn of<D: Driver>(driver: &D) -> Snapshot {
        Snapshot { schema: driver.schema().map(Text::from), ..Snapshot::default() }
    }
}
