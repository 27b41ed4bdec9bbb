//! A file whose rows a migration inserts: what a program must carry of it.

use migrate_history::DataValues;

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

    /// Which texts are values of its type, as far as that is known before the database is asked. The values of an enum are kept for as long
    /// as the process lives, as those in a program are.
    pub fn values(&self) -> DataValues {
        match &self.ty {
            Type::Boolean => DataValues::Boolean,
            Type::SmallInt | Type::Integer | Type::BigInt => {
                let (low, high) = self.ty.integer_range().unwrap_or((i64::MIN, i64::MAX));
                DataValues::Integer { low, high }
            }
            Type::Real | Type::Double | Type::Decimal { .. } => DataValues::Number,
            Type::Text => DataValues::Text { most: None },
            Type::Varchar(_) | Type::Char(_) => DataValues::Text { most: self.ty.length() },
            Type::Enum(of) => {
                let values = of.values.iter().map(|value| &*String::leak(value.clone()));
                DataValues::OneOf(Vec::leak(values.collect()))
            }
            Type::Json => DataValues::Json,
            Type::Uuid => DataValues::Uuid,
            Type::Bytes | Type::Date | Type::Time | Type::Timestamp | Type::Timestamptz => DataValues::Unchecked,
            Type::Interval | Type::Array(_) | Type::Native(_) => DataValues::Unchecked,
        }
    }
}

/// What the name of a file of rows may end with.
pub const ENDINGS: [&str; 5] = [".csv", ".tsv", ".json", ".jsonl", ".ndjson"];
