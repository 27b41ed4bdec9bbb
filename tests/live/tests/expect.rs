//! What an upgrade asks before it touches anything: what its statements demand of the rows, and the user's own questions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::{Database, History};
use migrate_live_tests::{compiled, server, shell, sqlite, written};
use migrate_runtime::{Error, upgrade};

const ORIGIN: &str = r#"
    create table teams { id: integer primary key }
    create table users { id: integer primary key, name: varchar(20)?, age: integer?, team: integer? }
"#;

/// A change, a row for which it is refused, and the message about that row.
const CASES: &[(&str, &str, &str)] = &[
    (
        "alter table users { alter name set not null; }",
        "(1, NULL, 1, NULL)",
        "1 row of `users` with null in `name`, which the upgrade makes not null",
    ),
    (
        "alter table users { add unique (age); }",
        "(1, 'a', 7, NULL), (2, 'b', 7, NULL)",
        "1 duplicate value of (age) in `users`, which the upgrade makes unique",
    ),
    (
        "create unique index on users (lower(name));",
        "(1, 'a', 1, NULL), (2, 'A', 2, NULL)",
        "1 duplicate value of (lower(name)) in `users`",
    ),
    (
        "alter table users { add check (age >= 0); }",
        "(1, 'a', -1, NULL)",
        "1 row of `users` in violation of `age >= 0`, which the upgrade requires",
    ),
    (
        "alter table users { add foreign key (team) references teams; }",
        "(1, 'a', 1, 9)",
        "1 row of `users` with a value in (team) that refers to no row of `teams`",
    ),
    (
        "alter table users { alter name type varchar(3); }",
        "(1, 'long name', 1, NULL)",
        "1 value of `users.name` that would change as `varchar(3)`, the type that the upgrade gives it",
    ),
    (
        "alter table users { alter age type smallint; }",
        "(1, 'a', 70000, NULL)",
        "1 value of `users.age` that would change as `smallint`",
    ),
    (
        r#"expect "no minors" sql("SELECT count(*) FROM users WHERE age < 18");"#,
        "(1, 'a', 17, NULL)",
        "1 found, and \"no minors\" is expected",
    ),
    (
        r#"alter table users { rename name to title; add other: integer?; } rename table users to people; alter table people { alter title set not null; }"#,
        "(1, NULL, 1, NULL)",
        "1 row of `people` with null in `title`",
    ),
];

fn history(database: Database, change: &str) -> History {
    // What is created before the statement that fails would remain if nothing was checked first.
    let change = format!("create table made {{ id: integer primary key }} {change}");
    compiled::drafts("expect", database, vec![("origin", written::draft(ORIGIN)), ("change", written::draft(&change))])
}

#[tokio::test]
async fn rows_stop_an_upgrade_before_it_touches_anything() {
    for (change, rows, told) in CASES {
        for &database in Database::ALL {
            let (file, history) = (sqlite::file(), history(database, change));
            let url = match database {
                Database::Postgres => server::postgres().database().await,
                Database::Sqlite => file.url(),
            };
            upgrade(&url, &history, "origin").await.unwrap();
            shell::run(&url, &format!("INSERT INTO users VALUES {rows}")).await;
            let before = shell::tables(&url).await;
            let error = upgrade(&url, &history, "head").await.expect_err(change);
            assert!(matches!(error, Error::Refused { .. }), "{change} on {database}: {error}");
            let text = error.to_string();
            assert!(text.starts_with("the upgrade of `change` is refused before it changed anything"), "{text}");
            assert!(text.contains(told), "{change} on {database}: {text}");
            assert_eq!(shell::tables(&url).await, before, "{change} on {database}");
            shell::run(&url, "DELETE FROM users").await;
            upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{change} on {database}: {error}"));
        }
    }
}
