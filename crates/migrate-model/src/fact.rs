//! What an operation does to rows and to whoever is using the database.

use crate::expr::Expr;
use crate::name::Name;
use crate::types::Type;

/// The facts of one operation in one schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Data that no way back brings back.
    pub loses: Vec<Loss>,
    /// What must hold of the rows, else the operation fails.
    pub demands: Vec<Demand>,
    /// What a running application may still use and no longer finds.
    pub removes: Vec<Removed>,
}

/// Data that is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loss {
    /// All rows of a table.
    Rows(Name),
    /// The values of a column.
    Values(Name, String),
    /// The values of a column as they were before they were rounded or converted.
    Precision(Name, String),
    /// Whatever raw SQL did to the data.
    Unknown,
}

/// What must hold of the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Demand {
    /// The column has a value in every row.
    NotNull {
        /// The table.
        table: Name,
        /// The column.
        column: String,
    },
    /// The condition is not false in any row.
    Holds {
        /// The table.
        table: Name,
        /// The condition.
        condition: Expr,
    },
    /// No two rows have the same values in these.
    Distinct {
        /// The table.
        table: Name,
        /// The columns or expressions.
        keys: Vec<Expr>,
        /// Which rows count; all when absent.
        filter: Option<Expr>,
        /// Whether nulls are equal to each other.
        nulls_not_distinct: bool,
    },
    /// Every row finds the row that it refers to.
    Refers {
        /// The table.
        table: Name,
        /// The columns that refer.
        columns: Vec<String>,
        /// The table referred to.
        target: Name,
        /// The columns referred to.
        references: Vec<String>,
    },
    /// No row refers to anything, for the table referred to has no rows yet.
    RefersToNothing {
        /// The table.
        table: Name,
        /// The columns that refer.
        columns: Vec<String>,
        /// The table referred to.
        target: Name,
    },
    /// Every value fits the type.
    Fits {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// Its type now.
        from: Type,
        /// The type it must fit.
        to: Type,
    },
    /// The table has no rows.
    Empty {
        /// The table.
        table: Name,
        /// The column that would have no value.
        column: String,
    },
}

/// What a running application may still use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Removed {
    /// A table.
    Table(Name),
    /// A column of a table.
    Column(Name, String),
}

impl Demand {
    /// The table whose rows it is about.
    pub fn table(&self) -> &Name {
        match self {
            Demand::NotNull { table, .. } | Demand::Holds { table, .. } | Demand::Distinct { table, .. } => table,
            Demand::Refers { table, .. } | Demand::RefersToNothing { table, .. } => table,
            Demand::Fits { table, .. } | Demand::Empty { table, .. } => table,
        }
    }

    /// Every table that it names.
    pub(crate) fn tables_mut(&mut self) -> Vec<&mut Name> {
        match self {
            Demand::NotNull { table, .. } | Demand::Holds { table, .. } | Demand::Distinct { table, .. } => vec![table],
            Demand::Refers { table, target, .. } | Demand::RefersToNothing { table, target, .. } => vec![table, target],
            Demand::Fits { table, .. } | Demand::Empty { table, .. } => vec![table],
        }
    }

    /// Whether it looks at this column.
    pub(crate) fn uses(&self, owner: &Name, name: &str) -> bool {
        let own = |table: &Name, columns: Vec<&str>| table == owner && columns.contains(&name);
        match self {
            Demand::NotNull { table, column } | Demand::Empty { table, column } | Demand::Fits { table, column, .. } => {
                own(table, vec![column])
            }
            Demand::Holds { table, condition } => own(table, condition.columns()),
            Demand::Distinct { table, keys, filter, .. } => {
                own(table, keys.iter().chain(filter).flat_map(Expr::columns).collect())
            }
            Demand::RefersToNothing { table, columns, .. } => own(table, columns.iter().map(String::as_str).collect()),
            Demand::Refers { table, columns, target, references } => {
                own(table, columns.iter().map(String::as_str).collect())
                    || own(target, references.iter().map(String::as_str).collect())
            }
        }
    }

    /// Follows a column to another name.
    pub(crate) fn rename_column(&mut self, owner: &Name, from: &str, to: &str) {
        let rename = |column: &mut String| {
            if column == from {
                to.clone_into(column);
            }
        };
        match self {
            Demand::NotNull { table, column } | Demand::Empty { table, column } | Demand::Fits { table, column, .. } => {
                if table == owner {
                    rename(column);
                }
            }
            Demand::Holds { table, condition } => {
                if table == owner {
                    condition.rename_column(from, to);
                }
            }
            Demand::Distinct { table, keys, filter, .. } => {
                if table == owner {
                    keys.iter_mut().chain(filter).for_each(|key| key.rename_column(from, to));
                }
            }
            Demand::RefersToNothing { table, columns, .. } => {
                if table == owner {
                    columns.iter_mut().for_each(rename);
                }
            }
            Demand::Refers { table, columns, target, references } => {
                if table == owner {
                    columns.iter_mut().for_each(rename);
                }
                if target == owner {
                    references.iter_mut().for_each(rename);
                }
            }
        }
    }

    /// What remains to be asked of the rows before a column is added that has this value in all of them; `None` where the value
    /// is not the same in all of them, so that it must be looked at when it is there.
    pub(crate) fn with_value(self, owner: &Name, name: &str, value: &Expr) -> Option<Demand> {
        match self {
            Demand::Holds { table, mut condition } if table == *owner => {
                condition.put(name, value);
                Some(Demand::Holds { table, condition })
            }
            Demand::Distinct { table, mut keys, mut filter, nulls_not_distinct } if table == *owner => {
                // Rows with a null among their keys are not the same, unless the key says so.
                let is_null = value.is_null() && keys.contains(&Expr::column(name));
                if is_null && !nulls_not_distinct {
                    return None;
                }
                keys.retain(|key| *key != Expr::column(name));
                keys.iter_mut().chain(&mut filter).for_each(|key| key.put(name, value));
                Some(Demand::Distinct { table, keys, filter, nulls_not_distinct })
            }
            Demand::NotNull { .. } | Demand::Holds { .. } | Demand::Distinct { .. } | Demand::Refers { .. } => None,
            Demand::RefersToNothing { .. } | Demand::Fits { .. } | Demand::Empty { .. } => None,
        }
    }
}
