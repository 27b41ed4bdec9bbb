//! Statements about rows, as they are written.

use std::fmt;

use crate::expr::{FromTable, Select};
use crate::name::{Name, WrittenList};
use crate::rows::{Assignment, Given, KeyConflict, Which};

/// New rows of a table, as they are written.
#[derive(Clone, Copy, Debug)]
pub struct NewRows<'a> {
    /// The table.
    pub table: &'a Name,
    /// The columns that they are given values of.
    pub columns: &'a [String],
    /// The values of each row, in the order of the columns.
    pub rows: &'a [Vec<Given>],
    /// What becomes of a row whose key is there.
    pub conflict: KeyConflict,
}

/// New rows of a table that are in a file, as they are written.
#[derive(Clone, Copy, Debug)]
pub struct FileRows<'a> {
    /// The table.
    pub table: &'a Name,
    /// The columns that the file has values of.
    pub columns: &'a [String],
    /// The path of the file.
    pub file: &'a str,
    /// What becomes of a row whose key is there.
    pub conflict: KeyConflict,
}

/// New rows of a table that a query gives, as they are written.
#[derive(Clone, Copy, Debug)]
pub struct QueriedRows<'a> {
    /// The table.
    pub table: &'a Name,
    /// The columns that they are given values of.
    pub columns: &'a [String],
    /// The rows, in the order of the columns.
    pub query: &'a Select,
    /// What becomes of a row whose key is there.
    pub conflict: KeyConflict,
}

/// New values of rows of a table, as they are written.
#[derive(Clone, Copy, Debug)]
pub struct NewValues<'a> {
    /// The table.
    pub table: &'a Name,
    /// The values.
    pub sets: &'a [Assignment],
    /// Another table that is read with it.
    pub from: Option<&'a FromTable>,
    /// The rows.
    pub which: &'a Which,
}

impl fmt::Display for NewRows<'_> {
    /// The statement, without its end.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "insert into {} ", self.table)?;
        if !self.columns.is_empty() {
            write!(out, "({}) ", WrittenList(self.columns))?;
        }
        out.write_str("values ")?;
        for (place, row) in self.rows.iter().enumerate() {
            out.write_str(if place == 0 { "(" } else { ", (" })?;
            for (place, value) in row.iter().enumerate() {
                write!(out, "{}{value}", if place == 0 { "" } else { ", " })?;
            }
            out.write_str(")")?;
        }
        write!(out, "{}", self.conflict)
    }
}

impl fmt::Display for QueriedRows<'_> {
    /// The statement, without its end.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "insert into {} ({}) {}{}", self.table, WrittenList(self.columns), self.query, self.conflict)
    }
}

impl fmt::Display for NewValues<'_> {
    /// What is written after the keyword of the statement, up to its end.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} set ", self.table)?;
        for (place, set) in self.sets.iter().enumerate() {
            write!(out, "{}{set}", if place == 0 { "" } else { ", " })?;
        }
        self.from.iter().try_for_each(|from| write!(out, " from {from}"))?;
        write!(out, "{}", self.which)
    }
}
