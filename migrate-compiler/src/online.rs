//! Changes of a table that others go on using: what a recipe is made of, each a step of its own.

use std::sync::Arc;

use crate::expr::Expr;
use crate::name::Name;
use crate::rows::ChangedRows;
use crate::schema::{Column, Constraint, Counter, Index, Key, Rule, Table};

/// A change that is made while others read and write the table.
#[derive(Clone, Debug, PartialEq)]
pub enum Online {
    /// An index is built without blocking writes.
    BuildIndex(IndexOf),
    /// An index is dropped without blocking reads and writes.
    DropIndex(IndexOf),
    /// What exists of an index is dropped without blocking reads and writes: all of it, an invalid one, or nothing.
    DiscardIndex(IndexOf),
    /// A check or a foreign key holds for new rows; existing rows are not checked.
    AddUnchecked(ConstraintOf),
    /// The existing rows are checked.
    Validate(ConstraintOf),
    /// A unique index is built without blocking writes, for a constraint.
    BuildKey(ConstraintOf),
    /// The constraint takes its index over.
    TakeIndex(ConstraintOf),
    /// A key is dropped, and another one takes its index over.
    ReplaceKey(ReplacedKey),
    /// A column that new rows have a value for; the rows that are there have none yet.
    AddColumn(NewColumn),
    /// The rows that are there get their values, some at a time.
    Fill(NewColumn),
    /// Those that were missed get theirs.
    FillRest(NewColumn),
    /// The database numbers the column, from where its sequence is.
    Identify(NewColumn),
    /// Rows get values in batches.
    Backfill(FilledRows),
}

/// An index and its table.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexOf {
    /// The table's name.
    pub table: Name,
    /// The table: expressions of the index are over columns of these types.
    pub body: Arc<Table>,
    /// The index.
    pub index: Index,
}

/// A constraint and its table.
#[derive(Clone, Debug, PartialEq)]
pub struct ConstraintOf {
    /// The table's name.
    pub table: Name,
    /// The table: conditions are over columns of these types.
    pub body: Arc<Table>,
    /// The constraint.
    pub constraint: Constraint,
}

impl ConstraintOf {
    /// The index of a key.
    pub fn index(&self) -> IndexOf {
        let by = |column: &String| Key { value: Expr::column(column), descending: false, nulls_first: None, class: None };
        let nulls_not_distinct = matches!(self.constraint.rule, Rule::Unique { nulls_not_distinct: true, .. });
        let keys = self.constraint.rule.key_columns().iter().map(by).collect();
        let name = self.constraint.name.clone();
        let index = Index { name, unique: true, method: None, keys, include: Vec::new(), nulls_not_distinct, filter: None };
        IndexOf { table: self.table.clone(), body: Arc::clone(&self.body), index }
    }
}

/// A key in the place of another one.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplacedKey {
    /// The key that goes.
    pub old: Constraint,
    /// The key that comes, and its table.
    pub new: ConstraintOf,
    /// What its index is called until then.
    pub index: String,
}

impl ReplacedKey {
    /// The key by the name of its index.
    pub fn built(&self) -> ConstraintOf {
        let ConstraintOf { table, body, constraint } = self.new.clone();
        ConstraintOf { table, body, constraint: Constraint { name: Some(self.index.clone()), ..constraint } }
    }
}

/// Rows that get values in batches.
#[derive(Clone, Debug, PartialEq)]
pub struct FilledRows {
    /// What is done.
    pub changed: ChangedRows,
    /// Whose the columns are.
    pub columns: FilledColumns,
}

/// Whose the columns are that get values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilledColumns {
    /// The migration made all of them, so that the values go with them.
    New,
    /// Some of them were there before.
    Known,
}

/// A new column whose value differs from row to row.
#[derive(Clone, Debug, PartialEq)]
pub struct NewColumn {
    /// The table's name.
    pub table: Name,
    /// The column as it becomes.
    pub column: Column,
    /// What its values are made by.
    pub value: Value,
}

/// What the values of a new column are made by.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// An expression that gives each row another value.
    Default(Expr),
    /// A sequence.
    Counter(Counter),
}
