//! Who is measured: everyone makes the same tables, each in a migration of its own.

mod ours;
mod refinery;
mod sea_orm;
mod shell;
mod sqlx;

use crate::Result;

/// Who does the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contestant {
    Ours,
    Sqlx,
    Refinery,
    SeaOrm,
    /// `psql` or `sqlite3`, with the statements and nothing else.
    Shell,
    /// A connection that is opened and closed again.
    Connection,
}

impl Contestant {
    /// What it is called in a table.
    pub const fn name(self) -> &'static str {
        match self {
            Contestant::Ours => "migrate",
            Contestant::Sqlx => "sqlx 0.9",
            Contestant::Refinery => "refinery 0.10",
            Contestant::SeaOrm => "sea-orm-migration 2",
            Contestant::Shell => "psql, sqlite3: the statements alone",
            Contestant::Connection => "connecting alone",
        }
    }

    /// Brings a database to the last of so many migrations.
    pub async fn migrate(self, url: &str, count: usize) -> Result<()> {
        match self {
            Contestant::Ours => ours::migrate(url, count).await,
            Contestant::Sqlx => sqlx::migrate(url, count).await,
            Contestant::Refinery => refinery::migrate(url, count).await,
            Contestant::SeaOrm => sea_orm::migrate(url, count).await,
            Contestant::Shell => shell::migrate(url, count),
            Contestant::Connection => sqlx::connect(url).await,
        }
    }

    /// Does what is not measured.
    pub fn prepare(self, count: usize) {
        match self {
            Contestant::Ours => ours::prepare(count),
            Contestant::Sqlx | Contestant::Refinery | Contestant::SeaOrm | Contestant::Shell | Contestant::Connection => {}
        }
    }
}

/// The statement of a migration, in words that both databases read.
fn statement(number: usize) -> String {
    format!(
        "CREATE TABLE t{number} (id bigint NOT NULL PRIMARY KEY, name text NOT NULL, email varchar(80), \
         visits integer NOT NULL DEFAULT 0, created_at timestamp NOT NULL)"
    )
}
