//! Deletes what is kept: its rows or values are lost for good, and the ledger records this in the same transaction.
//!
//! The place stays, empty. Later migrations know the column or the table, on SQLite they copy it, and the downgrade gives it its name back.

use migrate_history::plan::{Direction, hash_of_change};
use migrate_history::{Grade, History, KEPT_TABLE, KeptPlace, Level, Rebuild, Text};

use crate::backoff::Backoff;
use crate::driver::{CommitError, Driver};
use crate::kept::{self, KeptThing};
use crate::ledger::is_at;
use crate::observer::Observer;
use crate::options::{Consent, Options};
use crate::protection::{self, ReviewedChange};
use crate::sql::{Parameter, Query, dialect};
use crate::{Cause, Error, Lost, ledger, stored};

/// What the errors of the database are about.
const DOING: &str = "purge what is kept";

/// Empties what is kept at these places.
pub(crate) async fn purge<D: Driver>(
    driver: &mut D,
    history: &History,
    places: &[KeptPlace],
    options: &Options,
    observer: &mut Observer<'_>,
) -> Result<Vec<KeptThing>, Error> {
    let listed = kept::list(driver, &history.name, options.question_timeout).await?;
    let things = chosen(&listed, places)?;
    if options.consent != Consent::Everything {
        let losses: Vec<Lost> =
            things.iter().map(|thing| Lost { revision: thing.revision.clone(), what: thing.loss() }).collect();
        let revision = things.first().map(|thing| thing.revision.clone()).unwrap_or_default();
        return if losses.is_empty() { Ok(things) } else { Err(Error::Losses { revision, losses }) };
    }
    driver.lock(options, observer).await?;
    refuse_unreviewed(driver, history, &things, options).await?;
    let mut backoff = Backoff::for_retry(options.retry_for);
    for thing in &things {
        let place = kept::now_at(driver, thing, &listed).await?;
        while let Err(cause) = attempt(driver, history, (thing, &place), observer).await? {
            driver.rollback().await;
            let Some(pause) = backoff.pause() else { return Err(Error::Database { doing: DOING, cause: Box::new(cause) }) };
            options.stop.pause(pause).await?;
        }
    }
    Ok(things)
}

/// Refuses what was not reviewed, where it must be.
async fn refuse_unreviewed<D: Driver>(
    driver: &mut D,
    history: &History,
    things: &[KeptThing],
    options: &Options,
) -> Result<(), Error> {
    let flag = ledger::read(driver, history).await?.flag;
    let protection = protection::find(driver, history, flag).await?;
    let lines: Vec<String> = things.iter().map(|thing| format!("delete {} for good", thing.loss())).collect();
    protection::refuse(protection, options.reviewed.as_deref(), &ReviewedChange::Lines(&lines), || {
        hash_of_change(&history.name, &lines)
    })
}

/// What is kept at these places.
fn chosen(listed: &[KeptThing], places: &[KeptPlace]) -> Result<Vec<KeptThing>, Error> {
    let missing = places.iter().find(|place| !listed.iter().any(|thing| thing.place == **place));
    match missing {
        Some(place) => Err(Error::Ledger(format!("nothing is kept as `{place}`"))),
        None => Ok(listed.iter().filter(|thing| places.contains(&thing.place)).cloned().collect()),
    }
}

/// One of them, in a transaction; why it was in vain where somebody else uses the table.
async fn attempt<D: Driver>(
    driver: &mut D,
    history: &History,
    thing: (&KeptThing, &KeptPlace),
    observer: &mut Observer<'_>,
) -> Result<Result<(), Cause>, Error> {
    driver.begin(Rebuild::Nothing, 1, observer).await?;
    let done = match transaction(driver, history, thing).await {
        Ok(()) => match driver.commit().await {
            Ok(()) => return Ok(Ok(())),
            Err(CommitError::Refused(error) | CommitError::Lost(error)) => Err(error),
        },
        Err(PurgeFailure::Database(error)) => Err(error),
        Err(PurgeFailure::Ours(error)) => {
            driver.rollback().await;
            return Err(error);
        }
    };
    match done {
        Err(error) if D::is_contention(&error) => Ok(Err(Cause::of(error))),
        Err(error) => {
            driver.rollback().await;
            Err(Error::while_doing(DOING)(error))
        }
        Ok(()) => Ok(Ok(())),
    }
}

