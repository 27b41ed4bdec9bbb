//! What the ledger records of a migration.

use migrate_history::{List, Migration, Text};

/// What the ledger records of a migration as what it came after: its parents, and its dependencies, which must be applied too.
pub(crate) fn recorded_parents(migration: &Migration) -> List<Text> {
    migration.predecessors().map(Text::Borrowed).collect()
}
