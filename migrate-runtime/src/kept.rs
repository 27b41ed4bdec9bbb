//! What is kept of a history's data: where it is, and how large it is now.

use std::time::Duration;

use migrate_history::plan::{Direction, KeptInside, Plan};
use migrate_history::{
    Database, KEPT_TABLE, Keeping, KeptObject, KeptPlace, Level, Lock, Step, Text, Touched, Work, kept_number,
};

use crate::Error;
use crate::driver::{Driver, Row, Size, Unanswered};
use crate::inspection::Amount;
use crate::ledger;
use crate::options::DroppedData;
use crate::sql::{Parameter, Query, dialect};

/// What is kept of a history's data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeptData {
    /// The database.
    pub database: Database,
    /// PostgreSQL: the schema that the session works in.
    pub schema: Option<Text>,
    /// The history's name.
    pub history: Text,
    /// Each column and table, the oldest first.
    pub things: Vec<KeptThing>,
}

/// A column or a table that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeptThing {
    /// The revision that keeps it.
    pub revision: Text,
    /// Whether its upgrade or its downgrade does.
    pub direction: Direction,
    /// What it was: "column `users.nickname`", "table `audit`".
    pub object: String,
    /// Where it is kept.
    pub place: KeptPlace,
    /// The digest of what it was defined as.
    pub digest: String,
    /// How many rows the table had then. PostgreSQL: as the server estimated it; `None` where it had no estimate.
    pub rows_then: Option<u64>,
    /// When: UTC, RFC 3339.
    pub kept_at: String,
    /// By whom, and where.
    pub kept_by: String,
    /// The version of `migrate`.
    pub tool: String,
    /// What tells the run from others.
    pub run: String,
    /// How many rows the table has now, or how many have a value in the column.
    pub rows: Amount,
    /// How large it is now, in bytes: a table with its indexes, a column without.
    pub bytes: Amount,
}

impl KeptThing {
    /// What a purge loses.
    pub(crate) fn loss(&self) -> String {
        format!("what was kept of the {}", self.object)
    }
}

/// Makes a plan what it is where this database keeps something: a downgrade keeps what it drops, if that is wanted, and an upgrade takes back what
/// one has kept.
pub(crate) async fn settle<D: Driver>(driver: &mut D, plan: &mut Plan, dropped: DroppedData) -> Result<(), Error> {
    match (plan.direction, dropped) {
        (Direction::Downgrade, DroppedData::Kept) => plan.keep(next_number(driver).await?)?,
        (Direction::Upgrade, DroppedData::Gone | DroppedData::Kept) if plan.can_take_back() => {
            let kept = of_downgrades(driver, &plan.history).await?;
            plan.take_back(kept);
        }
        (Direction::Downgrade, DroppedData::Gone) | (Direction::Upgrade, DroppedData::Gone | DroppedData::Kept) => {}
    }
    lower(driver, plan).await
}

/// The number of the next downgrade that keeps something, of whichever history.
async fn next_number<D: Driver>(driver: &mut D) -> Result<u32, Error> {
    if !is_listed(driver).await? {
        return Ok(1);
    }
    let names = format!("SELECT coalesce(column_name, table_name) FROM {}", driver.ledger().table(KEPT_TABLE));
    let rows = ledger::journal(driver, &Query::new(names, [])).await?;
    let numbers = rows.iter().filter_map(|row| kept_number(row.first()?.as_deref()?));
    Ok(numbers.max().map_or(1, |last| last + 1))
}

