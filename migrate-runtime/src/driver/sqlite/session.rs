//! A session, and how it is opened.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection, SqlitePool};

use super::error::{connect_error, unless_locked};
use super::open;
use crate::Error;
use crate::driver::Driver;
use crate::observer::Observer;
use crate::options::Options;
use crate::purpose::Purpose;
use crate::stop::StopSignal;

/// How long SQLite itself waits in one call.
const BUSY: Duration = Duration::from_millis(250);

/// Fails where the migration's own SQL has ended the transaction, for its savepoint ended with it.
pub(super) const RELEASE: &str = "RELEASE SAVEPOINT migrate_step";

/// What a session was before us.
#[derive(Clone, Debug, Default)]
pub(super) struct Before {
    pub pragmas: Vec<(&'static str, String)>,
    /// What this connection alone has: the answer of `SqliteSession::look`.
    pub temporary: Vec<String>,
}

/// What SQLite cannot read, in its own words, by what was tried.
pub(super) type Unreadable = BTreeMap<String, String>;

/// A session.
pub(crate) struct SqliteSession<'c> {
    pub(super) link: SqliteLink<'c>,
    pub(super) lock_wait: Duration,
    /// How long a COMMIT may keep others waiting.
    pub(super) lock_timeout: Duration,
    /// What a session that writes was before.
    pub(super) before: Option<Before>,
    pub(super) in_transaction: bool,
    /// The rows that referenced nothing before a rebuild, counted for each pair of tables; `None` without a rebuild.
    pub(super) dangling: Option<Dangling>,
    /// What SQLite could not read of its schema before a rebuild.
    pub(super) unreadable: Unreadable,
    /// Whether somebody has asked the run to end.
    pub(super) stop: StopSignal,
    /// What may interrupt a statement; `None` where nothing can request that.
    pub(super) interrupt: Option<Interrupt>,
}

pub(super) type Dangling = BTreeMap<(String, String), usize>;

/// Whether a statement may be interrupted now: one that cleans up is not.
#[derive(Clone, Debug)]
pub(super) struct Interrupt(pub Arc<AtomicBool>);

pub(super) enum SqliteLink<'c> {
    Own(Box<SqliteConnection>, Box<SqliteConnectOptions>),
    Pool(Option<PoolConnection<sqlx::Sqlite>>),
    Lent(&'c mut SqliteConnection),
}

impl<'c> SqliteSession<'c> {
    /// Opens a connection of our own.
    pub async fn connect(
        options: SqliteConnectOptions,
        purpose: Purpose,
        settings: &Options,
        observer: &mut Observer<'_>,
    ) -> Result<SqliteSession<'c>, Error> {
        let options = options.busy_timeout(BUSY).statement_cache_capacity(0).disable_statement_logging();
        let (connection, options) = open::open(options, purpose).await?;
        SqliteSession::begin_session(SqliteLink::Own(Box::new(connection), Box::new(options)), purpose, settings, observer).await
    }

    /// Takes a connection of a pool, for an in-memory database is nowhere else.
    pub async fn acquire(
        pool: &SqlitePool,
        purpose: Purpose,
        settings: &Options,
        observer: &mut Observer<'_>,
    ) -> Result<SqliteSession<'c>, Error> {
        let connection = pool.acquire().await.map_err(connect_error)?;
        SqliteSession::pooled(connection, purpose, settings, observer).await
    }

    /// Uses a connection of a pool, which gets it back.
    pub async fn pooled(
        connection: PoolConnection<sqlx::Sqlite>,
        purpose: Purpose,
        settings: &Options,
        observer: &mut Observer<'_>,
    ) -> Result<SqliteSession<'c>, Error> {
        SqliteSession::begin_session(SqliteLink::Pool(Some(connection)), purpose, settings, observer).await
    }

    /// Uses a connection that the caller keeps.
    pub async fn lend(
        connection: &'c mut SqliteConnection,
        purpose: Purpose,
        settings: &Options,
        observer: &mut Observer<'_>,
    ) -> Result<SqliteSession<'c>, Error> {
        SqliteSession::begin_session(SqliteLink::Lent(connection), purpose, settings, observer).await
    }

    pub(super) async fn begin_session(
        link: SqliteLink<'c>,
        purpose: Purpose,
        settings: &Options,
        observer: &mut Observer<'_>,
    ) -> Result<SqliteSession<'c>, Error> {
        let (lock_wait, lock_timeout) = (settings.lock_wait, settings.lock_timeout);
        let (before, in_transaction, dangling, unreadable) = (None, false, None, Unreadable::new());
        let (stop, interrupt) = (settings.stop.clone(), None);
        let mut session =
            SqliteSession { link, lock_wait, lock_timeout, before, in_transaction, dangling, unreadable, stop, interrupt };
        session.wait_for("SELECT count(*) FROM main.sqlite_schema", observer).await.or_else(unless_locked)?;
        if purpose.writes() {
            session.before = Some(session.look().await.map_err(Error::while_doing("look at the session"))?);
            session.allow_interrupts().await.map_err(Error::while_doing("look at the session"))?;
        }
        Ok(session)
    }

    pub(super) fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        match &mut self.link {
            SqliteLink::Own(connection, _) => Ok(connection),
            SqliteLink::Pool(connection) => connection.as_deref_mut().ok_or(sqlx::Error::PoolClosed),
            SqliteLink::Lent(connection) => Ok(connection),
        }
    }

    pub(super) async fn count_dangling(&mut self) -> Result<Dangling, sqlx::Error> {
        let mut counts = Dangling::new();
        for row in self.texts("SELECT \"table\", parent FROM pragma_foreign_key_check").await? {
            let mut fields = row.into_iter().map(Option::unwrap_or_default);
            let pair = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
            *counts.entry(pair).or_default() += 1;
        }
        Ok(counts)
    }
}

impl Drop for SqliteSession<'_> {
    fn drop(&mut self) {
        if let SqliteLink::Pool(connection) = &mut self.link
            && (self.in_transaction || self.before.is_some())
            && let Some(connection) = connection.take()
        {
            drop(connection.detach());
        }
    }
}