/// Why a transaction ended.
enum PurgeFailure {
    Database(sqlx::Error),
    Ours(Error),
}

impl From<sqlx::Error> for PurgeFailure {
    fn from(error: sqlx::Error) -> PurgeFailure {
        PurgeFailure::Database(error)
    }
}

async fn transaction<D: Driver>(
    driver: &mut D,
    history: &History,
    (thing, place): (&KeptThing, &KeptPlace),
) -> Result<(), PurgeFailure> {
    let ledger = driver.ledger();
    for statement in statements(driver, thing.direction, place).await? {
        driver.execute(&statement).await?;
    }
    // The same object may be kept twice, each time at a place of its own.
    let (condition, own) = is_at(&history.name, &thing.place);
    let mark = format!("UPDATE {} SET purged_at = {{}} WHERE {condition} AND purged_at IS NULL", ledger.table(KEPT_TABLE));
    if driver.write(&Query::new(mark, std::iter::once(ledger.now()).chain(own))).await? != 1 {
        return Err(PurgeFailure::Ours(Error::Ledger(format!("nothing is kept of the {} any more", thing.object))));
    }
    let key = || [Parameter::from(&*history.name), Parameter::from(&*thing.revision)];
    let row = format!("SELECT level, losses FROM {} WHERE history = {{}} AND revision = {{}}", ledger.table("migrate_ledger"));
    let rows = driver.rows(&Query::new(row, key())).await?;
    // What a downgrade has kept is of a migration that is not applied.
    let Some([Some(level), Some(losses)]) = rows.first().map(Vec::as_slice) else { return Ok(()) };
    let (level, losses) = lowered(level, losses, thing).map_err(|what| PurgeFailure::Ours(Error::Ledger(what)))?;
    let update = format!(
        "UPDATE {} SET level = {{}}, losses = {{}} WHERE history = {{}} AND revision = {{}}",
        ledger.table("migrate_ledger")
    );
    let values = [Parameter::from(level), Parameter::from(losses)].into_iter().chain(key());
    driver.write(&Query::new(update, values)).await?;
    Ok(())
}

/// What drops the values. A place that a downgrade has made goes with them, for no migration knows it.
async fn statements<D: Driver>(driver: &mut D, direction: Direction, place: &KeptPlace) -> Result<Vec<String>, sqlx::Error> {
    let dialect = dialect(D::DATABASE);
    let there = driver.texts(&dialect.is_there(place)).await?;
    if there.first().and_then(|row| row.first()?.as_deref()) != Some("1") {
        return Ok(Vec::new());
    }
    if direction == Direction::Downgrade {
        return Ok(vec![dialect.drop(place)]);
    }
    let described = match dialect.description(place) {
        Some(query) => driver.texts(&query).await?,
        None => Vec::new(),
    };
    Ok(dialect.empty(place, described.first().map(Vec::as_slice).unwrap_or_default()))
}

/// The level and the losses of the migration from now on.
fn lowered(level: &str, losses: &str, thing: &KeptThing) -> Result<(String, String), String> {
    let grade = Grade::from_text(level).ok_or_else(|| format!("`{level}` is not a level"))?;
    let grade = Grade { level: grade.level.max(Level::Schema), ..grade };
    let mut losses: Vec<Text> = stored::read_texts(losses)?.into_owned();
    losses.push(thing.loss().into());
    Ok((grade.text().to_owned(), stored::write_texts(&losses)))
}
