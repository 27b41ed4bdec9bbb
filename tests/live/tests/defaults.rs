//! Defaults of SQLite that are worked out for each row: they are what PostgreSQL's are.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::collections::BTreeSet;

use migrate_history::Database;
use migrate_live_tests::{compiled, shell, sqlite, written};

/// How many rows are written.
const ROWS: usize = 1000;

const TABLE: &str = "create table t { k: integer, a: uuid default uuid(), b: uuid default gen_random_uuid() }";

#[tokio::test]
async fn every_uuid_is_a_random_one_of_version_4() {
    let file = sqlite::file();
    let history = compiled::history("defaults", Database::Sqlite, vec![("origin", written::statements(TABLE))]);
    migrate_runtime::upgrade(&file.url(), &history, "head").await.expect("a table");
    let numbers = format!("WITH RECURSIVE n (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < {ROWS})");
    shell::run(&file.url(), &format!("{numbers} INSERT INTO t (k) SELECT k FROM n")).await;
    let found = shell::ask(&file.url(), "SELECT hex(a) FROM t UNION ALL SELECT hex(b) FROM t").await;
    let (mut versions, mut variants) = (BTreeSet::new(), BTreeSet::new());
    for uuid in &found {
        assert_eq!(uuid.len(), 32, "{uuid}");
        versions.insert(&uuid[12..13]);
        variants.insert(&uuid[16..18]);
    }
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), 2 * ROWS, "none is there twice");
    assert_eq!(versions.into_iter().collect::<String>(), "4");
    assert!(variants.iter().all(|byte| ("80"..="BF").contains(byte)), "{variants:?}");
    assert!(variants.len() > 32, "the other bits of the byte are random: {variants:?}");
    let kinds = shell::ask(&file.url(), "SELECT DISTINCT typeof(a) || length(a) || typeof(b) || length(b) FROM t").await;
    assert_eq!(kinds, ["blob16blob16"]);
}

/// The current moment in every type that has a part of it, and the form in which the type is kept.
#[tokio::test]
async fn the_current_moment_is_a_short_default_of_every_type() {
    let (day, clock) = ("[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]", "[0-9][0-9]:[0-9][0-9]:[0-9][0-9]");
    let cases = [
        ("date", "now()", day.to_owned()),
        ("date", "now()::date", day.to_owned()),
        ("date", "current_date", day.to_owned()),
        ("time", "current_time", format!("{clock}*")),
        ("timestamp", "now()", format!("{day} {clock}.*")),
        ("timestamp", "current_timestamp", format!("{day} {clock}.*")),
        ("timestamp", "current_date", format!("{day} 00:00:00")),
        ("timestamptz", "now()", format!("{day}T{clock}.*+00:00")),
        ("timestamptz", "current_date", format!("{day}T00:00:00+00:00")),
    ];
    for (ty, default, form) in cases {
        let file = sqlite::file();
        let table = written::statements(&format!("create table t {{ k: integer, c: {ty} default {default} }}"));
        let history = compiled::history("defaults", Database::Sqlite, vec![("origin", table)]);
        migrate_runtime::upgrade(&file.url(), &history, "head").await.expect("a table");
        shell::run(&file.url(), "INSERT INTO t (k) VALUES (1)").await;
        let kept = shell::ask(&file.url(), &format!("SELECT c FROM t WHERE c GLOB '{form}'")).await;
        assert_eq!(kept.len(), 1, "{ty} default {default}: {:?}", shell::ask(&file.url(), "SELECT c FROM t").await);
        let text = shell::ask(&file.url(), "SELECT dflt_value FROM pragma_table_info('t') WHERE name = 'c'").await;
        assert!(text[0].len() < 60, "{ty} default {default}: {text:?}");
    }
}
