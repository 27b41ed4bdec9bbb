//! A file whose rows a migration inserts: what a program must carry of it.

use crate::schema::Column;
use crate::types::Type;

/// A file of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowsFile {
    /// Its path, as it is written.
    pub name: String,
    /// The columns that it has values of, in the order of the statement.
    pub columns: Vec<FileColumn>,
}

/// A column that a file has values of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileColumn {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether a value may be missing.
    pub nullable: bool,
}

impl FileColumn {
    /// The column of a table.
    pub fn of(column: &Column) -> FileColumn {
        FileColumn { name: column.name.clone(), ty: column.ty.clone(), nullable: column.nullable }
    }
}

/// What the name of a file of rows may end with.
pub const ENDINGS: [&str; 5] = [".csv", ".tsv", ".json", ".jsonl", ".ndjson"];
