//! What statements do with rows: the values that they get, and which rows it is done to.

mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use crate::expr::{Expr, FromTable, Select};
use crate::name::{Name, Written};
use crate::schema::{Column, Table, Typed};
use crate::types::Type;

pub use written::{FileRows, NewRows, NewValues, QueriedRows};

/// A value that a row gets in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// `default`: the column's default or generated value.
    Default,
    /// An expression: over no column where the row is new, else over the row as it was.
    Value(Expr),
}

/// `COLUMN = EXPR`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The column.
    pub column: String,
    /// What it gets.
    pub value: Given,
}

/// What becomes of a new row that has the key of one that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyConflict {
    /// The statement fails.
    Fails,
    /// `on conflict do nothing`: the new row is left out.
    Skips,
}

/// Which rows of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    All,
    /// Those for which the condition is true.
    Where(Expr),
    /// Those that the upgrade inserted, and recorded.
    Recorded(RowRecord),
}

/// Rows that a migration inserts with values that are known.
#[derive(Clone, Debug, PartialEq)]
pub struct Seeds {
    /// Their table.
    pub table: Name,
    /// The table, as it was.
    pub body: Arc<Table>,
    /// By what they are found again; absent where only their values are known.
    pub which: Option<Which>,
    /// What is true for a row that is still as it was inserted; absent where that is recorded.
    pub unchanged: Option<Expr>,
}

/// What the table of keys has of the rows that one statement inserted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowRecord {
    /// What tells the statement from all others.
    pub id: String,
    /// The columns of the key.
    pub key: Vec<String>,
    /// The columns whose values tell whether a row is still as it was inserted.
    pub columns: Vec<String>,
}

/// What is done with rows of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowChange {
    /// New rows.
    Insert {
        /// The columns that they are given values of.
        columns: Vec<String>,
        /// The values of each row, in the order of the columns.
        rows: Vec<Vec<Given>>,
        /// What becomes of a row whose key is there.
        conflict: KeyConflict,
        /// Where the keys of the rows that are inserted are recorded.
        record: Option<RowRecord>,
    },
    /// New rows that a query gives.
    InsertQuery {
        /// The columns that they are given values of.
        columns: Vec<String>,
        /// The rows, in the order of the columns.
        query: Box<Select>,
        /// What becomes of a row whose key is there.
        conflict: KeyConflict,
        /// Where the keys of the rows that are inserted are recorded.
        record: Option<RowRecord>,
        /// What becomes of the rows that the query reads until the COMMIT.
        locks: RowLock,
    },
    /// New rows, which are in a file.
    Load {
        /// The columns that the file has values of.
        columns: Vec<String>,
        /// The path of the file.
        file: String,
        /// What becomes of a row whose key is there.
        conflict: KeyConflict,
        /// Where the keys of the rows that are inserted are recorded.
        record: Option<RowRecord>,
    },
    /// Rows get other values.
    Update {
        /// The values.
        sets: Vec<Assignment>,
        /// Another table that is read with it.
        from: Option<Box<FromTable>>,
        /// The rows.
        which: Which,
        /// How it goes through them while others use the table; `None` for all at once.
        batches: Option<RowBatches>,
    },
    /// Rows go.
    Delete {
        /// The rows.
        which: Which,
    },
    /// All rows go at once.
    Truncate,
}

/// What becomes of rows that a query reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowLock {
    /// Others may change them.
    None,
    /// No other session changes them until the COMMIT.
    UntilCommit,
}

/// How a change goes through the rows of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowBatches {
    /// The key in whose order it takes them.
    pub key: Vec<String>,
    /// How many rows a batch takes at most.
    pub most: Option<u64>,
}

/// Which rows a statement reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowsRead {
    /// Those of tables that it does not change.
    Others,
    /// Rows of its own table, or of one that a foreign key changes with it.
    Changed,
}

/// A table whose rows change.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangedRows {
    /// Its name.
    pub table: Name,
    /// What it is made of.
    pub body: Arc<Table>,
    /// What is done with its rows.
    pub change: RowChange,
    /// The tables that it reads.
    pub read: BTreeMap<Name, Arc<Table>>,
    /// Whether it changes rows of one of them.
    pub reads: RowsRead,
}

impl RowChange {
    /// The expressions in it.
    pub fn expressions(&self) -> Vec<&Expr> {
        match self {
            RowChange::Insert { rows, .. } => rows.iter().flatten().filter_map(Given::value).collect(),
            RowChange::InsertQuery { query, .. } => query.parts(),
            RowChange::Update { sets, which, from: _, batches: _ } => {
                sets.iter().filter_map(|set| set.value.value()).chain(which.condition()).collect()
            }
            RowChange::Delete { which } => which.condition().into_iter().collect(),
            RowChange::Load { .. } | RowChange::Truncate => Vec::new(),
        }
    }

