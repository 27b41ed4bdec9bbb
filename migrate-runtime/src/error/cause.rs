//! What a database or a driver says of a failure.

use std::fmt;

/// What the database or its driver said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The message.
    pub message: String,
    /// PostgreSQL: the SQLSTATE. SQLite: the extended result code.
    pub code: Option<String>,
    /// PostgreSQL: the detail, which may hold values of rows.
    pub detail: Option<String>,
    /// PostgreSQL: the server's hint. SQLite: what to do about the code.
    pub hint: Option<String>,
    /// PostgreSQL: where in the statement, in characters from 1.
    pub position: Option<usize>,
}

impl Cause {
    /// What a driver's error says, without anything that could hold a password.
    pub(crate) fn of(error: &sqlx::Error) -> Cause {
        if let sqlx::Error::Database(error) = error {
            let code = error.code().map(|code| code.into_owned());
            let mut cause = Cause { code, ..Cause::plain(error.message()) };
            cause.add_postgres(&**error);
            cause.add_sqlite(&**error);
            return cause;
        }
        // What the settings are may be repeated there, and the password is one of them.
        if let sqlx::Error::Configuration(_) = error {
            return Cause::plain("the connection settings cannot be used");
        }
        Cause::plain(error.to_string())
    }

    /// A message of our own.
    pub(crate) fn plain(message: impl Into<String>) -> Cause {
        Cause { message: message.into(), code: None, detail: None, hint: None, position: None }
    }

    #[cfg(feature = "postgres")]
    fn add_postgres(&mut self, error: &dyn sqlx::error::DatabaseError) {
        use sqlx::postgres::{PgDatabaseError, PgErrorPosition};
        if let Some(error) = error.try_downcast_ref::<PgDatabaseError>() {
            self.detail = error.detail().map(str::to_owned);
            self.hint = error.hint().map(str::to_owned);
            self.position = match error.position() {
                Some(PgErrorPosition::Original(position)) => Some(position),
                Some(PgErrorPosition::Internal { .. }) | None => None,
            };
        }
    }

    #[cfg(not(feature = "postgres"))]
    fn add_postgres(&mut self, _: &dyn sqlx::error::DatabaseError) {}

    #[cfg(feature = "sqlite")]
    fn add_sqlite(&mut self, error: &dyn sqlx::error::DatabaseError) {
        if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
            let code = self.code.as_ref().and_then(|code| code.parse().ok());
            self.hint = code.and_then(crate::driver::sqlite::remedy).map(str::to_owned);
        }
    }

    #[cfg(not(feature = "sqlite"))]
    fn add_sqlite(&mut self, _: &dyn sqlx::error::DatabaseError) {}

    /// Line and column in the statement, from 1.
    pub fn place(&self, sql: &str) -> Option<(usize, usize)> {
        let before: String = sql.chars().take(self.position?.checked_sub(1)?).collect();
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
        Some((line, column))
    }

    /// The message and the code: what the journal keeps, for the detail may hold values of rows.
    pub(crate) fn brief(&self) -> String {
        match &self.code {
            Some(code) => format!("{} ({code})", self.message),
            None => self.message.clone(),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.brief())?;
        if let Some(detail) = &self.detail {
            write!(out, "; {detail}")?;
        }
        if let Some(hint) = &self.hint {
            write!(out, "; hint: {hint}")?;
        }
        Ok(())
    }
}
