//! Opens the way to a database, in one of three moods, and answers what only reads.

use migrate_model::history::{Database, History};
use migrate_model::plan::{Direction, Goal, Plan, Problem, Target};

use crate::access::{Access, Way};
use crate::driver::Driver;
use crate::ledger::{self, Snapshot};
use crate::losses::{self, Later};
use crate::options::Options;
use crate::{Current, Error, Journal, journal};

/// What the session is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Reads only.
    Read,
    /// Writes, into a database that is there.
    Write,
    /// Writes, and makes a file that is missing.
    Create,
}

impl Mode {
    pub fn writes(self) -> bool {
        match self {
            Mode::Read => false,
            Mode::Write | Mode::Create => true,
        }
    }
}

/// A session of one of the databases.
pub(crate) enum Session<'c> {
    #[cfg(feature = "postgres")]
    Postgres(crate::driver::postgres::Postgres<'c>),
    #[cfg(feature = "sqlite")]
    Sqlite(crate::driver::sqlite::Sqlite<'c>),
    /// A file that is not there, and that this mode does not make.
    Missing(Database, std::marker::PhantomData<&'c ()>),
}

impl<'c> Session<'c> {
    /// Opens the session, if the history serves the database at all.
    pub async fn open(access: Access<'c>, history: &History, mode: Mode, options: &Options) -> Result<Session<'c>, Error> {
        let database = access.database();
        if !history.databases.contains(&database) {
            return Err(Problem::NotServed { database, served: history.databases.clone() }.into());
        }
        match access.0 {
            #[cfg(feature = "postgres")]
            Way::PgOptions(options) => crate::driver::postgres::Postgres::connect(*options, mode).await.map(Session::Postgres),
            #[cfg(feature = "postgres")]
            Way::PgPool(pool) => crate::driver::postgres::Postgres::prepared(&pool, mode).await.map(Session::Postgres),
            #[cfg(feature = "postgres")]
            Way::PgConnection(connection) => {
                crate::driver::postgres::Postgres::lend(connection, mode).await.map(Session::Postgres)
            }
            #[cfg(feature = "sqlite")]
            Way::SqliteFile(file) => open_file(*file, mode, options).await,
            #[cfg(feature = "sqlite")]
            Way::SqlitePool(pool) => crate::driver::sqlite::Sqlite::acquire(&pool, mode, options).await.map(Session::Sqlite),
            #[cfg(feature = "sqlite")]
            Way::SqliteConnection(connection) => {
                crate::driver::sqlite::Sqlite::lend(connection, mode, options).await.map(Session::Sqlite)
            }
            Way::None(_, never) => match never {},
        }
    }

    /// What a run would do, and how much it would drop.
    pub async fn plan(self, history: &History, direction: Direction, target: &Target, options: &Options) -> Result<Plan, Error> {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(driver) => plan(driver, history, direction, target, options).await,
            #[cfg(feature = "sqlite")]
            Session::Sqlite(driver) => plan(driver, history, direction, target, options).await,
            Session::Missing(database, _) => {
                let goal = Goal::resolve(history, &[], direction, target)?;
                Ok(Plan::new(history, database, &[], &goal)?)
            }
        }
    }

    /// The last entries of the journal.
    pub async fn journal(self, history: &History, limit: usize) -> Result<Journal, Error> {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(driver) => journal(driver, history, limit).await,
            #[cfg(feature = "sqlite")]
            Session::Sqlite(driver) => journal(driver, history, limit).await,
            Session::Missing(database, _) => {
                Ok(Journal { database, schema: None, history: history.name.clone(), events: Vec::new() })
            }
        }
    }

    /// What is applied and what is pending.
    pub async fn current(self, history: &History) -> Result<Current, Error> {
        let (database, snapshot) = match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(driver) => (Database::Postgres, look(driver, history).await?),
            #[cfg(feature = "sqlite")]
            Session::Sqlite(driver) => (Database::Sqlite, look(driver, history).await?),
            Session::Missing(database, _) => (database, Snapshot::default()),
        };
        Current::new(history, database, snapshot)
    }
}

async fn look<D: Driver>(mut driver: D, history: &History) -> Result<Snapshot, Error> {
    let snapshot = ledger::look(&mut driver, history).await;
    let closed = driver.close().await;
    let snapshot = snapshot?;
    closed?;
    Ok(snapshot)
}

async fn journal<D: Driver>(mut driver: D, history: &History, limit: usize) -> Result<Journal, Error> {
    let events = async {
        if ledger::is_there(&mut driver).await? {
            journal::entries(&mut driver, &history.name, limit).await
        } else {
            Ok(Vec::new())
        }
    };
    let events = events.await;
    let (database, schema) = (D::DATABASE, driver.schema().map(Into::into));
    let closed = driver.close().await;
    let events = events?;
    closed?;
    Ok(Journal { database, schema, history: history.name.clone(), events })
}

async fn plan<D: Driver>(
    mut driver: D,
    history: &History,
    direction: Direction,
    target: &Target,
    options: &Options,
) -> Result<Plan, Error> {
    let plan = counted_plan(&mut driver, history, direction, target, options).await;
    let closed = driver.close().await;
    let plan = plan?;
    closed?;
    Ok(plan)
}

async fn counted_plan<D: Driver>(
    driver: &mut D,
    history: &History,
    direction: Direction,
    target: &Target,
    options: &Options,
) -> Result<Plan, Error> {
    let snapshot = ledger::read(driver, history).await?;
    let goal = Goal::resolve(history, &snapshot.applied, direction, target)?;
    let mut plan = Plan { schema: snapshot.schema, ..Plan::new(history, D::DATABASE, &snapshot.applied, &goal)? };
    losses::count(driver, options, &mut plan, Later::Never).await;
    Ok(plan)
}

#[cfg(feature = "sqlite")]
async fn open_file<'c>(file: crate::access::SqliteFile, mode: Mode, options: &Options) -> Result<Session<'c>, Error> {
    file.check(mode)?;
    if mode != Mode::Create && file.is_missing() {
        return Ok(Session::Missing(Database::Sqlite, std::marker::PhantomData));
    }
    let settings = file.options(mode);
    crate::driver::sqlite::Sqlite::connect(settings, mode, options).await.map(Session::Sqlite)
}