    /// The tables that it reads besides its own, or in queries, each once.
    pub fn tables_read(&self) -> BTreeSet<&Name> {
        let mut found: BTreeSet<&Name> = match self {
            RowChange::InsertQuery { query, .. } => query.from.iter().map(|from| &from.table).collect(),
            RowChange::Update { from, .. } => from.iter().map(|from| &from.table).collect(),
            RowChange::Insert { .. } | RowChange::Load { .. } => BTreeSet::new(),
            RowChange::Delete { .. } | RowChange::Truncate => BTreeSet::new(),
        };
        for expr in self.expressions() {
            expr.walk(&mut |part| {
                found.extend(part.own_query().into_iter().flat_map(|query| &query.from).map(|from| &from.table))
            });
        }
        found
    }
}

impl fmt::Display for Given {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Given::Default => out.write_str("default"),
            Given::Value(value) => value.fmt(out),
        }
    }
}

impl fmt::Display for Assignment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} = {}", Written(&self.column), self.value)
    }
}

impl fmt::Display for KeyConflict {
    /// What is written after the rows, with a space before it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyConflict::Fails => Ok(()),
            KeyConflict::Skips => out.write_str(" on conflict do nothing"),
        }
    }
}

impl fmt::Display for Which {
    /// What is written after the table or the values, with a space before it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Which::All => Ok(()),
            Which::Where(condition) => write!(out, " where {condition}"),
            // Nobody writes it: it is what an inferred downgrade is shown as.
            Which::Recorded(_) => out.write_str(" where sql(\"the upgrade inserted it\")"),
        }
    }
}

impl Given {
    /// The expression, where it is one.
    pub fn value(&self) -> Option<&Expr> {
        match self {
            Given::Default => None,
            Given::Value(value) => Some(value),
        }
    }

    /// The same, to be changed.
    pub fn value_mut(&mut self) -> Option<&mut Expr> {
        match self {
            Given::Default => None,
            Given::Value(value) => Some(value),
        }
    }

    /// The expression that a column of a new row gets by it; `None` where the database numbers the row.
    pub fn of<'g>(&'g self, column: &'g Column) -> Option<&'g Expr> {
        match self {
            Given::Value(value) => Some(value),
            Given::Default if column.counter.is_some() => None,
            Given::Default => Some(column.default.as_ref().unwrap_or(&Expr::Null)),
        }
    }
}

impl Seeds {
    /// The columns that must be as they were, where it is asked whether rows are.
    pub fn columns(&self) -> Vec<&str> {
        let recorded = match &self.which {
            Some(Which::Recorded(record)) => record.columns.as_slice(),
            Some(Which::All | Which::Where(_)) | None => &[],
        };
        let known = self.which.iter().flat_map(Which::columns).chain(self.unchanged.iter().flat_map(Expr::columns));
        recorded.iter().map(String::as_str).chain(known).collect()
    }
}

impl Which {
    /// The condition, to be changed.
    pub fn condition_mut(&mut self) -> Option<&mut Expr> {
        match self {
            Which::All | Which::Recorded(_) => None,
            Which::Where(condition) => Some(condition),
        }
    }

    /// The condition that is written, where there is one.
    pub fn condition(&self) -> Option<&Expr> {
        match self {
            Which::All | Which::Recorded(_) => None,
            Which::Where(condition) => Some(condition),
        }
    }

    /// The columns that tell which rows they are.
    pub fn columns(&self) -> Vec<&str> {
        match self {
            Which::All => Vec::new(),
            Which::Where(condition) => condition.columns(),
            Which::Recorded(record) => record.key.iter().map(String::as_str).collect(),
        }
    }

    /// Whether a column tells which rows they are, or may, in raw SQL.
    pub fn may_use(&self, column: &str) -> bool {
        match self {
            Which::All => false,
            Which::Where(condition) => condition.may_use(column),
            Which::Recorded(record) => record.key.iter().any(|name| name == column),
        }
    }
}

impl Typed for Given {
    fn each_type(&mut self, visit: &mut dyn FnMut(&mut Type)) {
        match self {
            Given::Default => {}
            Given::Value(value) => value.each_type(visit),
        }
    }
}

impl Typed for Which {
    fn each_type(&mut self, visit: &mut dyn FnMut(&mut Type)) {
        match self {
            Which::All | Which::Recorded(_) => {}
            Which::Where(condition) => condition.each_type(visit),
        }
    }
}
