//! The ledger: one row for each applied revision of a history, written in the transaction that applies it.
//!
//! Its tables are `migrate_ledger`, `migrate_journal` (see [`crate::journal`]) and `migrate_format`, which has one row:
//! the number of this format. A newer format may add columns and tables, so that an older program can still say what is
//! applied; it must not write.

use migrate_model::history::{Database, Level, Migration};
use migrate_model::plan::{Applied, Direction, Planned, Progress};

use crate::driver::{Driver, Row};
use crate::query::{Query, Value};
use crate::{Error, journal, stored};

/// The newest format that this version reads and writes.
pub(crate) const FORMAT: i64 = 1;

/// The tables, in the order in which they are made.
const TABLES: [&str; 3] = ["migrate_format", "migrate_journal", "migrate_ledger"];

/// Where the ledger's tables are, and in which dialect they are spoken to.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    database: Database,
    schema: Option<String>,
}

/// What is the same for all rows of one run.
#[derive(Clone, Debug)]
pub(crate) struct Stamp {
    /// The history's name.
    pub history: String,
    /// A token for this run, by which a lost reply to a COMMIT is found out.
    pub run: String,
    /// Who runs it.
    pub by: Value,
}

/// The ledger as it was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    /// Its format; `None` when there is no ledger.
    pub format: Option<i64>,
    /// Its rows for this history.
    pub applied: Vec<Applied>,
    /// The journal's last entry; any run that writes leaves a later one.
    pub position: i64,
}

/// The version that writes.
pub(crate) fn tool() -> Value {
    Value::from(concat!("migrate ", env!("CARGO_PKG_VERSION")))
}

impl Ledger {
    /// The ledger in `schema`, which is written as SQL: quoted, or a variable of psql.
    pub fn new(database: Database, schema: Option<String>) -> Ledger {
        Ledger { database, schema }
    }

    /// The database.
    pub fn database(&self) -> Database {
        self.database
    }

