//! Opens a session of a database, for one of three purposes, and answers what only reads.

use std::time::Duration;

use migrate_history::plan::{Direction, Goal, Plan, PlanError, Target};
use migrate_history::{Database, History, KeptPlace};

use crate::backoff::{BETWEEN_LOOKS, LOOKS};
use crate::current::FoundLedger;
use crate::driver::Driver;
use crate::driver::connection_source::ConnectionSource;
use crate::endpoint::Endpoint;
use crate::ledger;
use crate::losses::{self, Later};
use crate::observer::Observer;
use crate::options::{DroppedData, Options};
use crate::purpose::Purpose;
use crate::version::{refuse_older, refuse_unserved};
use crate::{Current, Error, Inspection, Journal, KeptData, KeptThing, inspect, journal, kept, protection, purge};

/// A session of one of the databases.
#[allow(clippy::large_enum_variant, reason = "a run has one of them")]
pub(crate) enum Session<'c> {
    #[cfg(feature = "postgres")]
    Postgres(crate::driver::postgres::PostgresSession<'c>),
    #[cfg(feature = "_sqlite")]
    Sqlite(crate::driver::sqlite::SqliteSession<'c>),
    /// A file that is not there, and that this purpose does not make.
    Missing(Database, std::marker::PhantomData<&'c ()>),
}

impl<'c> Session<'c> {
    /// Opens the session, if the history supports the database at all.
    pub async fn open(
        endpoint: Endpoint<'c>,
        history: &History,
        purpose: Purpose,
        options: &Options,
        observer: &mut Observer<'_>,
    ) -> Result<Session<'c>, Error> {
        let database = endpoint.database();
        if history.oldest(database).is_none() {
            return Err(PlanError::NotServed { database, served: history.databases().collect() }.into());
        }
        match endpoint.0 {
            #[cfg(feature = "postgres")]
            ConnectionSource::PgOptions(given) => {
                crate::driver::postgres::PostgresSession::connect(*given, purpose, options).await.map(Session::Postgres)
            }
            #[cfg(feature = "postgres")]
            ConnectionSource::PgPool(pool) => {
                crate::driver::postgres::PostgresSession::prepared(&pool, purpose, options).await.map(Session::Postgres)
            }
            #[cfg(feature = "postgres")]
            ConnectionSource::PgGiven(connection) => {
                crate::driver::postgres::PostgresSession::take(connection, purpose, options).await.map(Session::Postgres)
            }
            #[cfg(feature = "postgres")]
            ConnectionSource::PgConnection(connection) => {
                crate::driver::postgres::PostgresSession::lend(connection, purpose, options).await.map(Session::Postgres)
            }
            #[cfg(feature = "_sqlite")]
            ConnectionSource::SqliteFile(file) => open_file(*file, purpose, options, observer).await,
            #[cfg(feature = "_sqlite")]
            ConnectionSource::SqliteOptions(given) => open_given(*given, purpose, options, observer).await,
            #[cfg(feature = "_sqlite")]
            ConnectionSource::SqlitePool(pool) => {
                crate::driver::sqlite::SqliteSession::acquire(&pool, purpose, options, observer).await.map(Session::Sqlite)
            }
            #[cfg(feature = "_sqlite")]
            ConnectionSource::SqliteGiven(connection) => {
                crate::driver::sqlite::SqliteSession::pooled(*connection, purpose, options, observer).await.map(Session::Sqlite)
            }
            #[cfg(feature = "_sqlite")]
            ConnectionSource::SqliteConnection(connection) => {
                crate::driver::sqlite::SqliteSession::lend(connection, purpose, options, observer).await.map(Session::Sqlite)
            }
            ConnectionSource::None(_, never) => match never {},
        }
    }

    /// What a run would do, and how much it would drop.
    pub async fn plan(self, history: &History, way: (Direction, &Target), dropped: DroppedData) -> Result<Plan, Error> {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(driver) => plan(driver, history, way, dropped).await,
            #[cfg(feature = "_sqlite")]
            Session::Sqlite(driver) => plan(driver, history, way, dropped).await,
            Session::Missing(database, _) => {
                let goal = Goal::resolve(history, &[], way.0, way.1)?;
                Ok(Plan::new(history, database, &[], &goal)?)
            }
        }
    }

    /// What a run would do, and what the database says about it now.
    pub async fn inspect(
        self,
        history: &History,
        way: (Direction, &Target),
        dropped: DroppedData,
        limit: Duration,
    ) -> Result<Inspection, Error> {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(driver) => inspect(driver, history, (way, dropped), limit).await,
            #[cfg(feature = "sqlite")]
            Session::Sqlite(driver) => inspect(driver, history, (way, dropped), limit).await,
            Session::Missing(..) => self.plan(history, way, dropped).await.map(inspect::without_database),
        }
    }

    /// The last entries of the journal.
    pub async fn journal(self, history: &History, limit: usize) -> Result<Journal, Error> {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(driver) => journal(driver, history, limit).await,
            #[cfg(feature = "_sqlite")]
            Session::Sqlite(driver) => journal(driver, history, limit).await,
            Session::Missing(database, _) => {
                Ok(Journal { database, schema: None, history: history.name.clone(), events: Vec::new() })
            }
        }
    }

    /// What is kept of the history's data.
    pub async fn kept(self, history: &History, limit: Duration) -> Result<KeptData, Error> {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(driver) => kept(driver, history, limit).await,
            #[cfg(feature = "_sqlite")]
            Session::Sqlite(driver) => kept(driver, history, limit).await,
            Session::Missing(database, _) => {
                Ok(KeptData { database, schema: None, history: history.name.clone(), things: Vec::new() })
            }
        }
    }

    /// Empties what is kept at these places.
    pub async fn purge(
        self,
        history: &History,
        places: &[KeptPlace],
        options: &Options,
        observer: &mut Observer<'_>,
    ) -> Result<Vec<KeptThing>, Error> {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(driver) => purge(driver, history, places, (options, observer)).await,
            #[cfg(feature = "_sqlite")]
            Session::Sqlite(driver) => purge(driver, history, places, (options, observer)).await,
            Session::Missing(..) => Ok(Vec::new()),
        }
    }

    /// What is applied and what is pending.
    pub async fn current(self, history: &History) -> Result<Current, Error> {
        let (database, found) = match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(driver) => look(driver, history).await?,
            #[cfg(feature = "_sqlite")]
            Session::Sqlite(driver) => look(driver, history).await?,
            Session::Missing(database, _) => (database, FoundLedger::default()),
        };
        Current::new(history, database, found)
    }
}

