//! A history that calls functions, which do what a table says.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use migrate::{Database, Next, Step};
use migrate_live_tests::programs::run;
use sqlx::{AssertSqlSafe, Connection};

migrate::history! {
    name: "programs";
    databases: postgres, sqlite;
    create;
    fill;
    after_it;
    batches;
}

mod create {
    migrate::migration! {
        //! People, and what the functions are to do.
        create table people { id: bigint primary key, phone: text, digits: text?, calls: integer default 0 }
        create table orders { what: text }
    }
}

mod fill {
    migrate::migration! {
        //! The digits of each telephone number.
        after super::create;
        run super::digits on people, orders undo super::no_digits;
    }
}

mod after_it {
    migrate::migration! {
        //! In the schema of the others, whatever the function has set.
        after super::fill;
        create table later { id: bigint primary key }
    }
}

mod batches {
    migrate::migration! {
        //! One call more for each of them, two at a time.
        after super::after_it;
        run super::call_all in batches undo super::call_back in batches;
    }
}

/// The values of a column, as text.
async fn texts(step: &mut Step<'_>, sql: &str) -> Result<Vec<String>, sqlx::Error> {
    let sql = AssertSqlSafe(sql.to_owned());
    match step.database() {
        Database::Postgres => sqlx::query_scalar(sql).fetch_all(step.postgres()?).await,
        Database::Sqlite => sqlx::query_scalar(sql).fetch_all(step.sqlite()?).await,
    }
}

/// An error of the user's own.
#[derive(Debug)]
pub enum Wrong {
    /// The database's.
    Database(sqlx::Error),
    /// A number that is none.
    Phone(String),
}

impl fmt::Display for Wrong {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wrong::Database(_) => out.write_str("the rows cannot be read"),
            Wrong::Phone(text) => write!(out, "no telephone number: {text}"),
        }
    }
}

impl std::error::Error for Wrong {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Wrong::Database(error) => Some(error),
            Wrong::Phone(_) => None,
        }
    }
}

impl From<sqlx::Error> for Wrong {
    fn from(error: sqlx::Error) -> Wrong {
        Wrong::Database(error)
    }
}

async fn digits(step: &mut Step<'_>) -> Result<(), Wrong> {
    let phones = texts(step, "SELECT CAST(id AS text) || ':' || phone FROM people ORDER BY id").await?;
    let total = phones.len() as u64;
    for (done, row) in phones.into_iter().enumerate() {
        let (id, phone) = row.split_once(':').unwrap_or_default();
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        if digits.is_empty() {
            return Err(Wrong::Phone(phone.to_owned()));
        }
        run(step, &format!("UPDATE people SET digits = '{digits}' WHERE id = {id}")).await?;
        step.progress(done as u64 + 1, Some(total));
    }
    for order in texts(step, "SELECT what FROM orders").await? {
        obey(step, &order).await?;
    }
    Ok(())
}

/// What can be wrong with a function.
async fn obey(step: &mut Step<'_>, order: &str) -> Result<(), sqlx::Error> {
    match order {
        "fail" => run(step, "SELECT nothing FROM nowhere").await,
        "swallow" => {
            run(step, "SELECT nothing FROM nowhere").await.unwrap_or_default();
            Ok(())
        }
        "panic" => panic!("a number is odd"),
        "commit" => run(step, "COMMIT").await,
        "begin" => begin(step, End::Commit).await,
        "begin and forget" => begin(step, End::Forget).await,
        "begin and fail" => {
            begin(step, End::Commit).await?;
            Err(sqlx::Error::RowNotFound)
        }
        "settings" => settings(step).await,
        "stream" => stream(step).await,
        "idle" if step.database() == Database::Postgres => {
            let idle = texts(step, "SELECT current_setting('idle_in_transaction_session_timeout')").await?;
            assert_eq!(idle, ["0"], "a function that computes is not ended by the server");
            Ok(())
        }
        "idle" => Ok(()),
        "sleep" => {
            tokio::time::sleep(Duration::from_secs(600)).await;
            Ok(())
        }
        "work" => match step.database() {
            Database::Postgres => run(step, "SELECT pg_sleep(600)").await,
            Database::Sqlite => {
                let count = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
                run(step, count).await
            }
        },
        other => panic!("unknown: {other}"),
    }
}

