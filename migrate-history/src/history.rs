//! The migrations of one crate.

use super::{Database, List, Migration, Text, Version};

/// The migrations of one crate, parents before children is *not* promised here: [`crate::plan::Graph`] orders them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct History {
    /// Distinguishes the histories that share a database; the crate's name unless the history says otherwise.
    pub name: Text,
    /// The databases that every migration was compiled for, each with the oldest version that is supported.
    pub servers: List<Version>,
    /// The migrations, in the order in which `history!` lists them.
    pub migrations: List<&'static Migration>,
    /// The patterns `HOST/DATABASE` of the databases where only a reviewed plan runs.
    pub protected: List<Text>,
}

impl History {
    /// A history; what `history!` expands to.
    pub const fn new(name: Text, servers: List<Version>, migrations: List<&'static Migration>) -> History {
        History::protected(name, servers, migrations, List::Borrowed(&[]))
    }

    /// A history of which only reviewed plans run on the databases that the patterns describe.
    pub const fn protected(
        name: Text,
        servers: List<Version>,
        migrations: List<&'static Migration>,
        protected: List<Text>,
    ) -> History {
        History { name, servers, migrations, protected }
    }

    /// The databases that every migration was compiled for.
    pub fn databases(&self) -> impl Iterator<Item = Database> {
        self.servers.iter().map(|server| server.database)
    }

    /// The oldest version of a database that is supported; `None` where the database is not.
    pub fn oldest(&self, database: Database) -> Option<Version> {
        self.servers.iter().copied().find(|server| server.database == database)
    }
}
