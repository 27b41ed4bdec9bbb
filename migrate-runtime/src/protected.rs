//! Why only a reviewed plan runs on a database.

use std::fmt;

use migrate_history::Text;

/// Why only a reviewed plan runs on a database.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protection {
    /// `protected: "HOST/DATABASE";` in `history!` describes it: the pattern.
    Setting(Text),
    /// Its ledger says so; see [`Migrator::protect`](crate::Migrator::protect).
    Ledger,
}

impl fmt::Display for Protection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Protection::Setting(pattern) => write!(out, "`protected: \"{pattern}\";` in `history!` is about this database"),
            Protection::Ledger => out.write_str("its ledger says that it is protected"),
        }
    }
}
