//! migrate: a history as the macros compile it.

use std::sync::Mutex;

use migrate_compiler::example::{column, constraint};
use migrate_compiler::expr::Expr;
use migrate_compiler::operation::{CreateTable, Operation};
use migrate_compiler::schema::{Rule, Table};
use migrate_compiler::types::Type;
use migrate_history::{Database, History};
use migrate_live_tests::compiled;

use crate::Result;

/// The histories that were compiled, by database and length: in a program the compiler has done that.
static COMPILED: Mutex<Vec<(Database, usize, &'static History)>> = Mutex::new(Vec::new());

/// Compiles the histories of a length.
pub(super) fn prepare(count: usize) {
    for &database in Database::ALL {
        history(database, count);
    }
}

pub(super) async fn migrate(url: &str, count: usize) -> Result<()> {
    let database = if url.starts_with("sqlite") { Database::Sqlite } else { Database::Postgres };
    migrate_runtime::upgrade(url, history(database, count), "head").await?;
    Ok(())
}

fn history(database: Database, count: usize) -> &'static History {
    let mut compiled = COMPILED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let known = compiled.iter().find(|(of, length, _)| (*of, *length) == (database, count));
    if let Some((.., history)) = known {
        return history;
    }
    let migration = |number: usize| (&*format!("m{number:05}").leak(), vec![table(number)]);
    let history = compiled::history("benches", database, (0..count).map(migration).collect());
    let history: &'static History = Box::leak(Box::new(history));
    compiled.push((database, count, history));
    history
}

fn table(number: usize) -> Operation {
    let columns = vec![
        column("id", Type::BigInt),
        column("name", Type::Text),
        column("email", Type::Varchar(Some(80))).null(),
        column("visits", Type::Integer).defaulting(Expr::Number("0".into())),
        column("created_at", Type::Timestamp),
    ];
    let key = constraint(Rule::PrimaryKey { columns: vec!["id".into()] });
    let table = Table { columns, constraints: vec![key], ..Table::default() };
    CreateTable { name: format!("t{number}").as_str().into(), table }.into()
}
