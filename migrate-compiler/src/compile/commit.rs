//! Where a migration must commit before it goes on: PostgreSQL does not allow a new value of an enum to be used before that (manual, "ALTER TYPE").

use std::collections::BTreeSet;

use migrate_history::Version;

use crate::footprint::{Footprint, Part, Path};
use crate::name::Name;
use crate::objects::Kind;
use crate::operation::About;
use crate::sql::registry::features;
use crate::transition::Transition;

/// The enums to which values were added since the last commit.
pub(super) struct AddedValues {
    /// Whether the database does not allow them to be used before it.
    wait: bool,
    /// Whether that is so of an enum that is as new as the value.
    waits_for_made: bool,
    /// The enums that are as new as their values, which can be used at once then.
    made: BTreeSet<Name>,
    added: BTreeSet<Name>,
}

impl AddedValues {
    /// None yet, on a server.
    pub(super) fn of(server: Version) -> AddedValues {
        let features = features(server.database);
        let (wait, known_since) = (features.new_values_are_committed_first, features.new_enums_are_known_since);
        let waits_for_made = known_since.is_some_and(|since| server.number < since);
        AddedValues { wait, waits_for_made, made: BTreeSet::new(), added: BTreeSet::new() }
    }

    /// Whether one of them may be used by the next steps, so that they come in another transaction; takes note of these steps.
    pub(super) fn are_used_by(&mut self, steps: &[&Transition]) -> bool {
        let is_needed = self.wait && !self.added.is_empty() && steps.iter().any(|step| self.are_used_in(step));
        if is_needed {
            self.made.clear();
            self.added.clear();
        }
        steps.iter().for_each(|step| self.note(&step.operation.about(&step.before)));
        is_needed
    }

    /// Whether a step is about one of the enums, or about a table that has a column of one. Raw SQL may be about any.
    fn are_used_in(&self, step: &Transition) -> bool {
        let About { raw, widens, .. } = step.operation.about(&step.before);
        raw.is_some() || enums(step).iter().any(|of| self.added.contains(of) && widens.as_ref() != Some(of))
    }

    fn note(&mut self, about: &About) {
        let About { makes, widens, raw, .. } = about;
        raw.iter().flatten().for_each(|stated| self.note(stated));
        self.made.extend(makes.iter().filter(|path| path.part == Part::Object(Kind::Enum)).map(|path| path.of.clone()));
        self.added.extend(widens.iter().filter(|of| self.waits_for_made || !self.made.contains(*of)).cloned());
    }
}

/// The enums that a step is about, and those of the columns of the tables that it is about.
fn enums(step: &Transition) -> BTreeSet<Name> {
    let mut footprint = Footprint::default();
    step.operation.touches(&step.before, &mut footprint);
    let mut found = BTreeSet::new();
    for Path { of, part } in footprint.writes.iter().chain(&footprint.reads) {
        found.extend((*part == Part::Object(Kind::Enum)).then(|| of.clone()));
        let tables = [&step.before, &step.after].into_iter().filter_map(|schema| schema.table(of));
        found.extend(tables.flat_map(|table| &table.columns).filter_map(|column| Some(column.ty.as_enum()?.name.clone())));
    }
    found
}
