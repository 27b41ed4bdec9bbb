//! What leads to SQLite.

use crate::Error;
use crate::access::{Access, IntoTarget};
use crate::driver::way::Way;

impl<'c> IntoTarget<'c> for &sqlx::SqlitePool {
    fn into_target(self) -> Result<Access<'c>, Error> {
        Ok(Access(Way::SqlitePool(self.clone())))
    }
}

impl<'c> IntoTarget<'c> for &'c mut sqlx::SqliteConnection {
    fn into_target(self) -> Result<Access<'c>, Error> {
        Ok(Access(Way::SqliteConnection(self)))
    }
}
