//! The databases' own shells, and questions put to a database without `migrate`.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};

/// Runs a script as `psql -f` does.
///
/// # Panics
/// There is no `psql`.
pub fn psql(url: &str, script: &str) -> Output {
    let mut command = Command::new("psql");
    command.args(["--no-psqlrc", "--quiet", "-f", "-", url]);
    feed(command, script, "`psql`; install it (Debian: `apt-get install postgresql-client`)")
}

/// Runs a script as `sqlite3 file < script` does.
///
/// # Panics
/// There is no `sqlite3`.
pub fn sqlite3(file: &Path, script: &str) -> Output {
    let mut command = Command::new("sqlite3");
    command.arg(file);
    feed(command, script, "`sqlite3`; install it (Debian: `apt-get install sqlite3`)")
}

/// Runs a script with the shell of the URL's database; what it says where it stops at an error.
///
/// # Errors
/// The shell's own message.
///
/// # Panics
/// There is no such shell.
pub fn script(url: &str, script: &str) -> Result<(), String> {
    let done = match url.strip_prefix("sqlite://") {
        Some(path) => sqlite3(Path::new(path), script),
        None => psql(url, script),
    };
    if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&done.stderr).into_owned()) }
}

fn feed(mut command: Command, script: &str, needed: &str) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("these tests need {needed}: {error}"));
    let mut input = child.stdin.take().expect("it is piped");
    // A shell that stops at an error closes its input.
    let _ = input.write_all(script.as_bytes());
    drop(input);
    child.wait_with_output().expect("it was started")
}

/// Runs statements on either database.
///
/// # Panics
/// The database refuses one.
pub async fn run(url: &str, sql: &str) {
    let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
    if url.starts_with("sqlite") {
        let mut connection = SqliteConnection::connect(&format!("{url}?mode=rwc")).await.expect("the file can be opened");
        sql.execute(&mut connection).await.expect("the statements run");
        connection.close().await.expect("it can be closed");
    } else {
        let mut connection = PgConnection::connect(url).await.expect("the server answers");
        sql.execute(&mut connection).await.expect("the statements run");
        connection.close().await.expect("it can be closed");
    }
}

/// The rows of a query on either database, every value as text, separated by `|`.
///
/// # Panics
/// The database refuses it.
pub async fn ask(url: &str, sql: &str) -> Vec<String> {
    try_ask(url, sql).await.expect("the query runs")
}

/// The rows of a query on either database, or why the database refuses it.
///
/// # Errors
/// The database's own message.
///
/// # Panics
/// The database does not answer.
pub async fn try_ask(url: &str, sql: &str) -> Result<Vec<String>, String> {
    let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
    let line = |values: Vec<Option<String>>| {
        values.into_iter().map(|value| value.unwrap_or_else(|| "NULL".to_owned())).collect::<Vec<_>>().join("|")
    };
    if url.starts_with("sqlite") {
        let mut connection = SqliteConnection::connect(url).await.expect("the file can be opened");
        let rows = sql.fetch_all(&mut connection).await.map_err(|error| error.to_string())?;
        let values = |row: &sqlx::sqlite::SqliteRow| (0..row.len()).map(|at| row.get_unchecked(at)).collect();
        Ok(rows.iter().map(values).map(line).collect())
    } else {
        let mut connection = PgConnection::connect(url).await.expect("the server answers");
        let rows = sql.fetch_all(&mut connection).await.map_err(|error| error.to_string())?;
        let values = |row: &sqlx::postgres::PgRow| (0..row.len()).map(|at| row.get_unchecked(at)).collect();
        Ok(rows.iter().map(values).map(line).collect())
    }
}

/// The tables of a database without the ledger's.
///
/// # Panics
/// The database refuses the question.
pub async fn tables(url: &str) -> Vec<String> {
    let query = if url.starts_with("sqlite") {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'migrate_%' ORDER BY 1"
    } else {
        "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace \
         AND relname NOT LIKE 'migrate_%' ORDER BY 1"
    };
    ask(url, query).await
}
