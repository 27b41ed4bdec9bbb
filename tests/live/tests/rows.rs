//! What becomes of rows: after each upgrade they are what the statements say, on both databases; and without other writers a
//! downgrade brings them back, or is refused before it touches anything.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::{Database, Level};
use migrate_live_tests::snapshot::Snapshot;
use migrate_live_tests::{compiled, server, shell, sqlite, written};

/// A change of a table with rows in it.
struct Case {
    origin: &'static str,
    /// SQL that both databases read.
    rows: &'static str,
    change: &'static str,
    /// What a query gives after the upgrade.
    gives: (&'static str, &'static [&'static str]),
    /// SQL that is run between upgrade and downgrade, and whether the downgrade is refused then.
    meanwhile: &'static str,
    refused: Option<&'static str>,
}

const ORIGIN: &str = "create table t { k: integer, a: integer?, b: text? }";
const ROW: &str = "INSERT INTO t (k, a, b) VALUES (1, 2, 'x')";

const fn case(change: &'static str, query: &'static str, rows: &'static [&'static str]) -> Case {
    Case { origin: ORIGIN, rows: ROW, change, gives: (query, rows), meanwhile: "", refused: None }
}

/// A group is the composition of its parts.
const GROUPS: &[Case] = &[
    case("alter table t { add c: integer default 5; alter c drop default; }", "SELECT k, c FROM t", &["1|5"]),
    case("alter table t { add c: integer default 5; alter c set default 6; }", "SELECT k, c FROM t", &["1|5"]),
    case("alter table t { add c: integer default 5; alter c type bigint; }", "SELECT k, c FROM t", &["1|5"]),
    case("alter table t { add c: integer default 5; } alter table t { alter c drop default; }", "SELECT k, c FROM t", &["1|5"]),
    case(
        "#[allow(drop_column, reason = \"tested\")] alter table t { drop b; add b: text default \"new\"; alter a set default 1; }",
        "SELECT k, a, b FROM t",
        &["1|2|new"],
    ),
    case(
        "alter table t { add c: integer default 1; add d: integer default 2; alter c drop not null; alter d set default 3; check_it: check (d > 1); }",
        "",
        &[],
    ),
    case(
        "alter table t { add c: timestamptz? default now(); alter c drop default; }",
        "SELECT k FROM t WHERE c IS NOT NULL",
        &["1"],
    ),
    case(
        "alter table t { alter a type bigint; rename a to c; alter c type text undo { alter c type bigint using c::bigint; }; alter b set default \"y\"; }",
        "SELECT k, c, b FROM t",
        &["1|2|x"],
    ),
    Case {
        origin: "create table t { name: text? }",
        rows: "INSERT INTO t VALUES ('ann'), ('bob')",
        ..case(
            "alter table t { add label: text default \"l\"; alter label drop default; drop name; }",
            "SELECT label FROM t",
            &["l", "l"],
        )
    },
    Case {
        origin: "create table t { name: text? }",
        rows: "INSERT INTO t VALUES ('ann'), ('bob')",
        ..case("alter table t { drop name; add label: text default \"l\"; }", "SELECT label FROM t", &["l", "l"])
    },
];

/// What was written in the meantime comes back from a conversion, or the downgrade is refused.
const CONVERSIONS: &[Case] = &[
    Case { meanwhile: "", ..retype("integer", "text", "integer using a::integer") },
    Case {
        meanwhile: "INSERT INTO t (k, a) VALUES (2, '7.6')",
        refused: Some("1 value"),
        ..retype("integer", "text", "integer using a::integer")
    },
    Case {
        meanwhile: "INSERT INTO t (k, a) VALUES (2, 'seven'), (3, ' 7')",
        refused: Some("2 values"),
        ..retype("integer", "text", "integer using a::integer")
    },
    Case {
        meanwhile: "INSERT INTO t (k, a) VALUES (2, 7.6)",
        refused: Some("1 value"),
        ..retype("integer", "double", "integer using a::integer")
    },
    Case { meanwhile: "INSERT INTO t (k, a) VALUES (2, 7.0)", ..retype("integer", "double", "integer using a::integer") },
    Case {
        meanwhile: "INSERT INTO t (k, a) VALUES (2, 7.6)",
        refused: Some("1 value"),
        ..retype("integer", "decimal(12, 2)", "integer")
    },
    Case {
        meanwhile: "INSERT INTO t (k, a) VALUES (2, 9999999999)",
        refused: Some("1 value"),
        ..retype("integer", "decimal(10)", "integer")
    },
    Case {
        meanwhile: "INSERT INTO t (k, a) VALUES (2, 40000)",
        refused: Some("1 value"),
        ..retype("smallint", "integer", "smallint using a::smallint")
    },
    Case {
        meanwhile: "INSERT INTO t (k, a) VALUES (2, 40000)",
        refused: Some("1 value"),
        ..retype("smallint", "bigint", "smallint")
    },
    Case {
        meanwhile: "INSERT INTO t (k, a) VALUES (2, 12345.6)",
        refused: Some("1 value"),
        ..retype("decimal(6, 4)", "decimal(12, 4)", "decimal(6, 4)")
    },
];

const fn retype(from: &'static str, to: &'static str, back: &'static str) -> Case {
    let _ = (from, to, back);
    Case {
        origin: from,
        rows: "INSERT INTO t (k, a) VALUES (1, 2), (4, NULL)",
        change: to,
        gives: (back, &[]),
        meanwhile: "",
        refused: None,
    }
}

async fn url(database: Database, file: &sqlite::File) -> String {
    match database {
        Database::Postgres => server::postgres().database().await,
        Database::Sqlite => file.url(),
    }
}

async fn run(case: &Case, database: Database) {
    let file = sqlite::file();
    let url = url(database, &file).await;
    let told = format!("{} on {database}", case.change);
    let drafts = vec![("origin", written::draft(case.origin)), ("change", written::draft(case.change))];
    let history = compiled::drafts("rows", database, drafts);
    migrate_runtime::upgrade(&url, &history, "origin").await.unwrap_or_else(|error| panic!("{told}: {error}"));
    shell::run(&url, case.rows).await;
    let before = Snapshot::take(&url).await;
    migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{told}: {error}"));
    let (query, rows) = case.gives;
    if !rows.is_empty() {
        assert_eq!(shell::ask(&url, query).await, rows, "{told}");
    }
    if !case.meanwhile.is_empty() {
        shell::run(&url, case.meanwhile).await;
    }
    let between = Snapshot::take(&url).await;
    let outcome = migrate_live_tests::downgrade(&url, &history, "origin").await;
    let after = Snapshot::take(&url).await;
    match case.refused {
        Some(reason) => {
            let refused = outcome.expect_err(&told).to_string();
            assert!(refused.contains(reason), "{told}: {refused}");
            assert_eq!(between, after, "{told}");
        }
        None => {
            outcome.unwrap_or_else(|error| panic!("{told}: {error}"));
            assert_eq!(before.schema, after.schema, "{told}");
            if history.migrations[1].compiled().level == Level::Exact && case.meanwhile.is_empty() {
                assert_eq!(before.rows, after.rows, "{told}");
            }
        }
    }
}

#[tokio::test]
async fn a_group_is_the_composition_of_its_parts() {
    for case in GROUPS.iter().filter(|case| !case.gives.1.is_empty()) {
        for &database in Database::ALL {
            run(case, database).await;
        }
    }
}

#[tokio::test]
async fn what_does_not_come_back_from_a_conversion_is_refused() {
    for case in CONVERSIONS {
        let origin = format!("create table t {{ k: integer, a: {}? }}", case.origin).leak();
        let change =
            format!("alter table t {{ alter a type {} undo {{ alter a type {}; }}; }}", case.change, case.gives.0).leak();
        for &database in Database::ALL {
            run(&Case { origin, change, gives: ("", &[]), ..*case }, database).await;
        }
    }
}

/// Questions about rows as they will be, which are asked of the rows as they are.
const QUESTIONS: &[Case] = &[
    // A unique constraint over a column that another type comes back to.
    Case {
        origin: "create table t { k: integer, a: integer unique }",
        rows: "INSERT INTO t VALUES (1, 2)",
        meanwhile: "INSERT INTO t VALUES (2, '3'), (3, '3')",
        refused: Some("1 duplicate value"),
        ..case(
            "alter table t { drop constraint t_a_key; alter a type text undo { alter a type integer using a::integer; }; }",
            "",
            &[],
        )
    },
    // A check in raw SQL, of a column that has another name.
    Case {
        origin: "create table t { k: integer, a: integer, positive: check (sql(\"a > 0\")) }",
        rows: "INSERT INTO t VALUES (1, 2)",
        meanwhile: "INSERT INTO t VALUES (2, -1)",
        refused: Some("1 row"),
        ..case("alter table t { drop constraint positive; rename a to b; }", "", &[])
    },
    Case {
        origin: "create table t { k: integer, a: integer, positive: check (sql(\"a > 0\")) }",
        rows: "INSERT INTO t VALUES (1, 2)",
        meanwhile: "INSERT INTO t VALUES (2, 1)",
        ..case("alter table t { drop constraint positive; rename a to b; }", "SELECT b FROM t", &["2"])
    },
    // A check of a column that comes back with its default.
    Case {
        origin: "create table t { k: integer, a: integer default 0, positive: check (sql(\"a > 0\")) }",
        rows: "INSERT INTO t VALUES (1, 2)",
        refused: Some("1 row"),
        ..case("alter table t { drop constraint positive; drop a; }", "", &[])
    },
    // A foreign key and its column, of which every row refers to a row that is not there.
    Case {
        origin: "create table p { id: integer primary key } create table t { k: integer, x: integer default 7 references p }",
        rows: "INSERT INTO p VALUES (7); INSERT INTO t VALUES (1, 7)",
        meanwhile: "DELETE FROM p",
        refused: Some("1 row"),
        ..case("alter table t { drop constraint t_x_fkey; drop x; }", "", &[])
    },
    Case {
        origin: "create table p { id: integer primary key } create table t { k: integer, x: integer default 7 references p }",
        rows: "INSERT INTO p VALUES (7); INSERT INTO t VALUES (1, 7)",
        ..case("alter table t { drop constraint t_x_fkey; drop x; }", "SELECT k FROM t", &["1"])
    },
    // What the migration itself makes demands nothing of rows that go with it.
    Case {
        meanwhile: "INSERT INTO t (k, c) VALUES (2, NULL)",
        ..case("alter table t { add c: integer default 1; alter c drop not null; }", "SELECT c FROM t", &["1"])
    },
    Case {
        meanwhile: "INSERT INTO u (a) VALUES (1), (1), (NULL)",
        ..case(
            "create table u { a: integer, unique (a) } alter table u { drop constraint u_a_key; alter a drop not null; } create index on u (a);",
            "SELECT 1 FROM t",
            &["1"],
        )
    },
    // The drop of an index is left out only with the drop of its column: SQLite keeps a column that an index has.
    Case {
        meanwhile: "INSERT INTO u (k, c) VALUES (1, 2)",
        ..case(
            "create table u { k: integer } alter table u { add c: integer?; } create index on u (c);",
            "SELECT 1 FROM t",
            &["1"],
        )
    },
    Case {
        meanwhile: "INSERT INTO t (k, c) VALUES (1, 2)",
        ..case("alter table t { add c: integer?; } create index on t (c);", "SELECT 1 FROM t", &["1"])
    },
    Case {
        meanwhile: "INSERT INTO t (k, a) VALUES (2, 2)",
        ..case("alter table t { add unique (a); drop constraint t_a_key; }", "SELECT a FROM t", &["2"])
    },
    // The values of an expression are demanded to be what its column demands.
    Case {
        origin: "create table t { k: integer, a: integer unique }",
        rows: "INSERT INTO t VALUES (1, 2), (2, 3)",
        meanwhile: "UPDATE t SET a = '12' WHERE k = 1; UPDATE t SET a = '112' WHERE k = 2",
        refused: Some("1 duplicate value"),
        ..case("alter table t { alter a type text undo { alter a type integer using length(a) / 2; }; }", "", &[])
    },
];

#[tokio::test]
async fn a_guard_asks_about_the_rows_as_they_will_be() {
    for case in QUESTIONS {
        for &database in Database::ALL {
            run(case, database).await;
        }
    }
}

#[tokio::test]
async fn numbers_that_fit_are_not_refused() {
    for (values, refused) in [
        ("9007199254740992, 4611686018427387904, -9223372036854775808", None),
        ("9223372036854775808.0", Some("1 value")),
        ("0.5", Some("1 value")),
    ] {
        let rows = values.split(", ").map(|value| format!("(2, {value})")).collect::<Vec<_>>().join(", ");
        let meanwhile = format!("INSERT INTO t (k, a) VALUES {rows}").leak();
        let change = "alter table t { alter a type double; }";
        let case =
            Case { origin: "create table t { k: integer, a: bigint? }", meanwhile, refused, rows: "", ..case(change, "", &[]) };
        for &database in Database::ALL {
            run(&case, database).await;
        }
    }
}

#[tokio::test]
async fn a_sequence_that_has_counted_on_is_asked_for() {
    for column in ["bigint identity", "bigint serial"] {
        let url = server::postgres().database().await;
        let origin = format!("create table t {{ id: {}, k: integer }}", column.replace("bigint", "integer"));
        let drafts =
            vec![("origin", written::draft(&origin)), ("change", written::draft("alter table t { alter id type bigint; }"))];
        let history = compiled::drafts("rows", Database::Postgres, drafts);
        migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{error}"));
        shell::run(&url, "SELECT setval('t_id_seq', 3000000000)").await;
        let refused = migrate_live_tests::downgrade(&url, &history, "origin").await.expect_err("it is beyond").to_string();
        assert!(refused.contains("1 sequence") && refused.contains("t_id_seq"), "{refused}");
        shell::run(&url, "SELECT setval('t_id_seq', 5)").await;
        migrate_live_tests::downgrade(&url, &history, "origin").await.unwrap_or_else(|error| panic!("{error}"));
    }
}

/// SQLite takes every value in every column, so what PostgreSQL refuses is refused by the copy.
#[tokio::test]
async fn what_is_too_large_stops_an_upgrade_on_both() {
    let cases = [
        ("bigint", "smallint", "40000"),
        ("bigint", "integer", "3000000000"),
        ("decimal(12, 4)", "decimal(6, 4)", "123.5"),
        ("double", "smallint", "32767.5"),
        ("double", "bigint", "1e19"),
        ("integer", "decimal(4, 2)", "100"),
        ("text", "varchar(3)", "'abcd'"),
        ("text", "varchar(3)", "'abc  '"),
        ("varchar(9)", "char(3)", "'abcd'"),
    ];
    for (from, to, value) in cases {
        let origin = format!("create table t {{ k: integer, a: {from}? }}").leak();
        for &database in Database::ALL {
            let file = sqlite::file();
            let url = url(database, &file).await;
            let change = format!("alter table t {{ alter a type {to} irreversible \"tested\"; }}");
            let drafts = vec![("origin", written::draft(origin)), ("change", written::draft(&change))];
            let history = compiled::drafts("rows", database, drafts);
            migrate_runtime::upgrade(&url, &history, "origin").await.unwrap_or_else(|error| panic!("{error}"));
            shell::run(&url, &format!("INSERT INTO t VALUES (1, {value})")).await;
            let before = Snapshot::take(&url).await;
            let outcome = migrate_runtime::upgrade(&url, &history, "head").await;
            assert!(outcome.is_err(), "{value} as {to} on {database}");
            assert_eq!(before, Snapshot::take(&url).await, "{value} as {to} on {database}");
        }
    }
}

/// Of a text that only its type can read, the database's own error is the refusal.
#[tokio::test]
async fn a_guard_that_fails_names_the_migration_the_table_and_the_question() {
    let url = server::postgres().database().await;
    let change = "alter table t { alter a type text undo { alter a type json using a::json; }; }";
    let drafts = vec![("origin", written::draft("create table t { a: json? }")), ("change", written::draft(change))];
    let history = compiled::drafts("rows", Database::Postgres, drafts);
    migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{error}"));
    shell::run(&url, "INSERT INTO t VALUES ('{}'), ('no json')").await;
    let before = Snapshot::take(&url).await;
    let refused = migrate_live_tests::downgrade(&url, &history, "origin").await.expect_err("it is no json").to_string();
    for word in ["`change`", "`t.a`", "`json`", "nothing was changed", "invalid input syntax for type json"] {
        assert!(refused.contains(word), "{word}: {refused}");
    }
    assert_eq!(before, Snapshot::take(&url).await);
}
