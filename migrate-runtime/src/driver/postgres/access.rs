//! What leads to PostgreSQL.

use crate::Error;
use crate::access::{Access, IntoTarget};
use crate::driver::way::Way;

impl<'c> IntoTarget<'c> for &sqlx::PgPool {
    fn into_target(self) -> Result<Access<'c>, Error> {
        Ok(Access(Way::PgPool(self.clone())))
    }
}

impl<'c> IntoTarget<'c> for &'c mut sqlx::PgConnection {
    fn into_target(self) -> Result<Access<'c>, Error> {
        Ok(Access(Way::PgConnection(self)))
    }
}
