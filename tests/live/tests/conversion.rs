//! Columns that get another type, with rows in them: SQLite keeps, makes and refuses what PostgreSQL does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_compiler::operation::Operation;
use migrate_compiler::sql::expression;
use migrate_history::Database;
use migrate_live_tests::{compiled, server, shell, sqlite, written};
use migrate_runtime::Error;

/// A change of the type of `c`, with values for it in SQL that both databases read.
struct Case {
    from: &'static str,
    change: &'static str,
    values: &'static [&'static str],
}

const fn case(from: &'static str, change: &'static str, values: &'static [&'static str]) -> Case {
    Case { from, change, values }
}

const TAKEN: &[Case] = &[
    case("boolean", "text", &["TRUE", "FALSE"]),
    case("integer", "text", &["7", "-1"]),
    case(
        "double",
        "text",
        &["0.1", "3", "0.30000000000000004", "1e20", "0.1234567890123456", "1e15", "999999999999999", "-1e-5", "123456.75"],
    ),
    case(
        "double",
        "text",
        &["9007199254740993", "123456789012345678", "1234567890123456.75", "-1.7976931348623157e308", "2.2250738585072014e-308"],
    ),
    case("decimal(10, 2)", "text", &["12.3", "5"]),
    case("date", "text", &["'2024-05-01'"]),
    case("time", "text", &["'10:30:00'", "'10:30:00.250'", "'10:30:00.000'"]),
    case("timestamp", "text", &["'2024-05-01 10:30:00.123456'", "'2024-05-01 10:30:00.100'", "'2024-05-01 10:30:00'"]),
    case("timestamptz", "text", &["'2024-05-01T10:30:00.250+00:00'", "'2024-05-01T10:30:00+02:00'", "'2024-02-29T00:00:00Z'"]),
    case("timestamptz", "varchar(12) using c::varchar(12)", &["'2024-05-01T10:30:00+00:00'"]),
    case("timestamptz", "char(20) using left(c::text, 20)", &["'2024-05-01T10:30:00.5+00:00'"]),
    case("text", "uuid using c::uuid", &["'00112233-4455-6677-8899-aabbccddeeff'"]),
    case("text", "boolean using c::boolean", &["'true'", "'off'", "'1'"]),
    case("text", "integer using c::integer", &["'42'", "'007'"]),
    case("text", "double using c::double", &["'1.5'", "'1e3'", "'9007199254740993'", "'-0.1'", "'12345678901234567890'"]),
    case("text", "date using c::date", &["'2024-05-01'", "'2024-02-29 23:59:59'"]),
    case(
        "text",
        "timestamptz using c::timestamptz",
        &["'2024-05-01 10:30:00.25+00'", "'2024-05-01 10:30:00+02'", "'2024-05-01T10:30:00-03:30'"],
    ),
    case("text", "date using c::date", &["'2024-05-01 10:30:00+00'"]),
    case("text", "timestamp using c::timestamp", &["'2024-05-01 10:30:00.5+00'", "'2024-05-01'", "'2024-05-01T10:30:00.123456'"]),
    case("text", "json using c::json", &["'null'", "'[]'"]),
    case("text", "varchar(2) using left(c, 2)", &["'abc'"]),
    case("text", "bytes using c::bytes", &["'a b '", "''", r"'\x00 ff'"]),
    case("varchar(6)", "bytes using c::bytes", &["'ab '"]),
    // PostgreSQL keeps the spaces up to the length here, and nowhere else.
    case("char(6)", "bytes using c::bytes", &["'ab'", "'äö'", r"'\x00'", "'abcdef'"]),
    case("char(6)", "text", &["'ab'", "''"]),
    case("char(6)", "varchar(6)", &["'ab'"]),
    case("char(6)", "integer using c::integer", &["'42'"]),
    case("char(40)", "uuid using c::uuid", &["'00112233-4455-6677-8899-aabbccddeeff'"]),
    case("char(6)", "boolean using c::boolean", &["'true'"]),
    case("char(10)", "date using c::date", &["'2024-05-01'"]),
    case("char(40)", "json using c::json", &["'[]'"]),
    case("integer", "boolean using c::boolean", &["0", "1", "7"]),
    case("boolean", "integer using c::integer", &["TRUE", "FALSE"]),
    case("double", "integer using c::integer", &["2.5", "3.5", "-0.5", "2.4"]),
    case("decimal(10, 2)", "integer using c::integer", &["2.5", "3.5", "-0.5"]),
    case("double", "decimal(10, 1) using c::decimal(10, 1)", &["2.26"]),
    case("integer", "decimal(10, 1)", &["2"]),
    case("date", "timestamp", &["'2024-05-01'"]),
    case("timestamp", "date using c::date", &["'2024-05-01 23:59:59.999999'"]),
    case("timestamp", "time using c::time", &["'2024-05-01 23:59:59.999999'"]),
];

