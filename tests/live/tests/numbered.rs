//! Columns that are numbered from now on, otherwise than before, or no more, and what else PostgreSQL can do to a table: each
//! goes up, down and up again, and the numbers go on after the highest one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::collections::BTreeSet;

use migrate_history::{Database, History};
use migrate_live_tests::snapshot::Snapshot;
use migrate_live_tests::{compiled, server, shell, sqlite, written};

fn history(database: Database, origin: &str, change: &str) -> History {
    compiled::drafts("numbered", database, vec![("origin", written::draft(origin)), ("change", written::draft(change))])
}

async fn upgrade(url: &str, history: &History, target: &str) {
    migrate_runtime::upgrade(url, history, target).await.unwrap_or_else(|error| panic!("{error}"));
}

async fn downgrade(url: &str, history: &History) {
    migrate_live_tests::downgrade(url, history, "origin").await.unwrap_or_else(|error| panic!("{error}"));
}

/// What the database knows of its schema.
async fn schema(url: &str) -> BTreeSet<Vec<String>> {
    Snapshot::take(url).await.schema
}

/// A column before and after a change, and whether the database numbers a row then.
const COLUMNS: &[(&str, &str, bool, bool)] = &[
    ("integer serial", "alter n type integer", true, false),
    ("bigint serial", "alter n drop identity", true, false),
    ("integer serial", "alter n add identity", true, true),
    ("integer serial as counting default nextval(counting)", "alter n add identity always", true, true),
    ("integer serial as counting", "alter n type integer", false, false),
    ("bigint", "alter n add identity", false, true),
    ("smallint", "alter n add serial", false, true),
    ("integer", "alter n add identity always as counting", false, true),
    ("integer identity", "alter n drop identity", true, false),
    ("bigint identity as counting", "alter n add serial", true, true),
    ("bigint identity", "alter n add identity always", true, true),
    ("bigint identity always", "alter n add identity", true, true),
];

/// One row more, and its number, where the column is numbered; where not, the highest number and one.
async fn add(url: &str, is_numbered: bool) -> i64 {
    if is_numbered {
        shell::run(url, "INSERT INTO t (a) VALUES ('x')").await;
    } else {
        shell::run(url, "INSERT INTO t (a, n) SELECT 'x', coalesce(max(n), 0) + 1 FROM t").await;
    }
    let highest = shell::ask(url, "SELECT CAST(max(n) AS text) FROM t").await;
    highest[0].parse().unwrap_or(0)
}

#[tokio::test]
async fn numbers_go_on_after_the_highest_one() {
    for (column, change, before, after) in COLUMNS {
        let url = server::postgres().database().await;
        let origin = format!("create table t {{ n: {column}, a: text }}");
        let history = history(Database::Postgres, &origin, &format!("alter table t {{ {change}; }}"));
        upgrade(&url, &history, "origin").await;
        let first = schema(&url).await;
        let mut expected = 0;
        for (round, numbered) in [*before, *after, *before, *after].into_iter().enumerate() {
            match round {
                0 => {}
                2 => {
                    downgrade(&url, &history).await;
                    assert_eq!(schema(&url).await, first, "{column}: {change}");
                }
                _ => upgrade(&url, &history, "head").await,
            }
            for _ in 0..2 {
                expected += 1;
                assert_eq!(add(&url, numbered).await, expected, "{column}: {change}");
            }
        }
    }
}

#[tokio::test]
async fn a_primary_key_of_sqlite_is_numbered_and_no_more() {
    for (column, change) in [("bigint", "alter n add identity"), ("bigint identity", "alter n drop identity")] {
        let file = sqlite::file();
        let origin = format!("create table t {{ n: {column} primary key, a: text }}");
        let history = history(Database::Sqlite, &origin, &format!("alter table t {{ {change}; }}"));
        upgrade(&file.url(), &history, "origin").await;
        for step in 1..=3 {
            assert_eq!(add(&file.url(), step % 2 == i64::from(column.contains("identity"))).await, step, "{change}");
            match step {
                1 => upgrade(&file.url(), &history, "head").await,
                _ => downgrade(&file.url(), &history).await,
            }
            if step == 2 {
                assert_eq!(shell::ask(&file.url(), "SELECT count(*) || '' FROM t").await, ["2"]);
            }
        }
    }
}

#[tokio::test]
async fn some_columns_of_a_foreign_key_are_set() {
    let url = server::postgres().database().await;
    let origin = "create table tenants { id: integer, part: integer, primary key (id, part) }
        create table t { id: integer, part: integer?, other: integer default 9 }";
    let change = "alter table t { add foreign key (id, part) references tenants on delete set null (part); }
        alter table t { comment \"It's here.\"; }
        alter table t { add again: foreign key (id, other) references tenants on delete set default (other); }";
    let history = history(Database::Postgres, origin, change);
    upgrade(&url, &history, "origin").await;
    let first = schema(&url).await;
    shell::run(&url, "INSERT INTO tenants VALUES (1, 2), (1, 9); INSERT INTO t VALUES (1, 2, 9)").await;
    upgrade(&url, &history, "head").await;
    shell::run(&url, "DELETE FROM tenants WHERE part = 2").await;
    assert_eq!(shell::ask(&url, "SELECT id::text, part::text, other::text FROM t").await, ["1|NULL|9"]);
    assert_eq!(shell::ask(&url, "SELECT obj_description('t'::regclass)").await, ["It's here."]);
    downgrade(&url, &history).await;
    assert_eq!(schema(&url).await, first);
}

#[tokio::test]
async fn a_key_may_be_there_twice_where_that_is_accepted() {
    let url = server::postgres().database().await;
    let origin = "create table t { a: integer, unique (a) } create index on t (a);";
    let change = "#[allow(duplicate_key, reason = \"as it is in production\")] alter table t { add again: unique (a); }
        #[allow(duplicate_key, reason = \"as it is in production\")] create index more on t (a);";
    let history = history(Database::Postgres, origin, change);
    upgrade(&url, &history, "origin").await;
    let first = schema(&url).await;
    upgrade(&url, &history, "head").await;
    downgrade(&url, &history).await;
    assert_eq!(schema(&url).await, first);
}

#[tokio::test]
async fn moments_change_their_type_in_utc_and_back() {
    let origin = "create table t { n: integer primary key, at: timestamp, moved_at: timestamptz }";
    let change = "alter table t { alter at type timestamptz using at at time zone \"UTC\";
        alter moved_at type timestamp using moved_at at time zone \"UTC\"; }";
    let rows =
        |t: &str, zone: &str| format!("INSERT INTO t VALUES (1, '2024-03-31 02:30:00.123456', '2024-10-27{t}00:30:00{zone}')");
    for &database in Database::ALL {
        let (file, postgres) = (sqlite::file(), server::postgres().database().await);
        let (url, rows) = match database {
            Database::Postgres => (postgres, rows(" ", "+00")),
            Database::Sqlite => (file.url(), rows("T", "+00:00")),
        };
        let history = history(database, origin, change);
        assert_eq!(history.migrations[1].compiled().level, migrate_history::Level::Exact);
        upgrade(&url, &history, "origin").await;
        shell::run(&url, &rows).await;
        let ask = "SELECT CAST(at AS text), CAST(moved_at AS text) FROM t";
        let before = shell::ask(&url, ask).await;
        upgrade(&url, &history, "head").await;
        let after = shell::ask(&url, ask).await;
        assert!(after[0].starts_with("2024-03-31") && after[0].contains("02:30:00.123456+00"), "{after:?}");
        downgrade(&url, &history).await;
        assert_eq!(shell::ask(&url, ask).await, before);
    }
}
