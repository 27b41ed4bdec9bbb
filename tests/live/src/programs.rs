//! The Rust functions of histories that are compiled while a test runs, by the paths that they have there.

use migrate_history::{Calls, Database, ProgramFunction};
use migrate_runtime::program::{Callable, MayRunTwice, in_batches, once, outside};
use migrate_runtime::{Next, Step};

/// The functions of the examples of operations, and one that changes nothing.
pub static PROGRAMS: [ProgramFunction; 13] = [
    program("fill", Calls::Once, &Callable(|step, _| once(count(step, "+")))),
    program("fill_undo", Calls::Once, &Callable(|step, _| once(count(step, "-")))),
    program("super::fill", Calls::Once, &Callable(|step, _| once(count(step, "+")))),
    program("super::fill_undo", Calls::Once, &Callable(|step, _| once(count(step, "-")))),
    program("fill_in_batches", Calls::InBatches, &Callable(|step, cursor| in_batches(cursor, |last| each(step, "+", last)))),
    program("fill_in_batches_undo", Calls::InBatches, &Callable(|step, cursor| in_batches(cursor, |last| each(step, "-", last)))),
    program("fill_outside", Calls::Outside, &Callable(|step, _| outside(twice(step, "+")))),
    program("fill_outside_undo", Calls::Outside, &Callable(|step, _| outside(twice(step, "-")))),
    program("older", Calls::Once, &Callable(|step, _| once(run(step, "UPDATE users SET age = age + 1")))),
    program("younger", Calls::Once, &Callable(|step, _| once(run(step, "UPDATE users SET age = age - 1")))),
    program("older", Calls::InBatches, &Callable(|step, cursor| in_batches(cursor, |last| hundred(step, "+", last)))),
    program("younger", Calls::InBatches, &Callable(|step, cursor| in_batches(cursor, |last| hundred(step, "-", last)))),
    program("nothing", Calls::Once, &Callable(|step, _| once(run(step, "SELECT 1")))),
];

const fn program(name: &'static str, calls: Calls, function: &'static Callable) -> ProgramFunction {
    ProgramFunction { name, calls, function }
}

/// Runs statements that both databases read.
///
/// # Errors
/// What the database says.
pub async fn run(step: &mut Step<'_>, sql: &str) -> Result<(), sqlx::Error> {
    let statements = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()));
    match step.database() {
        Database::Postgres => statements.execute(step.postgres()?).await.map(drop),
        Database::Sqlite => statements.execute(step.sqlite()?).await.map(drop),
    }
}

/// Every user has one visit more, or one less.
async fn count(step: &mut Step<'_>, sign: &str) -> Result<(), sqlx::Error> {
    run(step, &format!("UPDATE users SET visits = visits {sign} 1")).await
}

/// The same, outside of a transaction: nothing tells a second call from the first, which these histories do not have.
async fn twice(step: &mut Step<'_>, sign: &str) -> Result<MayRunTwice, sqlx::Error> {
    count(step, sign).await.map(|()| MayRunTwice)
}

/// The same, one user a call, by name.
async fn each(step: &mut Step<'_>, sign: &str, last: Option<String>) -> Result<Next<String>, sqlx::Error> {
    let after = last.map_or_else(|| "TRUE".to_owned(), |last| format!("nickname > '{last}'"));
    let next = format!("SELECT min(nickname) FROM users WHERE {after}");
    let name: Option<String> = match step.database() {
        Database::Postgres => sqlx::query_scalar(sqlx::AssertSqlSafe(next)).fetch_one(step.postgres()?).await?,
        Database::Sqlite => sqlx::query_scalar(sqlx::AssertSqlSafe(next)).fetch_one(step.sqlite()?).await?,
    };
    let Some(name) = name else { return Ok(Next::Done) };
    run(step, &format!("UPDATE users SET visits = visits {sign} 1 WHERE nickname = '{name}'")).await?;
    Ok(Next::After(name))
}

/// A hundred users are older or younger, by their numbers, of which there are 300.
async fn hundred(step: &mut Step<'_>, sign: &str, last: Option<u32>) -> Result<Next<u32>, sqlx::Error> {
    let last = last.unwrap_or(0);
    if last >= 300 {
        return Ok(Next::Done);
    }
    let upto = last + 100;
    run(step, &format!("UPDATE users SET age = age {sign} 1 WHERE id > {last} AND id <= {upto}")).await?;
    Ok(Next::After(upto))
}
