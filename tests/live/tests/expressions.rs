//! Every expression of the language on both servers: they take it, and give the same value.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

#[path = "../../golden/tests/expressions/list.rs"]
mod list;

use list::{PORTABLE, POSTGRES_ALONE, REFUSED, TABLE};
use migrate_compiler::compile::compile;
use migrate_compiler::example::newest;
use migrate_compiler::expr::Expr;
use migrate_compiler::operation::Operation;
use migrate_compiler::schema::Column;
use migrate_compiler::sql::expression;
use migrate_compiler::state::{Settings, State};
use migrate_compiler::types::Type;
use migrate_history::Database;
use migrate_live_tests::{compiled, server, shell, sqlite, written};

/// A row of values, and one of nulls.
const POSTGRES: &str = r#"
    INSERT INTO t VALUES (true, 7, 42, 9007199254740993, 2.5, 12.30, 'Ann''s', '007', 'ab', '\x00ff', '00112233-4455-6677-8899-aabbccddeeff',
        '2024-05-01', '10:30:00.5', '2024-05-01 10:30:00.123456', '2024-05-01 23:30:00.123456+00',
        '{"k": "v", "n": 5, "b": true, "z": null, "o": [1, 2]}');
    INSERT INTO t (flag) VALUES (NULL);
"#;

/// The same, as sqlx writes them into SQLite.
const SQLITE: &str = r#"
    INSERT INTO t VALUES (TRUE, 7, 42, 9007199254740993, 2.5, 12.30, 'Ann''s', '007', 'ab ', X'00ff', X'00112233445566778899aabbccddeeff',
        '2024-05-01', '10:30:00.5', '2024-05-01 10:30:00.123456', '2024-05-01T23:30:00.123456+00:00',
        '{"k":"v","n":5,"b":true,"z":null,"o":[1,2]}');
    INSERT INTO t (flag) VALUES (NULL);
"#;

fn columns() -> Vec<Column> {
    match written::statements(TABLE).pop() {
        Some(Operation::CreateTable(create)) => create.table.columns,
        other => panic!("{other:?}"),
    }
}

/// An expression, as text, in the words of a database.
fn spelled(database: Database, text: &str) -> String {
    let value = Expr::Cast { operand: Box::new(written::expression(text)), to: Type::Text };
    expression(database, &columns(), &value).unwrap_or_else(|unsupported| panic!("{text}: {unsupported:?}"))
}

/// The table on a database, with its rows.
async fn table(url: &str, database: Database, rows: &str) {
    let history = compiled::history("expressions", database, vec![("origin", written::statements(TABLE))]);
    migrate_runtime::upgrade(url, &history, "head").await.unwrap_or_else(|error| panic!("{error}"));
    shell::run(url, rows).await;
}

#[tokio::test]
async fn both_servers_give_the_same_value() {
    let (postgres, file) = (server::postgres().database().await, sqlite::file());
    table(&postgres, Database::Postgres, POSTGRES).await;
    table(&file.url(), Database::Sqlite, SQLITE).await;
    let mut differences = Vec::new();
    for text in PORTABLE {
        let mut values = Vec::new();
        for (url, database) in [(&postgres, Database::Postgres), (&file.url(), Database::Sqlite)] {
            let query = format!("SELECT {} FROM t ORDER BY n IS NULL", spelled(database, text));
            values.push(shell::try_ask(url, &query).await.map_err(|error| format!("{error}\n    {query}")));
        }
        if values[0].is_err() || values[0] != values[1] {
            differences.push(format!("{text}: {:?}\n    {:?}", values[0], values[1]));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// What each server says of an expression.
async fn said(url: &str, database: Database, text: &str) -> Result<Vec<String>, String> {
    shell::try_ask(url, &format!("SELECT {} FROM t ORDER BY n IS NULL", spelled(database, text))).await
}

#[tokio::test]
async fn what_is_no_value_of_the_type_is_refused_and_null_stays_null() {
    let (postgres, file) = (server::postgres().database().await, sqlite::file());
    table(&postgres, Database::Postgres, POSTGRES).await;
    table(&file.url(), Database::Sqlite, SQLITE).await;
    for text in REFUSED {
        for (url, database) in [(&postgres, Database::Postgres), (&file.url(), Database::Sqlite)] {
            let values = said(url, database, text).await;
            assert!(values.is_err(), "{text} on {database}: {values:?}");
        }
    }
}

#[tokio::test]
async fn what_postgresql_alone_can_say_is_unsupported_on_sqlite() {
    let postgres = server::postgres().database().await;
    table(&postgres, Database::Postgres, POSTGRES).await;
    for text in POSTGRES_ALONE {
        said(&postgres, Database::Postgres, text).await.unwrap_or_else(|error| panic!("{text}: {error}"));
        let refused = expression(Database::Sqlite, &columns(), &written::expression(text));
        assert!(refused.is_err(), "{text}: {refused:?}");
    }
}

#[test]
fn a_check_that_sqlite_would_refuse_with_the_first_row_is_unsupported() {
    let database = Database::Sqlite;
    for text in ["tz < now()", "tz < current_timestamp"] {
        let draft = written::draft(&format!("create table t {{ tz: timestamptz, check ({text}) }}"));
        let state = State::root(Settings::tested([newest(database)]));
        let codes: Vec<_> = compile(state.next(""), &draft, "").problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["unsupported"], "{text}");
    }
}

/// Whether the value is another at another time, so that it cannot be in a check or an index.
fn changes(text: &str) -> bool {
    ["current_", "now()", "uuid()"].iter().any(|word| text.contains(word))
}

#[tokio::test]
async fn both_servers_take_every_lasting_expression_as_a_check() {
    let mut change = String::from("alter table t {");
    for (number, text) in PORTABLE.iter().filter(|text| !changes(text)).enumerate() {
        change += &format!("add c{number}: check (({text}) is null or n is null or n = 42);");
    }
    change += "}";
    let (postgres, file) = (server::postgres().database().await, sqlite::file());
    for (url, database, rows) in [(&postgres, Database::Postgres, POSTGRES), (&file.url(), Database::Sqlite, SQLITE)] {
        let drafts = vec![("origin", written::draft(TABLE)), ("checks", written::draft(&change))];
        let history = compiled::drafts("checks", database, drafts);
        migrate_runtime::upgrade(url, &history, "head").await.unwrap_or_else(|error| panic!("{error}"));
        shell::run(url, rows).await;
        migrate_live_tests::downgrade(url, &history, "origin").await.unwrap_or_else(|error| panic!("{error}"));
    }
}