/// What downgrades have kept and is still there, the latest first.
async fn of_downgrades<D: Driver>(driver: &mut D, history: &str) -> Result<Vec<KeptInside>, Error> {
    let mut listed = list_of(driver, history, "IS NULL").await?;
    listed.retain(|thing| thing.direction == Direction::Downgrade);
    let tables: Vec<String> =
        listed.iter().filter(|thing| thing.place.column.is_none()).map(|thing| thing.object.clone()).collect();
    let around = |place: &KeptPlace| tables.iter().find(|table| is_table(table, place)).filter(|_| place.column.is_some());
    let mut found = Vec::new();
    for thing in listed.into_iter().rev() {
        let inside = if is_there(driver, &thing.place).await? { None } else { Some(around(&thing.place).cloned()) };
        if inside != Some(None) {
            let object = KeptObject { object: thing.object.into(), place: thing.place, digest: thing.digest.into() };
            found.push((object, inside.flatten().map(Into::into)));
        }
    }
    Ok(found)
}

/// Whether an object is the table of a place, however the language spells its name: `users`, `r#Users`, `"Order Items"`.
fn is_table(object: &str, place: &KeptPlace) -> bool {
    let spellings = |name: &str| [name.to_owned(), format!("r#{name}"), format!("{name:?}")];
    let schemas = match &place.schema {
        Some(schema) => spellings(schema).map(|schema| format!("{schema}.")).to_vec(),
        None => vec![String::new()],
    };
    let is_it = |schema: &String| spellings(&place.table).iter().any(|table| object == format!("table `{schema}{table}`"));
    schemas.iter().any(is_it)
}

/// Whether what is listed still exists.
async fn is_there<D: Driver>(driver: &mut D, place: &KeptPlace) -> Result<bool, Error> {
    let query = Query::new(dialect(D::DATABASE).is_there(place), []);
    let rows = ledger::journal(driver, &query).await?;
    Ok(rows.first().and_then(|row| row.first()?.as_deref()) == Some("1"))
}

/// Whether there is a list.
async fn is_listed<D: Driver>(driver: &mut D) -> Result<bool, Error> {
    let doing = || Error::while_doing("look for what is kept");
    let mut found = driver.tables(&[KEPT_TABLE]).await.map_err(doing())?;
    // The first answer may come from a combined query, about the ledger alone.
    if !found.is_empty() && !found.iter().any(|table| table == KEPT_TABLE) {
        found = driver.tables(&[KEPT_TABLE]).await.map_err(doing())?;
    }
    Ok(found.iter().any(|table| table == KEPT_TABLE))
}

/// Adds to a downgrade what it does not restore since it was purged, and lowers its level.
async fn lower<D: Driver>(driver: &mut D, plan: &mut Plan) -> Result<(), Error> {
    let restores = |step: &Step| step.keeps.iter().any(|keeping| matches!(keeping, Keeping::Restored(_)));
    if plan.direction != Direction::Downgrade || !plan.migrations.iter().flat_map(|one| &*one.steps).any(restores) {
        return Ok(());
    }
    let found = list_of(driver, &plan.history, "IS NOT NULL").await?;
    for planned in &mut plan.migrations {
        let losses = found.iter().filter(|thing| thing.revision == planned.revision).map(KeptThing::loss);
        for loss in losses.collect::<Vec<String>>() {
            if !planned.losses.iter().any(|known| **known == *loss) {
                planned.losses.to_mut().push(loss.into());
                planned.level = planned.level.max(Level::Schema);
            }
        }
    }
    Ok(())
}

/// Lists what is kept, each with its size, if a query of at most this duration finds it.
pub(crate) async fn list<D: Driver>(driver: &mut D, history: &str, limit: Duration) -> Result<Vec<KeptThing>, Error> {
    let listed = list_of(driver, history, "IS NULL").await?;
    let mut things = Vec::new();
    for thing in &listed {
        let place = now_at(driver, thing, &listed).await?;
        let Size { rows, bytes } = size(driver, &place, limit).await;
        things.push(KeptThing { rows, bytes, ..thing.clone() });
    }
    Ok(things)
}

