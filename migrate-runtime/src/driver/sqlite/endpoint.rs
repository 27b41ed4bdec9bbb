//! What leads to SQLite.

use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{SqliteConnection, SqlitePool};

use crate::Error;
use crate::driver::connection_source::ConnectionSource;
use crate::endpoint::{Endpoint, IntoEndpoint};

impl<'c> IntoEndpoint<'c> for SqliteConnectOptions {
    fn into_endpoint(self) -> Result<Endpoint<'c>, Error> {
        Ok(Endpoint(ConnectionSource::SqliteOptions(Box::new(self))))
    }
}

impl<'c> IntoEndpoint<'c> for &SqliteConnectOptions {
    fn into_endpoint(self) -> Result<Endpoint<'c>, Error> {
        self.clone().into_endpoint()
    }
}

impl<'c> IntoEndpoint<'c> for SqlitePool {
    fn into_endpoint(self) -> Result<Endpoint<'c>, Error> {
        Ok(Endpoint(ConnectionSource::SqlitePool(self)))
    }
}

impl<'c> IntoEndpoint<'c> for &SqlitePool {
    fn into_endpoint(self) -> Result<Endpoint<'c>, Error> {
        self.clone().into_endpoint()
    }
}

impl<'c> IntoEndpoint<'c> for PoolConnection<sqlx::Sqlite> {
    fn into_endpoint(self) -> Result<Endpoint<'c>, Error> {
        Ok(Endpoint(ConnectionSource::SqliteGiven(Box::new(self))))
    }
}

impl<'c> IntoEndpoint<'c> for &'c mut PoolConnection<sqlx::Sqlite> {
    fn into_endpoint(self) -> Result<Endpoint<'c>, Error> {
        (&mut **self).into_endpoint()
    }
}

impl<'c> IntoEndpoint<'c> for &'c mut SqliteConnection {
    fn into_endpoint(self) -> Result<Endpoint<'c>, Error> {
        Ok(Endpoint(ConnectionSource::SqliteConnection(self)))
    }
}
