//! What leads to PostgreSQL.

use sqlx::pool::PoolConnection;
use sqlx::postgres::PgConnectOptions;
use sqlx::{PgConnection, PgPool};

use crate::Error;
use crate::driver::connection_source::ConnectionSource;
use crate::endpoint::{Endpoint, IntoEndpoint};

impl<'c> IntoEndpoint<'c> for PgConnectOptions {
    fn into_endpoint(self) -> Result<Endpoint<'c>, Error> {
        Ok(Endpoint(ConnectionSource::PgOptions(Box::new(self))))
    }
}

impl<'c> IntoEndpoint<'c> for &PgConnectOptions {
    fn into_endpoint(self) -> Result<Endpoint<'c>, Error> {
        self.clone().into_endpoint()
    }
}

impl<'c> IntoEndpoint<'c> for PgPool {
    fn into_endpoint(self) -> Result<Endpoint<'c>, Error> {
        Ok(Endpoint(ConnectionSource::PgPool(self)))
    }
}

impl<'c> IntoEndpoint<'c> for &PgPool {
    fn into_endpoint(self) -> Result<Endpoint<'c>, Error> {
        self.clone().into_endpoint()
    }
}

impl<'c> IntoEndpoint<'c> for PoolConnection<sqlx::Postgres> {
    fn into_endpoint(self) -> Result<Endpoint<'c>, Error> {
        Ok(Endpoint(ConnectionSource::PgGiven(Box::new(self.detach()))))
    }
}

impl<'c> IntoEndpoint<'c> for &'c mut PoolConnection<sqlx::Postgres> {
    fn into_endpoint(self) -> Result<Endpoint<'c>, Error> {
        (&mut **self).into_endpoint()
    }
}

impl<'c> IntoEndpoint<'c> for &'c mut PgConnection {
    fn into_endpoint(self) -> Result<Endpoint<'c>, Error> {
        Ok(Endpoint(ConnectionSource::PgConnection(self)))
    }
}
