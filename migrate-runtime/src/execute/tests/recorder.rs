//! A driver without a database: it records its calls, and answers as a database would in which no row violates a guard.

use std::marker::PhantomData;
use std::time::Duration;

use migrate_history::{Calls, Database, DatabasePlace, Mode, Rebuild, Touched, Version};

use crate::Error;
use crate::driver::{CommitError, Driver, Envelope, MessageError, Row, SealError, Size, Spent, Strain, Unanswered};
use crate::event::{Blocker, Event};
use crate::inspection::Amount;
use crate::journal;
use crate::ledger::Ledger;
use crate::observer::Observer;
use crate::options::Options;
use crate::program::{Call, CallError};
use crate::sql::{Query, dialect};

/// The last entry of the journal when a step begins.
pub(super) const POSITION: i64 = 7;

/// Which database a recorder passes for.
pub(super) trait Which: Send {
    const DATABASE: Database;
}

pub(super) struct RecordedPostgres;
pub(super) struct RecordedSqlite;

impl Which for RecordedPostgres {
    const DATABASE: Database = Database::Postgres;
}

impl Which for RecordedSqlite {
    const DATABASE: Database = Database::Sqlite;
}

/// What the database answers to questions about a step that has begun.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers {
    /// The ledger's note of a step that has begun.
    pub begun: Option<String>,
    /// What the probe says.
    pub probe: &'static str,
    /// How many batches there are.
    pub batches: usize,
}

pub(super) struct Recorder<W> {
    /// The calls, a line each.
    pub told: Vec<String>,
    answers: Answers,
    entries: i64,
    which: PhantomData<W>,
}

impl<W> Recorder<W> {
    pub fn new(answers: Answers) -> Recorder<W> {
        Recorder { told: Vec::new(), answers, entries: POSITION, which: PhantomData }
    }

    fn tell(&mut self, what: &str, text: &str) {
        self.told.push(format!("{what} {text}").trim_end().to_owned());
    }

    fn cell(text: impl ToString) -> Vec<Row> {
        vec![vec![Some(text.to_string())]]
    }
}

impl<W: Which> Driver for Recorder<W> {
    const DATABASE: Database = W::DATABASE;

    /// The oldest one that is supported.
    fn version_number(&mut self) -> Option<u32> {
        Some(Version::oldest(Self::DATABASE).number)
    }

    async fn place(&mut self) -> Result<DatabasePlace, sqlx::Error> {
        Ok(DatabasePlace { host: None, databases: Vec::new() })
    }

    fn ledger(&self) -> Ledger {
        Ledger::new(W::DATABASE, None)
    }

    fn schema(&self) -> Option<String> {
        None
    }

    fn later_schemas(&self) -> Vec<String> {
        Vec::new()
    }

    async fn lock(&mut self, _: &Options, _: &mut Observer<'_>) -> Result<(), Error> {
        Ok(())
    }

    async fn begin(&mut self, rebuild: Rebuild, statements: usize, _: &mut Observer<'_>) -> Result<(), Error> {
        self.tell("begin", &format!("{rebuild:?} {statements}"));
        Ok(())
    }

    async fn seal(&mut self) -> Result<(), SealError> {
        self.tell("seal", "");
        Ok(())
    }

    async fn commit(&mut self) -> Result<(), CommitError> {
        self.tell("commit", "");
        Ok(())
    }

    async fn rollback(&mut self) {
        self.tell("rollback", "");
    }

    async fn execute(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        self.tell("run", sql);
        Ok(())
    }

    /// The function leaves as many cursors as there are batches.
    async fn call(&mut self, call: Call<'_>, _: &mut (dyn FnMut(Event) + Send)) -> Result<Option<String>, CallError> {
        self.tell("call", call.mode.written().1);
        match call.mode {
            Mode::Program { calls: Calls::InBatches, .. } if self.answers.batches > 0 => {
                self.answers.batches -= 1;
                Ok(Some(format!("cursor {}", self.answers.batches)))
            }
            Mode::Program { .. } | Mode::Transaction { .. } | Mode::Alone => Ok(None),
            Mode::Batches { .. } | Mode::Unknown { .. } => Ok(None),
        }
    }

    async fn batch(&mut self, statements: &[String]) -> Result<Vec<Vec<Row>>, MessageError> {
        statements.iter().for_each(|statement| self.tell("batch", statement));
        Ok(Vec::new())
    }

    async fn message(&mut self, statements: &[String], _: usize) -> Result<Vec<Row>, MessageError> {
        statements.iter().for_each(|statement| self.tell("message", statement));
        self.entries += 1;
        Ok(Self::cell(self.entries))
    }

