//! A file of rows that a program carries, for `insert into … from "…"`.

use std::borrow::Cow;

/// A file of rows, as `include_str!` reads it when the program is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataFile {
    /// Its path as the migration writes it, relative to the migration's source file; its extension determines the format.
    pub name: &'static str,
    /// What is in it.
    pub text: &'static str,
    /// The columns that get its values, in the order of the statement.
    pub columns: &'static [DataColumn],
}

/// A column that gets values of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataColumn {
    /// Its name, in the file too.
    pub name: &'static str,
    /// Which texts are values of it.
    pub values: DataValues,
    /// Whether a value may be missing.
    pub nullable: bool,
}

/// Which texts are values of a column, as far as that is checked without the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataValues {
    /// `true` or `false`.
    Boolean,
    /// An integer between these two.
    Integer {
        /// The lowest.
        low: i64,
        /// The highest.
        high: i64,
    },
    /// A number.
    Number,
    /// Any text.
    Text {
        /// The most characters that it may have.
        most: Option<u32>,
    },
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A JSON document.
    Json,
    /// 32 hexadecimal digits, with hyphens or without.
    Uuid,
    /// What only the database knows.
    Unchecked,
}

impl DataFile {
    /// What the checksum of its migration covers: name and text, independent of the line ends of a checkout.
    pub(crate) fn canonical(&self) -> String {
        let text: Cow<'_, str> = if self.text.contains('\r') { self.text.replace("\r\n", "\n").into() } else { self.text.into() };
        format!("{}\n{text}", self.name)
    }
}
