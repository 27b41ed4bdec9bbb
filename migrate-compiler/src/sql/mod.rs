//! The databases: changes and expressions as their SQL. What one cannot do is [`Unsupported`], never silence.

mod batches;
mod chain;
pub(crate) mod dialect;
mod expr;
pub(crate) mod features;
pub(crate) mod function;
pub(crate) mod guard;
mod postgres;
pub(crate) use postgres::method;
mod query;
pub mod quote;
pub(crate) mod registry;
mod rendered;
mod rows;
pub(crate) mod side;
mod source;
mod sqlite;
mod table;
pub(crate) mod tally;
pub(crate) mod touch;
mod unsupported;

use migrate_history::Database;

use crate::ddl::Ddl;
use crate::expr::Expr;
use crate::name::Name;
use crate::online::Online;
use crate::schema::{Column, Schema, Table};
use crate::sql::registry::{dialect, writer};
use crate::types::Type;
use crate::typing::Frame;

pub use rendered::Rendered;
pub(crate) use rendered::{OnlineStep, raw_text};
pub use unsupported::{Sql, Unsupported};

/// A change as the statements of a database.
///
/// # Errors
/// What the database cannot do.
pub fn render(database: Database, ddl: &Ddl) -> Result<Rendered, Unsupported> {
    dialect(database).change(ddl)
}

/// A change of a table in use, as a step of a database.
///
/// # Errors
/// What the database cannot do.
pub(crate) fn online(database: Database, change: &Online) -> Result<OnlineStep, Unsupported> {
    dialect(database).online(change)
}

/// A change as statements whose new values of enums can be used before the COMMIT; `None` where the statements of the change do.
///
/// # Errors
/// What the database cannot do.
pub(crate) fn values_at_once(database: Database, ddl: &Ddl) -> Option<Result<Rendered, Unsupported>> {
    let Ddl::AlterEnum(altered) = ddl else { return None };
    let dialect = dialect(database);
    dialect.features().new_values_are_committed_first.then(|| dialect.values_at_once(altered))
}

/// What a type is declared as.
///
/// # Errors
/// A type that the database does not have.
pub fn type_name(database: Database, ty: &Type) -> Sql {
    dialect(database).type_name(ty)
}

/// An expression over the columns of a table as the database reads it. Their types count: SQLite is told how to convert.
///
/// # Errors
/// An operator, a function or a type that the database does not have.
pub fn expression(database: Database, columns: &[Column], expr: &Expr) -> Sql {
    writer(database, columns).expr(expr)
}

/// An expression over the columns of a table, with queries over the tables of the schema, as the database reads it.
///
/// # Errors
/// An operator, a function or a type that the database does not have.
pub fn expression_reading(database: Database, schema: &Schema, (name, table): (&Name, &Table), expr: &Expr) -> Sql {
    let frame = Frame::of(name, table);
    writer(database, &table.columns).reading(schema.tables().into(), &frame).expr(expr)
}
