//! The state after a failure, and its message.

use migrate_live_tests::history::{history, migration, table};
use migrate_live_tests::shell::{ask, run, tables};
use migrate_runtime::{Error, LineColumn, downgrade, upgrade};

use super::Both;

#[tokio::test]
async fn a_failing_statement_leaves_everything_as_it_was() {
    let broken = migration("broken", &["a"]).up(&["CREATE TABLE kept (n integer)", "CREATE TABLE\n  a (n integer)"]);
    let history = history([table("a", &[]), broken]);
    let both = Both::new().await;
    for url in both.urls() {
        let error = upgrade(&url, &history, "head").await.unwrap_err();
        assert!(!error.is_usage());
        let text = error.to_string();
        assert!(text.starts_with("the upgrade of `broken` failed at statement 2 of 2: "), "{text}");
        assert!(text.contains("already exists") && text.contains("    CREATE TABLE\n      a (n integer)"), "{text}");
        assert!(text.ends_with("rolled back, so the database is unchanged"), "{text}");
        assert_eq!(tables(&url).await, ["a"]);
        assert_eq!(ask(&url, "SELECT revision FROM migrate_ledger").await, ["a"]);
        let journal = ask(&url, "SELECT detail FROM migrate_journal WHERE event = 'failed' AND revision = 'broken'").await;
        assert!(journal.len() == 1 && journal[0].starts_with("statement 2 of 2: "), "{journal:?}");
    }
}

#[tokio::test]
async fn the_servers_position_is_a_line_and_a_column() {
    let history = history([migration("typo", &[]).up(&["CREATE TABLE t (\n  n intger\n)"])]);
    let url = migrate_live_tests::server::postgres().database().await;
    let error = upgrade(&url, &history, "head").await.unwrap_err();
    let Error::Statement(error) = error else { panic!("{error}") };
    assert_eq!(error.cause.code.as_deref(), Some("42704"));
    assert_eq!(error.cause.line_column(&error.sql), Some(LineColumn { line: 2, column: 5 }));
    assert!(error.to_string().contains("\nat line 2, column 5 of the statement\n"), "{error}");
    assert_eq!(error.operation, r#"sql "CREATE TABLE t (\n  n intger\n)";"#);
}

#[tokio::test]
async fn a_commit_that_is_refused_is_a_failure_too() {
    let deferred = "CREATE TABLE child (n integer REFERENCES parent (n) DEFERRABLE INITIALLY DEFERRED)";
    let make = migration("make", &[]).up(&["CREATE TABLE parent (n integer PRIMARY KEY)", deferred]);
    let fill = migration("fill", &["make"]).up(&["INSERT INTO child VALUES (7)"]);
    let history = history([make, fill]);
    let both = Both::new().await;
    for url in both.urls() {
        let error = upgrade(&url, &history, "head").await.unwrap_err();
        assert!(error.to_string().contains("`fill` failed at its COMMIT"), "{error}");
        assert_eq!(ask(&url, "SELECT count(*) FROM child").await, ["0"]);
        assert_eq!(ask(&url, "SELECT revision FROM migrate_ledger").await, ["make"]);
    }
}

#[tokio::test]
async fn guards_refuse_before_anything_is_touched_and_all_at_once() {
    let guarded = table("a", &[])
        .guard("SELECT count(*) FROM a WHERE n > 1", "rows of `a` are too large")
        .guard("SELECT count(*) FROM a WHERE n < 0", "rows of `a` are negative")
        .guard("SELECT count(*) FROM a WHERE n = 5", "rows of `a` are five");
    let history = history([guarded]);
    let both = Both::new().await;
    for url in both.urls() {
        upgrade(&url, &history, "head").await.unwrap();
        run(&url, "INSERT INTO a VALUES (2), (3), (-1)").await;
        let error = downgrade(&url, &history, "base").await.unwrap_err();
        let text = error.to_string();
        assert!(text.contains("\n    2 rows of `a` are too large\n    1 row of `a` are negative\n"), "{text}");
        assert!(!text.contains("five"), "{text}");
        assert_eq!(ask(&url, "SELECT count(*) FROM a").await, ["3"]);
        run(&url, "DELETE FROM a WHERE n <> 0").await;
        downgrade(&url, &history, "base").await.unwrap();
    }
}

#[tokio::test]
async fn a_migration_that_ends_its_transaction_is_told_so() {
    let history = history([migration("ends", &[]).up(&["CREATE TABLE t (n integer)", "COMMIT"])]);
    let both = Both::new().await;
    for url in both.urls() {
        let error = upgrade(&url, &history, "head").await.unwrap_err();
        assert!(matches!(error, Error::TransactionEnded { .. }), "{error}");
        assert_eq!(ask(&url, "SELECT count(*) FROM migrate_ledger").await, ["0"]);
    }
}
