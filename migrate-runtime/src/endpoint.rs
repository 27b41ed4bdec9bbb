//! How to reach a database: a URL that is read here, options, a pool, or one connection.

use std::fmt;

use migrate_history::Database;

use crate::Error;
use crate::driver::connection_source::ConnectionSource;

/// How to reach a database.
pub struct Endpoint<'c>(pub(crate) ConnectionSource<'c>);

impl Endpoint<'_> {
    /// Whether it is a file that does not exist.
    pub(crate) fn is_missing(&self) -> bool {
        self.0.is_missing()
    }

    /// Which database it is.
    pub(crate) fn database(&self) -> Database {
        self.0.database()
    }
}

/// Omits the content: connection options may have passwords.
impl fmt::Debug for Endpoint<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Endpoint(..)")
    }
}

/// What [`crate::upgrade`] and the other calls accept as the database: a URL (`&str`, `String`), options (`PgConnectOptions`,
/// `SqliteConnectOptions`), a pool (`PgPool`, `SqlitePool`), a connection of a pool (`PoolConnection`), or a connection that the caller
/// keeps (`&mut PgConnection`, `&mut SqliteConnection`). Options and pools are taken by reference too.
///
/// Options are used as they are: a SQLite file is created only with `create_if_missing(true)`, and only by an upgrade. A
/// `PoolConnection` of PostgreSQL that is passed by value is closed at the end; passed as `&mut`, or of SQLite, it is returned to its pool.
///
/// A pool of PostgreSQL gives its options: the run opens a connection of its own as the pool would, with its `after_connect`, and
/// closes it, so a search path or a role that is set there applies to the migrations too. A pool of SQLite lends a
/// connection, since an in-memory database exists only there. Whatever the settings of a connection are, a run sets what changes the meaning
/// of a statement (time zone, `standard_conforming_strings`, timeouts, `PRAGMA foreign_keys`, …) for itself, and restores it
/// afterwards; drop the connection if the future of a run was dropped, since it may still be in a transaction then.
pub trait IntoEndpoint<'c> {
    /// How to reach the database.
    ///
    /// # Errors
    /// A URL that cannot be read, or that needs a driver which is not compiled in.
    fn into_endpoint(self) -> Result<Endpoint<'c>, Error>;
}

impl<'c> IntoEndpoint<'c> for &str {
    fn into_endpoint(self) -> Result<Endpoint<'c>, Error> {
        parse(self)
    }
}

impl<'c> IntoEndpoint<'c> for &String {
    fn into_endpoint(self) -> Result<Endpoint<'c>, Error> {
        parse(self)
    }
}

impl<'c> IntoEndpoint<'c> for String {
    fn into_endpoint(self) -> Result<Endpoint<'c>, Error> {
        parse(&self)
    }
}

impl<'c> IntoEndpoint<'c> for Endpoint<'c> {
    fn into_endpoint(self) -> Result<Endpoint<'c>, Error> {
        Ok(self)
    }
}

fn parse<'c>(text: &str) -> Result<Endpoint<'c>, Error> {
    ConnectionSource::of_url(text.trim()).map(Endpoint)
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
        let endpoint = parse("postgres://me:c4n4ry@host/app").expect("this one is sound");
        assert!(!format!("{endpoint:?}").contains(CANARY));
    }

    #[cfg(not(feature = "postgres"))]
    #[test]
    fn a_feature_that_is_off_is_named() {
        assert!(refusal("postgres://me@host/app").contains("features = [\"postgres\"]"));
    }
}
