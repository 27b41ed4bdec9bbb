//! What the compiler takes for a value of a type, both servers take as a default and read back as the same value; what it refuses,
//! PostgreSQL mostly refuses too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_compiler::compile::compile;
use migrate_compiler::example::newest;
use migrate_compiler::state::{Settings, State};
use migrate_history::Database;
use migrate_live_tests::{compiled, server, shell, sqlite, written};
use proptest::strategy::{Strategy, ValueTree};
use proptest::string::string_regex;
use proptest::test_runner::TestRunner;

/// A type, texts that may be its values, and what texts of it look like.
struct Kind {
    ty: &'static str,
    /// What PostgreSQL calls it.
    sql: &'static str,
    texts: &'static [&'static str],
    /// A regular expression of texts that are near to values.
    near: &'static str,
}

const MOMENT: &str = "(0000|0001|1900|2023|2024|9999|10000|[0-9]{3})-(0[0-9]|1[0-3]|2)-(0[01]|1|28|29|30|31|32)([ T](0[0-9]|2[0-5]|9):[0-6][0-9](:[0-6][0-9](\\.[0-9]{1,7})?)?( ?(Z|[+-](0[0-9]|1[0-6])(:?[03]0)?| CET))?)?";

const KINDS: &[Kind] = &[
    Kind {
        ty: "boolean",
        sql: "boolean",
        texts: &["true", "FALSE", " yes ", "on", "of", "o", "2", "", "1"],
        near: "[a-z ]{0,5}|[01]",
    },
    Kind {
        ty: "smallint",
        sql: "smallint",
        texts: &["32767", "-32768", "32768", " +1 ", "1.0", "1e2", "", "0x10", "1_000"],
        near: "[ +-]{0,2}[0-9]{0,6}(\\.0)?",
    },
    Kind { ty: "integer", sql: "integer", texts: &["2147483647", "-2147483649", "007"], near: "-?[0-9]{1,11}" },
    Kind { ty: "bigint", sql: "bigint", texts: &["9223372036854775807", "-9223372036854775809"], near: "-?[0-9]{1,20}" },
    Kind {
        ty: "real",
        sql: "real",
        texts: &["3.4e38", "3.5e38", "1e-46", "NaN", "infinity", "0e99"],
        near: "-?[0-9]{0,3}\\.?[0-9]{0,3}(e[+-]?[0-9]{1,2})?",
    },
    Kind {
        ty: "double",
        sql: "double precision",
        texts: &["1e308", "1e309", "1e-400", "-Infinity", "1.5.2"],
        near: "-?[0-9]{0,3}\\.?[0-9]{0,3}(e[+-]?[0-9]{1,3})?",
    },
    Kind {
        ty: "decimal(5, 2)",
        sql: "numeric(5, 2)",
        texts: &["999.99", "1000", "0.005", "NaN", "Infinity", "1e2", "1e-2", "99.990"],
        near: "-?[0-9]{1,4}(\\.[0-9]{0,3})?(e-?[0-3])?",
    },
    Kind {
        ty: "varchar(3)", sql: "varchar(3)", texts: &["", "abc", "abcd", "äöü", "😀😀😀", "it's", "a\\b"], near: "\\PC{0,4}"
    },
    Kind { ty: "text", sql: "text", texts: &["", "\u{1}", "\u{fffe}", "' OR 1=1 --"], near: "\\PC{0,9}" },
    Kind {
        ty: "bytes",
        sql: "bytea",
        texts: &["", "\\x", "\\x00ff", "\\x0", "\\xg0", "a\\\\b", "\\377", "\\400", "\\", "ä"],
        near: "(\\\\x)?[0-9a-g\\\\]{0,6}",
    },
    Kind {
        ty: "uuid",
        sql: "uuid",
        texts: &["00112233-4455-6677-8899-aabbccddeeff", "00112233445566778899AABBCCDDEEFF", "", "0011"],
        near: "[0-9a-g]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{11,12}",
    },
    Kind {
        ty: "date",
        sql: "date",
        texts: &["epoch", "infinity", "now", "2024-02-29", "2023-02-29", "2024-2-3", "20240203", "4713-01-01 BC"],
        near: MOMENT,
    },
    Kind {
        ty: "time",
        sql: "time",
        texts: &["23:59:59.999999", "24:00:00", "23:59:60", "10:30", "now", "10:30+02"],
        near: "(0[0-9]|2[0-5]|9)(:[0-6][0-9]){0,3}(\\.[0-9]{0,7})?",
    },
    Kind {
        ty: "timestamp",
        sql: "timestamp",
        texts: &["epoch", "infinity", "2024-02-30", "now", "2024-05-01T10:30Z", "2024-05-01 10:30+02"],
        near: MOMENT,
    },
    Kind {
        ty: "timestamptz",
        sql: "timestamptz",
        texts: &["epoch", "2024-05-01 23:30-05:00", "0001-01-01 00:00+15", "2024-05-01 10:30 Europe/Berlin"],
        near: MOMENT,
    },
    Kind {
        ty: "interval",
        sql: "interval",
        texts: &[
            "90 days",
            "1 day 2 days",
            "1 fortnight",
            "P1D",
            "",
            "99999999999 years",
            "1:60",
            "1 day 04:05:06",
            "1 week 2 days",
            "1 day 1 week",
        ],
        near: "(-?[0-9]{1,3}(\\.5)? (day|days|month|year|h|week|dayz|quarter) ?){1,3}([0-9]{1,2}:[0-7][0-9])?( ago)?",
    },
    Kind {
        ty: "json",
        sql: "jsonb",
        texts: &[
            "{}",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\ud83d\\ude00\"",
            "{a: 1}",
            "[1,]",
            "01",
            "1e400000",
            "NaN",
            "\"\u{1}\"",
            "{\"a\":1,\"a\":2}",
        ],
        near: "[\\[{](\"[a-z]\":)?(-?[0-9]{1,2}(e[0-9]{1,2})?|true|nul|\"(\\\\u[0-9a-d]{4}|[a-z])\")?[\\]}]",
    },
];

