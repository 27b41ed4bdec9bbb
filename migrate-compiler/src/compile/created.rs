//! What the migration itself created: it is not in use yet, and had no rows before.

use std::collections::BTreeSet;

use crate::effect::{Break, Demand, Effects, Reach, Removed};
use crate::footprint::{Part, Path};
use crate::name::Name;
use crate::objects::Kind;
use crate::operation::{About, Operation, RowKeeping, Rows};
use crate::schema::Schema;

/// What was made since the migration began, under the names that it has now.
#[derive(Clone, Debug, Default)]
pub(super) struct Created {
    made: BTreeSet<Path>,
    /// The tables that have rows of the migration's own.
    filled: BTreeSet<Name>,
    /// What raw SQL created, which the compiler does not know.
    unread: BTreeSet<String>,
}

impl Created {
    /// Takes note of a step that was done.
    pub(super) fn note(&mut self, operation: &Operation, before: &Schema) {
        self.note_about(operation.about(before));
    }

    fn note_about(&mut self, about: About) {
        if about.renames.is_some() {
            let renamed = |path: Path| about.renamed(&path).unwrap_or(path);
            self.made = std::mem::take(&mut self.made).into_iter().map(renamed).collect();
            let table = |name: Name| renamed(Path::new(&name, Part::whole(Kind::Table))).of;
            self.filled = std::mem::take(&mut self.filled).into_iter().map(table).collect();
        }
        if let Some(path) = &about.drops {
            self.made.retain(|made| !path.contains(made));
            self.filled.retain(|table| !path.contains(&Path::new(table, Part::whole(Kind::Table))));
        }
        if about.rows == Rows::Added {
            self.filled.extend(about.tables.first().cloned());
        }
        if about.keeping == RowKeeping::Keeps {
            // The table of what is kept comes last.
            self.made.extend(about.tables.last().map(|kept| Path::new(kept, Part::whole(Kind::Table))));
        }
        self.made.extend(about.makes);
        self.unread.extend(about.unread);
        about.raw.into_iter().flatten().for_each(|inner| self.note_about(inner));
    }

    /// Whether the table was made by this migration.
    pub(super) fn has_table(&self, table: &Name) -> bool {
        self.has(table, Part::whole(Kind::Table))
    }

    /// Whether the table was made by this migration and has no rows yet.
    fn is_empty(&self, table: &Name) -> bool {
        self.has_table(table) && !self.filled.contains(table)
    }

    /// Whether the column was made by this migration, or its table.
    pub fn has_column(&self, table: &Name, column: &str) -> bool {
        self.has_table(table) || self.has(table, Part::Column(column.to_owned()))
    }

    fn has(&self, of: &Name, part: Part) -> bool {
        self.made.contains(&Path::new(of, part))
    }

    /// The effects of an operation without what is only about things that the migration made itself. What raw SQL states is done one after
    /// the other.
    pub(super) fn effects(&self, operation: &Operation, before: &Schema) -> Effects {
        let Some(raw) = operation.raw() else { return self.sift(operation.effects(before)) };
        let mut created = self.clone();
        let mut all = Effects::default();
        for (stated, schema) in raw.stated(before) {
            all.add(created.effects(stated, &schema));
            created.note(stated, &schema);
        }
        let mut effects = self.sift(Effects { breaks: raw.dangers(before), ..Effects::default() });
        effects.add(raw.passed_on(before, all));
        effects
    }

    /// The effects without what is only about things that the migration made itself.
    fn sift(&self, mut effects: Effects) -> Effects {
        effects.removes.retain(|removed| match removed {
            Removed::Table(table) => !self.has_table(table),
            Removed::Column(table, column) => !self.has_column(table, column),
        });
        effects.demands.retain(|demand| !matches!(demand, Demand::Empty { table, .. } if self.is_empty(table)));
        effects.inserts = effects.inserts.filter(|table| !self.has_table(table));
        effects.reaches.retain_mut(|reached| match &mut reached.reach {
            Reach::Deleted => !self.has_table(&reached.table),
            Reach::Updated(columns) => {
                columns.retain(|column| !self.has_column(&reached.table, column));
                !columns.is_empty()
            }
        });
        effects.breaks.retain(|one| !self.has_made(one));
        effects
    }

    /// Whether something is only about what this migration made.
    fn has_made(&self, one: &Break) -> bool {
        match one {
            Break::RenamedTable { from: table, .. } | Break::Retyped { table, .. } => self.has_table(table),
            Break::RenamedColumn { table, from: column, .. } => self.has_column(table, column),
            Break::NullableNow { table, column } | Break::ChangedDefault { table, column } => self.has_column(table, column),
            Break::Numbered { table, .. } => self.has_table(table),
            Break::Restricted { table, columns, .. } => {
                self.has_table(table) || !columns.is_empty() && columns.iter().all(|column| self.has_column(table, column))
            }
            Break::DroppedConstraint { table, part, .. } => self.has_table(table) || self.has(table, part.clone()),
            Break::RenamedObject { kind, from: name, .. } | Break::DroppedObject { kind, name } => {
                self.has(name, Part::whole(*kind))
            }
            Break::RenamedValue { of, .. } | Break::DroppedValue { of, .. } => self.has(of, Part::whole(Kind::Enum)),
            Break::UpdatedRows { table } | Break::DeletedAll { table } | Break::Truncated { table } => self.has_table(table),
            Break::Raw { on, others, .. } => {
                let is_made = |path: &Path| self.made.contains(path) || path.is_of_table() && self.has_table(&path.of);
                let is_named = !on.is_empty() || !others.is_empty();
                is_named && on.iter().all(is_made) && others.iter().all(|name| self.unread.contains(name))
            }
        }
    }
}
