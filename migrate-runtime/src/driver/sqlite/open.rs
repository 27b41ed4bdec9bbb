//! Opens a file so that a reader can recover it after a crash.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use super::error::connect_error;
use super::holder::beside;
use super::remedy::lacks_log;
use crate::Error;
use crate::purpose::Purpose;

/// A connection, and the options that opened it.
type OpenedFile = (SqliteConnection, SqliteConnectOptions);

/// Opens a file. For what only reads, one with a write-ahead log whose folder may not be written is read without the log, where that is
/// empty: then everything is in the file, and a writer would have made one.
pub(super) async fn open(options: SqliteConnectOptions, purpose: Purpose) -> Result<OpenedFile, Error> {
    let mut connection = connect(&options).await?;
    if purpose.writes() || !needs_log(&mut connection).await || !log_is_empty(options.get_filename()) {
        return Ok((connection, options));
    }
    let file = options.get_filename().display();
    tracing::warn!(target: "migrate", %file, "the folder may not be written, so the file is read without its write-ahead log");
    let options = options.read_only(true).immutable(true);
    Ok((connect(&options).await?, options))
}

async fn connect(options: &SqliteConnectOptions) -> Result<SqliteConnection, Error> {
    SqliteConnection::connect_with(options).await.map_err(connect_error)
}

/// Whether a first read fails because the log's files are missing. Any other error is reported by the read that needs the answer.
async fn needs_log(connection: &mut SqliteConnection) -> bool {
    let read = sqlx::raw_sql("SELECT count(*) FROM main.sqlite_schema").fetch_one(connection).await;
    let code = read.err().and_then(|error| error.as_database_error()?.code()?.parse().ok());
    code.is_some_and(lacks_log)
}

fn log_is_empty(file: &Path) -> bool {
    let log = beside(file, "-wal").metadata();
    log.map_or_else(|error| error.kind() == std::io::ErrorKind::NotFound, |log| log.len() == 0)
}
