//! Where the rows of a batch end.

/// The last of the rows that a query gives. A window function would keep all of them.
pub(super) fn last(columns: &[String], rows: &str) -> String {
    match columns {
        [column] => format!(
            "SELECT {}, batch.number FROM (SELECT max({column}) AS last, count(*) AS number FROM ({rows})) AS batch WHERE batch.number > 0",
            literal("batch.last")
        ),
        columns => {
            let literals: Vec<String> = columns.iter().map(|column| literal(&format!("batch.{column}"))).collect();
            let order: Vec<String> = columns.iter().map(|column| format!("batch.{column} DESC")).collect();
            let count = format!("(SELECT count(*) FROM ({rows}))");
            format!("SELECT {}, {count} FROM ({rows}) AS batch ORDER BY {} LIMIT 1", literals.join(", "), order.join(", "))
        }
    }
}

/// A value as a literal: whatever the type of its column is, SQLite keeps a value in a type of its own. Text may hold a NUL, at which `quote()`
/// ends (manual, "Built-In Scalar SQL Functions").
pub(super) fn literal(value: &str) -> String {
    format!("CASE typeof({value}) WHEN 'text' THEN 'CAST(x''' || hex({value}) || ''' AS TEXT)' ELSE quote({value}) END")
}
