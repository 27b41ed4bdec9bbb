//! The migrations of one crate.

use super::{Database, List, Migration, Text};

/// The migrations of one crate, parents before children is *not* promised here: [`crate::plan::Graph`] orders them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct History {
    /// Distinguishes the histories that share a database; the crate's name unless the history says otherwise.
    pub name: Text,
    /// The databases that every migration was compiled for.
    pub databases: List<Database>,
    /// The migrations, in the order in which `history!` lists them.
    pub migrations: List<&'static Migration>,
}

impl History {
    /// A history; what `history!` expands to.
    pub const fn new(name: Text, databases: List<Database>, migrations: List<&'static Migration>) -> History {
        History { name, databases, migrations }
    }
}
