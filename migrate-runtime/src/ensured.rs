//! A ledger that was created without a run.

use migrate_history::{Database, Text};

/// The ledger after [`crate::Migrator::ensure_ledger`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EnsuredLedger {
    /// The database.
    pub database: Database,
    /// PostgreSQL: the schema that it is in.
    pub schema: Option<Text>,
    /// The format that it had; `None` where there was none.
    pub before: Option<i64>,
    /// The format that it has.
    pub format: i64,
}