async fn look<D: Driver>(mut driver: D, history: &History) -> Result<(Database, FoundLedger), Error> {
    let found = found(&mut driver, history).await;
    leave(driver).await;
    Ok((D::DATABASE, found?))
}

async fn found<D: Driver>(driver: &mut D, history: &History) -> Result<FoundLedger, Error> {
    let snapshot = ledger::look(driver, history).await?;
    let protection = protection::find(driver, history, snapshot.flag).await?;
    Ok(FoundLedger { snapshot, protection })
}

/// What was read is true, however the session ends.
async fn leave<D: Driver>(driver: D) {
    if let Err(error) = driver.close().await {
        tracing::warn!(target: "migrate", %error, "the session was not closed in order");
    }
}

async fn journal<D: Driver>(mut driver: D, history: &History, limit: usize) -> Result<Journal, Error> {
    let events = journal::entries(&mut driver, &history.name, limit).await;
    let (database, schema) = (D::DATABASE, driver.schema().map(Into::into));
    leave(driver).await;
    Ok(Journal { database, schema, history: history.name.clone(), events: events? })
}

async fn kept<D: Driver>(mut driver: D, history: &History, limit: Duration) -> Result<KeptData, Error> {
    let things = kept::list(&mut driver, &history.name, limit).await;
    let (database, schema) = (D::DATABASE, driver.schema().map(Into::into));
    leave(driver).await;
    Ok(KeptData { database, schema, history: history.name.clone(), things: things? })
}