/// What the compiler refuses and PostgreSQL takes, because SQLite would keep another value, or because it is written in several ways.
const STRICTER: &[&str] = &["date", "time", "timestamp", "timestamptz", "interval", "decimal(5, 2)"];

/// Texts of a type: those of the list, and generated ones, always the same.
fn texts(kind: &Kind) -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let near = string_regex(kind.near).unwrap_or_else(|error| panic!("{}: {error}", kind.ty));
    let mut all: Vec<String> = kind.texts.iter().map(|text| (*text).to_owned()).collect();
    all.extend((0..150).map(|_| near.new_tree(&mut runner).expect("a text").current()));
    all.retain(|text| !text.contains('\0'));
    all
}

fn takes(database: Database, ty: &str, text: &str) -> bool {
    let draft = written::draft(&format!("create table t {{ c: {ty} default {text:?} }}"));
    let state = State::root(Settings::tested([newest(database)]));
    compile(state.next(""), &draft, "").problems.is_empty()
}

/// What new rows hold in columns of the type with these defaults, as text.
async fn kept(url: &str, database: Database, ty: &str, texts: &[&String]) -> Vec<String> {
    let columns: String = texts.iter().enumerate().map(|(at, text)| format!("c{at}: {ty} default {text:?}, ")).collect();
    let draft = written::draft(&format!("create table t {{ id: integer primary key, {columns} }}"));
    let history = compiled::drafts("literals", database, vec![("origin", draft)]);
    migrate_runtime::upgrade(url, &history, "head").await.unwrap_or_else(|error| panic!("{ty}: {error}"));
    shell::run(url, "INSERT INTO t (id) VALUES (1)").await;
    let kept = texts.iter().enumerate().map(|(at, _)| match (ty, database) {
        ("bytes" | "uuid", Database::Sqlite) => format!("SELECT lower(hex(c{at})) FROM t"),
        ("bytes", Database::Postgres) => format!("SELECT encode(c{at}, 'hex') FROM t"),
        ("uuid", Database::Postgres) => format!("SELECT replace(c{at}::text, '-', '') FROM t"),
        ("boolean", Database::Postgres) => format!("SELECT c{at}::int::text FROM t"),
        ("smallint" | "integer" | "bigint", _) => format!("SELECT CAST(c{at} AS text) FROM t"),
        // The databases spell numbers and documents otherwise.
        ("real" | "double" | "decimal(5, 2)", Database::Postgres) => {
            format!(
                "SELECT CASE WHEN c{at}::float8 = '{}'::float8::{} THEN '' ELSE c{at}::text END FROM t",
                texts[at],
                sql_of(ty)
            )
        }
        ("real" | "double" | "decimal(5, 2)", Database::Sqlite) => {
            format!(
                "SELECT CASE WHEN c{at} = CAST('{}' AS REAL) AND typeof(c{at}) <> 'text' THEN '' ELSE c{at} || '' END FROM t",
                texts[at].trim()
            )
        }
        ("json", Database::Sqlite) => format!("SELECT CASE WHEN json_valid(c{at}) THEN '' ELSE c{at} END FROM t"),
        ("json", Database::Postgres) => "SELECT ''".to_owned(),
        (_, _) => format!("SELECT CAST(c{at} AS text) FROM t"),
    });
    let kept: Vec<String> = kept.collect();
    shell::ask(url, &kept.join(" UNION ALL ")).await
}

