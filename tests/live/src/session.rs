//! One connection to either database that runs and asks without `migrate`.

use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};

/// A connection.
#[derive(Debug)]
pub enum Session {
    /// To PostgreSQL.
    Postgres(PgConnection),
    /// To a file of SQLite, which is made where it is not there.
    Sqlite(SqliteConnection),
}

impl Session {
    /// Connects.
    ///
    /// # Panics
    /// The database does not answer.
    pub async fn open(url: &str) -> Session {
        if url.starts_with("sqlite") {
            Session::Sqlite(SqliteConnection::connect(&format!("{url}?mode=rwc")).await.expect("the file can be opened"))
        } else {
            Session::Postgres(PgConnection::connect(url).await.expect("the server answers"))
        }
    }

    /// Runs statements.
    ///
    /// # Errors
    /// What the database says.
    pub async fn run(&mut self, sql: &str) -> Result<(), String> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Session::Postgres(connection) => sql.execute(connection).await.map(drop),
            Session::Sqlite(connection) => sql.execute(connection).await.map(drop),
        }
        .map_err(|error| error.to_string())
    }

    /// The rows of a query, every value as text.
    ///
    /// # Panics
    /// The database refuses the query.
    pub async fn rows(&mut self, query: &str) -> Vec<Vec<Option<String>>> {
        let sql = sqlx::raw_sql(AssertSqlSafe(query.to_owned()));
        match self {
            Session::Postgres(connection) => {
                let rows = sql.fetch_all(connection).await.unwrap_or_else(|error| panic!("{query}: {error}"));
                rows.iter().map(|row| (0..row.len()).map(|at| row.get_unchecked(at)).collect()).collect()
            }
            Session::Sqlite(connection) => {
                let rows = sql.fetch_all(connection).await.unwrap_or_else(|error| panic!("{query}: {error}"));
                rows.iter().map(|row| (0..row.len()).map(|at| row.get_unchecked(at)).collect()).collect()
            }
        }
    }

    /// The first column of a query, as text.
    ///
    /// # Panics
    /// The database refuses the query.
    pub async fn column(&mut self, query: &str) -> Vec<String> {
        self.rows(query).await.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect()
    }
}
