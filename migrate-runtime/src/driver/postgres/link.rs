//! The connection of a session: of our own, or the caller's.

use std::time::Duration;

use migrate_history::Database;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool};

use super::pooler::Mark;
use crate::purpose::Purpose;
use crate::{Cause, Error};

/// How long the server has for its first answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// Who has had a session before us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Had {
    /// It is new, and nothing was set in it but by the role, the database and the URL.
    Nobody,
    /// The caller, or the callback of his pool.
    Somebody,
}

pub(super) enum PostgresLink<'c> {
    /// Ours, opened from a URL.
    Own(Box<PgConnection>, Opener<PgConnectOptions>),
    /// Ours, opened as a pool opens one.
    Prepared(Box<PgConnection>, Opener<PgPool>),
    /// Given by the caller for good.
    Given(Box<PgConnection>),
    /// The caller's.
    Lent(&'c mut PgConnection),
}

/// How a connection of ours is opened.
pub(super) struct Opener<T> {
    /// Without a mark.
    plain: Box<T>,
    /// With the mark; `None` for what only reads, or where the other side refuses it.
    marked: Option<(Box<T>, Mark)>,
}

/// What opens connections.
pub(super) trait Opens {
    async fn open(&self) -> Result<PgConnection, Error>;
}

impl<T: Opens> Opener<T> {
    /// Opens a connection. A server takes the mark, and so does a pooler that leaves out what it does not know; others refuse it.
    async fn open(&mut self) -> Result<PgConnection, Error> {
        if let Some((marked, _)) = &self.marked {
            match marked.open().await {
                Err(Error::Connect { cause, .. }) if is_about_startup(&cause) => self.marked = None,
                opened => return opened,
            }
        }
        self.plain.open().await
    }
}

/// Whether the other side refuses a parameter of the startup packet.
fn is_about_startup(cause: &Cause) -> bool {
    cause.code.is_some() && ["startup", "option", "parameter"].iter().any(|word| cause.message.contains(word))
}