const REFUSED: &[Case] = &[
    // Values that would be others without anybody having written how.
    case("double", "integer", &["2.5"]),
    case("decimal(10, 2)", "integer", &["2.5"]),
    case("double", "decimal(10, 1)", &["2.26"]),
    case("timestamp", "date", &["'2024-05-01 23:59:59.999999'"]),
    case("text", "uuid using c::uuid", &["'no uuid'"]),
    case("text", "boolean using c::boolean", &["'maybe'"]),
    case("text", "integer using c::integer", &["'12 apples'"]),
    case("text", "date using c::date", &["'2024-02-30'"]),
    case("text", "timestamptz using c::timestamptz", &["'soon'"]),
    case("text", "json using c::json", &["'{'"]),
];

/// The values of the column, as text, after its type has changed.
async fn converted(database: Database, case: &Case) -> Result<Vec<String>, Error> {
    let file = sqlite::file();
    let url = match database {
        Database::Postgres => server::postgres().database().await,
        Database::Sqlite => file.url(),
    };
    let origin = written::draft(&format!("create table t {{ k: integer, c: {}? }}", case.from));
    let change = written::draft(&format!("alter table t {{ alter c type {} irreversible \"tested\"; }}", case.change));
    let Some(Operation::AlterType(alter)) = change.pieces.last().map(|piece| piece.operation.clone()) else {
        panic!("{}", case.change)
    };
    let history = compiled::drafts("conversion", database, vec![("origin", origin), ("change", change)]);
    migrate_runtime::upgrade(&url, &history, "origin").await.unwrap_or_else(|error| panic!("{error}"));
    for (k, value) in case.values.iter().chain(&["NULL"]).enumerate() {
        shell::run(&url, &format!("INSERT INTO t VALUES ({k}, {value})")).await;
    }
    migrate_runtime::upgrade(&url, &history, "head").await?;
    let column = migrate_compiler::example::column("c", alter.to);
    let text = expression(database, &[column], &written::expression("c::text")).expect("everything can be spelled");
    Ok(shell::ask(&url, &format!("SELECT {text} FROM t ORDER BY k")).await)
}

#[tokio::test]
async fn both_servers_make_the_same_of_the_rows() {
    let mut differences = Vec::new();
    for case in TAKEN {
        let told = format!("{} to {}", case.from, case.change);
        let postgres = converted(Database::Postgres, case).await.unwrap_or_else(|error| panic!("{told}: {error}"));
        let sqlite = converted(Database::Sqlite, case).await.unwrap_or_else(|error| panic!("{told}: {error}"));
        if postgres != sqlite {
            differences.push(format!("{told}: {postgres:?}, on SQLite {sqlite:?}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[tokio::test]
async fn what_does_not_fit_stops_both() {
    for case in REFUSED {
        for &database in Database::ALL {
            let outcome = converted(database, case).await;
            assert!(outcome.is_err(), "{} to {} on {database}: {outcome:?}", case.from, case.change);
        }
    }
}

/// The bytes of a uuid, and its text, are one value on SQLite too.
#[tokio::test]
async fn a_uuid_and_its_text_lead_to_each_other_on_sqlite() {
    let file = sqlite::file();
    let draft = |text: &str| written::draft(text);
    let history = compiled::drafts(
        "conversion",
        Database::Sqlite,
        vec![
            ("origin", draft("create table t { c: uuid?, raw: bytes?, at: timestamptz? }")),
            (
                "there",
                draft(
                    "alter table t {
                alter c type text undo { alter c type uuid using c::uuid; };
                alter raw type text undo { alter raw type bytes using raw::bytes; };
                alter at type text undo { alter at type timestamptz using at::timestamptz; };
            }",
                ),
            ),
        ],
    );
    migrate_runtime::upgrade(&file.url(), &history, "origin").await.expect("a table");
    let row = "INSERT INTO t VALUES (X'00112233445566778899aabbccddeeff', X'00ff', '2024-05-01T10:30:00.123456+00:00'), (NULL, NULL, NULL)";
    shell::run(&file.url(), row).await;
    let all = "SELECT quote(c), quote(raw), quote(at) FROM t";
    let before = shell::ask(&file.url(), all).await;
    migrate_runtime::upgrade(&file.url(), &history, "head").await.unwrap_or_else(|error| panic!("{error}"));
    let between = shell::ask(&file.url(), "SELECT c, raw FROM t").await;
    assert_eq!(between, ["00112233-4455-6677-8899-aabbccddeeff|\\x00ff", "NULL|NULL"]);
    migrate_live_tests::downgrade(&file.url(), &history, "origin").await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(shell::ask(&file.url(), all).await, before);
}
