//! Indexes.

use std::fmt;

use crate::name::Name;
use crate::schema::Index;

/// `create [unique] index [NAME] on TABLE (…)`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateIndex {
    /// The table.
    pub table: Name,
    /// The new index.
    pub index: Index,
}

/// `drop index NAME;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropIndex {
    /// Its name.
    pub name: Name,
}

/// `rename index NAME to NAME;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameIndex {
    /// The old name.
    pub from: Name,
    /// The new name, in the same schema.
    pub to: Name,
}

impl fmt::Display for CreateIndex {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "create {};", self.index.written(Some(&self.table)))
    }
}

impl fmt::Display for DropIndex {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "drop index {};", self.name)
    }
}

impl fmt::Display for RenameIndex {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "rename index {} to {};", self.from, self.to)
    }
}