fn sql_of(ty: &str) -> &'static str {
    KINDS.iter().find(|kind| kind.ty == ty).map_or("", |kind| kind.sql)
}

/// The form of a moment on PostgreSQL, of that on SQLite.
fn plain(ty: &str, value: &str) -> String {
    match ty {
        "timestamptz" => fraction(value.replace('T', " ").trim_end_matches("+00:00").trim_end_matches("+00")),
        "timestamp" | "time" => fraction(value),
        _ => value.to_owned(),
    }
}

fn fraction(value: &str) -> String {
    if value.contains('.') { value.trim_end_matches('0').trim_end_matches('.').to_owned() } else { value.to_owned() }
}

#[tokio::test]
async fn what_compiles_is_taken_and_read_back() {
    for kind in KINDS {
        let texts = texts(kind);
        let (postgres, file) = (server::postgres().database().await, sqlite::file());
        let of = |database| texts.iter().filter(|text| takes(database, kind.ty, text)).collect::<Vec<_>>();
        let (on_postgres, on_sqlite) = (of(Database::Postgres), of(Database::Sqlite));
        assert!(on_postgres.len() > 3, "{}: {on_postgres:?}", kind.ty);
        let values = kept(&postgres, Database::Postgres, kind.ty, &on_postgres).await;
        assert_eq!(values.len(), on_postgres.len());
        if kind.ty == "interval" {
            assert!(on_sqlite.is_empty());
            continue;
        }
        assert!(on_sqlite.iter().all(|text| on_postgres.contains(text)), "{}", kind.ty);
        let others = kept(&file.url(), Database::Sqlite, kind.ty, &on_sqlite).await;
        let both = on_postgres.iter().zip(&values).filter(|(text, _)| on_sqlite.contains(*text));
        for ((text, value), other) in both.zip(&others) {
            assert_eq!(plain(kind.ty, value), plain(kind.ty, other), "{text:?} of {}", kind.ty);
        }
    }
}

#[tokio::test]
async fn what_is_refused_is_mostly_refused_by_postgresql() {
    let postgres = server::postgres().database().await;
    for kind in KINDS {
        let (mut refused, mut taken) = (0, Vec::new());
        for text in texts(kind).iter().filter(|text| !takes(Database::Postgres, kind.ty, text)) {
            refused += 1;
            let literal = text.replace('\'', "''");
            let query = format!("SELECT '{literal}'::{}::text", kind.sql);
            // A cast cuts a text off, and an assignment does not.
            if kind.ty != "varchar(3)" && shell::try_ask(&postgres, &query).await.is_ok() {
                taken.push(text.clone());
            }
        }
        let strict = STRICTER.contains(&kind.ty);
        let most = if strict { refused / 2 } else { 0 };
        assert!(taken.len() <= most, "{}: of {refused} refused PostgreSQL takes {taken:?}", kind.ty);
        println!("{}: {refused} refused, of which PostgreSQL takes {}: {taken:?}", kind.ty, taken.len());
    }
}