/// Where a thing is now: a column is in its table, which a later downgrade may have put aside.
pub(crate) async fn now_at<D: Driver>(driver: &mut D, thing: &KeptThing, listed: &[KeptThing]) -> Result<KeptPlace, Error> {
    if thing.place.column.is_none() || is_there(driver, &thing.place).await? {
        return Ok(thing.place.clone());
    }
    let is_around = |other: &&KeptThing| {
        other.direction == Direction::Downgrade && other.place.column.is_none() && is_table(&other.object, &thing.place)
    };
    for around in listed.iter().filter(is_around) {
        let place = KeptPlace { column: thing.place.column.clone(), ..around.place.clone() };
        if is_there(driver, &place).await? {
            return Ok(place);
        }
    }
    Ok(thing.place.clone())
}

/// What is kept, or was purged, without sizes.
async fn list_of<D: Driver>(driver: &mut D, history: &str, purged: &str) -> Result<Vec<KeptThing>, Error> {
    if !is_listed(driver).await? {
        return Ok(Vec::new());
    }
    let ledger = driver.ledger();
    let query = Query::new(
        format!(
            "SELECT revision, direction, object, schema_name, table_name, column_name, digest, CAST(row_count AS text), {}, kept_by, \
             tool, run FROM {} AS kept WHERE history = {{}} AND purged_at {purged} ORDER BY kept.kept_at, object",
            ledger.moment("kept_at"),
            ledger.table(KEPT_TABLE)
        ),
        [Parameter::from(history)],
    );
    ledger::journal(driver, &query).await?.into_iter().map(thing).collect()
}

async fn size<D: Driver>(driver: &mut D, place: &KeptPlace, limit: Duration) -> Size {
    let KeptPlace { schema, table, column } = place;
    let touched = Touched { schema: schema.clone(), table: table.clone(), lock: Lock::AccessShare, work: Work::Scan };
    let Some(column) = column else { return driver.size(&touched, limit).await };
    let query = dialect(D::DATABASE).values(&touched.quoted(), column);
    let rows = match driver.ask(&query, limit).await {
        Ok(rows) => rows,
        Err(unanswered) => {
            let amount = unknown(unanswered);
            return Size { rows: amount.clone(), bytes: amount };
        }
    };
    let number =
        |at: usize| rows.first().and_then(|row| row.get(at)?.as_deref()?.parse().ok()).map_or(Amount::NotThere, Amount::Exactly);
    Size { rows: number(0), bytes: number(1) }
}

fn unknown(unanswered: Unanswered) -> Amount {
    match unanswered {
        Unanswered::TimedOut(limit) => Amount::TimedOut { limit },
        Unanswered::Locked | Unanswered::Failed(_) => Amount::Unknown(unanswered.reason()),
    }
}

/// A row of the table. Its size is not in it.
fn thing(row: Row) -> Result<KeptThing, Error> {
    let unreadable = |what: &str| Error::Ledger(format!("a row of `{KEPT_TABLE}` cannot be read: {what}"));
    let mut fields = row.into_iter();
    let mut next = || fields.next().flatten();
    let (revision, direction, object) = (next(), next(), next());
    let (schema, table, column) = (next(), next(), next());
    let (digest, rows_then) = (next(), next());
    let direction = direction.unwrap_or_default();
    let known = [Direction::Upgrade, Direction::Downgrade].into_iter().find(|known| known.word() == direction);
    let place = KeptPlace {
        schema: schema.map(Text::Owned),
        table: table.map(Text::Owned).ok_or_else(|| unreadable("it names no table"))?,
        column: column.map(Text::Owned),
    };
    Ok(KeptThing {
        revision: revision.unwrap_or_default().into(),
        direction: known.ok_or_else(|| unreadable(&format!("its direction is `{direction}`")))?,
        object: object.unwrap_or_default(),
        place,
        digest: digest.unwrap_or_default(),
        rows_then: rows_then.and_then(|rows| rows.parse().ok()),
        kept_at: next().unwrap_or_default(),
        kept_by: next().unwrap_or_default(),
        tool: next().unwrap_or_default(),
        run: next().unwrap_or_default(),
        rows: Amount::NotThere,
        bytes: Amount::NotThere,
    })
}