    /// A table of the ledger, always qualified where there are schemas.
    pub fn table(&self, name: &str) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}.\"{name}\""),
            None => format!("\"{name}\""),
        }
    }

    /// The time, by the clock of the database.
    pub fn now(&self) -> Value {
        Value::Expression(match self.database {
            Database::Postgres => "pg_catalog.clock_timestamp()",
            Database::Sqlite => "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
        })
    }

    /// The statements that make the tables. Each does nothing when its table is there.
    pub fn create(&self) -> Vec<String> {
        let (number, time) = match self.database {
            Database::Postgres => ("bigint", "timestamptz"),
            Database::Sqlite => ("INTEGER", "TEXT"),
        };
        let format = self.table("migrate_format");
        vec![
            format!("CREATE TABLE IF NOT EXISTS {format} (format {number} NOT NULL PRIMARY KEY, tool text NOT NULL)"),
            journal::create(self, number, time),
            format!(
                "CREATE TABLE IF NOT EXISTS {} (\n    history text NOT NULL,\n    revision text NOT NULL,\n    \
                 parents text NOT NULL,\n    checksum text NOT NULL,\n    operations text NOT NULL,\n    \
                 level text NOT NULL,\n    losses text NOT NULL,\n    irreversible text,\n    message text NOT NULL,\n    \
                 downgrade text NOT NULL,\n    direction text NOT NULL,\n    step {number} NOT NULL,\n    \
                 steps {number} NOT NULL,\n    applied_at {time} NOT NULL,\n    duration_ms {number} NOT NULL,\n    \
                 applied_by text NOT NULL,\n    tool text NOT NULL,\n    run text NOT NULL,\n    \
                 PRIMARY KEY (history, revision)\n)",
                self.table("migrate_ledger")
            ),
            Query::new(
                format!("INSERT INTO {format} SELECT {{}}, {{}} WHERE NOT EXISTS (SELECT 1 FROM {format})"),
                [Value::Integer(FORMAT), tool()],
            )
            .write_out(self.database),
        ]
    }

    /// The row that says how far a migration is after a step. `step` counts from 1.
    pub fn record(&self, stamp: &Stamp, planned: &Planned, direction: Direction, step: usize, duration_ms: i64) -> Query {
        let steps = planned.steps.len().max(1);
        match (direction, planned.migration) {
            (Direction::Upgrade, Some(migration)) if step == 1 => self.insert(stamp, migration, steps, duration_ms),
            (Direction::Downgrade, _) if step == steps => self.delete(stamp, &planned.revision),
            (Direction::Upgrade | Direction::Downgrade, _) => self.advance(stamp, planned, direction, step, duration_ms),
        }
    }

    fn insert(&self, stamp: &Stamp, migration: &Migration, steps: usize, duration_ms: i64) -> Query {
        let script = migration.script(self.database);
        let downgrade = script.map(|script| stored::write(&script.downgrade, &script.guards));
        let values = [
            Value::from(&*stamp.history),
            Value::from(&*migration.id),
            Value::from(stored::write_texts(&migration.parents)),
            Value::from(&*migration.checksum),
            Value::from(stored::write_texts(&migration.operations)),
            Value::from(migration.level.word()),
            Value::from(stored::write_texts(&migration.losses)),
            Value::Text(migration.irreversible.as_deref().map(str::to_owned)),
            Value::from(&*migration.message),
            Value::from(downgrade.unwrap_or_else(|| stored::write(&[], &[]))),
            Value::from(Direction::Upgrade.word()),
            Value::Integer(1),
            number(steps),
            self.now(),
            Value::Integer(duration_ms),
            stamp.by.clone(),
            tool(),
            Value::from(&*stamp.run),
        ];
        let places = vec!["{}"; values.len()].join(", ");
        Query::new(
            format!(
                "INSERT INTO {} (history, revision, parents, checksum, operations, level, losses, irreversible, message, \
                 downgrade, direction, step, steps, applied_at, duration_ms, applied_by, tool, run) VALUES ({places})",
                self.table("migrate_ledger")
            ),
            values,
        )
    }

    /// The way back is stored anew: between two steps of a downgrade only the one begun may go on.
    fn advance(&self, stamp: &Stamp, planned: &Planned, direction: Direction, step: usize, duration_ms: i64) -> Query {
        let mut template = format!(
            "UPDATE {} SET direction = {{}}, step = {{}}, steps = {{}}, applied_at = {{}}, \
             duration_ms = duration_ms + {{}}, applied_by = {{}}, tool = {{}}, run = {{}}",
            self.table("migrate_ledger")
        );
        let mut values = vec![
            Value::from(direction.word()),
            number(step),
            number(planned.steps.len().max(1)),
            self.now(),
            Value::Integer(duration_ms),
            stamp.by.clone(),
            tool(),
            Value::from(&*stamp.run),
        ];
        if direction == Direction::Downgrade {
            template.push_str(", downgrade = {}");
            values.push(Value::from(stored::write(&planned.steps, &planned.guards)));
        }
        template.push_str(" WHERE history = {} AND revision = {}");
        values.extend([Value::from(&*stamp.history), Value::from(&*planned.revision)]);
        Query::new(template, values)
    }

    fn delete(&self, stamp: &Stamp, revision: &str) -> Query {
        Query::new(
            format!("DELETE FROM {} WHERE history = {{}} AND revision = {{}}", self.table("migrate_ledger")),
            [Value::from(&*stamp.history), Value::from(revision)],
        )
    }

    fn select(&self, history: &str) -> Query {
        let applied_at = match self.database {
            Database::Postgres => "pg_catalog.to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')",
            Database::Sqlite => "applied_at",
        };
        Query::new(
            format!(
                "SELECT revision, parents, checksum, operations, level, losses, irreversible, message, downgrade, \
                 direction, CAST(step AS text), CAST(steps AS text), {applied_at}, CAST(duration_ms AS text), applied_by, \
                 tool FROM {} WHERE history = {{}} ORDER BY applied_at, revision",
                self.table("migrate_ledger")
            ),
            [Value::from(history)],
        )
    }
}

