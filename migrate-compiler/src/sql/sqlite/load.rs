//! The rows of a file, which come as one JSON text.

use crate::sql::dialect::RowSource;

pub(super) fn rows_of(array: &str) -> RowSource {
    RowSource {
        from: format!("json_each({array}) AS rows"),
        value: |place| format!("json_extract(rows.value, '$[{place}]')"),
        // Without it the `ON` of `ON CONFLICT` would be that of a join (manual, "UPSERT", section 2.2).
        condition: " WHERE TRUE",
    }
}
