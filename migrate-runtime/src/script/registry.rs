//! Which shell reads a script for which database.

use migrate_history::Database;

use super::psql::Psql;
use super::shell::Shell;
use super::sqlite3::Sqlite3;

/// The shell of a database.
pub(super) fn shell(database: Database) -> &'static dyn Shell {
    match database {
        Database::Postgres => &Psql,
        Database::Sqlite => &Sqlite3,
    }
}
