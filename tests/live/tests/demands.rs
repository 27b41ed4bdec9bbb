//! Each demand of a downgrade on the rows, asked on both databases with rows that satisfy it and with rows that do not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::Database;
use migrate_live_tests::snapshot::Snapshot;
use migrate_live_tests::{compiled, server, shell, sqlite, written};
use migrate_runtime::Error;

/// A change whose downgrade demands something of the rows.
struct Demand {
    origin: &'static str,
    change: &'static str,
    /// Rows that come after the upgrade and satisfy it, in SQL that both databases read.
    fits: &'static str,
    /// One row that does not.
    misfit: &'static str,
}

const fn demand(origin: &'static str, change: &'static str, fits: &'static str, misfit: &'static str) -> Demand {
    Demand { origin, change, fits, misfit }
}

const T: &str = "create table t { k: integer, a: integer }";

const DEMANDS: &[Demand] = &[
    // Not null.
    demand(T, "alter table t { alter a drop not null; }", "INSERT INTO t VALUES (1, 2)", "INSERT INTO t VALUES (2, NULL)"),
    demand(
        T,
        "alter table t { alter a drop not null; rename a to b; }",
        "INSERT INTO t VALUES (1, 2)",
        "INSERT INTO t VALUES (2, NULL)",
    ),
    // A condition.
    demand(
        "create table t { k: integer, a: integer, sane: check (a > 0) }",
        "alter table t { drop constraint sane; alter a type bigint; rename a to b; }",
        "INSERT INTO t VALUES (1, 2)",
        "INSERT INTO t VALUES (2, -2)",
    ),
    // Distinct values, of a constraint and of an index.
    demand(
        "create table t { k: integer, a: integer unique }",
        "alter table t { drop constraint t_a_key; }",
        "INSERT INTO t VALUES (1, 2), (2, 3)",
        "INSERT INTO t VALUES (3, 3)",
    ),
    demand(
        "create table t { k: integer, a: text? } create unique index on t (lower(a)) where k > 0;",
        "drop index t_lower_idx;",
        "INSERT INTO t VALUES (1, 'x'), (0, 'X'), (2, NULL), (3, NULL)",
        "INSERT INTO t VALUES (4, 'X')",
    ),
    demand(
        "create table t { k: integer, a: integer, primary key (k, a) }",
        "alter table t { drop constraint t_pkey; }",
        "INSERT INTO t VALUES (1, 2), (1, 3)",
        "INSERT INTO t VALUES (1, 3)",
    ),
    // Rows that are referred to, by columns with other names, and rows of a table that comes back empty.
    demand(
        "create table p { id: integer primary key } create table t { k: integer, a: integer? references p }",
        "alter table t { drop constraint t_a_fkey; rename a to b; } alter table p { rename id to key; }",
        "INSERT INTO p VALUES (7); INSERT INTO t VALUES (1, 7), (2, NULL)",
        "INSERT INTO t VALUES (3, 8)",
    ),
    demand(
        "create table p { id: integer primary key } create table t { k: integer, a: integer? references p }",
        "alter table t { drop constraint t_a_fkey; } drop table p;",
        "INSERT INTO t VALUES (1, NULL)",
        "INSERT INTO t VALUES (3, 8)",
    ),
    // Values that come back from a type.
    demand(
        T,
        "alter table t { alter a type bigint; }",
        "INSERT INTO t VALUES (1, 2147483647)",
        "INSERT INTO t VALUES (2, 2147483648)",
    ),
    demand(T, "alter table t { alter a type double; }", "INSERT INTO t VALUES (1, 3.0)", "INSERT INTO t VALUES (2, 3.5)"),
    demand(T, "alter table t { alter a type decimal(12, 2); }", "INSERT INTO t VALUES (1, 3)", "INSERT INTO t VALUES (2, 3.25)"),
    demand(
        "create table t { k: integer, a: varchar(3) }",
        "alter table t { alter a type text; }",
        "INSERT INTO t VALUES (1, 'abc')",
        "INSERT INTO t VALUES (2, 'ab  ')",
    ),
    demand(
        "create table t { k: integer, a: char(3) }",
        "alter table t { alter a type text; }",
        "INSERT INTO t VALUES (1, 'abc')",
        "INSERT INTO t VALUES (2, 'a ')",
    ),
    demand(
        "create table t { k: integer, a: date }",
        "alter table t { alter a type timestamp; }",
        "INSERT INTO t VALUES (1, '2024-05-01 00:00:00')",
        "INSERT INTO t VALUES (2, '2024-05-01 00:00:00.5')",
    ),
    demand(
        "create table t { k: integer, a: boolean }",
        "alter table t { alter a type text undo { alter a type boolean using a::boolean; }; }",
        "INSERT INTO t VALUES (1, 'true')",
        "INSERT INTO t VALUES (2, 'perhaps')",
    ),
    demand(
        "create table t { k: integer, a: date }",
        "alter table t { alter a type text undo { alter a type date using a::date; }; }",
        "INSERT INTO t VALUES (1, '2024-02-29')",
        "INSERT INTO t VALUES (2, '2023-02-29')",
    ),
    demand(
        "create table t { k: integer, a: timestamp }",
        "alter table t { alter a type text undo { alter a type timestamp using a::timestamp; }; }",
        "INSERT INTO t VALUES (1, '2024-02-29 10:30:00.25')",
        "INSERT INTO t VALUES (2, 'soon')",
    ),
    demand(
        "create table t { k: integer, a: decimal(6, 2) }",
        "alter table t { alter a type text undo { alter a type decimal(6, 2) using a::decimal(6, 2); }; }",
        "INSERT INTO t VALUES (1, '12.50')",
        "INSERT INTO t VALUES (2, '99999.50')",
    ),
    demand(
        "create table t { k: integer, a: double }",
        "alter table t { alter a type text undo { alter a type double using a::double; }; }",
        "INSERT INTO t VALUES (1, '0.1')",
        "INSERT INTO t VALUES (2, '1,5')",
    ),
    demand(
        "create table t { k: integer, a: bytes? }",
        "alter table t { alter a type text undo { alter a type bytes using a::bytes; }; }",
        "INSERT INTO t VALUES (1, NULL)",
        "INSERT INTO t VALUES (2, '\\q')",
    ),
    // What is demanded of the outcome of an expression.
    demand(
        "create table t { k: integer, a: integer unique }",
        "alter table t { alter a type text undo { alter a type integer using length(a); }; }",
        "INSERT INTO t VALUES (1, 'x'), (2, 'xx')",
        "INSERT INTO t VALUES (3, 'yy')",
    ),
];

