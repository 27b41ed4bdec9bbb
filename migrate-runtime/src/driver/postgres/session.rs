//! A session, and how it is opened.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{PgConnection, PgPool};

use super::lease::Lease;
use super::link::Had;
use super::link::PostgresLink;
use super::timeout::LockTimeout;
use super::watch::Watch;
use crate::Error;
use crate::driver::{ANOTHER_SESSION, Driver, Row};
use crate::lock::RunLock;
use crate::options::Options;
use crate::purpose::Purpose;
use crate::settings::postgres::{BEGIN, OriginalSession, SET, Setting, ours, set_local};
use crate::stop::StopSignal;

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
    /// The lock, where it is a lease.
    pub(super) lease: Option<Lease>,
    /// How long another run is waited for.
    pub(super) lock_wait: Duration,
    /// Whether somebody has asked the run to end.
    pub(super) stop: StopSignal,
    /// Whose the server session is between our transactions.
    pub(super) sharing: Sharing,
}

/// Whose a server session is between two transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sharing {
    /// Ours, so it keeps our settings.
    Own,
    /// Perhaps somebody else's, so that each transaction sets what it requires, and leaves nothing behind.
    Shared,
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

    /// Uses a connection that the caller gives for good.
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
            lease: leased(options),
            lock_wait: options.lock_wait,
            stop: options.stop.clone(),
            sharing: Sharing::Own,
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

    /// What a transaction begins with, so that it has our settings.
    pub(super) fn begin_with_settings(&self) -> Vec<String> {
        let begin = std::iter::once(BEGIN.to_owned());
        match self.sharing {
            Sharing::Own => begin.collect(),
            Sharing::Shared => begin.chain(self.settings_of_transaction()).collect(),
        }
    }

    /// Sets ours, and keeps what was set before.
    fn settings_of_transaction(&self) -> [String; 2] {
        let ours = ours(&self.settings, &self.origin.search_path);
        [format!("SELECT pg_catalog.set_config('migrate.was', {SET}, true)"), set_local(&ours)]
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
        let again = match self.sharing {
            Sharing::Own => self.again(),
            Sharing::Shared => vec![set_local(&ours(&self.settings, &self.origin.search_path))],
        };
        std::iter::once(same.to_owned()).chain(again).chain([self.wait()]).collect()
    }

    /// Puts back what the statements of the transaction have set for a session that is not ours. Nothing is set after it: what a transaction
    /// sets for itself counts as set for the session once something else was.
    pub(super) fn as_it_was(&self) -> Option<String> {
        let was = OriginalSession { set: "pg_catalog.current_setting('migrate.was')".to_owned(), ..self.origin.clone() };
        (self.sharing == Sharing::Shared).then(|| was.back())
    }

    /// Sets how long the statements of a transaction of our own wait for a lock.
    pub(super) fn wait(&self) -> String {
        format!("SELECT {}", self.lock_timeout.whole())
    }

    pub(super) async fn one(&mut self, query: &str) -> Result<Row, sqlx::Error> {
        self.texts(query).await?.into_iter().next().ok_or(sqlx::Error::RowNotFound)
    }
}

fn leased(options: &Options) -> Option<Lease> {
    match options.lock {
        RunLock::Session => None,
        RunLock::Lease => Some(Lease::new(options.lease)),
    }
}
