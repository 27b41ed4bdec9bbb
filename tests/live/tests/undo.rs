//! What was written about a downgrade, on both databases and with rows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::{Database, History};
use migrate_live_tests::snapshot::Snapshot;
use migrate_live_tests::{compiled, server, shell, sqlite, written};

/// A database with two migrations and rows between them, upgraded to the second.
struct Upgraded {
    url: String,
    history: History,
    before: Snapshot,
    _file: sqlite::File,
}

async fn upgraded(database: Database, origin: &str, rows: &str, change: &str) -> Upgraded {
    let file = sqlite::file();
    let url = match database {
        Database::Postgres => server::postgres().database().await,
        Database::Sqlite => file.url(),
    };
    let drafts = vec![("origin", written::draft(origin)), ("change", written::draft(change))];
    let history = compiled::drafts("undo", database, drafts);
    let told = |error| panic!("{change} on {database}: {error}");
    migrate_runtime::upgrade(&url, &history, "origin").await.unwrap_or_else(told);
    shell::run(&url, rows).await;
    let before = Snapshot::take(&url).await;
    migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(told);
    Upgraded { url, history, before, _file: file }
}

/// Down with the rows there, and the schema as it was; then up and down again. The answer to a question after that.
async fn back(upgraded: &Upgraded, question: &str) -> Vec<String> {
    let Upgraded { url, history, before, .. } = upgraded;
    for _ in 0..2 {
        migrate_live_tests::downgrade(url, history, "origin").await.unwrap_or_else(|error| panic!("{url}: {error}"));
        assert_eq!(before.schema, Snapshot::take(url).await.schema, "{url}");
        migrate_runtime::upgrade(url, history, "head").await.unwrap_or_else(|error| panic!("{url}: {error}"));
    }
    migrate_live_tests::downgrade(url, history, "origin").await.unwrap_or_else(|error| panic!("{url}: {error}"));
    shell::ask(url, question).await
}

#[tokio::test]
async fn every_row_gets_the_value_and_the_own_default_comes_back() {
    let origin = "create table t { id: bigint primary key, a: text, b: integer default 7, c: text? default \"own\", d: boolean }";
    let rows = "INSERT INTO t VALUES (1, 'x', 1, 'y', true), (2, 'z', 2, NULL, false)";
    let change =
        "alter table t { drop a undo default \"\"; drop b undo default 1; drop c undo default null; drop d undo default true; }";
    for &database in Database::ALL {
        let upgraded = upgraded(database, origin, rows, change).await;
        let kept = back(&upgraded, "SELECT a, b, c, CASE WHEN d THEN 'yes' END FROM t ORDER BY id").await;
        assert_eq!(kept, ["|1|NULL|yes", "|1|NULL|yes"], "{database}");
        shell::run(&upgraded.url, "INSERT INTO t (id, a, d) VALUES (3, 'new', false)").await;
        let new = shell::ask(&upgraded.url, "SELECT a, b, c FROM t WHERE id = 3").await;
        assert_eq!(new, ["new|7|own"], "{database}");
        let missing = shell::try_ask(&upgraded.url, "INSERT INTO t (id, d) VALUES (4, true)").await;
        assert!(missing.is_err(), "{database}: a value is required again");
    }
}

#[tokio::test]
async fn a_value_may_be_another_one_in_each_row() {
    let origin = "create table t { id: bigint primary key, key: uuid unique, at: timestamptz, day: date }";
    let key = |digit: &str| format!("'0000000{digit}-0000-0000-0000-000000000000'");
    let moment = "'2024-05-01 00:00:00+00:00', '2024-05-01'";
    let rows = format!("INSERT INTO t VALUES (1, {}, {moment}), (2, {}, {moment})", key("1"), key("2"));
    let change = "alter table t {
        drop constraint t_key_key;
        drop key undo default uuid(); drop at undo default now(); drop day undo default current_date;
    }";
    for &database in Database::ALL {
        let rows = if database == Database::Sqlite { rows.replace("+00:00", "") } else { rows.clone() };
        let upgraded = upgraded(database, origin, &rows, change).await;
        let question = "SELECT CAST(count(DISTINCT key) AS text), CAST(count(at) AS text), CAST(count(day) AS text) FROM t";
        assert_eq!(back(&upgraded, question).await, ["2|2|2"], "{database}");
    }
}

