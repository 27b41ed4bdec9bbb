//! What a recipe is for, and what it is made of.

use migrate_history::{Database, Mode};

use crate::compile::created::Created;
use crate::compile::guard::is_always_null;
use crate::ddl::Ddl;
use crate::name::Name;
use crate::online::{FilledRows, Online};
use crate::schema::Schema;
use crate::trace::Trace;

/// A change as a part of a plan.
#[derive(Clone, Debug)]
pub(in crate::compile) enum Stage {
    /// In a transaction with others, as far as these lock nothing else.
    Joined(Ddl),
    /// In a transaction of its own.
    Apart(Ddl),
    /// A step of its own.
    Online(Online),
    /// A step of its own that calls a function of the program.
    Program(Ddl, Mode),
}

/// What a recipe is for.
#[derive(Clone, Copy)]
pub(in crate::compile) struct Site<'s> {
    /// The database.
    pub database: Database,
    /// What the migration made so far.
    pub created: &'s Created,
    /// The schema before the change.
    pub before: &'s Schema,
    /// What became of the rows so far.
    pub trace: &'s Trace,
    /// What was filled in batches so far, and still has the names that it had.
    pub backfills: &'s [FilledRows],
}

impl Site<'_> {
    /// Whether others may be using a table.
    pub fn is_used(&self, table: &Name) -> bool {
        !self.created.has_table(table) && self.before.table(table).is_some()
    }

    /// Whether a column is null in every row, unless an application has written it since then.
    pub fn is_null(&self, table: &Name, column: &str) -> bool {
        self.trace.table(table).is_some_and(|traced| !traced.is_raw && is_always_null(traced, column))
    }
}
