//! What must hold of the rows before something is done.

use crate::expr::Expr;
use crate::name::Name;
use crate::objects::Kind;
use crate::rows::Which;
use crate::types::Type;

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
    /// Every value comes back from the type.
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
    /// The text of every value is one of the type.
    Spelled {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// Its type now.
        from: Type,
        /// The type that reads the text.
        to: Type,
    },
    /// The sequence of a column has not counted beyond the type.
    Counts {
        /// The table.
        table: Name,
        /// The sequence, in the schema of its table.
        sequence: Name,
        /// The type of the numbers that are still to come.
        to: Type,
    },
    /// No row refers to one of those that go, but for rows that go with it.
    NotReferred {
        /// The table that refers.
        table: Name,
        /// The columns that refer.
        columns: Vec<String>,
        /// The table whose rows go.
        target: Name,
        /// The columns referred to.
        references: Vec<String>,
        /// The rows that go.
        which: Which,
    },
    /// What is kept is there.
    Kept {
        /// The table that has it, or that is kept itself.
        table: Name,
        /// The column.
        column: Option<String>,
    },
    /// The table has no rows.
    Empty {
        /// The table.
        table: Name,
        /// The column that would have no value.
        column: String,
    },
    /// No row of the other table has the values that rows of a table have in these columns.
    Free {
        /// The table whose rows are to go into the other one.
        table: Name,
        /// The columns of a key of that.
        columns: Vec<String>,
        /// The other table.
        target: Name,
    },
    /// Nothing that a downgrade has kept uses the object, which the database would not drop then.
    Unused {
        /// What kind it is of.
        kind: Kind,
        /// Its name.
        name: Name,
    },
}

impl Demand {
    /// The table whose rows it is about.
    pub fn table(&self) -> Option<&Name> {
        match self {
            Demand::NotNull { table, .. } | Demand::Holds { table, .. } | Demand::Distinct { table, .. } => Some(table),
            Demand::Refers { table, .. } | Demand::Fits { table, .. } | Demand::Spelled { table, .. } => Some(table),
            Demand::Counts { table, .. } | Demand::Empty { table, .. } => Some(table),
            Demand::NotReferred { table, .. } | Demand::Kept { table, .. } | Demand::Free { table, .. } => Some(table),
            Demand::Unused { .. } => None,
        }
    }

    /// The table that its rows refer to.
    pub fn target(&self) -> Option<&Name> {
        match self {
            Demand::Refers { target, .. } | Demand::NotReferred { target, .. } | Demand::Free { target, .. } => Some(target),
            Demand::NotNull { .. } | Demand::Holds { .. } | Demand::Distinct { .. } | Demand::Fits { .. } => None,
            Demand::Spelled { .. } | Demand::Counts { .. } | Demand::Empty { .. } | Demand::Kept { .. } => None,
            Demand::Unused { .. } => None,
        }
    }

    /// Whether it reads a column, or may, in raw SQL.
    pub fn uses(&self, owner: &Name, name: &str) -> bool {
        let own = |table: &Name, columns: &[String]| table == owner && columns.iter().any(|column| column == name);
        match self {
            Demand::NotNull { table, column } | Demand::Empty { table, column } => own(table, std::slice::from_ref(column)),
            Demand::Fits { table, column, .. } | Demand::Spelled { table, column, .. } => {
                own(table, std::slice::from_ref(column))
            }
            Demand::Holds { table, condition } => table == owner && condition.may_use(name),
            Demand::Distinct { table, keys, filter, .. } => {
                table == owner && keys.iter().chain(filter).any(|part| part.may_use(name))
            }
            Demand::Refers { table, columns, target, references } => own(table, columns) || own(target, references),
            Demand::NotReferred { table, columns, target, references, which } => {
                own(table, columns) || own(target, references) || target == owner && which.may_use(name)
            }
            Demand::Free { table, columns, target } => own(table, columns) || own(target, columns),
            Demand::Kept { table, column } => column.as_ref().is_some_and(|column| own(table, std::slice::from_ref(column))),
            Demand::Counts { .. } | Demand::Unused { .. } => false,
        }
    }
}
