//! Tables as a whole.

use std::fmt;

use crate::name::Name;
use crate::schema::Table;

/// `create table NAME { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateTable {
    /// Its name.
    pub name: Name,
    /// Its columns and constraints; inline ones are constraints too. Indexes are operations of their own, so there are none.
    pub table: Table,
}

/// `drop table NAME;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropTable {
    /// Its name.
    pub name: Name,
}

/// `rename table NAME to NAME;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameTable {
    /// The old name.
    pub from: Name,
    /// The new name, in the same schema.
    pub to: Name,
}

impl fmt::Display for CreateTable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(comment) = &self.table.comment {
            writeln!(out, "/// {}", comment.replace('\n', "\n/// "))?;
        }
        write!(out, "create table {} {{", self.name)?;
        for column in &self.table.columns {
            if let Some(comment) = &column.comment {
                write!(out, "\n    /// {}", comment.replace('\n', "\n    /// "))?;
            }
            write!(out, "\n    {column},")?;
        }
        for constraint in &self.table.constraints {
            write!(out, "\n    {constraint},")?;
        }
        out.write_str(if self.table.columns.is_empty() && self.table.constraints.is_empty() { "}" } else { "\n}" })
    }
}

impl fmt::Display for DropTable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "drop table {};", self.name)
    }
}

impl fmt::Display for RenameTable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "rename table {} to {};", self.from, self.to)
    }
}
