//! How to reach a database: a pool, one connection, or a URL that is read here.

use std::fmt;

use migrate_history::Database;

#[cfg(feature = "sqlite")]
use crate::purpose::Purpose;
use crate::{Error, url};

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
    pub options: sqlx::sqlite::SqliteConnectOptions,
    pub path: std::path::PathBuf,
    pub opened: Opened,
    /// The URL says that nobody writes it.
    pub immutable: bool,
    /// The URL names a file system of SQLite, to which the path may mean anything.
    pub vfs: bool,
}

/// How the URL says that a file is opened.
#[cfg(feature = "sqlite")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    /// It is none, but a database in memory.
    Memory,
    /// `mode=ro`
    Reading,
    /// `mode=rw`
    Writing,
    /// `mode=rwc`
    Making,
    /// It does not say.
    AsNeeded,
}

#[cfg(feature = "sqlite")]
impl SqliteFile {
    /// Whether there is no such file.
    pub fn is_missing(&self) -> bool {
        self.opened != Opened::Memory && !self.vfs && !self.path.exists()
    }

    /// How to open it. Only an upgrade makes a file. What only reads opens it for writing too, and then writes nothing: else SQLite could
    /// not bring a file in order whose writer was killed. Where the file may not be written, SQLite opens it for reading.
    pub fn options(self, purpose: Purpose) -> sqlx::sqlite::SqliteConnectOptions {
        match (self.opened, purpose) {
            (Opened::Memory | Opened::Reading | Opened::Writing | Opened::Making, _) => self.options,
            (Opened::AsNeeded, Purpose::Read) => self.options.pragma("query_only", "1"),
            (Opened::AsNeeded, Purpose::Write) => self.options,
            (Opened::AsNeeded, Purpose::Create) => self.options.create_if_missing(true),
        }
    }

    /// Refuses what SQLite would open as a database and is none, or could not open for this purpose.
    pub fn check(&self, purpose: Purpose) -> Result<(), Error> {
        if self.opened == Opened::Memory || self.vfs {
            return Ok(());
        }
        let path = self.path.display();
        let problem = match std::fs::metadata(&self.path) {
            Ok(found) if found.is_dir() => format!("`{path}` is a folder; write the path of a file in it"),
            Ok(found) if !found.is_file() => format!("`{path}` is not a file but a device, a pipe or a socket"),
            Ok(_) if purpose.writes() && (self.opened == Opened::Reading || self.immutable) => {
                "it opens the file for reading only, and this command writes; leave out `mode=ro` and `immutable`".to_owned()
            }
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => match self.missing(purpose) {
                Some(problem) => problem,
                None => return Ok(()),
            },
            Err(error) => format!("`{path}` cannot be opened: {error}"),
        };
        Err(Error::Url(problem))
    }

    /// Why a file that is not there is not made.
    fn missing(&self, purpose: Purpose) -> Option<String> {
        let path = self.path.display();
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir());
        match (self.opened, purpose, folder) {
            (Opened::Reading, _, _) => Some(format!("`{path}` does not exist; correct the path")),
            (Opened::Writing, _, _) => {
                Some(format!("`{path}` does not exist, and `mode=rw` does not create it; write `mode=rwc`, or correct the path"))
            }
            (_, Purpose::Create, Some(folder)) => {
                Some(format!("its folder `{}` does not exist; create it, or correct the path", folder.display()))
            }
            (Opened::Making | Opened::AsNeeded | Opened::Memory, Purpose::Read | Purpose::Write | Purpose::Create, _) => None,
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

fn parse<'c>(text: &str) -> Result<Access<'c>, Error> {
    let text = text.trim();
    match url::database_of(text)? {
        Database::Postgres => postgres(text),
        Database::Sqlite => sqlite(text),
    }
}

#[cfg(feature = "postgres")]
fn postgres<'c>(text: &str) -> Result<Access<'c>, Error> {
    Ok(Access(Way::PgOptions(Box::new(url::postgres::options(text)?))))
}

#[cfg(not(feature = "postgres"))]
fn postgres<'c>(_: &str) -> Result<Access<'c>, Error> {
    Err(Error::FeatureOff(Database::Postgres))
}

#[cfg(feature = "sqlite")]
fn sqlite<'c>(text: &str) -> Result<Access<'c>, Error> {
    Ok(Access(Way::SqliteFile(Box::new(url::sqlite::file(text)?))))
}

#[cfg(not(feature = "sqlite"))]
fn sqlite<'c>(_: &str) -> Result<Access<'c>, Error> {
    Err(Error::FeatureOff(Database::Sqlite))
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
        assert!(refusal("mysql://root:c4n4ry@localhost/app").contains("not supported"));
        assert!(refusal("file:c4n4ry").contains("write `sqlite:` before it"));
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn a_password_is_never_repeated() {
        let access = parse("postgres://me:c4n4ry@host/app").expect("this one is sound");
        assert!(!format!("{access:?}").contains(CANARY));
    }

    #[cfg(not(feature = "postgres"))]
    #[test]
    fn a_feature_that_is_off_is_named() {
        assert!(refusal("postgres://me@host/app").contains("features = [\"postgres\"]"));
    }
}
