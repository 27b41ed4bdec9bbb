//! The databases that there are: the one place that knows them all.

use migrate_history::Database;

use crate::schema::{Column, Schema};
use crate::sql::dialect::{Dialect, Writer};
use crate::sql::features::Features;
use crate::sql::{postgres, sqlite};

/// The dialect of a database.
pub(crate) fn dialect(database: Database) -> &'static dyn Dialect {
    match database {
        Database::Postgres => &postgres::Postgres,
        Database::Sqlite => &sqlite::Sqlite,
    }
}

/// What writes expressions over the columns of a table for a database.
pub(crate) fn writer(database: Database, columns: &[Column]) -> Writer<'_> {
    Writer::over(dialect(database), columns)
}

/// What a database has.
pub(crate) fn features(database: Database) -> &'static Features {
    dialect(database).features()
}

/// The first database of a schema for which this holds.
pub(crate) fn where_true(schema: &Schema, holds: impl Fn(&Features) -> bool) -> Option<Database> {
    schema.databases.iter().copied().find(|database| holds(features(*database)))
}
