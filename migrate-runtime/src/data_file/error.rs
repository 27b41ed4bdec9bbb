//! What is wrong with a file of rows.

use std::fmt;

use migrate_history::{DataFile, Text};

/// What is wrong with a file whose rows a migration inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DataFileError {
    /// The file, as the migration writes it.
    pub file: Text,
    /// Where in it.
    pub place: FilePlace,
    /// The column whose value it is.
    pub column: Option<&'static str>,
    /// What is wrong: "`1x` is not an integer".
    pub what: String,
}

/// A place in a file of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FilePlace {
    /// All of it.
    Whole,
    /// A line, from 1.
    Line(u64),
    /// An object of a list, from 1.
    Row(u64),
}

impl DataFileError {
    pub(super) fn new(file: &DataFile, place: FilePlace, what: impl Into<String>) -> DataFileError {
        DataFileError { file: file.name.into(), place, column: None, what: what.into() }
    }

    /// A file that the plan names and the program does not have.
    pub(crate) fn absent(name: &str) -> DataFileError {
        let what = "this program does not have the file\nhelp: run the version of the program that began this migration";
        DataFileError { file: name.to_owned().into(), place: FilePlace::Whole, column: None, what: what.to_owned() }
    }

    pub(super) fn of_column(self, column: &'static str) -> DataFileError {
        DataFileError { column: Some(column), ..self }
    }
}

impl fmt::Display for DataFileError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DataFileError { file, place, column, what } = self;
        write!(out, "`{file}`")?;
        match place {
            FilePlace::Whole => {}
            FilePlace::Line(number) => write!(out, ", line {number}")?,
            FilePlace::Row(number) => write!(out, ", row {number}")?,
        }
        if let Some(column) = column {
            write!(out, ", column `{column}`")?;
        }
        write!(out, ": {what}")
    }
}

impl std::error::Error for DataFileError {}
