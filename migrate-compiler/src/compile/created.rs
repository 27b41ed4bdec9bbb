//! What the migration itself made: nobody uses it yet, and no rows were there before.

use std::collections::{BTreeMap, BTreeSet};

use crate::effect::{Break, Demand, Effects, Removed};
use crate::name::Name;
use crate::objects::Kind;
use crate::operation::Operation;

/// The tables and columns that were made since the migration began, under the names they have now.
#[derive(Clone, Debug, Default)]
pub(super) struct Created {
    tables: BTreeSet<Name>,
    columns: BTreeMap<Name, BTreeSet<String>>,
    constraints: BTreeSet<(Name, String)>,
    objects: BTreeSet<(Kind, Name)>,
}

impl Created {
    /// Takes note of an operation that was done.
    pub(super) fn note(&mut self, operation: &Operation) {
        match operation {
            Operation::CreateTable(create) => {
                self.tables.insert(create.name.clone());
            }
            Operation::DropTable(drop) => {
                self.tables.remove(&drop.name);
            }
            Operation::RenameTable(rename) => {
                if self.tables.remove(&rename.from) {
                    self.tables.insert(rename.to.clone());
                }
                if let Some(columns) = self.columns.remove(&rename.from) {
                    self.columns.entry(rename.to.clone()).or_default().extend(columns);
                }
            }
            Operation::AddColumn(add) => {
                self.columns.entry(add.table.clone()).or_default().insert(add.column.name.clone());
            }
            Operation::DropColumn(drop) => {
                self.take_column(&drop.table, &drop.column);
            }
            Operation::RenameColumn(rename) => {
                if self.take_column(&rename.table, &rename.from) {
                    self.columns.entry(rename.table.clone()).or_default().insert(rename.to.clone());
                }
            }
            Operation::RunSql(raw) => raw.effect.iter().flatten().for_each(|operation| self.note(operation)),
            Operation::AlterType(_) | Operation::SetNotNull(_) | Operation::DropNotNull(_) | Operation::SetDefault(_) => {}
            Operation::AddConstraint(add) => {
                self.constraints.insert((add.table.clone(), add.constraint.name().to_owned()));
            }
            Operation::RenameConstraint(rename) => {
                if self.constraints.remove(&(rename.table.clone(), rename.from.clone())) {
                    self.constraints.insert((rename.table.clone(), rename.to.clone()));
                }
            }
            Operation::CreateObject(create) => {
                self.objects.insert((create.object.kind(), create.name.clone()));
            }
            Operation::DropObject(drop) => {
                self.objects.remove(&(drop.kind, drop.name.clone()));
            }
            Operation::RenameObject(rename) => {
                if self.objects.remove(&(rename.kind, rename.from.clone())) {
                    self.objects.insert((rename.kind, rename.to.clone()));
                }
            }
            Operation::DropDefault(_) | Operation::CommentColumn(_) => {}
            Operation::CommentTable(_) | Operation::SetCounter(_) => {}
            Operation::DropConstraint(_) | Operation::AlterConstraint(_) => {}
            Operation::CreateIndex(_) | Operation::DropIndex(_) | Operation::RenameIndex(_) => {}
            Operation::AddValue(_) | Operation::RenameValue(_) | Operation::DropValue(_) | Operation::Expect(_) => {}
        }
    }

    /// Whether the table was made by this migration.
    pub(super) fn has_table(&self, table: &Name) -> bool {
        self.tables.contains(table)
    }

    fn has_column(&self, table: &Name, column: &str) -> bool {
        self.has_table(table) || self.columns.get(table).is_some_and(|columns| columns.contains(column))
    }

    /// Forgets a column; whether this migration made it.
    fn take_column(&mut self, table: &Name, column: &str) -> bool {
        self.columns.get_mut(table).is_some_and(|columns| columns.remove(column))
    }

    /// The effects without what is only about things that the migration made itself.
    pub(super) fn sift(&self, mut effects: Effects) -> Effects {
        effects.removes.retain(|removed| match removed {
            Removed::Table(table) => !self.has_table(table),
            Removed::Column(table, column) => !self.has_column(table, column),
        });
        effects.demands.retain(|demand| !matches!(demand, Demand::Empty { table, .. } if self.has_table(table)));
        effects.breaks.retain(|one| !self.has_made(one));
        effects
    }

    /// Whether something is only about what this migration made.
    fn has_made(&self, one: &Break) -> bool {
        match one {
            Break::RenamedTable { from: table, .. } | Break::Retyped { table, .. } => self.has_table(table),
            Break::RenamedColumn { table, from: column, .. } => self.has_column(table, column),
            Break::NullableNow { table, column } | Break::ChangedDefault { table, column } => self.has_column(table, column),
            Break::Restricted { table, columns, .. } => {
                self.has_table(table) || !columns.is_empty() && columns.iter().all(|column| self.has_column(table, column))
            }
            Break::DroppedConstraint { table, name } => {
                self.has_table(table) || self.constraints.contains(&(table.clone(), name.clone()))
            }
            Break::RenamedObject { kind, from, .. } => self.objects.contains(&(*kind, from.clone())),
            Break::RenamedValue { of, .. } | Break::DroppedValue { of, .. } => self.objects.contains(&(Kind::Enum, of.clone())),
            Break::Raw { tables, .. } => !tables.is_empty() && tables.iter().all(|table| self.has_table(table)),
        }
    }
}
