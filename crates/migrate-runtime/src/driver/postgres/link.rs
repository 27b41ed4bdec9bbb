//! The connection behind a session: of our own, or somebody else's.

use std::time::Duration;

use migrate_model::history::Database;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool};

use super::texts::Had;
use crate::{Cause, Error};

/// How long the server has for its first answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

pub(super) enum Link<'c> {
    /// Ours, opened from a URL.
    Own(Box<PgConnection>, Box<PgConnectOptions>),
    /// Ours, opened as a pool opens one.
    Prepared(Box<PgConnection>, PgPool),
    /// The caller's.
    Lent(&'c mut PgConnection),
}

impl<'c> Link<'c> {
    /// Opens a connection with these options.
    pub async fn connect(options: PgConnectOptions) -> Result<Link<'c>, Error> {
        let options = of_ours(options);
        let connection = open(&options).await?;
        Ok(Link::Own(Box::new(connection), Box::new(options)))
    }

    /// Opens a connection as the pool would, its `after_connect` included: what that sets, above all the search path and the role,
    /// decides where the application's sessions look, so the migration must land there. It is none of the pool's connections, for
    /// all of those may be in use.
    pub async fn prepared(pool: &PgPool) -> Result<Link<'c>, Error> {
        let like = pool.options().clone().min_connections(0).max_connections(1).acquire_timeout(CONNECT_TIMEOUT);
        let like = like.connect_lazy_with(of_ours((*pool.connect_options()).clone()));
        let connection = open_prepared(&like).await?;
        Ok(Link::Prepared(Box::new(connection), like))
    }

    /// The connection.
    pub fn connection(&mut self) -> &mut PgConnection {
        match self {
            Link::Own(connection, _) | Link::Prepared(connection, _) => connection,
            Link::Lent(connection) => connection,
        }
    }

    /// How to open another session like it; `None` where it is not ours.
    pub fn options(&self) -> Option<PgConnectOptions> {
        match self {
            Link::Own(_, options) => Some((**options).clone()),
            Link::Prepared(_, pool) => Some((*pool.connect_options()).clone()),
            Link::Lent(_) => None,
        }
    }

    /// Who has had it before us.
    pub fn had(&self) -> Had {
        match self {
            Link::Own(..) => Had::Nobody,
            Link::Prepared(..) | Link::Lent(_) => Had::Somebody,
        }
    }

    /// Opens it anew; `false` where it is not ours.
    pub async fn open_again(&mut self) -> Result<bool, Error> {
        match self {
            Link::Own(connection, options) => **connection = open(options).await?,
            Link::Prepared(connection, pool) => **connection = open_prepared(pool).await?,
            Link::Lent(_) => return Ok(false),
        }
        Ok(true)
    }

    /// Closes what is ours.
    pub async fn close(self) {
        let closed = match self {
            Link::Own(connection, _) | Link::Prepared(connection, _) => connection.close().await,
            Link::Lent(_) => Ok(()),
        };
        if let Err(error) = closed {
            tracing::debug!(target: "migrate", %error, "the connection was closed by the other side");
        }
    }
}

/// The options of a connection of ours.
fn of_ours(options: PgConnectOptions) -> PgConnectOptions {
    let options = match options.get_application_name() {
        Some(_) => options,
        None => options.application_name("migrate"),
    };
    // A statement cache means named statements, which a pooler hands to another server session.
    options.statement_cache_capacity(0).disable_statement_logging()
}

async fn open(options: &PgConnectOptions) -> Result<PgConnection, Error> {
    match tokio::time::timeout(CONNECT_TIMEOUT, PgConnection::connect_with(options)).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) => Err(refused(Cause::of(&error))),
        Err(_) => Err(refused(Cause::plain("no answer within 30 s"))),
    }
}

/// A pool tries again for as long as nobody listens or its callback fails, and says neither.
async fn open_prepared(pool: &PgPool) -> Result<PgConnection, Error> {
    match pool.acquire().await {
        Ok(connection) => Ok(connection.detach()),
        Err(sqlx::Error::PoolTimedOut) => {
            open(&pool.connect_options()).await?;
            Err(refused(Cause::plain("the pool's `after_connect` fails")))
        }
        Err(error) => Err(refused(Cause::of(&error))),
    }
}

fn refused(cause: Cause) -> Error {
    Error::Connect { database: Database::Postgres, cause: Box::new(cause) }
}
