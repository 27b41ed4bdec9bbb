//! What the migration itself made: nobody uses it yet, and no rows were there before.

use std::collections::{BTreeMap, BTreeSet};

use crate::effect::{Effects, Removed};
use crate::name::Name;
use crate::operation::Operation;

/// The tables and columns that were made since the migration began, under the names they have now.
#[derive(Clone, Debug, Default)]
pub(super) struct Created {
    tables: BTreeSet<Name>,
    columns: BTreeMap<Name, BTreeSet<String>>,
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
            Operation::DropDefault(_) | Operation::CommentColumn(_) | Operation::AddConstraint(_) => {}
            Operation::CommentTable(_) | Operation::SetCounter(_) => {}
            Operation::DropConstraint(_) | Operation::RenameConstraint(_) | Operation::AlterConstraint(_) => {}
            Operation::CreateIndex(_) | Operation::DropIndex(_) | Operation::RenameIndex(_) => {}
            Operation::CreateObject(_) | Operation::DropObject(_) | Operation::RenameObject(_) => {}
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
        effects
    }
}
