//! Where the connection of a session comes from, as far as its driver is compiled in.

use migrate_history::Database;

use crate::{Error, url};

/// What a caller gives us.
pub(crate) enum ConnectionSource<'c> {
    #[cfg(feature = "postgres")]
    PgOptions(Box<sqlx::postgres::PgConnectOptions>),
    #[cfg(feature = "postgres")]
    PgPool(sqlx::PgPool),
    /// One that was taken out of its pool for us.
    #[cfg(feature = "postgres")]
    PgGiven(Box<sqlx::PgConnection>),
    #[cfg(feature = "postgres")]
    PgConnection(&'c mut sqlx::PgConnection),
    #[cfg(feature = "_sqlite")]
    SqliteFile(Box<super::sqlite::File>),
    #[cfg(feature = "_sqlite")]
    SqliteOptions(Box<sqlx::sqlite::SqliteConnectOptions>),
    #[cfg(feature = "_sqlite")]
    SqlitePool(sqlx::SqlitePool),
    /// One of a pool, which gets it back.
    #[cfg(feature = "_sqlite")]
    SqliteGiven(Box<sqlx::pool::PoolConnection<sqlx::Sqlite>>),
    #[cfg(feature = "_sqlite")]
    SqliteConnection(&'c mut sqlx::SqliteConnection),
    /// With no database compiled in, nothing can be reached.
    #[allow(dead_code)]
    None(std::marker::PhantomData<&'c ()>, std::convert::Infallible),
}

impl<'c> ConnectionSource<'c> {
    /// What a URL describes.
    pub fn of_url(text: &str) -> Result<ConnectionSource<'c>, Error> {
        match url::database_of(text)? {
            #[cfg(feature = "postgres")]
            Database::Postgres => Ok(ConnectionSource::PgOptions(Box::new(url::postgres::options(text)?))),
            #[cfg(feature = "_sqlite")]
            Database::Sqlite => Ok(ConnectionSource::SqliteFile(Box::new(url::sqlite::file(text)?))),
            #[cfg(not(feature = "postgres"))]
            Database::Postgres => Err(Error::FeatureOff(Database::Postgres)),
            #[cfg(not(feature = "_sqlite"))]
            Database::Sqlite => Err(Error::FeatureOff(Database::Sqlite)),
        }
    }

    /// Whether it is a file that is not there. Options do not say whether they are about memory, so for them this may be true of
    /// a database in memory too.
    pub fn is_missing(&self) -> bool {
        match self {
            #[cfg(feature = "postgres")]
            ConnectionSource::PgOptions(_)
            | ConnectionSource::PgPool(_)
            | ConnectionSource::PgGiven(_)
            | ConnectionSource::PgConnection(_) => false,
            #[cfg(feature = "_sqlite")]
            ConnectionSource::SqliteFile(file) => file.is_missing(),
            #[cfg(feature = "_sqlite")]
            ConnectionSource::SqliteOptions(options) => !options.get_filename().exists(),
            #[cfg(feature = "_sqlite")]
            ConnectionSource::SqlitePool(_) | ConnectionSource::SqliteGiven(_) | ConnectionSource::SqliteConnection(_) => false,
            ConnectionSource::None(_, never) => match *never {},
        }
    }

    /// Which database it is.
    pub fn database(&self) -> Database {
        match self {
            #[cfg(feature = "postgres")]
            ConnectionSource::PgOptions(_)
            | ConnectionSource::PgPool(_)
            | ConnectionSource::PgGiven(_)
            | ConnectionSource::PgConnection(_) => Database::Postgres,
            #[cfg(feature = "_sqlite")]
            ConnectionSource::SqliteFile(_)
            | ConnectionSource::SqliteOptions(_)
            | ConnectionSource::SqlitePool(_)
            | ConnectionSource::SqliteGiven(_)
            | ConnectionSource::SqliteConnection(_) => Database::Sqlite,
            ConnectionSource::None(_, never) => match *never {},
        }
    }
}
