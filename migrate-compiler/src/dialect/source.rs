//! What the rows hold in a column, as a value of a query over the table that they came from.

use migrate_history::Database;

use crate::dialect::{Sql, expr, quote, sqlite, type_name};
use crate::schema::Column;
use crate::source::Source;
use crate::types::Type;

/// The value over the columns of the earlier table; `number` stands where the database gives one.
pub(super) fn render(database: Database, columns: &[Column], source: &Source, number: &str) -> Sql {
    match source {
        Source::Column(name) => Ok(quote::ident(name)),
        Source::Value { value, ty } => typed(database, expr::assigned(database, &[], value, ty)?, ty),
        Source::Number => Ok(number.to_owned()),
        Source::Converted { using: Some(using), to, .. } => typed(database, expr::assigned(database, columns, using, to)?, to),
        Source::Converted { value, from, to, using: None, column: _ } => {
            let value = render(database, columns, value, number)?;
            match database {
                Database::Postgres => typed(database, value, to),
                // SQLite takes any value in any column, so what another database would convert is converted here.
                Database::Sqlite => sqlite::cast::assigned(value, from, to),
            }
        }
    }
}

/// The value in the type of its column, which a literal in a query does not have by itself on PostgreSQL.
fn typed(database: Database, value: String, ty: &Type) -> Sql {
    match database {
        Database::Postgres => Ok(format!("CAST({value} AS {})", type_name(database, ty)?)),
        Database::Sqlite => Ok(value),
    }
}