#[tokio::test]
async fn a_constraint_that_comes_back_with_its_column_is_asked_for_the_value() {
    let origin = "
        create table p { id: bigint primary key }
        create table t { id: bigint primary key, p: bigint references p, code: text unique, check (p < 100) }
    ";
    let rows = "INSERT INTO p VALUES (1); INSERT INTO t VALUES (1, 1, 'a')";
    let change = |p: &str| {
        format!(
            "alter table t {{
                drop constraint t_p_fkey; drop constraint t_code_key; drop constraint t_p_check;
                drop p undo default {p}; drop code undo default \"x\";
            }}"
        )
    };
    for &database in Database::ALL {
        let fits = upgraded(database, origin, rows, &change("1")).await;
        assert_eq!(back(&fits, "SELECT CAST(p AS text), code FROM t").await, ["1|x"], "{database}");
        let fits = upgraded(database, origin, rows, &change("1")).await;
        shell::run(&fits.url, "INSERT INTO t VALUES (2)").await;
        let twice = migrate_live_tests::downgrade(&fits.url, &fits.history, "origin").await.expect_err("two rows have the code");
        assert!(twice.to_string().contains("code"), "{database}: {twice}");
        for wrong in ["7", "100"] {
            let refused = upgraded(database, origin, rows, &change(wrong)).await;
            let before = Snapshot::take(&refused.url).await;
            let error = migrate_live_tests::downgrade(&refused.url, &refused.history, "origin").await.expect_err(wrong);
            assert!(error.to_string().contains("refused") || error.to_string().contains('p'), "{database}: {error}");
            assert_eq!(before.rows, Snapshot::take(&refused.url).await.rows, "{database}: nothing was touched");
        }
    }
}

#[tokio::test]
async fn a_column_that_became_nullable_and_went_comes_back_with_values() {
    let origin = "create table t { id: bigint primary key, a: text }";
    let change = "alter table t { alter a drop not null; drop a undo default \"none\"; }";
    for &database in Database::ALL {
        let upgraded = upgraded(database, origin, "INSERT INTO t VALUES (1, 'x')", change).await;
        assert_eq!(back(&upgraded, "SELECT a FROM t").await, ["none"], "{database}");
    }
}

#[tokio::test]
async fn a_whole_block_is_undone_by_statements_of_any_kind() {
    let origin = "create table t { id: bigint primary key, name: text, note: text? } create index by_name on t (name);";
    let change = "alter table t { rename name to title; drop note; add size: integer default 1; } undo {
        drop index by_name;
        alter table t { drop size; rename title to name; add note: text?; }
        create index by_name on t (name);
        create table notes { id: bigint }
        sql \"INSERT INTO notes VALUES (1)\" as nothing;
        drop table notes;
    }";
    for &database in Database::ALL {
        let upgraded = upgraded(database, origin, "INSERT INTO t VALUES (1, 'x', 'y')", change).await;
        assert_eq!(back(&upgraded, "SELECT name, note FROM t").await, ["x|NULL"], "{database}");
    }
}

/// SQLite cannot rename a column whose integer primary key is written after a unique constraint over it.
#[tokio::test]
async fn a_key_that_is_unique_once_more_is_renamed_and_back() {
    for &database in Database::ALL {
        let origin = "create table t { id: integer, unique (id), primary key (id) }";
        let upgraded = upgraded(database, origin, "INSERT INTO t VALUES (7)", "alter table t { rename id to k; }").await;
        assert_eq!(back(&upgraded, "SELECT id FROM t").await, ["7"]);
    }
}