    fn envelope(&self, position: i64, statements: usize) -> Envelope {
        match W::DATABASE {
            Database::Postgres => Envelope {
                begin: vec!["BEGIN".to_owned(), format!("open {statements}")],
                check: format!("check {position}"),
                seal: vec!["seal".to_owned(), "settle".to_owned()],
            },
            Database::Sqlite => Envelope { begin: Vec::new(), check: format!("check {position}"), seal: vec!["seal".to_owned()] },
        }
    }

    async fn texts(&mut self, sql: &str) -> Result<Vec<Row>, sqlx::Error> {
        self.tell("ask", sql);
        Ok(if sql == journal::last(&self.ledger()) {
            Self::cell(self.entries)
        } else if sql.contains("RETURNING id") {
            self.entries += 1;
            Self::cell(self.entries)
        } else if sql.contains("the probe") {
            Self::cell(self.answers.probe)
        } else if sql.contains("the next rows") {
            self.answers.batches = self.answers.batches.wrapping_sub(1);
            let is_left = self.answers.batches < usize::MAX / 2;
            let asked = sql.split(' ').rev().find(|word| word.parse::<u64>().is_ok()).unwrap_or("10");
            vec![vec![is_left.then(|| format!("key {}", self.answers.batches)), Some(asked.to_owned())]]
        } else if sql.contains("count") {
            Self::cell(0)
        } else {
            Vec::new()
        })
    }

    async fn snapshot(&mut self, _: &[String]) -> Result<Vec<Vec<Row>>, MessageError> {
        Ok(Vec::new())
    }

    async fn ask(&mut self, _: &str, _: Duration) -> Result<Vec<Row>, Unanswered> {
        Ok(Vec::new())
    }

    async fn estimate(&mut self, _: &str, _: Duration) -> Option<u64> {
        None
    }

    async fn size(&mut self, _: &Touched, _: Duration) -> Size {
        Size { rows: Amount::NotThere, bytes: Amount::NotThere }
    }

    async fn strain(&mut self) -> Strain {
        Strain::default()
    }

    fn gap(&self, _: Duration) -> Duration {
        Duration::ZERO
    }

    async fn rows(&mut self, query: &Query) -> Result<Vec<Row>, sqlx::Error> {
        let sql = query.write_out(dialect(W::DATABASE));
        self.tell("ask", &sql);
        let table = ["table", "t", "CREATE TABLE t (n integer)"];
        Ok(if sql.contains("begun_step") {
            vec![vec![self.answers.begun.clone()]]
        } else {
            vec![table.into_iter().map(|text| Some(text.to_owned())).collect()]
        })
    }

    async fn add(&mut self, query: &Query) -> Result<(), sqlx::Error> {
        self.write(query).await.map(drop)
    }

    async fn write(&mut self, query: &Query) -> Result<u64, sqlx::Error> {
        let sql = query.write_out(dialect(W::DATABASE));
        self.tell("write", &sql);
        // What was written as begun is found again.
        if let Some(begun) = sql.split('\'').find(|text| text.starts_with("{\"cursor\"")) {
            // As a literal has it.
            self.answers.begun = Some(begun.replace(r"\\", r"\"));
        }
        Ok(1)
    }

    async fn tables(&mut self, names: &[&str]) -> Result<Vec<String>, sqlx::Error> {
        Ok(names.iter().map(ToString::to_string).collect())
    }

    fn is_failed_check(_: &sqlx::Error) -> bool {
        false
    }

    fn is_fenced(_: &sqlx::Error) -> bool {
        false
    }

    fn is_shared(&self) -> bool {
        false
    }

    fn is_lost(_: &sqlx::Error) -> bool {
        false
    }

    fn is_ended(_: &sqlx::Error) -> bool {
        false
    }

    fn is_contention(_: &sqlx::Error) -> bool {
        false
    }

    fn is_cancelled(_: &sqlx::Error) -> bool {
        false
    }

    fn wait_less(&self, spent: Spent) -> Option<String> {
        match W::DATABASE {
            Database::Postgres => Some(format!("wait {}", spent.statements)),
            Database::Sqlite => None,
        }
    }

    fn around_alone(&self) -> [Vec<String>; 2] {
        [vec!["around: before".to_owned()], vec!["around: after".to_owned()]]
    }

    async fn take_blockers(&mut self) -> Vec<Blocker> {
        Vec::new()
    }

    async fn reconnect(&mut self) -> Result<bool, Error> {
        Ok(false)
    }

    fn is_passing(_: &Error) -> bool {
        false
    }

    async fn close(self) -> Result<(), Error> {
        Ok(())
    }
}
