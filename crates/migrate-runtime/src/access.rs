//! How to reach a database: a pool, one connection, or a URL that is read here.

use std::fmt;

use migrate_model::history::Database;

use crate::Error;
#[cfg(feature = "sqlite")]
use crate::session::Mode;

/// A way to a database.
pub struct Access<'c>(pub(crate) Way<'c>);

pub(crate) enum Way<'c> {
    #[cfg(feature = "postgres")]
    PgOptions(Box<sqlx::postgres::PgConnectOptions>),
    #[cfg(feature = "postgres")]
    PgPool(sqlx::PgPool),
    #[cfg(feature = "postgres")]
    PgConnection(&'c mut sqlx::PgConnection),
    #[cfg(feature = "sqlite")]
    SqliteFile(Box<SqliteFile>),
    #[cfg(feature = "sqlite")]
    SqlitePool(sqlx::SqlitePool),
    #[cfg(feature = "sqlite")]
    SqliteConnection(&'c mut sqlx::SqliteConnection),
    /// With no database compiled in, nothing can be reached.
    #[allow(dead_code)]
    None(std::marker::PhantomData<&'c ()>, std::convert::Infallible),
}

/// A SQLite database that a URL names.
#[cfg(feature = "sqlite")]
pub(crate) struct SqliteFile {
    options: sqlx::sqlite::SqliteConnectOptions,
    /// It is in memory.
    memory: bool,
    /// The URL says itself how to open it.
    decided: bool,
}

#[cfg(feature = "sqlite")]
impl SqliteFile {
    /// Whether there is no such file.
    pub fn is_missing(&self) -> bool {
        !self.memory && !self.options.get_filename().exists()
    }

    /// How to open it. Only an upgrade makes a file. What only reads opens it for writing too, and then writes nothing: else SQLite could
    /// not bring a file in order whose writer was killed. Where the file may not be written, SQLite opens it for reading.
    pub fn options(self, mode: Mode) -> sqlx::sqlite::SqliteConnectOptions {
        match mode {
            _ if self.memory || self.decided => self.options,
            Mode::Read => self.options.pragma("query_only", "1"),
            Mode::Write => self.options,
            Mode::Create => self.options.create_if_missing(true),
        }
    }
}

impl Access<'_> {
    /// Whether it leads to a file that is not there.
    pub(crate) fn is_missing(&self) -> bool {
        match &self.0 {
            #[cfg(feature = "postgres")]
            Way::PgOptions(_) | Way::PgPool(_) | Way::PgConnection(_) => false,
            #[cfg(feature = "sqlite")]
            Way::SqliteFile(file) => file.is_missing(),
            #[cfg(feature = "sqlite")]
            Way::SqlitePool(_) | Way::SqliteConnection(_) => false,
            Way::None(_, never) => match *never {},
        }
    }

    /// The database that it leads to.
    pub(crate) fn database(&self) -> Database {
        match &self.0 {
            #[cfg(feature = "postgres")]
            Way::PgOptions(_) | Way::PgPool(_) | Way::PgConnection(_) => Database::Postgres,
            #[cfg(feature = "sqlite")]
            Way::SqliteFile(_) | Way::SqlitePool(_) | Way::SqliteConnection(_) => Database::Sqlite,
            Way::None(_, never) => match *never {},
        }
    }
}

/// Says nothing about the way: connection options hold passwords.
impl fmt::Debug for Access<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Access(..)")
    }
}

/// What [`crate::upgrade`] and its sisters take as the database.
///
/// A pool of PostgreSQL lends its options: the run opens a connection of its own as the pool would, with its `after_connect`, and
/// closes it, so a search path or a role that is set there holds for the migrations too. A pool of SQLite lends a
/// connection, since an in-memory database exists only there. Whatever a connection was set to, a run sets what changes the meaning
/// of a statement (time zone, `standard_conforming_strings`, timeouts, `PRAGMA foreign_keys`, …) for itself, and puts it back
/// afterwards; drop the connection when the future of a run was dropped, for then it may still be in a transaction.
pub trait IntoTarget<'c> {
    /// The way to the database.
    ///
    /// # Errors
    /// A URL that cannot be read, or that needs a driver which is not compiled in.
    fn into_target(self) -> Result<Access<'c>, Error>;
}

impl<'c> IntoTarget<'c> for &str {
    fn into_target(self) -> Result<Access<'c>, Error> {
        parse(self)
    }
}

impl<'c> IntoTarget<'c> for &String {
    fn into_target(self) -> Result<Access<'c>, Error> {
        parse(self)
    }
}

impl<'c> IntoTarget<'c> for String {
    fn into_target(self) -> Result<Access<'c>, Error> {
        parse(&self)
    }
}

#[cfg(feature = "postgres")]
impl<'c> IntoTarget<'c> for &sqlx::PgPool {
    fn into_target(self) -> Result<Access<'c>, Error> {
        Ok(Access(Way::PgPool(self.clone())))
    }
}

#[cfg(feature = "postgres")]
impl<'c> IntoTarget<'c> for &'c mut sqlx::PgConnection {
    fn into_target(self) -> Result<Access<'c>, Error> {
        Ok(Access(Way::PgConnection(self)))
    }
}

#[cfg(feature = "sqlite")]
impl<'c> IntoTarget<'c> for &sqlx::SqlitePool {
    fn into_target(self) -> Result<Access<'c>, Error> {
        Ok(Access(Way::SqlitePool(self.clone())))
    }
}

#[cfg(feature = "sqlite")]
impl<'c> IntoTarget<'c> for &'c mut sqlx::SqliteConnection {
    fn into_target(self) -> Result<Access<'c>, Error> {
        Ok(Access(Way::SqliteConnection(self)))
    }
}