/// How a transaction of the function ends.
#[derive(Clone, Copy)]
enum End {
    Commit,
    Forget,
}

/// A transaction of the function's own.
async fn begin(step: &mut Step<'_>, end: End) -> Result<(), sqlx::Error> {
    let mark = "UPDATE people SET calls = 7";
    match step.database() {
        Database::Postgres => {
            let mut own = step.postgres()?.begin().await?;
            sqlx::raw_sql(mark).execute(&mut *own).await?;
            match end {
                End::Commit => own.commit().await,
                End::Forget => {
                    std::mem::forget(own);
                    Ok(())
                }
            }
        }
        Database::Sqlite => {
            let mut own = step.sqlite()?.begin().await?;
            sqlx::raw_sql(mark).execute(&mut *own).await?;
            match end {
                End::Commit => own.commit().await,
                End::Forget => {
                    std::mem::forget(own);
                    Ok(())
                }
            }
        }
    }
}

async fn settings(step: &mut Step<'_>) -> Result<(), sqlx::Error> {
    match step.database() {
        Database::Postgres => {
            let set = "CREATE SCHEMA IF NOT EXISTS aside; SET search_path = aside; SET TIME ZONE 'Asia/Tokyo'; SET LOCAL lock_timeout = 0";
            run(step, set).await
        }
        Database::Sqlite => run(step, "PRAGMA case_sensitive_like = ON; PRAGMA recursive_triggers = ON").await,
    }
}

/// Rows of which only the first is read.
async fn stream(step: &mut Step<'_>) -> Result<(), sqlx::Error> {
    match step.database() {
        Database::Postgres => {
            let first = sqlx::raw_sql("SELECT generate_series(1, 100000)").fetch_optional(step.postgres()?).await?;
            assert!(first.is_some());
            run(step, "DECLARE open CURSOR FOR SELECT generate_series(1, 100000); FETCH 1 FROM open").await
        }
        Database::Sqlite => {
            let first = sqlx::raw_sql("SELECT id FROM people").fetch_optional(step.sqlite()?).await?;
            assert!(first.is_some());
            Ok(())
        }
    }
}

async fn no_digits(step: &mut Step<'_>) -> Result<(), sqlx::Error> {
    run(step, "UPDATE people SET digits = NULL").await
}

/// The last one of a batch, and how many there were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    last: i64,
    done: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} of {}", self.last, self.done)
    }
}

impl FromStr for Place {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Place, Self::Err> {
        let (last, done) = text.split_once(" of ").unwrap_or_default();
        Ok(Place { last: last.parse()?, done: done.parse()? })
    }
}

async fn call_all(step: &mut Step<'_>, after: Option<Place>) -> Result<Next<Place>, Wrong> {
    two(step, after, "+").await
}

async fn call_back(step: &mut Step<'_>, after: Option<Place>) -> Result<Next<Place>, Wrong> {
    two(step, after, "-").await
}

async fn two(step: &mut Step<'_>, after: Option<Place>, sign: &str) -> Result<Next<Place>, Wrong> {
    let Place { last, done } = after.unwrap_or(Place { last: 0, done: 0 });
    let orders: BTreeMap<String, ()> = texts(step, "SELECT what FROM orders").await?.into_iter().map(|what| (what, ())).collect();
    if orders.contains_key("stuck") && done == 2 {
        return Ok(Next::After(Place { last, done }));
    }
    let ids = texts(step, &format!("SELECT CAST(id AS text) FROM people WHERE id > {last} ORDER BY id LIMIT 2")).await?;
    let Some(upto) = ids.last().and_then(|id| id.parse().ok()) else { return Ok(Next::Done) };
    run(step, &format!("UPDATE people SET calls = calls {sign} 1 WHERE id > {last} AND id <= {upto}")).await?;
    for pause in ["pause", "pause long"].into_iter().filter(|order| orders.contains_key(*order)) {
        tokio::time::sleep(Duration::from_millis(if pause == "pause" { 20 } else { 60_000 })).await;
    }
    if orders.contains_key("fail at 4") && done == 4 {
        return Err(Wrong::Phone("the fifth".to_owned()));
    }
    Ok(Next::After(Place { last: upto, done: done + ids.len() as u32 }))
}
