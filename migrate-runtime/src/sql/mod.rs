//! The statements of our own: those of the ledger, the journal and the checks. What a migration does is not among them.

mod dialect;
mod postgres;
mod query;
mod sqlite;

use migrate_history::Database;

pub(crate) use self::dialect::{Columns, LedgerDialect, Lines};
pub(crate) use self::postgres::PostgresDialect;
pub(crate) use self::query::{Parameter, Query, quote};
pub(crate) use self::sqlite::SqliteDialect;

/// How our statements are written for a database.
pub(crate) fn dialect(database: Database) -> &'static dyn LedgerDialect {
    match database {
        Database::Postgres => &PostgresDialect,
        Database::Sqlite => &SqliteDialect,
    }
}
