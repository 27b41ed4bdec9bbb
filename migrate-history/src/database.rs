//! The databases that a history can support.

use std::fmt;

use crate::Lock;

/// A database that a history can support.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Database {
    /// PostgreSQL 14 and later.
    Postgres,
    /// SQLite 3.35 and later.
    Sqlite,
}

impl Database {
    /// Every database, in the order in which they are listed to a user.
    pub const ALL: &'static [Database] = &[Database::Postgres, Database::Sqlite];

    /// The word for it in a history's `databases`, and the name of its cargo feature.
    pub const fn word(self) -> &'static str {
        match self {
            Database::Postgres => "postgres",
            Database::Sqlite => "sqlite",
        }
    }

    /// The database that `word` names in a history.
    pub fn from_word(word: &str) -> Option<Database> {
        Database::ALL.iter().copied().find(|database| database.word() == word)
    }

    /// Its variant here, as generated code writes it.
    pub const fn variant(self) -> &'static str {
        match self {
            Database::Postgres => "Postgres",
            Database::Sqlite => "Sqlite",
        }
    }

    /// What its URLs begin with, before the colon; the usual word first.
    pub const fn schemes(self) -> &'static [&'static str] {
        match self {
            Database::Postgres => &["postgres", "postgresql"],
            Database::Sqlite => &["sqlite"],
        }
    }

    /// The database of a URL that begins so.
    pub fn from_scheme(scheme: &str) -> Option<Database> {
        Database::ALL.iter().copied().find(|database| database.schemes().contains(&scheme))
    }

    /// A URL of one on this machine, for an example.
    pub const fn local_url(self) -> &'static str {
        match self {
            Database::Postgres => "postgres://localhost/app",
            Database::Sqlite => "sqlite:app.db",
        }
    }

    /// What has its version: a server, or the library that a program is built with.
    pub const fn program(self) -> &'static str {
        match self {
            Database::Postgres => "server",
            Database::Sqlite => "library",
        }
    }

    /// The lock that every step takes, whatever it touches: its row of the ledger is written too.
    pub const fn least_lock(self) -> Option<Lock> {
        match self {
            Database::Postgres => None,
            Database::Sqlite => Some(Lock::File),
        }
    }

    /// Its name in a sentence.
    pub const fn title(self) -> &'static str {
        match self {
            Database::Postgres => "PostgreSQL",
            Database::Sqlite => "SQLite",
        }
    }
}

impl fmt::Display for Database {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.title())
    }
}
