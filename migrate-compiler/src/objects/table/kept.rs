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
}
