//! Reading the ledger: for a plan, and for a listing; no more of it than either needs.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use migrate_history::plan::{Applied, Direction, after_missing};
use migrate_history::{History, Migration, Text};

use super::decode::{decode, decode_line, decode_stored, field, impossible, text, unreadable};
use super::elsewhere::{self, OwnLedger};
use super::flag::{Flag, PROTECTED, numbers};
use super::{FORMAT, Ledger, Snapshot, TABLES};
use crate::driver::{Driver, Row};
use crate::sql::{Lines, Parameter, Query};
use crate::{Cause, Error, journal, stored};

/// The columns of a row in a listing, before those of [`AppliedRecord`].
const BRIEF: &str = "revision, parents, checksum, direction, CAST(step AS text), CAST(steps AS text)";

/// The columns of [`Stored`], and the parents, which matter of a revision that the code does not know.
const STORED: &str = "revision, message, operations, level, losses, irreversible, downgrade, parents";

impl Ledger {
    /// The columns of [`AppliedRecord`].
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

    /// The revisions of which a step outside of a transaction has begun.
    fn select_begun(&self, history: &str) -> Query {
        let table = self.table("migrate_ledger");
        let text = format!("SELECT revision FROM {table} WHERE begun_step IS NOT NULL AND history = {{}}");
        Query::new(text, [Parameter::from(history)])
    }

    fn select(&self, columns: &str, history: &str) -> Query {
        let table = self.table("migrate_ledger");
        Query::new(format!("SELECT {columns} FROM {table} WHERE history = {{}}"), [Parameter::from(history)])
    }
}

/// What of the journal is read with the rows: every table costs a new session the look into the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum JournalRead {
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
    let snapshot = if is_there { rows(driver, history, JournalRead::Unread).await? } else { Snapshot::of(driver) };
    if snapshot.applied.is_empty() {
        elsewhere::refuse(driver, history, if is_there { OwnLedger::There } else { OwnLedger::Missing }).await?;
    }
    Ok(snapshot)
}

/// The same, of a ledger that is known to be there, with the journal's position.
///
/// # Errors
/// As [`read`].
pub(crate) async fn read_again<D: Driver>(driver: &mut D, history: &History) -> Result<Snapshot, Error> {
    rows(driver, history, JournalRead::Position).await
}

/// Everything that is read is of one moment: another run may be at work. What the code does not have of a revision is therefore
/// read together with everything else, as soon as it is known which revisions these are; usually there are none.
async fn rows<D: Driver>(driver: &mut D, history: &History, journal: JournalRead) -> Result<Snapshot, Error> {
    let ledger = driver.ledger();
    let known: HashMap<&str, &Migration> = history.migrations.iter().map(|one| (&*one.id, *one)).collect();
    let (mut asked, mut found) = (BTreeSet::new(), FORMAT);
    loop {
        let stored = (!asked.is_empty()).then(|| ledger.select_stored(&history.name, found, asked.iter()));
        let mut queries = vec![newest(&ledger), ledger.select_lines(&history.name).write_out(ledger.dialect())];
        queries.extend(stored.map(|query| query.write_out(ledger.dialect())));
        queries.extend((journal == JournalRead::Position).then(|| journal::last(&ledger)));
        let replies = ask(driver, &queries).await?;
        let mut replies = replies.iter().map(Vec::as_slice);
        let mut next = || replies.next().unwrap_or_default();
        let formats = next();
        let (format, flag) = (format(&ledger, formats)?, Flag::of(formats));
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
        let position = if journal == JournalRead::Position { journal::number(next())? } else { 0 };
        return Ok(Snapshot { format: Some(format), flag, applied, position, ..Snapshot::of(driver) });
    }
}

/// Reads one snapshot. A newer ledger may have other columns, so its format, which is the first query, is read alone where the
/// others have no answer.
async fn ask<D: Driver>(driver: &mut D, queries: &[String]) -> Result<Vec<Vec<Row>>, Error> {
    let failed = match driver.snapshot(queries).await {
        Ok(replies) => return Ok(replies),
        Err(failed) => failed,
    };
    if D::is_contention(&failed.error) {
        let (cause, blockers) = (Box::new(Cause::of(failed.error)), driver.take_blockers().await);
        return Err(Error::LedgerLocked { cause, blockers });
    }
    let ledger = driver.ledger();
    let newest = driver.snapshot(queries.get(..1).unwrap_or_default()).await;
    let newest = newest.map_err(|failed| ledger.unread(failed.error))?;
    refuse_newer(format(&ledger, newest.first().map(Vec::as_slice).unwrap_or_default())?)?;
    Err(ledger.unread(failed.error))
}

