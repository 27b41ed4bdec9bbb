//! The types are declared so that sqlx decodes them into the natural Rust types, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_compiler::expr::Expr;
use migrate_compiler::sql::{expression, type_name};
use migrate_compiler::types::Type;
use migrate_history::Database;
use migrate_live_tests::{compiled, server, written};
use sqlx::postgres::PgConnection;
use sqlx::postgres::types::PgInterval;
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

/// A column of every type of PostgreSQL.
const TABLE: &str = "create table t {
    id: integer serial, big: bigint serial, flag: boolean, small: smallint, n: integer, x: real, y: double, price: decimal(10, 2),
    any_price: decimal, name: text, short: varchar(20), wide: varchar, code: char(4), raw: bytes, key: uuid, day: date, at: time,
    ts: timestamp, tz: timestamptz, wait: interval, doc: json, tags: text[], keys: uuid[], days: date[], bits: postgres::bit(3),
    mask: postgres::varbit(8), text_doc: postgres::json,
}";

const ROW: &str =
    "INSERT INTO t (flag, small, n, x, y, price, any_price, name, short, wide, code, raw, key, day, at, ts, tz, wait, doc,
    tags, keys, days, bits, mask, text_doc)
    VALUES (true, 7, 7, 0.5, 0.1, 12.3, 0.10, 'it''s', 'it''s', 'it''s', 'it', '\\x00ff', '00000000-0000-0000-0000-000000000007',
    '2026-11-22', '09:30', '2026-11-22 09:30:00.123', '2026-11-22T10:30:00.123+01:00', '1 month 2 days 3 s', '[1, 2]',
    '{a,b}', '{00000000-0000-0000-0000-000000000007}', '{2026-11-22}', B'101', B'10', '[1, 2]')";

/// The one row of some columns.
async fn row<R>(connection: &mut PgConnection, columns: &str) -> R
where
    R: for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow> + Send + Unpin,
{
    let query = AssertSqlSafe(format!("SELECT {columns} FROM t"));
    sqlx::query_as(query).fetch_one(connection).await.unwrap_or_else(|error| panic!("{columns}: {error}"))
}

#[tokio::test]
async fn every_type_of_postgresql_comes_back_as_the_natural_rust_type() {
    let url = server::postgres().database().await;
    let history = compiled::drafts("types", Database::Postgres, vec![("origin", written::draft(TABLE))]);
    migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{error}"));
    let mut connection = PgConnection::connect(&url).await.expect("the server answers");
    sqlx::raw_sql(ROW).execute(&mut connection).await.expect("a row");
    let moment: DateTime<Utc> = "2026-11-22T09:30:00.123Z".parse().expect("a moment");
    let day = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
    let one = &mut connection;
    assert_eq!(row::<(i32, i64, bool, i16, i32)>(one, "id, big, flag, small, n").await, (1, 1, true, 7, 7));
    assert_eq!(row::<(f32, f64)>(one, "x, y").await, (0.5, 0.1));
    let texts: (String, String, String, String) = row(one, "name, short, wide, code").await;
    assert_eq!(texts, ("it's".into(), "it's".into(), "it's".into(), "it  ".into()));
    assert_eq!(row::<(Vec<u8>, Uuid)>(one, "raw, key").await, (vec![0, 255], Uuid::from_u128(7)));
    let at = NaiveTime::from_hms_opt(9, 30, 0).expect("a time");
    let moments: (NaiveDate, NaiveTime, NaiveDateTime, DateTime<Utc>) = row(one, "day, at, ts, tz").await;
    assert_eq!(moments, (day, at, moment.naive_utc(), moment));
    let (wait,): (PgInterval,) = row(one, "wait").await;
    assert_eq!(wait, PgInterval { months: 1, days: 2, microseconds: 3_000_000 });
    let docs: (JsonValue, JsonValue) = row(one, "doc, text_doc").await;
    assert_eq!(docs, (JsonValue::from(vec![1, 2]), JsonValue::from(vec![1, 2])));
    let lists: (Vec<String>, Vec<Uuid>, Vec<NaiveDate>) = row(one, "tags, keys, days").await;
    assert_eq!(lists, (vec!["a".into(), "b".into()], vec![Uuid::from_u128(7)], vec![day]));
    // Without a feature for them sqlx has no Rust type for these.
    let spelled: (String, String, String, String) = row(one, "price::text, any_price::text, bits::text, mask::text").await;
    assert_eq!(spelled, ("12.30".into(), "0.10".into(), "101".into(), "10".into()));
}
