//! The types of SQLite are declared so that sqlx decodes them into the natural Rust types.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_model::dialect::{expression, type_name};
use migrate_model::expr::Expr;
use migrate_model::history::Database;
use migrate_model::types::Type;
use sqlx::sqlite::SqliteConnection;
use sqlx::types::chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use sqlx::types::{JsonValue, Uuid};
use sqlx::{AssertSqlSafe, Connection};

/// Writes a value into a column of the type and reads it back.
async fn round_trip<T>(ty: Type, value: T)
where
    T: for<'q> sqlx::Encode<'q, sqlx::Sqlite> + for<'r> sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
    T: Clone + PartialEq + std::fmt::Debug + Send + Unpin + 'static,
{
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.expect("a database");
    let declared = type_name(Database::Sqlite, &ty).expect("SQLite has it");
    let create = AssertSqlSafe(format!("CREATE TABLE t (c {declared} NOT NULL)"));
    sqlx::query(create).execute(&mut connection).await.expect("a table");
    sqlx::query("INSERT INTO t VALUES (?)").bind(value.clone()).execute(&mut connection).await.expect("a row");
    let (read,): (T,) =
        sqlx::query_as("SELECT c FROM t").fetch_one(&mut connection).await.unwrap_or_else(|error| panic!("{ty}: {error}"));
    assert_eq!(read, value, "{ty}");
}

#[tokio::test]
async fn every_type_comes_back_as_the_natural_rust_type() {
    let moment: DateTime<Utc> = "2026-11-22T09:30:00.123Z".parse().expect("a moment");
    round_trip(Type::Boolean, true).await;
    round_trip(Type::SmallInt, 7_i16).await;
    round_trip(Type::Integer, 7_i32).await;
    round_trip(Type::BigInt, i64::MAX).await;
    round_trip(Type::Real, 0.5_f32).await;
    round_trip(Type::Double, 0.1_f64).await;
    round_trip(Type::Decimal { precision: Some(10), scale: Some(2) }, 12.34_f64).await;
    round_trip(Type::Text, "it's".to_owned()).await;
    round_trip(Type::Varchar(Some(20)), "it's".to_owned()).await;
    round_trip(Type::Char(4), "it's".to_owned()).await;
    round_trip(Type::Bytes, vec![0_u8, 255]).await;
    round_trip(Type::Uuid, Uuid::from_u128(7)).await;
    round_trip(Type::Date, NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day")).await;
    round_trip(Type::Time, NaiveTime::from_hms_opt(9, 30, 0).expect("a time")).await;
    round_trip::<NaiveDateTime>(Type::Timestamp, moment.naive_utc()).await;
    round_trip(Type::Timestamptz, moment).await;
    round_trip(Type::Json, JsonValue::from(vec![1, 2])).await;
}

#[tokio::test]
async fn what_the_database_makes_itself_comes_back_too() {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.expect("a database");
    let call = |function: &str| Expr::Call { function: function.to_owned(), arguments: Vec::new() };
    let sql = |function: &str| expression(Database::Sqlite, &[], &call(function)).expect("it is portable");
    let (now, uuid) = (sql("now"), sql("uuid"));
    let create = format!("CREATE TABLE t (k INTEGER, id BLOB DEFAULT ({uuid}), at DATETIME DEFAULT ({now}))");
    sqlx::query(AssertSqlSafe(create)).execute(&mut connection).await.expect("a table");
    sqlx::query("INSERT INTO t (k) VALUES (1)").execute(&mut connection).await.expect("a row");
    let (_, at): (Uuid, DateTime<Utc>) =
        sqlx::query_as("SELECT id, at FROM t").fetch_one(&mut connection).await.expect("it decodes");
    assert!((Utc::now() - at).num_seconds().abs() < 60);
}