/// A count for the database; no history has more steps than an `i64` holds.
fn number(count: usize) -> Value {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Makes the ledger when it is missing, and refuses a newer one. The lock is ours.
pub(crate) async fn prepare<D: Driver>(driver: &mut D) -> Result<(), sqlx::Error> {
    for statement in driver.ledger().create() {
        driver.run(&statement).await?;
    }
    Ok(())
}

/// Reads the ledger for a plan.
///
/// # Errors
/// It cannot be read or understood, or is newer than this program.
pub(crate) async fn read<D: Driver>(driver: &mut D, history: &str) -> Result<Snapshot, Error> {
    let Some(format) = format(driver).await? else {
        return Ok(Snapshot::default());
    };
    if format > FORMAT {
        return Err(Error::NewerLedger { found: format, known: FORMAT });
    }
    let position = journal::position(driver).await?;
    let applied = applied(driver, history).await?;
    Ok(Snapshot { format: Some(format), applied, position })
}

/// Reads the ledger for a listing: a newer one too, as long as its rows still read like ours.
///
/// # Errors
/// It cannot be read or understood.
pub(crate) async fn look<D: Driver>(driver: &mut D, history: &str) -> Result<Snapshot, Error> {
    let Some(format) = format(driver).await? else {
        return Ok(Snapshot::default());
    };
    match applied(driver, history).await {
        Ok(applied) => Ok(Snapshot { format: Some(format), applied, position: 0 }),
        Err(_) if format > FORMAT => Err(Error::NewerLedger { found: format, known: FORMAT }),
        Err(error) => Err(error),
    }
}

async fn applied<D: Driver>(driver: &mut D, history: &str) -> Result<Vec<Applied>, Error> {
    let query = driver.ledger().select(history);
    let rows = driver.rows(&query).await.map_err(Error::while_doing("read the ledger"))?;
    rows.iter().map(decode).collect()
}

/// The ledger's format; `None` when there is none. Its absence is read from the catalogue, since an error in reading it
/// has many other reasons.
async fn format<D: Driver>(driver: &mut D) -> Result<Option<i64>, Error> {
    let found = driver.tables(&TABLES).await.map_err(Error::while_doing("look for the ledger"))?;
    if found.is_empty() {
        return Ok(None);
    }
    if let Some(missing) = TABLES.iter().find(|table| !found.iter().any(|name| name == *table)) {
        return Err(Error::Ledger(format!("there is `{}` but no `{missing}`; restore it from a backup", found.join("`, `"))));
    }
    let query = format!("SELECT max(format) FROM {}", driver.ledger().table("migrate_format"));
    let rows = driver.texts(&query).await.map_err(Error::while_doing("read the ledger's format"))?;
    let format = rows.first().and_then(|row| row.first()).cloned().flatten().and_then(|text| text.parse().ok());
    format.map(Some).ok_or_else(|| Error::Ledger("`migrate_format` has no row; restore it from a backup".to_owned()))
}

fn decode(row: &Row) -> Result<Applied, Error> {
    let revision = text(row, 0)?;
    decode_row(row, &revision).map_err(|what| Error::Ledger(format!("the row of `{revision}`: {what}")))
}

fn decode_row(row: &Row, revision: &str) -> Result<Applied, String> {
    let field = |at| text(row, at).map_err(|_| format!("column {at} is null"));
    let integer = |at| field(at)?.parse::<i64>().map_err(|_| format!("column {at} is no number"));
    let level = field(4)?;
    let (downgrade, guards) = stored::read(&field(8)?)?;
    Ok(Applied {
        revision: revision.to_owned().into(),
        parents: stored::read_texts(&field(1)?)?,
        checksum: field(2)?.into(),
        operations: stored::read_texts(&field(3)?)?,
        level: level_of(&level).ok_or_else(|| format!("`{level}` is no level"))?,
        losses: stored::read_texts(&field(5)?)?,
        irreversible: row.get(6).cloned().flatten().map(Into::into),
        message: field(7)?.into(),
        downgrade,
        guards,
        progress: progress(&field(9)?, integer(10)?, integer(11)?)?,
        applied_at: field(12)?.into(),
        duration_ms: integer(13)?,
        applied_by: field(14)?.into(),
        tool: field(15)?.into(),
    })
}

fn text(row: &Row, at: usize) -> Result<String, Error> {
    row.get(at).cloned().flatten().ok_or_else(|| Error::Ledger(format!("column {at} of a row is null")))
}

fn level_of(word: &str) -> Option<Level> {
    [Level::Exact, Level::Schema, Level::Irreversible].into_iter().find(|level| level.word() == word)
}

fn progress(direction: &str, step: i64, steps: i64) -> Result<Progress, String> {
    let count = |number: i64| usize::try_from(number).map_err(|_| format!("{number} is no count of steps"));
    let (step, steps) = (count(step)?, count(steps)?);
    match direction {
        "upgrade" if step >= steps => Ok(Progress::Complete),
        "upgrade" => Ok(Progress::Upgrading { step, steps }),
        "downgrade" => Ok(Progress::Downgrading { step, steps }),
        other => Err(format!("`{other}` is no direction")),
    }
}