impl<'c> IntoTarget<'c> for Access<'c> {
    fn into_target(self) -> Result<Access<'c>, Error> {
        Ok(self)
    }
}

/// The database that a URL leads to, by its scheme.
///
/// # Errors
/// There is no scheme, or none that we know. The URL is not repeated.
pub(crate) fn database_of(text: &str) -> Result<Database, Error> {
    let known = "write `postgres://user@host/database` or `sqlite://path/to/file.db`";
    let Some((scheme, _)) = text.split_once(':') else {
        return Err(Error::Url(format!("it has no scheme; {known}")));
    };
    match scheme {
        "postgres" | "postgresql" => Ok(Database::Postgres),
        "sqlite" => Ok(Database::Sqlite),
        "mysql" | "mariadb" => Err(Error::Url(format!("MySQL and MariaDB are not served yet; {known}"))),
        _ => Err(Error::Url(format!("its scheme is not known; {known}"))),
    }
}

fn parse<'c>(text: &str) -> Result<Access<'c>, Error> {
    let text = text.trim();
    match database_of(text)? {
        Database::Postgres => postgres(text),
        Database::Sqlite => sqlite(text),
    }
}

/// The parameters that sqlx reads; it logs the value of any other, which may be a misspelt password.
#[cfg(feature = "postgres")]
const POSTGRES_PARAMETERS: [&str; 18] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

#[cfg(feature = "postgres")]
fn postgres<'c>(text: &str) -> Result<Access<'c>, Error> {
    use sqlx::ConnectOptions;

    let url = url::Url::parse(text).map_err(|error| Error::Url(unreadable(error)))?;
    for (at, (key, _)) in url.query_pairs().enumerate() {
        let known = POSTGRES_PARAMETERS.contains(&&*key) || (key.starts_with("options[") && key.ends_with(']'));
        if !known {
            let known = POSTGRES_PARAMETERS.join("`, `");
            return Err(Error::Url(format!("its parameter {} is not known; known are `{known}`", at + 1)));
        }
    }
    let options = sqlx::postgres::PgConnectOptions::from_url(&url)
        .map_err(|_| Error::Url("the value of one of its parameters cannot be used".to_owned()))?;
    Ok(Access(Way::PgOptions(Box::new(options))))
}

#[cfg(not(feature = "postgres"))]
fn postgres<'c>(_: &str) -> Result<Access<'c>, Error> {
    Err(Error::FeatureOff(Database::Postgres))
}

#[cfg(feature = "sqlite")]
fn sqlite<'c>(text: &str) -> Result<Access<'c>, Error> {
    use std::str::FromStr;

    let rest = text.trim_start_matches("sqlite:").trim_start_matches("//");
    if rest.is_empty() || rest.starts_with('?') {
        return Err(Error::Url("it has no path; write `sqlite://path/to/file.db` or `sqlite::memory:`".to_owned()));
    }
    let options = sqlx::sqlite::SqliteConnectOptions::from_str(text).map_err(|_| {
        let known = "`mode=ro|rw|rwc|memory`, `cache=shared|private`, `immutable=true|false` and `vfs`";
        Error::Url(format!("one of its parameters is not known; known are {known}"))
    })?;
    let memory = rest.starts_with(":memory:") || text.contains("mode=memory");
    Ok(Access(Way::SqliteFile(Box::new(SqliteFile { options, memory, decided: text.contains("mode=") }))))
}

#[cfg(not(feature = "sqlite"))]
fn sqlite<'c>(_: &str) -> Result<Access<'c>, Error> {
    Err(Error::FeatureOff(Database::Sqlite))
}

/// A password that is not percent-encoded is the usual reason, and must not be shown.
#[cfg(feature = "postgres")]
fn unreadable(error: url::ParseError) -> String {
    use url::ParseError;
    let encode = "write `%40` for `@`, `%2F` for `/`, `%23` for `#`, `%3A` for `:` in a user name or password";
    if error == ParseError::InvalidPort {
        return format!("its port is not a number up to 65535; {encode}");
    }
    if error == ParseError::EmptyHost {
        return format!("it has no host; {encode}");
    }
    format!("{error}; {encode}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANARY: &str = "c4n4ry";

    fn refusal(text: &str) -> String {
        let error = parse(text).expect_err("the URL should be refused");
        assert!(error.is_usage());
        for shown in [error.to_string(), format!("{error:?}")] {
            assert!(!shown.contains(CANARY), "{shown}");
        }
        error.to_string()
    }

    #[test]
    fn a_scheme_is_named() {
        assert!(refusal("app.db").contains("no scheme"));
        assert!(refusal("c4n4ry://x").contains("scheme is not known"));
        assert!(refusal("mysql://root:c4n4ry@localhost/app").contains("not served yet"));
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn a_password_is_never_repeated() {
        assert!(refusal("postgres://me:c4n4ry/x@host/app").contains("%2F"));
        assert!(refusal("postgres://me@host/app?passwort=c4n4ry").contains("parameter 1"));
        assert!(refusal("postgres://me@host/app?port=c4n4ry").contains("cannot be used"));
        let access = parse("postgres://me:c4n4ry@host/app").expect("this one is sound");
        assert!(!format!("{access:?}").contains(CANARY));
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn a_path_is_needed() {
        assert!(refusal("sqlite://").contains("no path"));
        assert!(refusal("sqlite:").contains("no path"));
        assert!(refusal("sqlite://app.db?key=c4n4ry").contains("not known"));
        assert!(parse("sqlite::memory:").is_ok());
    }

    #[cfg(not(feature = "postgres"))]
    #[test]
    fn a_feature_that_is_off_is_named() {
        assert!(refusal("postgres://me@host/app").contains("features = [\"postgres\"]"));
    }
}
