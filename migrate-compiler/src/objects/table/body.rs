//! What a table is made of.

use super::column::Column;
use super::constraint::{Constraint, ForeignKey, Rule, Timing};
use super::index::Index;
use super::kept::KeptTable;

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Table {
    /// Its comment, from `///`.
    pub comment: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its constraints.
    pub constraints: Vec<Constraint>,
    /// Its indexes.
    pub indexes: Vec<Index>,
    /// What it was, where it was dropped with `keep data`.
    pub kept: Option<KeptTable>,
}

impl Table {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The column of this name, to be changed.
    pub fn column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|column| column.name == name)
    }

    /// The constraint of this name.
    pub fn constraint(&self, name: &str) -> Option<&Constraint> {
        self.constraints.iter().find(|constraint| constraint.name() == name)
    }

    /// The index of this name.
    pub fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| index.name() == name)
    }

    /// The primary key's columns; empty where there is none.
    pub fn primary_key(&self) -> &[String] {
        let columns = |constraint: &'_ Constraint| matches!(constraint.rule, Rule::PrimaryKey { .. });
        self.constraints.iter().find(|constraint| columns(constraint)).map_or(&[], |key| key.rule.key_columns())
    }

    /// Its foreign keys.
    pub fn foreign_keys(&self) -> impl Iterator<Item = (&Constraint, &ForeignKey)> {
        self.constraints.iter().filter_map(|constraint| Some((constraint, constraint.foreign_key()?)))
    }

    /// Whether no two rows can have the same values in these columns.
    pub fn is_key(&self, columns: &[String]) -> bool {
        self.key_constraints(columns).next().is_some() || self.key_indexes(columns).next().is_some()
    }

    /// The constraints that make these columns, in any order, a key that can be referred to.
    pub fn key_constraints(&self, columns: &[String]) -> impl Iterator<Item = &Constraint> {
        // What may be broken until the end of a transaction is nothing to refer to.
        let immediate = self.constraints.iter().filter(|constraint| constraint.timing == Timing::Immediate);
        immediate.filter(move |constraint| is_same_key(constraint.rule.key_columns(), columns))
    }

    /// The indexes that do.
    pub fn key_indexes(&self, columns: &[String]) -> impl Iterator<Item = &Index> {
        let whole = self.indexes.iter().filter(|index| index.unique && index.filter.is_none());
        whole.filter(move |index| is_same_key(&index.plain_columns(), columns))
    }
}

/// Whether two keys are of the same columns, in any order.
fn is_same_key(one: &[String], other: &[String]) -> bool {
    !one.is_empty() && one.len() == other.len() && other.iter().all(|column| one.contains(column))
}
