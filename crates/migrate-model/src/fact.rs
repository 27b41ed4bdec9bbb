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
