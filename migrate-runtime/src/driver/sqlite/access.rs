//! What leads to SQLite.

use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{SqliteConnection, SqlitePool};

use crate::Error;
use crate::access::{Access, IntoAccess};
use crate::driver::way::Way;

impl<'c> IntoAccess<'c> for SqliteConnectOptions {
    fn into_access(self) -> Result<Access<'c>, Error> {
        Ok(Access(Way::SqliteOptions(Box::new(self))))
    }
}

impl<'c> IntoAccess<'c> for &SqliteConnectOptions {
    fn into_access(self) -> Result<Access<'c>, Error> {
        self.clone().into_access()
    }
}

impl<'c> IntoAccess<'c> for SqlitePool {
    fn into_access(self) -> Result<Access<'c>, Error> {
        Ok(Access(Way::SqlitePool(self)))
    }
}

impl<'c> IntoAccess<'c> for &SqlitePool {
    fn into_access(self) -> Result<Access<'c>, Error> {
        self.clone().into_access()
    }
}

impl<'c> IntoAccess<'c> for PoolConnection<sqlx::Sqlite> {
    fn into_access(self) -> Result<Access<'c>, Error> {
        Ok(Access(Way::SqliteGiven(Box::new(self))))
    }
}

impl<'c> IntoAccess<'c> for &'c mut PoolConnection<sqlx::Sqlite> {
    fn into_access(self) -> Result<Access<'c>, Error> {
        (&mut **self).into_access()
    }
}

impl<'c> IntoAccess<'c> for &'c mut SqliteConnection {
    fn into_access(self) -> Result<Access<'c>, Error> {
        Ok(Access(Way::SqliteConnection(self)))
    }
}
