//! Indexes.

use super::constraint::rename;
use crate::expr::Expr;

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its name, in the schema of its table; `None` until the operation is completed.
    pub name: Option<String>,
    /// Whether it refuses duplicates.
    pub unique: bool,
    /// `using gin`; the database's default when absent.
    pub method: Option<String>,
    /// What it sorts by.
    pub keys: Vec<Key>,
    /// Columns that it carries along.
    pub include: Vec<String>,
    /// `nulls not distinct`: two nulls are equal.
    pub nulls_not_distinct: bool,
    /// `where …`: which rows it holds.
    pub filter: Option<Expr>,
}

/// One key of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// A column, or an expression.
    pub value: Expr,
    /// `desc`
    pub descending: bool,
    /// `nulls first` (true), `nulls last` (false); the database's default when absent.
    pub nulls_first: Option<bool>,
    /// `with text_pattern_ops`
    pub class: Option<String>,
}

impl Index {
    /// Its name.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    /// Whether another one is the same, whatever the two are called.
    pub fn is_same(&self, other: &Index) -> bool {
        let Index { name: _, unique, method, keys, include, nulls_not_distinct, filter } = self;
        let is_kind = *unique == other.unique && *method == other.method && *nulls_not_distinct == other.nulls_not_distinct;
        is_kind && *keys == other.keys && *include == other.include && *filter == other.filter
    }

    /// Its keys where all of them are columns; empty where one is an expression.
    pub fn plain_columns(&self) -> Vec<String> {
        let column = |key: &Key| if let Expr::Column(name) = &key.value { Some(name.clone()) } else { None };
        self.keys.iter().map(column).collect::<Option<_>>().unwrap_or_default()
    }

    /// Follows a column to its new name.
    pub fn rename_column(&mut self, from: &str, to: &str) {
        self.keys.iter_mut().for_each(|key| key.value.rename_column(from, to));
        rename(&mut self.include, from, to);
        self.filter.iter_mut().for_each(|filter| filter.rename_column(from, to));
    }

    /// Whether it uses a column, or may, in raw SQL.
    pub fn may_use(&self, column: &str) -> bool {
        self.expressions().any(|expr| expr.may_use(column)) || self.include.iter().any(|name| name == column)
    }

    /// Its keys and its condition.
    pub fn expressions(&self) -> impl Iterator<Item = &Expr> {
        self.keys.iter().map(|key| &key.value).chain(&self.filter)
    }

    /// Every column that it uses.
    pub fn columns(&self) -> Vec<&str> {
        let keys = self.keys.iter().flat_map(|key| key.value.columns());
        let filter = self.filter.iter().flat_map(Expr::columns);
        keys.chain(self.include.iter().map(String::as_str)).chain(filter).collect()
    }
}
