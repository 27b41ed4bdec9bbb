//! Every error says once what the driver says, and hands on the driver's error.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use migrate_history::plan::{Direction, PlanError};
use migrate_history::sql::{Need, beyond};
use migrate_history::{Database, Version};

use super::{Cause, Differs, Elsewhere, Error, ProgramError, Review, StatementError, Stopped, Undone, Unreviewed};
use crate::data_file::DataFileError;
use crate::program::CallFailure;
use crate::{Position, Protection};

/// What the driver says, in each of these errors.
const SAID: &str = "the words of the driver";

fn cause() -> Box<Cause> {
    Box::new(Cause::of(sqlx::Error::Io(io::Error::other(SAID))))
}

fn statement() -> StatementError {
    let only = Position { number: 1, total: 1 };
    StatementError {
        revision: "a".into(),
        title: "A".to_owned(),
        direction: Direction::Upgrade,
        step: only,
        statement: only,
        undone: Undone::Step,
        operation: "sql".into(),
        sql: "SELECT 1".into(),
        cause: *cause(),
    }
}

fn program() -> ProgramError {
    ProgramError {
        revision: "a".into(),
        title: "A".to_owned(),
        direction: Direction::Upgrade,
        step: Position { number: 1, total: 1 },
        function: "fill".into(),
        undone: Undone::Step,
        failure: CallFailure::Missing,
    }
}

fn elsewhere() -> Elsewhere {
    let (history, other_history) = ("a".into(), "b".to_owned());
    Elsewhere { history, schema: None, other_history, other_schema: None, migrations: 1 }
}

/// Lists an example of each kind of error, which the compiler misses where one is not listed.
macro_rules! every {
    ($($pattern:pat => $example:expr),* $(,)?) => {
        fn every() -> Vec<Error> {
            let is_listed = |error: &Error| match error { $($pattern => {}),* };
            let every = vec![$($example),*];
            every.iter().for_each(is_listed);
            every
        }
    };
}

fn unreviewed() -> Unreviewed {
    let (protection, review) = (Some(Protection::Ledger), Review::Plan(Direction::Upgrade));
    Unreviewed { protection, review, hash: "0".repeat(64), given: Some("1".repeat(64)) }
}

