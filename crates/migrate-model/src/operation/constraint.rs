//! Constraints of a table that is there already.

use std::fmt;

use crate::name::{Name, Written};
use crate::schema::{Constraint, Timing};

/// `add [NAME:] CONSTRAINT;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddConstraint {
    /// The table.
    pub table: Name,
    /// The new constraint.
    pub constraint: Constraint,
}

/// `drop constraint NAME;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropConstraint {
    /// The table.
    pub table: Name,
    /// The constraint.
    pub name: String,
}

/// `rename constraint NAME to NAME;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameConstraint {
    /// The table.
    pub table: Name,
    /// The old name.
    pub from: String,
    /// The new name.
    pub to: String,
}

/// `alter constraint NAME deferrable …;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterConstraint {
    /// The table.
    pub table: Name,
    /// The constraint, a foreign key.
    pub name: String,
    /// When it is checked from now on.
    pub timing: Timing,
}

impl fmt::Display for AddConstraint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "alter table {} {{ add {}; }}", self.table, self.constraint)
    }
}

impl fmt::Display for DropConstraint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "alter table {} {{ drop constraint {}; }}", self.table, Written(&self.name))
    }
}

impl fmt::Display for RenameConstraint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (Written(&self.from), Written(&self.to));
        write!(out, "alter table {} {{ rename constraint {from} to {to}; }}", self.table)
    }
}

impl fmt::Display for AlterConstraint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.timing.words();
        write!(out, "alter table {} {{ alter constraint {} {words}; }}", self.table, Written(&self.name))
    }
}
