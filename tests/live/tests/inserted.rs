//! Statements about rows on the databases themselves: what they do, and what becomes of the rows when they are undone, whatever was written in
//! the meantime.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::{Database, Level};
use migrate_live_tests::snapshot::Snapshot;
use migrate_live_tests::{compiled, server, shell, sqlite, written};

const ORIGIN: &str = r#"
    create table roles { id: bigint primary key, name: text unique, since: date?, secret: bytes?, mark: uuid?, data: json? }
    create table users { id: bigint primary key identity, name: text unique, role: bigint? references roles, age: integer? }
    create table pairs { a: uuid, b: timestamptz, c: bytes, d: decimal(9, 2), primary key (a, b, c, d) }
    create table notes { id: bigint primary key, user_id: bigint references users on delete cascade }
"#;

const ROWS: &str = "INSERT INTO roles (id, name) VALUES (1, 'old'), (2, 'older'); INSERT INTO users (name, role, age) VALUES ('ann', 1, NULL), ('bob', NULL, 5); INSERT INTO notes VALUES (1, 1)";

/// A change of tables with rows in them.
struct Case {
    change: &'static str,
    /// What a query gives after the upgrade.
    gives: (&'static str, &'static [&'static str]),
    /// SQL that is run between upgrade and downgrade, and what the downgrade is refused for then.
    meanwhile: &'static str,
    refused: Option<&'static str>,
    /// What a query gives after the downgrade, where the rows are not all as they were.
    leaves: (&'static str, &'static [&'static str]),
}

const fn case(change: &'static str, query: &'static str, rows: &'static [&'static str]) -> Case {
    Case { change, gives: (query, rows), meanwhile: "", refused: None, leaves: ("", &[]) }
}

const CASES: &[Case] = &[
    // By the primary key, by a unique one, and with every kind of literal.
    case(
        "insert into roles (id, name) values (3, \"new\"), (4, \"it's\");",
        "SELECT id FROM roles ORDER BY id",
        &["1", "2", "3", "4"],
    ),
    case("insert into users (name, age) values (\"eve\", 7);", "SELECT name FROM users WHERE age = 7", &["eve"]),
    case(
        r#"insert into roles (id, name, since, secret, mark, data) values
            (3, "a\"b", "2024-02-29", b"\x00\xff", "00112233-4455-6677-8899-aabbccddeeff", "{\"k\": [1]}"), (4, "c", default, null, default, null);"#,
        "SELECT name FROM roles WHERE since = '2024-02-29'",
        &["a\"b"],
    ),
    // What the application has changed since is counted in every column, whoever gave it its value.
    Case {
        meanwhile: "UPDATE users SET role = 2 WHERE name = 'eve'",
        refused: Some("1 row of `users` that were changed since"),
        ..case("insert into users (name, age) values (\"eve\", 7);", "SELECT name FROM users WHERE age = 7", &["eve"])
    },
    Case {
        meanwhile: "UPDATE users SET age = 1 WHERE name = 'eve'",
        refused: Some("1 row of `users` that were changed since"),
        ..case(
            "insert into users (name) values (\"ann\"), (\"eve\") on conflict do nothing;",
            "SELECT name FROM users WHERE name = 'eve'",
            &["eve"],
        )
    },
    Case {
        meanwhile: "UPDATE users SET age = 1 WHERE name = 'older'",
        refused: Some("1 row of `users` that were changed since"),
        ..case("insert into users (name) select name from roles;", "SELECT name FROM users WHERE name = 'older'", &["older"])
    },
    // Rows that refer to each other go in the reverse order.
    case(
        "insert into roles (id, name) values (3, \"new\"); insert into users (name, role) values (\"eve\", 3);",
        "SELECT name FROM users WHERE role = 3",
        &["eve"],
    ),
    // Which rows are new is recorded, where the statement does not say it.
    Case {
        meanwhile: "INSERT INTO roles (id, name) VALUES (5, 'by hand')",
        leaves: ("SELECT name FROM roles ORDER BY name", &["by hand", "old", "older"]),
        ..case(
            "insert into roles (id, name) values (1, \"x\"), (3, \"new\"), (4, \"old\") on conflict do nothing;",
            "SELECT name FROM roles ORDER BY id",
            &["old", "older", "new"],
        )
    },
    case("insert into users (name, age) values (lower(\"EVE\"), 7);", "SELECT name FROM users WHERE age = 7", &["eve"]),
    Case {
        meanwhile: "INSERT INTO notes SELECT 2, id FROM users WHERE name = 'eve'",
        refused: Some("1 row of `notes` that refer to rows of `users` that the downgrade deletes"),
        ..case("insert into users (name) values (\"eve\"), (\"ann\") on conflict do nothing;", "", &[])
    },
    // What is not there any more, or came back with another value.
    Case {
        meanwhile: "DELETE FROM roles WHERE id IN (3, 4); INSERT INTO roles (id, name) VALUES (3, 'again'), (5, 'four')",
        leaves: ("SELECT name FROM roles ORDER BY id", &["old", "older", "four"]),
        ..case("insert into roles (id, name) values (1, \"x\"), (3, \"new\"), (4, \"four\") on conflict do nothing;", "", &[])
    },
    case(
        r#"insert into pairs (a, b, c, d) values ("00112233-4455-6677-8899-aabbccddeeff", "2024-02-29 10:00:00.5Z", b"\x00\xff", 1.50), ("00112233-4455-6677-8899-aabbccddeeff", "2024-02-29 10:00:00Z", b"", 0.25);"#,
        "SELECT count(*) FROM pairs",
        &["2"],
    ),
    case(
        r#"insert into pairs (a, b, c, d) values ("00112233-4455-6677-8899-aabbccddeeff", "2024-02-29 10:00:00.5Z", b"\x00\xff", 1.50) on conflict do nothing; insert into pairs (a, b, c, d) values ("00112233-4455-6677-8899-aabbccddeeff", "2024-02-29 10:00:00.5Z", b"\x00\xff", 1.5) on conflict do nothing;"#,
        "SELECT count(*) FROM pairs",
        &["1"],
    ),
    case(
        "insert into roles (id, name) values (3, \"new\") on conflict do nothing; insert into users (name, role) values (\"eve\", 3) on conflict do nothing;",
        "SELECT name FROM users WHERE role = 3",
        &["eve"],
    ),
    // Rows of others stay, and with rows that refer to the new rows the downgrade is refused, also if a foreign key would delete them.
    Case {
        meanwhile: "INSERT INTO roles (id, name) VALUES (5, 'by hand')",
        leaves: ("SELECT name FROM roles ORDER BY name", &["by hand", "old", "older"]),
        ..case("insert into roles (id, name) values (3, \"new\");", "", &[])
    },
    Case {
        meanwhile: "UPDATE users SET role = 3 WHERE name = 'bob'",
        refused: Some("1 row of `users` that refer to rows of `roles` that the downgrade deletes"),
        ..case("insert into roles (id, name) values (3, \"new\");", "", &[])
    },
    Case {
        meanwhile: "INSERT INTO notes SELECT 2, id FROM users WHERE name = 'eve'",
        refused: Some("1 row of `notes` that refer to rows of `users` that the downgrade deletes"),
        ..case("insert into users (name) values (\"eve\");", "", &[])
    },
    // Guards know what was done to the rows before.
    case(
        "update users set age = 1 where age is null undo { update users set age = null where name = \"ann\"; } alter table users { alter age set not null; }",
        "SELECT age FROM users ORDER BY name",
        &["1", "5"],
    ),
    Case {
        leaves: ("SELECT name FROM users", &["bob"]),
        ..case(
            "delete from users where age is null undo nothing \"tested\"; alter table users { alter age set not null; }",
            "SELECT name FROM users",
            &["bob"],
        )
    },
    case(
        "create table kinds { id: bigint primary key, name: text } insert into kinds (id, name) values (1, \"a\"); alter table roles { add kind: bigint default 1 references kinds; }",
        "SELECT kind FROM roles",
        &["1", "1"],
    ),
    // What the migration itself made.
    case(
        "create table kinds { id: bigint primary key identity, name: text unique } insert into kinds (name) values (\"a\"), (\"b\") on conflict do nothing; insert into kinds (name) values (\"b\"), (\"c\") on conflict do nothing; update kinds set name = upper(name) where name <> \"c\"; delete from kinds where name = \"A\";",
        "SELECT name FROM kinds ORDER BY name",
        &["B", "c"],
    ),
    case(
        "alter table users { add label: text?; } update users set label = upper(name); alter table users { alter label set not null; }",
        "SELECT label FROM users ORDER BY label",
        &["ANN", "BOB"],
    ),
    case(
        "create table logs { id: integer primary key } insert into logs (id) values (1); truncate logs;",
        "SELECT count(*) FROM logs",
        &["0"],
    ),
    Case {
        leaves: ("SELECT count(*) FROM notes", &["0"]),
        ..case("truncate notes undo nothing \"tested\";", "SELECT count(*) FROM notes", &["0"])
    },
    Case {
        leaves: ("SELECT name FROM roles ORDER BY id", &["old", "older", "new"]),
        ..case(
            "insert into roles (id, name) values (1, \"x\"), (3, \"new\") on conflict do nothing undo nothing \"tested\";",
            "SELECT name FROM roles ORDER BY id",
            &["old", "older", "new"],
        )
    },
];

async fn run(case: &Case, database: Database) {
    let file = sqlite::file();
    let url = match database {
        Database::Postgres => server::postgres().database().await,
        Database::Sqlite => file.url(),
    };
    let told = format!("{} on {database}", case.change);
    let drafts = vec![("origin", written::draft(ORIGIN)), ("change", written::draft(case.change))];
    let history = compiled::drafts("inserted", database, drafts);
    migrate_runtime::upgrade(&url, &history, "origin").await.unwrap_or_else(|error| panic!("{told}: {error}"));
    shell::run(&url, ROWS).await;
    let before = Snapshot::take(&url).await;
    migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{told}: {error}"));
    let (query, rows) = case.gives;
    if !query.is_empty() {
        assert_eq!(shell::ask(&url, query).await, rows, "{told}");
    }
    if !case.meanwhile.is_empty() {
        shell::run(&url, case.meanwhile).await;
    }
    let between = Snapshot::take(&url).await;
    // Nobody agrees to lose what was changed since.
    let asks = case.refused.is_some_and(|reason| reason.contains("changed since"));
    let outcome = if asks {
        migrate_runtime::downgrade(&url, &history, "origin").await
    } else {
        migrate_live_tests::downgrade(&url, &history, "origin").await
    };
    let after = Snapshot::take(&url).await;
    if let Some(reason) = case.refused {
        let refused = outcome.expect_err(&told).to_string();
        assert!(refused.contains(reason), "{told}: {refused}");
        assert_eq!(between, after, "{told}");
        return;
    }
    outcome.unwrap_or_else(|error| panic!("{told}: {error}"));
    assert_eq!(before.schema, after.schema, "{told}");
    let (query, rows) = case.leaves;
    if query.is_empty() {
        assert_eq!(history.migrations[1].compiled().level, Level::Exact, "{told}");
        assert_eq!(before.rows, after.rows, "{told}");
    } else {
        assert_eq!(shell::ask(&url, query).await, rows, "{told}");
    }
    migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{told}, again: {error}"));
}

#[tokio::test]
async fn rows_come_and_go_with_their_migration() {
    for case in CASES {
        for &database in Database::ALL {
            run(case, database).await;
        }
    }
}

#[tokio::test]
async fn rows_that_somebody_changed_since_are_deleted_with_consent_only() {
    let known = "insert into roles (id, name) values (3, \"new\"), (4, \"four\");";
    let recorded = "insert into roles (id, name) values (1, \"x\"), (3, \"new\") on conflict do nothing;";
    for (change, &database) in [known, recorded].into_iter().flat_map(|change| Database::ALL.iter().map(move |one| (change, one)))
    {
        let file = sqlite::file();
        let url = match database {
            Database::Postgres => server::postgres().database().await,
            Database::Sqlite => file.url(),
        };
        let drafts = vec![("origin", written::draft(ORIGIN)), ("change", written::draft(change))];
        let history = compiled::drafts("edited", database, drafts);
        migrate_runtime::upgrade(&url, &history, "origin").await.unwrap();
        shell::run(&url, ROWS).await;
        migrate_runtime::upgrade(&url, &history, "head").await.unwrap();
        migrate_runtime::downgrade(&url, &history, "origin").await.expect("nobody changed a row");
        migrate_runtime::upgrade(&url, &history, "head").await.unwrap();
        shell::run(&url, "UPDATE roles SET name = 'edited ' || id WHERE id IN (1, 3)").await;
        let refused = migrate_runtime::downgrade(&url, &history, "origin").await.unwrap_err().to_string();
        assert!(refused.contains("1 row of `roles` that were changed since the upgrade inserted them"), "{change}: {refused}");
        migrate_live_tests::downgrade(&url, &history, "origin").await.unwrap();
        assert_eq!(shell::ask(&url, "SELECT name FROM roles ORDER BY id").await, ["edited 1", "older"], "{change}");
    }
}