every! {
    Error::Url(_) => Error::Url("no scheme".to_owned()),
    Error::FeatureOff(_) => Error::FeatureOff(Database::Sqlite),
    Error::Runtime(_) => Error::Runtime("no threads".to_owned()),
    Error::Plan(_) => Error::Plan(PlanError::Ahead { revisions: vec!["z".into()] }),
    Error::PlanChanged { .. } => Error::PlanChanged { direction: Direction::Upgrade, revisions: vec!["a".into()] },
    Error::Unreviewed(_) => Error::Unreviewed(Box::new(unreviewed())),
    Error::Connect { .. } => Error::Connect { database: Database::Postgres, cause: cause(), remedy: "start it" },
    Error::Statement(_) => Error::Statement(Box::new(statement())),
    Error::Program(_) => Error::Program(Box::new(program())),
    Error::Refused { .. } => Error::Refused { direction: Direction::Upgrade, revision: "a".into(), refusals: Vec::new() },
    Error::Losses { .. } => Error::Losses { revision: "a".into(), losses: Vec::new() },
    Error::Unanswered { .. } => {
        Error::Unanswered { direction: Direction::Upgrade, revision: "a".into(), question: "rows".into(), cause: cause() }
    },
    Error::Differs(_) => {
        Error::Differs(Box::new(Differs { revision: "a".into(), table: "t".to_owned(), differences: Vec::new() }))
    },
    Error::DataFile { .. } => Error::DataFile { revision: "a".into(), error: Box::new(DataFileError::absent("a.csv")) },
    Error::ForeignKeys { .. } => Error::ForeignKeys { revision: "a".into(), violations: Vec::new() },
    Error::BrokenSchema { .. } => Error::BrokenSchema { revision: "a".into(), broken: "view v".to_owned() },
    Error::LockWait { .. } => Error::LockWait { waited: Duration::ZERO, holder: None },
    Error::LeaseLost { .. } => Error::LeaseLost { holder: None },
    Error::StampUnfinished { .. } => Error::StampUnfinished { revision: "a".into() },
    Error::NoEffect { .. } => Error::NoEffect { revision: "a".into(), schema: "s".to_owned() },
    Error::TableLocked { .. } => Error::TableLocked {
        revision: "a".into(),
        attempts: 2,
        waited: Duration::ZERO,
        cause: cause(),
        blockers: Vec::new(),
    },
    Error::LedgerLocked { .. } => Error::LedgerLocked { cause: cause(), blockers: Vec::new() },
    Error::Ended { .. } => {
        Error::Ended { revision: "a".into(), direction: Direction::Upgrade, completed: Vec::new(), cause: cause() }
    },
    Error::Stopped(_) => Error::Stopped(Box::<Stopped>::default()),
    Error::TransactionEnded { .. } => Error::TransactionEnded { revision: "a".into() },
    Error::OutcomeUnknown { .. } => Error::OutcomeUnknown { revision: "a".into(), cause: cause() },
    Error::Pooler => Error::Pooler,
    Error::Stranded { .. } => Error::Stranded { pid: "1".to_owned() },
    Error::Standby => Error::Standby,
    Error::UnservedServer { .. } => Error::UnservedServer { oldest: version(150_000), found: version(140_000) },
    Error::OldServer { .. } => Error::OldServer { revision: "a".into(), need: need(), found: version(140_000) },
    Error::InTransaction => Error::InTransaction,
    Error::NoSchema => Error::NoSchema,
    Error::Setting { .. } => Error::Setting { name: "TimeZone", value: "UTC", cause: cause() },
    Error::PragmaIgnored => Error::PragmaIgnored,
    Error::Elsewhere(_) => Error::Elsewhere(Box::new(elsewhere())),
    Error::During { .. } => {
        let error = Box::new(Error::Database { doing: "read the ledger", cause: cause() });
        Error::During { revision: "a".into(), direction: Direction::Upgrade, error }
    },
    Error::OtherSchema { .. } => Error::OtherSchema { planned: "a".into(), found: "b".into() },
    Error::NewerLedger { .. } => Error::NewerLedger { found: 9, known: 1 },
    Error::Ledger(_) => Error::Ledger("a row is missing".to_owned()),
    Error::Database { .. } => Error::Database { doing: "read the ledger", cause: cause() },
}

fn need() -> Need {
    beyond(version(140_000), ["MERGE INTO a"].into_iter()).remove(0)
}

fn version(number: u32) -> Version {
    Version { database: Database::Postgres, number }
}

/// What prints an error and its chain, as `{:#}` of anyhow does.
fn printed(error: &(dyn std::error::Error + 'static)) -> String {
    let (mut said, mut next) = (error.to_string(), error.source());
    while let Some(source) = next {
        said += &format!(": {source}");
        next = source.source();
    }
    said
}

#[test]
fn a_chain_says_once_what_the_driver_says() {
    for error in every() {
        let said = printed(&error).matches(SAID).count();
        assert_eq!(said, usize::from(error.as_sqlx().is_some()), "{error}");
    }
    // It is why the driver's error is no source.
    let driver = sqlx::Error::Io(io::Error::other(SAID));
    assert_eq!(printed(&driver).matches(SAID).count(), 2);
    assert!(driver.source().is_some());
}

/// The first line is what goes wrong; what to know and what to do are lines of their own.
#[test]
fn the_first_line_is_short_and_every_other_says_what_it_is() {
    for error in every() {
        let said = error.to_string();
        let mut lines = said.lines();
        let first = lines.next().unwrap_or_default();
        // What the driver says is as long as it is.
        let ours = first.replace(&cause().to_string(), "").chars().count();
        assert!(ours <= 90 && !first.contains("; "), "{ours}: {said}");
        let is_marked = |line: &str| ["note: ", "help: ", "    "].iter().any(|mark| line.starts_with(mark));
        assert!(lines.all(is_marked), "{said}");
    }
}

#[test]
fn the_error_of_the_driver_is_reached_through_any_box() {
    let causes = every().into_iter().filter(|error| error.as_sqlx().is_some()).count();
    assert_eq!(causes, 10);
    let boxed: Box<dyn std::error::Error + Send + Sync> = Box::new(Error::Database { doing: "read the ledger", cause: cause() });
    let found = boxed.downcast_ref::<Error>().and_then(Error::as_sqlx);
    assert!(matches!(found, Some(sqlx::Error::Io(_))));
}