/// Reads the ledger for a listing: a newer one too, as long as its rows still read like ours.
///
/// # Errors
/// It cannot be read or understood.
pub(crate) async fn look<D: Driver>(driver: &mut D, history: &History) -> Result<Snapshot, Error> {
    if !is_there(driver).await? {
        elsewhere::refuse(driver, history, OwnLedger::Missing).await?;
        return Ok(Snapshot::of(driver));
    }
    let ledger = driver.ledger();
    let columns = format!("{BRIEF}, {}", ledger.record_columns());
    let query = ledger.select(&columns, &history.name).write_out(ledger.dialect());
    let replies = ask(driver, &[newest(&ledger), query]).await?;
    let [formats, rows] = replies.as_slice() else { return Err(Error::Ledger("it gave no answer".to_owned())) };
    let (format, flag) = (format(&ledger, formats)?, Flag::of(formats));
    match sorted(rows.iter().map(|row| decode(&ledger, history, row))) {
        Ok(applied) => {
            if applied.is_empty() {
                elsewhere::refuse(driver, history, OwnLedger::There).await?;
            }
            refuse_unbegun(driver, history, format, &applied).await?;
            Ok(Snapshot { format: Some(format), flag, applied, ..Snapshot::of(driver) })
        }
        Err(error) => Err(refuse_newer(format).err().unwrap_or(error)),
    }
}

/// A row without a step that is done has one that has begun.
async fn refuse_unbegun<D: Driver>(driver: &mut D, history: &History, format: i64, applied: &[Applied]) -> Result<(), Error> {
    let doubtful = applied.iter().filter_map(|row| Some((&*row.revision, row.progress.begun_only()?)));
    let doubtful: Vec<(&str, (&str, usize))> = doubtful.collect();
    if doubtful.is_empty() {
        return Ok(());
    }
    let ledger = driver.ledger();
    let begun = ledger.select_begun(&history.name).write_out(ledger.dialect());
    let begun = if format < FORMAT { Vec::new() } else { ask(driver, &[begun]).await? };
    let has_begun = |revision: &str| begun.iter().flatten().flatten().flatten().any(|begun| begun == revision);
    match doubtful.into_iter().find(|(revision, _)| !has_begun(revision)) {
        Some((revision, (word, steps))) => Err(unreadable(&ledger, history, revision, &impossible(word, 0, steps))),
        None => Ok(()),
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
            "the table `{missing}` is missing, and {}\n\
             help: restore the missing tables from a backup; or, if these are tables of your own, give them other names: {}",
            there(&found),
            found.iter().map(|table| renamed(&driver.ledger(), table)).collect::<Vec<_>>().join("; ")
        ))),
    }
}

fn there(tables: &[String]) -> String {
    let names = tables.iter().map(|table| format!("`{table}`")).collect::<Vec<_>>();
    format!("{} {}", names.join(" and "), if names.len() == 1 { "exists" } else { "exist" })
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
            "a table of the ledger has other columns: {}\n\
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
            if let Some((word, steps)) = applied.progress.begun_only()
                && applied.stored.as_ref().is_none_or(|stored| stored.begun.is_none())
            {
                return Err(unreadable(&revision, &impossible(word, 0, steps)));
            }
            let parents = field(row, 7).and_then(|parents| stored::read_texts(&parents));
            applied.parents = parents.map_err(|what| unreadable(&revision, &what))?;
        }
    }
    Ok(())
}

impl Ledger {
    fn select_stored<'r>(&self, history: &str, format: i64, revisions: impl ExactSizeIterator<Item = &'r String>) -> Query {
        let upgrade = if format < FORMAT { "NULL, NULL, NULL" } else { "upgrade, begun_step, notes" };
        let places = vec!["{}"; revisions.len()].join(", ");
        let values = [Parameter::from(history)].into_iter().chain(revisions.map(|revision| Parameter::from(revision.as_str())));
        let table = self.table("migrate_ledger");
        Query::new(format!("SELECT {STORED}, {upgrade} FROM {table} WHERE history = {{}} AND revision IN ({places})"), values)
    }
}

pub(super) fn newest(ledger: &Ledger) -> String {
    format!("SELECT format FROM {}", ledger.table("migrate_format"))
}

pub(super) fn format(ledger: &Ledger, rows: &[Row]) -> Result<i64, Error> {
    numbers(rows).filter(|number| *number != PROTECTED).max().ok_or_else(|| {
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

impl Snapshot {
    /// Of a ledger that is not there.
    fn of<D: Driver>(driver: &D) -> Snapshot {
        Snapshot { schema: driver.schema().map(Text::from), ..Snapshot::default() }
    }
}
