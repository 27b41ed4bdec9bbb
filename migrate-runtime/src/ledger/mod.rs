//! The ledger: one row for each applied revision of a history, written in the transaction that applies it.
//!
//! Its tables are `migrate_ledger`, `migrate_journal` (see [`crate::journal`]) and `migrate_format`, which has one row, the number of this
//! format, and a second one while the database is protected. The first upgrade or downgrade brings an older format up to date. A newer one may add
//! columns and tables, so that an older program can still say what is applied; it must not write.

mod decode;
mod elsewhere;
mod flag;
mod kept;
mod prepare;
mod read;

use migrate_history::plan::{Applied, Begun, Course, Direction, Planned, Progress};
use migrate_history::{Database, List, Migration, Step, Text};

pub(crate) use self::flag::{Flag, PROTECTED};

pub(crate) use self::kept::is_at;
pub(crate) use self::prepare::{creation, update};
pub(crate) use self::read::{is_there, journal, look, read, read_again};
use crate::planned_step::PlannedStep;
use crate::recorded::recorded_parents;
use crate::sql::{Columns, LedgerDialect, Parameter, Query, dialect};
use crate::stored;
use crate::stored::StoredDowngrade;

/// The newest format that this version reads and writes.
pub(crate) const FORMAT: i64 = 2;

/// The columns that came with the second format. A row of the first has none of them, and says what the defaults say.
///
/// `begun_at`, `origin`, `compat` and `replaces` are for a reader of the ledger and for later versions, which may write them into this
/// format: no statement that writes a row again names them, so that they are kept.
fn since_second(columns: &Columns) -> [String; 7] {
    let time = columns.moment;
    [
        // The upgrade as it began, while it is between two of its steps.
        "upgrade text".to_owned(),
        // When the first step of the upgrade was recorded.
        format!("begun_at {time}"),
        // The step outside of a transaction that has begun, and how far it is, as JSON.
        "begun_step text".to_owned(),
        // How the row came into being: `run`, `stamp`, `squash` or `adopt`.
        "origin text NOT NULL DEFAULT 'run'".to_owned(),
        // The earliest revision whose program can work with this schema; null where it is not known.
        "compat text".to_owned(),
        // What a reader of the plan should know, where only the ledger has the migration.
        "notes text NOT NULL DEFAULT '[]'".to_owned(),
        // The revisions that this one replaces, as JSON.
        "replaces text NOT NULL DEFAULT '[]'".to_owned(),
    ]
}

/// The tables, in the order in which they are made.
pub(crate) use migrate_history::LEDGER_TABLES as TABLES;

/// Where the ledger's tables are, and in which dialect they are spoken to.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    database: Database,
    schema: Option<String>,
}

/// How far a migration is that has no row in the ledger yet.
struct NewProgress<'f> {
    step: usize,
    /// Its steps.
    upgrade: &'f List<Step>,
    steps: usize,
    begun: Option<&'f Begun>,
}

/// What is the same for all rows of one run.
#[derive(Clone, Debug)]
pub(crate) struct RunStamp {
    /// The history's name.
    pub history: String,
    /// A token for this run, by which a lost reply to a COMMIT is found out.
    pub run: String,
    /// Who runs it.
    pub by: Parameter,
    /// How the rows come into being: `run` or `stamp`.
    pub origin: &'static str,
}

/// The ledger as it was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    /// Its format; `None` when there is no ledger.
    pub format: Option<i64>,
    /// Whether it says that only a reviewed plan may run.
    pub flag: Flag,
    /// PostgreSQL: the schema that it is or would be in.
    pub schema: Option<Text>,
    /// Its rows for this history.
    pub applied: Vec<Applied>,
    /// The journal's last entry; any run that writes adds a later one. Zero where it was not read.
    pub position: i64,
}

impl Snapshot {
    /// Whether a migration is between two steps of the other direction: of a run that has failed, or of one that is at work.
    pub fn is_between_steps_against(&self, direction: Direction) -> bool {
        self.applied.iter().any(|row| match (row.progress, direction) {
            (Progress::Upgrading { .. }, Direction::Downgrade) | (Progress::Downgrading { .. }, Direction::Upgrade) => true,
            (Progress::Upgrading { .. }, Direction::Upgrade)
            | (Progress::Downgrading { .. }, Direction::Downgrade)
            | (Progress::Complete, Direction::Upgrade | Direction::Downgrade) => false,
        })
    }
}

