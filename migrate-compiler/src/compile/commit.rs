//! Where a migration must commit before it goes on: PostgreSQL lets nobody use a new value of an enum before that (manual, "ALTER TYPE").

use std::collections::BTreeSet;

use migrate_history::Database;

use crate::footprint::{Footprint, Part, Path};
use crate::name::Name;
use crate::objects::Kind;
use crate::operation::Operation;
use crate::schema::Schema;
use crate::sql::registry::features;
use crate::step::Step;

/// The enums to which values were added since the last commit.
pub(super) struct AddedValues {
    /// Whether the database lets nobody use them before it.
    wait: bool,
    /// The enums that are as new as their values, which can be used at once then.
    made: BTreeSet<Name>,
    added: BTreeSet<Name>,
}

impl AddedValues {
    /// None yet, on a database.
    pub(super) fn of(database: Database) -> AddedValues {
        let wait = features(database).new_values_are_committed_first;
        AddedValues { wait, made: BTreeSet::new(), added: BTreeSet::new() }
    }

    /// Whether one of them may be used by the next steps, so that they come in another transaction; takes note of these steps.
    pub(super) fn are_used_by(&mut self, steps: &[&Step]) -> bool {
        let is_needed = self.wait && steps.iter().any(|step| self.added.iter().any(|of| uses(step, of)));
        if is_needed {
            self.made.clear();
            self.added.clear();
        }
        steps.iter().for_each(|step| self.note(&step.operation));
        is_needed
    }

    fn note(&mut self, operation: &Operation) {
        if let Operation::CreateObject(create) = operation {
            self.made.insert(create.name.clone());
        }
        if let Operation::AddValue(add) = operation
            && !self.made.contains(&add.of)
        {
            self.added.insert(add.of.clone());
        }
    }
}

/// Whether a step is about the enum, or about a table that has a column of it. Of raw SQL nobody knows.
fn uses(step: &Step, of: &Name) -> bool {
    if let Operation::AddValue(add) = &step.operation {
        return add.of != *of && touches(step, of);
    }
    matches!(step.operation, Operation::RunSql(_)) || touches(step, of)
}

fn touches(step: &Step, of: &Name) -> bool {
    let mut footprint = Footprint::default();
    step.operation.touches(&step.before, &mut footprint);
    let has_column = |schema: &Schema, name: &Name| schema.table(name).is_some_and(|table| !table.columns_of(of).is_empty());
    let is_use = |path: &Path| {
        let is_it = path.of == *of && path.part == Part::Object(Kind::Enum);
        is_it || has_column(&step.before, &path.of) || has_column(&step.after, &path.of)
    };
    footprint.writes.iter().chain(&footprint.reads).any(is_use)
}
