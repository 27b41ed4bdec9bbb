//! Queries over rows and over what is kept of them.

use crate::expr::{Binary, Duplicates, Expr, FromTable, Join, Select};
use crate::name::Name;
use crate::schema::Table;

/// A column of a table.
pub(super) fn of(table: &Name, column: &str) -> Expr {
    Expr::Qualified { table: table.clone(), column: column.to_owned() }
}

pub(super) fn first(table: &Name) -> FromTable {
    FromTable { table: table.clone(), alias: None, join: Join::First }
}

/// `select VALUES from TABLE where …`
pub(super) fn select(values: Vec<Expr>, from: FromTable, filter: Option<Expr>) -> Select {
    Select {
        duplicates: Duplicates::Kept,
        values,
        from: vec![from],
        filter,
        groups: Vec::new(),
        having: None,
        order: Vec::new(),
        limit: None,
    }
}

/// Whether a row of a table has the key of one that is kept.
pub(super) fn same_key(table: &Name, place: &Name, kept: &Table) -> Option<Expr> {
    let same = |column: &String| Expr::binary(of(place, column), Binary::Equal, of(table, column));
    kept.primary_key().iter().map(same).reduce(|one, other| Expr::binary(one, Binary::And, other))
}