/// The version that writes.
pub(crate) fn tool() -> Parameter {
    Parameter::from(concat!("migrate ", env!("CARGO_PKG_VERSION")))
}

impl Ledger {
    /// The ledger in `schema`, which is written as SQL: quoted, or a variable of psql.
    pub fn new(database: Database, schema: Option<String>) -> Ledger {
        Ledger { database, schema }
    }

    /// How its statements are written.
    pub fn dialect(&self) -> &'static dyn LedgerDialect {
        dialect(self.database)
    }

    /// A table of the ledger, always qualified where there are schemas.
    pub fn table(&self, name: &str) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}.\"{name}\""),
            None => format!("\"{name}\""),
        }
    }

    /// The time, by the clock of the database.
    pub fn now(&self) -> Parameter {
        Parameter::Expression(self.dialect().now())
    }

    /// How long the transaction has lasted, in milliseconds, by the clock of the database.
    pub fn duration(&self) -> Parameter {
        Parameter::Expression(self.dialect().transaction_duration())
    }

    /// The statements that make the tables. Each does nothing when its table is there.
    pub fn create(&self) -> Vec<String> {
        let columns = self.dialect().columns();
        let added = since_second(&columns).join(",\n    ");
        let Columns { number, moment: time, entry: _ } = columns;
        let format = self.table("migrate_format");
        vec![
            format!("CREATE TABLE IF NOT EXISTS {format} (format {number} NOT NULL PRIMARY KEY, tool text NOT NULL)"),
            journal_table(self),
            format!(
                "CREATE TABLE IF NOT EXISTS {} (\n    history text NOT NULL,\n    revision text NOT NULL,\n    \
                 parents text NOT NULL,\n    checksum text NOT NULL,\n    operations text NOT NULL,\n    \
                 level text NOT NULL,\n    losses text NOT NULL,\n    irreversible text,\n    message text NOT NULL,\n    \
                 downgrade text NOT NULL,\n    direction text NOT NULL,\n    step {number} NOT NULL,\n    \
                 steps {number} NOT NULL,\n    applied_at {time} NOT NULL,\n    duration_ms {number} NOT NULL,\n    \
                 applied_by text NOT NULL,\n    tool text NOT NULL,\n    run text NOT NULL,\n    {added},\n    \
                 PRIMARY KEY (history, revision)\n)",
                self.table("migrate_ledger")
            ),
            Query::new(
                format!("INSERT INTO {format} SELECT {{}}, {{}} WHERE NOT EXISTS (SELECT 1 FROM {format})"),
                [Parameter::Integer(FORMAT), tool()],
            )
            .write_out(self.dialect()),
        ]
    }

    /// The statements that make a ledger of the first format one of the second.
    pub(super) fn update(&self) -> Vec<String> {
        let table = self.table("migrate_ledger");
        let columns = since_second(&self.dialect().columns()).map(|column| format!("ALTER TABLE {table} ADD COLUMN {column}"));
        let format = Query::new(
            format!("UPDATE {} SET format = {{}}, tool = {{}} WHERE format < {FORMAT}", self.table("migrate_format")),
            [Parameter::Integer(FORMAT), tool()],
        );
        columns.into_iter().chain([format.write_out(self.dialect())]).collect()
    }

    /// The row that says how far a migration is after a step.
    pub fn record(&self, stamp: &RunStamp, done: PlannedStep<'_>, duration: Parameter) -> Query {
        let PlannedStep { planned, direction, step, number } = done;
        let steps = done.position().total;
        match (direction, planned.migration) {
            (Direction::Upgrade, Some(migration)) if done.makes_row() && step.is_transaction() => {
                self.insert(stamp, migration, NewProgress { step: 1, upgrade: &planned.steps, steps, begun: None }, duration)
            }
            (Direction::Downgrade, _) if number == steps => self.delete(stamp, &planned.revision),
            (Direction::Upgrade | Direction::Downgrade, _) => self.advance(stamp, planned, direction, number, duration),
        }
    }

    /// The row that says that a step outside of a transaction begins.
    pub fn begin(&self, stamp: &RunStamp, begins: PlannedStep<'_>) -> Query {
        let PlannedStep { planned, direction, step, number } = begins;
        let begun = Begun { step: step.id.clone(), cursor: None, rows: 0 };
        match (direction, planned.migration) {
            (Direction::Upgrade, Some(migration)) if begins.makes_row() => {
                let far = NewProgress { step: 0, upgrade: &planned.steps, steps: planned.steps.len(), begun: Some(&begun) };
                self.insert(stamp, migration, far, Parameter::Integer(0))
            }
            (Direction::Upgrade | Direction::Downgrade, _) => {
                let (template, values) = self.advanced(stamp, planned, direction, number - 1, Parameter::Integer(0));
                self.of_revision(template + ", begun_step = {}", values, &begun, (stamp, planned))
            }
        }
    }

    /// The row that says how far a step in batches is.
    pub fn moved(&self, stamp: &RunStamp, step: PlannedStep<'_>, cursor: Option<Text>, rows: u64) -> Query {
        let begun = Begun { step: step.step.id.clone(), cursor, rows };
        let template = format!("UPDATE {} SET run = {{}}, begun_step = {{}}", self.table("migrate_ledger"));
        self.of_revision(template, vec![Parameter::from(&*stamp.run)], &begun, (stamp, step.planned))
    }

    fn of_revision(
        &self,
        template: String,
        mut values: Vec<Parameter>,
        begun: &Begun,
        (stamp, planned): (&RunStamp, &Planned),
    ) -> Query {
        values.extend([
            Parameter::from(stored::write_begun(begun)),
            Parameter::from(&*stamp.history),
            Parameter::from(&*planned.revision),
        ]);
        Query::new(template + " WHERE history = {} AND revision = {}", values)
    }

    /// The query for the step outside of a transaction that has begun.
    pub fn begun(&self, stamp: &RunStamp, planned: &Planned) -> Query {
        let text = format!("SELECT begun_step FROM {} WHERE history = {{}} AND revision = {{}}", self.table("migrate_ledger"));
        Query::new(text, [Parameter::from(&*stamp.history), Parameter::from(&*planned.revision)])
    }

    fn insert(
        &self,
        stamp: &RunStamp,
        migration: &Migration,
        NewProgress { step, upgrade, steps, begun }: NewProgress<'_>,
        duration: Parameter,
    ) -> Query {
        // It is kept until the last step is done.
        let upgrade = (step < steps || begun.is_some()).then(|| stored::write_steps(upgrade));
        let values = [
            Parameter::from(&*stamp.history),
            Parameter::from(&*migration.id),
            Parameter::from(stored::write_texts(&recorded_parents(migration))),
            Parameter::from(migration.checksum()),
            Parameter::from(stored::write_texts(&migration.compiled().operations)),
            Parameter::from(migration.compiled().grade().text()),
            Parameter::from(stored::write_texts(&migration.compiled().losses)),
            Parameter::Text(migration.compiled().irreversible.as_deref().map(str::to_owned)),
            Parameter::from(&*migration.compiled().message),
            Parameter::from(self.downgrade_of(migration)),
            Parameter::from(Direction::Upgrade.word()),
            number(step),
            number(steps),
            self.now(),
            duration,
            stamp.by.clone(),
            tool(),
            Parameter::from(&*stamp.run),
            Parameter::Text(upgrade),
            self.now(),
            Parameter::from(stored::write_texts(&migration.compiled().notes)),
            Parameter::Text(begun.map(stored::write_begun)),
            Parameter::from(stamp.origin),
        ];
        let places = vec!["{}"; values.len()].join(", ");
        Query::new(
            format!(
                "INSERT INTO {} (history, revision, parents, checksum, operations, level, losses, irreversible, message, \
                 downgrade, direction, step, steps, applied_at, duration_ms, applied_by, tool, run, upgrade, \
                 begun_at, notes, begun_step, origin) VALUES ({places})",
                self.table("migrate_ledger")
            ),
            values,
        )
    }

    /// How many steps the upgrade of a migration has.
    fn steps_of(&self, migration: &Migration) -> usize {
        migration.compiled().script(self.database).map_or(1, |script| script.upgrade.len().max(1))
    }

    /// The downgrade of a migration, as it is stored when it is applied.
    fn downgrade_of(&self, migration: &Migration) -> String {
        let script = migration.compiled().script(self.database);
        let downgrade = script.map(|script| StoredDowngrade {
            steps: script.downgrade.clone(),
            drops: Some(script.drops.clone()),
            moves: script.moves.clone(),
        });
        stored::write(&downgrade.unwrap_or_default())
    }

    /// The downgrade is stored again: between two steps of a downgrade only the one begun may go on.
    fn advance(&self, stamp: &RunStamp, planned: &Planned, direction: Direction, step: usize, duration: Parameter) -> Query {
        let (template, mut values) = self.advanced(stamp, planned, direction, step, duration);
        values.extend([Parameter::from(&*stamp.history), Parameter::from(&*planned.revision)]);
        Query::new(template + ", begun_step = NULL WHERE history = {} AND revision = {}", values)
    }

    /// The beginning of the statement, and its values.
    fn advanced(
        &self,
        stamp: &RunStamp,
        planned: &Planned,
        direction: Direction,
        step: usize,
        duration: Parameter,
    ) -> (String, Vec<Parameter>) {
        let total = planned.transactions().len();
        // What a reader sees of a complete migration does not depend on the way to it.
        let whole = planned.migration.filter(|_| direction == Direction::Upgrade && step == total);
        let [step, steps] = whole.map_or([step, total], |migration| [self.steps_of(migration); 2]);
        let mut template = format!(
            "UPDATE {} SET direction = {{}}, step = {{}}, steps = {{}}, applied_at = {{}}, \
             duration_ms = duration_ms + {{}}, applied_by = {{}}, tool = {{}}, run = {{}}",
            self.table("migrate_ledger")
        );
        let mut values = vec![
            Parameter::from(direction.word()),
            number(step),
            number(steps),
            self.now(),
            duration,
            stamp.by.clone(),
            tool(),
            Parameter::from(&*stamp.run),
        ];
        if direction == Direction::Upgrade && step == steps {
            template.push_str(", upgrade = NULL");
        } else if direction == Direction::Upgrade && planned.course == Course::Unwound {
            template.push_str(", upgrade = {}");
            values.push(Parameter::from(stored::write_steps(&planned.steps)));
        }
        if let (Direction::Upgrade, Course::Unwound, Some(migration)) = (direction, planned.course, planned.migration) {
            // In its place is the downgrade that was begun, of which nothing was to be counted any more.
            template.push_str(", downgrade = {}");
            values.push(Parameter::from(self.downgrade_of(migration)));
        }
        if direction == Direction::Downgrade {
            template.push_str(", downgrade = {}");
            // Nothing of it is counted any more once it has begun.
            let (steps, moves) = (planned.steps.clone(), planned.moves.clone());
            values.push(Parameter::from(stored::write(&StoredDowngrade { steps, drops: Some(List::default()), moves })));
        }
        (template, values)
    }

    /// The row of a migration that is recorded as applied and was not run.
    pub fn stamp(&self, stamp: &RunStamp, migration: &Migration) -> Query {
        let steps = self.steps_of(migration);
        let all = NewProgress { step: steps, upgrade: &List::Borrowed(&[]), steps, begun: None };
        self.insert(stamp, migration, all, Parameter::Integer(0))
    }

    /// Takes the row of a migration away.
    pub fn delete(&self, stamp: &RunStamp, revision: &str) -> Query {
        Query::new(
            format!("DELETE FROM {} WHERE history = {{}} AND revision = {{}}", self.table("migrate_ledger")),
            [Parameter::from(&*stamp.history), Parameter::from(revision)],
        )
    }
}

/// The statement that makes the journal.
fn journal_table(ledger: &Ledger) -> String {
    let Columns { number, moment: time, entry: id } = ledger.dialect().columns();
    format!(
        "CREATE TABLE IF NOT EXISTS {} (\n    id {id},\n    at {time} NOT NULL,\n    history text NOT NULL,\n    \
         revision text NOT NULL,\n    direction text NOT NULL,\n    event text NOT NULL,\n    step {number} NOT NULL,\n    \
         steps {number} NOT NULL,\n    checksum text,\n    duration_ms {number} NOT NULL,\n    applied_by text NOT NULL,\n    \
         tool text NOT NULL,\n    run text NOT NULL,\n    detail text\n)",
        ledger.table("migrate_journal")
    )
}

/// A count for the database; no history has more steps than an `i64` holds.
fn number(count: usize) -> Parameter {
    Parameter::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}