async fn purge<D: Driver>(
    mut driver: D,
    history: &History,
    places: &[KeptPlace],
    (options, observer): (&Options, &mut Observer<'_>),
) -> Result<Vec<KeptThing>, Error> {
    let purged = purge::purge(&mut driver, history, places, options, observer).await;
    leave(driver).await;
    purged
}

async fn plan<D: Driver>(
    mut driver: D,
    history: &History,
    way: (Direction, &Target),
    dropped: DroppedData,
) -> Result<Plan, Error> {
    let plan = counted_plan(&mut driver, history, way, dropped).await;
    leave(driver).await;
    plan
}

async fn inspect<D: Driver>(
    mut driver: D,
    history: &History,
    (way, dropped): ((Direction, &Target), DroppedData),
    limit: Duration,
) -> Result<Inspection, Error> {
    let inspection = match counted_plan(&mut driver, history, way, dropped).await {
        Ok(plan) => Ok(inspect::inspect(&mut driver, plan, limit).await),
        Err(error) => Err(error),
    };
    leave(driver).await;
    inspection
}

async fn counted_plan<D: Driver>(
    driver: &mut D,
    history: &History,
    (direction, target): (Direction, &Target),
    dropped: DroppedData,
) -> Result<Plan, Error> {
    refuse_unserved(driver, history).await?;
    let mut snapshot = ledger::read(driver, history).await?;
    let mut looks = 0;
    // Another run may be at work, and is done soon.
    while looks < LOOKS && snapshot.is_between_steps_against(direction) {
        tokio::time::sleep(BETWEEN_LOOKS).await;
        let next = ledger::read(driver, history).await?;
        looks = if next.applied == snapshot.applied { looks + 1 } else { 0 };
        snapshot = next;
    }
    let goal = Goal::resolve(history, &snapshot.applied, direction, target)?;
    let mut plan = Plan::new(history, D::DATABASE, &snapshot.applied, &goal)?;
    plan.schema = snapshot.schema;
    refuse_older(driver, &plan).await?;
    kept::settle(driver, &mut plan, dropped).await?;
    losses::count(driver, &mut plan, Later::Never).await;
    Ok(plan)
}

#[cfg(feature = "_sqlite")]
async fn open_file<'c>(
    file: crate::driver::sqlite::File,
    purpose: Purpose,
    options: &Options,
    observer: &mut Observer<'_>,
) -> Result<Session<'c>, Error> {
    file.check(purpose)?;
    if purpose != Purpose::Create && file.is_missing() {
        return Ok(Session::Missing(crate::driver::sqlite::SqliteSession::DATABASE, std::marker::PhantomData));
    }
    let settings = file.options(purpose);
    crate::driver::sqlite::SqliteSession::connect(settings, purpose, options, observer).await.map(Session::Sqlite)
}

/// Opens what options lead to, and makes a file only where they and the purpose say so. They do not say whether they are about memory, so
/// a file is missing where SQLite does not find it either.
#[cfg(feature = "_sqlite")]
async fn open_given<'c>(
    given: sqlx::sqlite::SqliteConnectOptions,
    purpose: Purpose,
    options: &Options,
    observer: &mut Observer<'_>,
) -> Result<Session<'c>, Error> {
    let file = given.get_filename().to_owned();
    let given = match purpose {
        Purpose::Read => given.create_if_missing(false).pragma("query_only", "1"),
        Purpose::Write => given.create_if_missing(false),
        Purpose::Create => given,
    };
    match crate::driver::sqlite::SqliteSession::connect(given, purpose, options, observer).await {
        Err(Error::Connect { .. }) if purpose != Purpose::Create && !file.exists() => {
            Ok(Session::Missing(crate::driver::sqlite::SqliteSession::DATABASE, std::marker::PhantomData))
        }
        opened => opened.map(Session::Sqlite),
    }
}
