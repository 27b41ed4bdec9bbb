//! What the earlier migrations of a plan change, so that a later guard cannot be answered yet.

use migrate_history::plan::Planned;
use migrate_history::{Guard, Rest, Text, Touched};

/// The migrations before the one that is looked at.
#[derive(Default)]
pub(super) struct Earlier<'p> {
    done: Vec<&'p Planned>,
}

impl<'p> Earlier<'p> {
    /// Takes note of a migration.
    pub fn add(&mut self, planned: &'p Planned) {
        self.done.push(planned);
    }

    /// The last migration that changes what a guard is about, or may.
    pub fn changes(&self, guard: &Guard) -> Option<&'p Text> {
        self.done.iter().rev().find(|planned| may_change(planned, guard)).map(|planned| &planned.revision)
    }

    /// The last migration.
    pub fn last(&self) -> Option<&'p Text> {
        self.done.last().map(|planned| &planned.revision)
    }
}

/// Whether a migration touches a table that the guard names, or it is unknown what it touches.
fn may_change(planned: &Planned, guard: &Guard) -> bool {
    let left = planned.steps.iter().skip(planned.done);
    left.map(|step| &step.touches).any(|touches| {
        let unknown = match touches.rest {
            Rest::Nothing => false,
            Rest::RawSql | Rest::Program | Rest::NotSaid => true,
        };
        unknown || touches.tables.iter().any(|table| names(guard, table))
    })
}

/// Whether the query of a guard names a table. One that only says so in a text is taken for one that does.
fn names(guard: &Guard, touched: &Touched) -> bool {
    guard.query.to_lowercase().contains(&touched.table.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use migrate_history::{Lock, Work};

    #[test]
    fn a_guard_is_about_the_tables_that_it_names() {
        let guard = Guard { query: "SELECT count(*) FROM \"Users\" WHERE \"a\" IS NULL".into(), refusal: "rows".into() };
        let named = |table: &'static str| {
            names(&guard, &Touched { schema: None, table: table.into(), lock: Lock::Share, work: Work::Nothing })
        };
        assert!(named("Users") && named("users") && !named("posts"));
    }
}
