//! What leads to PostgreSQL.

use sqlx::pool::PoolConnection;
use sqlx::postgres::PgConnectOptions;
use sqlx::{PgConnection, PgPool};

use crate::Error;
use crate::access::{Access, IntoAccess};
use crate::driver::way::Way;

impl<'c> IntoAccess<'c> for PgConnectOptions {
    fn into_access(self) -> Result<Access<'c>, Error> {
        Ok(Access(Way::PgOptions(Box::new(self))))
    }
}

impl<'c> IntoAccess<'c> for &PgConnectOptions {
    fn into_access(self) -> Result<Access<'c>, Error> {
        self.clone().into_access()
    }
}

impl<'c> IntoAccess<'c> for PgPool {
    fn into_access(self) -> Result<Access<'c>, Error> {
        Ok(Access(Way::PgPool(self)))
    }
}

impl<'c> IntoAccess<'c> for &PgPool {
    fn into_access(self) -> Result<Access<'c>, Error> {
        self.clone().into_access()
    }
}

impl<'c> IntoAccess<'c> for PoolConnection<sqlx::Postgres> {
    fn into_access(self) -> Result<Access<'c>, Error> {
        Ok(Access(Way::PgGiven(Box::new(self.detach()))))
    }
}

impl<'c> IntoAccess<'c> for &'c mut PoolConnection<sqlx::Postgres> {
    fn into_access(self) -> Result<Access<'c>, Error> {
        (&mut **self).into_access()
    }
}

impl<'c> IntoAccess<'c> for &'c mut PgConnection {
    fn into_access(self) -> Result<Access<'c>, Error> {
        Ok(Access(Way::PgConnection(self)))
    }
}
