//! Examples of functions of the program.

use migrate_history::Calls;

use crate::example::{self, Examples};
use crate::operation::{Operation, RunProgram};
use crate::schema::Schema;

impl Examples for RunProgram {
    fn examples() -> Vec<(Schema, Operation)> {
        let run = |path: &str, calls, tables: &[&str]| {
            let tables = tables.iter().map(|table| (*table).into()).collect();
            (example::schema(), RunProgram { path: path.to_owned(), calls, tables }.into())
        };
        vec![
            run("fill", Calls::Once, &[]),
            run("super::fill", Calls::Once, &["users", "posts"]),
            run("fill_in_batches", Calls::InBatches, &["users"]),
            run("fill_outside", Calls::Outside, &["users"]),
        ]
    }
}
