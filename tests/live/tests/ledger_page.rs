//! The chapter "The ledger's tables" of the book has the columns that a run creates.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::Database;
use migrate_live_tests::history::three;
use migrate_live_tests::server::postgres;
use migrate_live_tests::shell::ask;
use migrate_live_tests::{compiled, sqlite, written};
use migrate_runtime::upgrade;

const PAGE: &str = include_str!("../../../docs/src/ledger-tables.md");

const TABLES: [&str; 4] = ["migrate_ledger", "migrate_journal", "migrate_format", "migrate_kept"];

/// Each column of a table in the page: its name, its type on PostgreSQL and on SQLite, and whether it may be null.
fn described(table: &str) -> Vec<[&'static str; 4]> {
    let section = PAGE.split_once(&format!("\n## `{table}`\n")).unwrap().1;
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let cells = |line: &'static str| line.split('|').map(|cell| cell.trim().trim_matches('`')).skip(1).take(4);
    rows.map(|line| cells(line).collect::<Vec<_>>().try_into().unwrap()).collect()
}

#[tokio::test]
async fn the_page_has_every_column_on_both_databases() {
    let (server, file) = (postgres().database().await, sqlite::file());
    for (url, database) in [(&server, Database::Postgres), (&file.url(), Database::Sqlite)] {
        upgrade(url, &three(), "head").await.unwrap();
        let statements = "create table users { id: integer, note: text? } alter table users { drop note keep data; }";
        let kept = compiled::drafts("keep", database, vec![("keep", written::draft(statements))]);
        upgrade(url, &kept, "head").await.unwrap();
    }
    for table in TABLES {
        let described = described(table);
        let on_postgres = format!(
            "SELECT attname, replace(format_type(atttypid, atttypmod), 'timestamp with time zone', 'timestamptz'), \
             CASE WHEN attnotnull THEN 'no' ELSE 'yes' END \
             FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 ORDER BY attnum"
        );
        let expected: Vec<String> = described.iter().map(|[name, ty, _, null]| format!("{name}|{ty}|{null}")).collect();
        assert_eq!(ask(&server, &on_postgres).await, expected, "{table} on PostgreSQL");
        let on_sqlite = format!(
            "SELECT name, upper(type), CASE WHEN \"notnull\" OR pk THEN 'no' ELSE 'yes' END FROM pragma_table_info('{table}') ORDER BY cid"
        );
        let expected: Vec<String> = described.iter().map(|[name, _, ty, null]| format!("{name}|{ty}|{null}")).collect();
        assert_eq!(ask(&file.url(), &on_sqlite).await, expected, "{table} on SQLite");
    }
}