async fn ask(demand: &Demand, database: Database) {
    let file = sqlite::file();
    let url = match database {
        Database::Postgres => server::postgres().database().await,
        Database::Sqlite => file.url(),
    };
    let told = format!("{} on {database}", demand.change);
    let drafts = vec![("origin", written::draft(demand.origin)), ("change", written::draft(demand.change))];
    let history = compiled::drafts("demands", database, drafts);
    migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{told}: {error}"));
    shell::run(&url, demand.fits).await;
    shell::run(&url, demand.misfit).await;
    let before = Snapshot::take(&url).await;
    match migrate_live_tests::downgrade(&url, &history, "origin").await {
        Err(Error::Refused { refusals, .. }) => {
            assert_eq!(refusals.iter().map(|one| one.rows).max(), Some(1), "{told}: {refusals:?}")
        }
        other => panic!("{told}: one row does not fit: {other:?}"),
    }
    assert_eq!(before, Snapshot::take(&url).await, "{told}: a refused downgrade touches nothing");
    shell::run(&url, "DELETE FROM t").await;
    if demand.origin.contains("create table p") && !demand.change.contains("drop table p") {
        shell::run(&url, "DELETE FROM p").await;
    }
    shell::run(&url, demand.fits).await;
    migrate_live_tests::downgrade(&url, &history, "origin")
        .await
        .unwrap_or_else(|error| panic!("{told}: every row fits: {error}"));
}

#[tokio::test]
async fn every_demand_is_asked_on_postgresql() {
    for demand in DEMANDS {
        ask(demand, Database::Postgres).await;
    }
}

#[tokio::test]
async fn every_demand_is_asked_on_sqlite() {
    for demand in DEMANDS {
        ask(demand, Database::Sqlite).await;
    }
}
