//! A session, and how it is opened.

use sqlx::postgres::PgConnectOptions;
use sqlx::{PgConnection, PgPool};

use super::link::Had;
use super::link::PostgresLink;
use super::timeout::LockTimeout;
use super::watch::Watch;
use crate::Error;
use crate::driver::{ANOTHER_SESSION, Driver, Row};
use crate::options::Options;
use crate::purpose::Purpose;
use crate::settings::postgres::{OriginalSession, Setting};

/// A session.
pub(crate) struct PostgresSession<'c> {
    pub(super) link: PostgresLink<'c>,
    pub(super) watch: Watch,
    pub(super) lock_timeout: LockTimeout,
    pub(super) purpose: Purpose,
    /// Who has had the session before us.
    pub(super) had: Had,
    pub(super) schema: String,
    /// The later schemas of the search path that have a ledger.
    pub(super) later_schemas: Vec<String>,
    /// What the session was when it was found.
    pub(super) origin: OriginalSession,
    /// Those of our settings that the server has.
    pub(super) settings: Vec<Setting>,
    /// Whether it may have been put to our settings.
    pub(super) settled: bool,
    /// The server's process: with a pooler in transaction mode the next transaction may be in another one.
    pub(super) pid: String,
    /// Which tables of a ledger were found when the session was checked; asked again later.
    pub(super) tables: Option<Vec<String>>,
    pub(super) locked: bool,
    pub(super) in_transaction: bool,
}

impl<'c> PostgresSession<'c> {
    /// Opens a connection of our own.
    pub async fn connect(options: PgConnectOptions, purpose: Purpose, settings: &Options) -> Result<PostgresSession<'c>, Error> {
        let link = settings.stop.unless_asked(PostgresLink::connect(options, purpose)).await?;
        PostgresSession::begin_session(link, purpose, settings).await
    }

    /// Opens a connection of our own that a pool has prepared for its application.
    pub async fn prepared(pool: &PgPool, purpose: Purpose, settings: &Options) -> Result<PostgresSession<'c>, Error> {
        let link = settings.stop.unless_asked(PostgresLink::prepared(pool, purpose)).await?;
        PostgresSession::begin_session(link, purpose, settings).await
    }

    /// Uses a connection that the caller does not want back.
    pub async fn take(connection: Box<PgConnection>, purpose: Purpose, settings: &Options) -> Result<PostgresSession<'c>, Error> {
        PostgresSession::begin_session(PostgresLink::Given(connection), purpose, settings).await
    }

    /// Uses a connection that the caller keeps.
    pub async fn lend(
        connection: &'c mut PgConnection,
        purpose: Purpose,
        settings: &Options,
    ) -> Result<PostgresSession<'c>, Error> {
        PostgresSession::begin_session(PostgresLink::Lent(connection), purpose, settings).await
    }

    pub(super) async fn begin_session(
        link: PostgresLink<'c>,
        purpose: Purpose,
        options: &Options,
    ) -> Result<PostgresSession<'c>, Error> {
        let watch = Watch::new(link.options(), options.lock_timeout, options.stop.clone());
        let lock_timeout = LockTimeout::new(options.lock_timeout);
        let (user, role, search_path, before) = Default::default();
        let origin = OriginalSession { user, role, search_path, set: before };
        let (schema, pid, tables, settings) = (String::new(), String::new(), None, Vec::new());
        let (settled, locked, in_transaction, had) = (false, false, false, link.had());
        let later_schemas = Vec::new();
        let mut session = PostgresSession {
            link,
            watch,
            lock_timeout,
            purpose,
            had,
            schema,
            later_schemas,
            origin,
            settings,
            settled,
            pid,
            tables,
            locked,
            in_transaction,
        };
        match session.prepare().await {
            Ok(()) => Ok(session),
            Err(error) => {
                session
                    .put_back()
                    .await
                    .unwrap_or_else(|error| tracing::debug!(target: "migrate", %error, "no setting was restored"));
                Err(error)
            }
        }
    }

    /// Sets what holds for one transaction.
    pub(super) fn open(&self, statements: usize) -> String {
        format!("SELECT {}, pg_catalog.set_config('migrate.step', '1', true)", self.lock_timeout.first(statements))
    }

    /// Fails in another session than the one that holds the lock.
    pub(super) fn same_session(&self) -> String {
        let pid = &self.pid;
        format!("CAST(CASE WHEN pg_catalog.pg_backend_pid()::text = '{pid}' THEN '0' ELSE '{ANOTHER_SESSION}' END AS bigint)")
    }

    /// Fails where the transaction of [`PostgresSession::open`] has ended, for its setting ended with it; then makes the session ours again.
    pub(super) fn sealed(&self) -> Vec<String> {
        let same = "SELECT CAST(pg_catalog.current_setting('migrate.step', true) AS bigint)";
        // What a migration has reset is set again, for the row of the ledger waits too.
        std::iter::once(same.to_owned()).chain(self.again()).chain([self.wait()]).collect()
    }

    /// Sets how long the statements of a transaction of our own wait for a lock.
    pub(super) fn wait(&self) -> String {
        format!("SELECT {}", self.lock_timeout.whole())
    }

    pub(super) async fn one(&mut self, query: &str) -> Result<Row, sqlx::Error> {
        self.texts(query).await?.into_iter().next().ok_or(sqlx::Error::RowNotFound)
    }
}
