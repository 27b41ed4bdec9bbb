//! What a table that is rebuilt must be.

use super::table::{IndexShape, TableShape};
use super::{parse, token};

/// The table and its indexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    pub table: TableShape,
    pub indexes: Vec<IndexShape>,
}

impl Expected {
    /// Reads a `CREATE TABLE` and the `CREATE INDEX`es after it.
    pub fn read(text: &str) -> Option<Expected> {
        let mut statements = token::statements(text)?.into_iter();
        let table = parse::table(&statements.next()?)?;
        let indexes = statements.map(|statement| parse::index(&statement)).collect::<Option<Vec<_>>>()?;
        Some(Expected { table, indexes })
    }
}
