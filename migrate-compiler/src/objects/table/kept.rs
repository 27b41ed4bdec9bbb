//! Data that is kept: what was dropped with `keep data` stays in the database under another name, until it is restored or dropped.

/// A column that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptColumn {
    /// What it was called.
    pub name: String,
    /// The how manieth of this name it is.
    pub number: u16,
}

/// A table that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptTable {
    /// What it was called, in the same schema.
    pub name: String,
    /// The how manieth of this name it is.
    pub number: u16,
    /// Its keys, indexes and sequences: what each was called, and is called now.
    pub parts: Vec<(String, String)>,
    /// What it holds.
    pub of: KeptOf,
}

/// What a table that is kept holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptOf {
    /// It is the table itself.
    Table,
    /// Rows that were deleted.
    Rows,
    /// The old values of rows, by key.
    Values,
}