impl<'c> PostgresLink<'c> {
    /// Opens a connection with these options.
    pub async fn connect(options: PgConnectOptions, purpose: Purpose) -> Result<PostgresLink<'c>, Error> {
        let options = of_ours(options);
        let marked = mark(purpose).map(|mark| (Box::new(options.clone().options([mark.option()])), mark));
        let mut opener = Opener { plain: Box::new(options), marked };
        let connection = opener.open().await?;
        Ok(PostgresLink::Own(Box::new(connection), opener))
    }

    /// Opens a connection as the pool would, its `after_connect` included: what that sets, above all the search path and the role,
    /// decides where the application's sessions look, so the migration must land there. It is none of the pool's connections, for
    /// all of those may be in use.
    pub async fn prepared(pool: &PgPool, purpose: Purpose) -> Result<PostgresLink<'c>, Error> {
        let like = pool.options().clone().min_connections(0).max_connections(1).acquire_timeout(CONNECT_TIMEOUT);
        let options = of_ours((*pool.connect_options()).clone());
        let marked =
            mark(purpose).map(|mark| (Box::new(like.clone().connect_lazy_with(options.clone().options([mark.option()]))), mark));
        let mut opener = Opener { plain: Box::new(like.connect_lazy_with(options)), marked };
        let connection = opener.open().await?;
        Ok(PostgresLink::Prepared(Box::new(connection), opener))
    }

    /// The connection.
    pub fn connection(&mut self) -> &mut PgConnection {
        match self {
            PostgresLink::Own(connection, _) | PostgresLink::Prepared(connection, _) | PostgresLink::Given(connection) => {
                connection
            }
            PostgresLink::Lent(connection) => connection,
        }
    }

    /// How to open another session like it; `None` where it is not ours.
    pub fn options(&self) -> Option<PgConnectOptions> {
        match self {
            PostgresLink::Own(_, opener) => Some((*opener.plain).clone()),
            PostgresLink::Prepared(_, opener) => Some((*opener.plain.connect_options()).clone()),
            PostgresLink::Given(_) | PostgresLink::Lent(_) => None,
        }
    }

    /// Who has had it before us.
    pub fn had(&self) -> Had {
        match self {
            PostgresLink::Own(..) => Had::Nobody,
            PostgresLink::Prepared(..) | PostgresLink::Given(_) | PostgresLink::Lent(_) => Had::Somebody,
        }
    }

    /// By what the session is known, if it was begun for this connection.
    pub fn mark(&self) -> Option<&Mark> {
        match self {
            PostgresLink::Own(_, Opener { marked: Some((_, mark)), .. })
            | PostgresLink::Prepared(_, Opener { marked: Some((_, mark)), .. }) => Some(mark),
            PostgresLink::Own(_, Opener { marked: None, .. }) | PostgresLink::Prepared(_, Opener { marked: None, .. }) => None,
            PostgresLink::Given(_) | PostgresLink::Lent(_) => None,
        }
    }

    /// Opens it again; `false` where it is not ours.
    pub async fn open_again(&mut self) -> Result<bool, Error> {
        match self {
            PostgresLink::Own(connection, opener) => **connection = opener.open().await?,
            PostgresLink::Prepared(connection, opener) => **connection = opener.open().await?,
            PostgresLink::Given(_) | PostgresLink::Lent(_) => return Ok(false),
        }
        Ok(true)
    }

    /// Another connection to the same place; `None` where it is not known how to open one.
    pub async fn second(&self) -> Result<Option<PgConnection>, Error> {
        match self {
            PostgresLink::Own(_, opener) => opener.plain.open().await.map(Some),
            PostgresLink::Prepared(_, opener) => open(&opener.plain.connect_options()).await.map(Some),
            PostgresLink::Given(_) | PostgresLink::Lent(_) => Ok(None),
        }
    }

    /// Closes what is ours.
    pub async fn close(self) {
        let closed = match self {
            PostgresLink::Own(connection, _) | PostgresLink::Prepared(connection, _) | PostgresLink::Given(connection) => {
                connection.close().await
            }
            PostgresLink::Lent(_) => Ok(()),
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
    // A statement cache means named statements, which a pooler hands to another server session; and a pooler refuses a parameter that it
    // does not know, so what we set ourselves is not set there.
    options.extra_float_digits(None).statement_cache_capacity(0).disable_statement_logging()
}

/// What only reads needs no session of its own.
fn mark(purpose: Purpose) -> Option<Mark> {
    purpose.writes().then(Mark::new)
}

impl Opens for PgConnectOptions {
    async fn open(&self) -> Result<PgConnection, Error> {
        open(self).await
    }
}

impl Opens for PgPool {
    async fn open(&self) -> Result<PgConnection, Error> {
        open_prepared(self).await
    }
}

async fn open(options: &PgConnectOptions) -> Result<PgConnection, Error> {
    match tokio::time::timeout(CONNECT_TIMEOUT, PgConnection::connect_with(options)).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) => Err(refused(Cause::of(error))),
        Err(_) => Err(refused(Cause::plain("no answer within 30 s"))),
    }
}

/// A pool tries again for as long as the server does not listen or its callback fails, and reports neither.
async fn open_prepared(pool: &PgPool) -> Result<PgConnection, Error> {
    match pool.acquire().await {
        Ok(connection) => Ok(connection.detach()),
        Err(sqlx::Error::PoolTimedOut) => {
            open(&pool.connect_options()).await?;
            Err(refused(Cause::plain("the pool's `after_connect` fails")))
        }
        Err(error) => Err(refused(Cause::of(error))),
    }
}

fn refused(cause: Cause) -> Error {
    let remedy = remedy(&cause);
    Error::Connect { database: Database::Postgres, cause: Box::new(cause), remedy }
}

/// What to do about a refusal. The codes are those of the manual's appendix A.
fn remedy(cause: &Cause) -> &'static str {
    let message = &*cause.message;
    if message.contains("without TLS") {
        "this program was built without TLS: add the feature to the dependency: \
         `migrate-db = { version = \"…\", features = [\"tls-rustls\"] }`"
    } else if message.contains("no encryption") {
        "the connection was not encrypted, which the server may ask for: add the feature `tls-rustls` of `migrate`, \
         and leave `sslmode=disable` out of the URL"
    } else {
        match cause.code.as_deref() {
            Some("28P01") => "correct the user or the password of the URL",
            Some("28000") => "correct the user of the URL, or allow the connection in `pg_hba.conf`",
            Some("3D000") => "create the database, or correct its name in the URL",
            Some(_) => "check the host, port, user, password and database of the URL",
            None => "check that the server runs, and the host and port of the URL",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_asks_for_encryption_names_the_feature() {
        let refusal = "no pg_hba.conf entry for host \"10.0.0.1\", user \"me\", database \"app\", no encryption";
        let error = refused(Cause::plain(refusal));
        assert!(error.to_string().contains("add the feature `tls-rustls` of `migrate`"), "{error}");
    }
}
