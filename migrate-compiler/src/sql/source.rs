//! What the rows hold in a column, as a value of a query over the table that they came from.

use migrate_history::Database;

use crate::schema::Column;
use crate::source::Source;
use crate::sql::dialect::dialect;
use crate::sql::{Sql, expr, quote};

/// The value over the columns of the earlier table; `number` stands where the database gives one.
pub(super) fn render(database: Database, columns: &[Column], source: &Source, number: &str) -> Sql {
    match source {
        Source::Column(name) => Ok(quote::ident(name)),
        Source::Value { value, ty } => dialect(database).typed(expr::assigned(database, &[], value, ty)?, ty),
        Source::Number => Ok(number.to_owned()),
        Source::Converted { using: Some(using), to, .. } => {
            dialect(database).typed(expr::assigned(database, columns, using, to)?, to)
        }
        Source::Converted { value, from, to, using: None, column: _ } => {
            let value = render(database, columns, value, number)?;
            dialect(database).converted(value, from, to)
        }
    }
}
