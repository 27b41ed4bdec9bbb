//! The rows of a file, which come as one JSON text.

use crate::sql::dialect::RowSource;

pub(super) fn rows_of(array: &str) -> RowSource {
    RowSource {
        from: format!("jsonb_array_elements(CAST({array} AS jsonb)) AS rows (value)"),
        value: |place| format!("(value ->> {place})"),
        condition: "",
    }
}
