//! Every expression of the language as each database reads it. That the servers take them, and give the same values, is what
//! the live tests show for the same list.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod list;
#[path = "../../../live/src/written.rs"]
mod written;

use list::{PORTABLE, POSTGRES_ALONE, REFUSED, TABLE};
use migrate_compiler::operation::Operation;
use migrate_compiler::sql::expression;
use migrate_history::Database;

#[test]
fn every_expression() {
    let Some(Operation::CreateTable(create)) = written::statements(TABLE).pop() else { panic!("{TABLE}") };
    for database in Database::ALL {
        let mut golden = String::new();
        for text in [PORTABLE, REFUSED, POSTGRES_ALONE].concat() {
            let sql = expression(database, &create.table.columns, &written::expression(text));
            let sql = sql.unwrap_or_else(|unsupported| format!("-- {}", unsupported.what));
            golden += &format!("=== {text}\n{sql}\n");
        }
        insta::assert_snapshot!(database.word(), golden);
    }
}
