//! What errors of SQLite mean.

use migrate_history::Database;

use crate::{Cause, Error};

pub(super) fn connect_error(error: sqlx::Error) -> Error {
    let remedy = "check the path, and that its folder exists and may be written";
    Error::Connect { database: Database::Sqlite, cause: Box::new(Cause::of(error)), remedy }
}

pub(super) fn begin_error(error: sqlx::Error) -> Error {
    let nested = error.as_database_error().is_some_and(|error| error.message().contains("within a transaction"));
    if nested { Error::InTransaction } else { Error::while_doing("begin a transaction")(error) }
}

/// `SQLITE_BUSY` and `SQLITE_LOCKED`, with their extended codes (manual, `rescode.html`).
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    let code: Option<u32> = code.and_then(|code| code.parse().ok());
    matches!(code.map(|code| code & 0xff), Some(5 | 6))
}

/// Why a lock was not had.
pub(super) enum LockError {
    /// Another process had it all the time.
    Locked(Error),
    Other(sqlx::Error),
}

/// Any other error of a first read is reported by the read that needs the answer.
pub(super) fn unless_locked(refusal: LockError) -> Result<(), Error> {
    match refusal {
        LockError::Locked(error) => Err(error),
        LockError::Other(_) => Ok(()),
    }
}
