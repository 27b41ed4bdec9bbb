//! What a database or a driver says of a failure.

use std::fmt;
use std::sync::Arc;

/// What to do where the server would drop what is kept as well.
#[cfg(feature = "postgres")]
const USED_BY_KEPT: &str = "what is kept still uses it: `upgrade` restores it, `kept` lists it, and `purge` drops it";

/// What the database or its driver said.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Cause {
    /// The message.
    pub message: String,
    /// PostgreSQL: the SQLSTATE. SQLite: the extended result code.
    pub code: Option<String>,
    /// PostgreSQL: the detail, which may hold values of rows.
    pub detail: Option<String>,
    /// PostgreSQL: the server's hint, or the statement that grants a missing right. SQLite: what to do about the code.
    pub hint: Option<String>,
    /// PostgreSQL: where in the statement, in characters from 1.
    pub position: Option<usize>,
    driver: Option<Arc<sqlx::Error>>,
}

/// A place in a text of several lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

impl Cause {
    /// What a driver's error says, without anything that could hold a password.
    pub(crate) fn of(error: sqlx::Error) -> Cause {
        // What the settings are may be repeated there, and the password is one of them.
        if let sqlx::Error::Configuration(_) = error {
            return Cause::plain("the connection settings cannot be used");
        }
        let mut cause = Cause::said(&error);
        cause.driver = Some(Arc::new(error));
        cause
    }

    /// The same of an error that somebody else has.
    pub(crate) fn seen(error: &sqlx::Error) -> Cause {
        if let sqlx::Error::Configuration(_) = error {
            return Cause::plain("the connection settings cannot be used");
        }
        Cause::said(error)
    }

    fn said(error: &sqlx::Error) -> Cause {
        let sqlx::Error::Database(error) = error else { return Cause::plain(error.to_string()) };
        let code = error.code().map(|code| code.into_owned());
        let mut cause = Cause { code, ..Cause::plain(error.message()) };
        cause.add_postgres(&**error);
        cause.add_sqlite(&**error);
        cause
    }

    /// A message of our own.
    pub(crate) fn plain(message: impl Into<String>) -> Cause {
        Cause { message: message.into(), code: None, detail: None, hint: None, position: None, driver: None }
    }

    #[cfg(feature = "postgres")]
    fn add_postgres(&mut self, error: &dyn sqlx::error::DatabaseError) {
        if let Some(error) = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
            self.detail = error.detail().map(str::to_owned);
            self.hint = error.hint().map(str::to_owned).or_else(|| self.missing_right(None));
            self.position = place(error);
            if self.is_used_by_what_is_kept() {
                self.hint = Some(USED_BY_KEPT.to_owned());
            }
        }
    }

    /// Whether something cannot be dropped that a kept table or column depends on (`dependent_objects_still_exist`).
    #[cfg(feature = "postgres")]
    fn is_used_by_what_is_kept(&self) -> bool {
        self.code.as_deref() == Some("2BP01") && self.detail.as_ref().is_some_and(|detail| detail.contains("_kept_"))
    }

    /// The remedy where a role of PostgreSQL lacks a right.
    #[cfg(feature = "postgres")]
    fn missing_right(&self, statement: Option<&str>) -> Option<String> {
        let is_denied = self.code.as_deref() == Some(super::rights::DENIED);
        is_denied.then(|| super::rights::remedy(&self.message, statement)).flatten()
    }

    #[cfg(not(feature = "postgres"))]
    fn missing_right(&self, _: Option<&str>) -> Option<String> {
        None
    }

    /// The same, where this statement of a migration failed.
    pub(crate) fn in_statement(mut self, sql: &str) -> Cause {
        self.hint = self.missing_right(Some(sql)).or(self.hint);
        self
    }

    #[cfg(not(feature = "postgres"))]
    fn add_postgres(&mut self, _: &dyn sqlx::error::DatabaseError) {}

    #[cfg(feature = "_sqlite")]
    fn add_sqlite(&mut self, error: &dyn sqlx::error::DatabaseError) {
        if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
            let code = self.code.as_ref().and_then(|code| code.parse().ok());
            self.hint = code.and_then(crate::driver::sqlite::remedy).map(str::to_owned);
        }
    }

    #[cfg(not(feature = "_sqlite"))]
    fn add_sqlite(&mut self, _: &dyn sqlx::error::DatabaseError) {}

    /// The driver's error, where it is one and cannot hold a password.
    pub fn as_sqlx(&self) -> Option<&sqlx::Error> {
        self.driver.as_deref()
    }

    /// Whether the connection itself failed, rather than what was sent through it.
    pub(crate) fn is_about_connection(&self) -> bool {
        use sqlx::Error::{Io, PoolClosed, PoolTimedOut, Protocol, Tls, WorkerCrashed};
        let lost = matches!(self.as_sqlx(), Some(Io(_) | Tls(_) | Protocol(_) | PoolTimedOut | PoolClosed | WorkerCrashed));
        // `connection_exception`, and `operator_intervention` that ends sessions (manual, appendix A).
        lost || self.code.as_deref().is_some_and(|code| code.starts_with("08") || code.starts_with("57P0"))
    }

    /// Where in the statement it is.
    pub fn line_column(&self, sql: &str) -> Option<LineColumn> {
        let before: String = sql.chars().take(self.position?.checked_sub(1)?).collect();
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
        Some(LineColumn { line, column })
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

/// Where in what was sent the error is, in characters from 1.
#[cfg(feature = "postgres")]
pub(crate) fn position(error: &sqlx::Error) -> Option<usize> {
    place(error.as_database_error()?.try_downcast_ref()?)
}

#[cfg(feature = "postgres")]
fn place(error: &sqlx::postgres::PgDatabaseError) -> Option<usize> {
    use sqlx::postgres::PgErrorPosition;
    match error.position()? {
        PgErrorPosition::Original(position) => Some(position),
        PgErrorPosition::Internal { .. } => None,
    }
}
