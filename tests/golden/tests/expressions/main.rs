//! Every expression of the language as each database reads it. That the servers take them, and give the same values, is what
//! the live tests show for the same list.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod list;
#[path = "../../../live/src/written.rs"]
mod written;

use expect_test::expect_file;
use list::{PORTABLE, POSTGRES_ALONE, REFUSED, TABLE};
use migrate_compiler::operation::Operation;
use migrate_compiler::sql::expression;
use migrate_history::Database;

#[test]
fn every_expression() {
    let Some(Operation::CreateTable(create)) = written::statements(TABLE).pop() else { panic!("{TABLE}") };
    let mut golden = "Made by the tests: each expression and what it is on each database.\n".to_owned();
    for text in [PORTABLE, REFUSED, POSTGRES_ALONE].concat() {
        golden += &format!("\n{text}\n");
        for &database in Database::ALL {
            let sql = expression(database, &create.table.columns, &written::expression(text));
            let sql = sql.unwrap_or_else(|unsupported| format!("refused: {}", unsupported.what));
            golden += &format!("    {:11}{sql}\n", database.title());
        }
    }
    expect_file!["../../expressions.txt"].assert_eq(&golden);
}
