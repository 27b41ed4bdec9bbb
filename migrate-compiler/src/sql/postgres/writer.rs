//! The dialect, and what writes expressions with it.

use crate::schema::Column;
use crate::sql::dialect::Writer;

/// The dialect.
pub(in crate::sql) struct Postgres;

/// Writes expressions over the columns of a table.
pub(super) fn writer(columns: &[Column]) -> Writer<'_> {
    Writer::over(&Postgres, columns)
}
