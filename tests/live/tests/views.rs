//! Views and triggers on SQLite, which resolve their names only when they are used: a table that is rebuilt or dropped under
//! them stops the step where that would break one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::{Database, History};
use migrate_live_tests::snapshot::Snapshot;
use migrate_live_tests::{compiled, shell, sqlite, written};

const ORIGIN: &str = "create table t { a: integer, b: integer? } create table log { a: integer? }";

/// Views and triggers, a change, and what the refusal names; nothing where the change is done.
const CASES: &[(&str, &str, Option<&str>)] = &[
    (
        "CREATE VIEW v AS SELECT a, b FROM t",
        "alter table t { drop b; alter a type text irreversible \"tested\"; }",
        Some("view v"),
    ),
    ("CREATE VIEW v AS SELECT a FROM t", "alter table t { drop b; alter a type text irreversible \"tested\"; }", None),
    ("CREATE VIEW v AS SELECT * FROM t", "alter table t { drop b; alter a type text irreversible \"tested\"; }", None),
    ("CREATE VIEW \"my view\" AS SELECT a FROM t", "drop table t;", Some("view my view")),
    ("CREATE VIEW v AS SELECT a FROM log", "drop table t;", None),
    (
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.b); END",
        "alter table t { drop b; alter a type text irreversible \"tested\"; }",
        Some("trigger g"),
    ),
    (
        "CREATE TRIGGER g AFTER INSERT ON log BEGIN UPDATE t SET b = 1; END",
        "alter table t { drop b; alter a type text irreversible \"tested\"; }",
        Some("a trigger of log"),
    ),
    (
        "CREATE TRIGGER g AFTER INSERT ON log BEGIN UPDATE t SET a = 1; END",
        "alter table t { drop b; alter a type text irreversible \"tested\"; }",
        None,
    ),
    // What was broken before is not the migration's business.
    ("CREATE VIEW broken AS SELECT c FROM t", "alter table t { alter a type text irreversible \"tested\"; }", None),
    // What the migration itself creates again is complete at the end of its step.
    (
        "CREATE VIEW v AS SELECT a, b FROM t",
        "alter table t { alter a type text irreversible \"tested\"; drop b; } sql \"DROP VIEW v\" as nothing undo nothing;",
        None,
    ),
];

fn history(change: &str) -> History {
    let drafts = vec![("origin", written::draft(ORIGIN)), ("change", written::draft(change))];
    compiled::drafts("views", Database::Sqlite, drafts)
}

#[tokio::test]
async fn a_change_that_breaks_a_view_or_trigger_is_rolled_back() {
    for (object, change, named) in CASES {
        let (file, history) = (sqlite::file(), history(&change.replace("undo nothing", "undo \"SELECT 1\"")));
        migrate_runtime::upgrade(&file.url(), &history, "origin").await.expect("two tables");
        shell::run(&file.url(), object).await;
        let before = Snapshot::take(&file.url()).await;
        let outcome = migrate_runtime::upgrade(&file.url(), &history, "head").await;
        match (outcome, named) {
            (Ok(_), None) => {}
            (Err(error), Some(named)) => {
                assert!(error.to_string().contains(&format!("error in {named}: ")), "{object}\n{error}");
                assert_eq!(before, Snapshot::take(&file.url()).await, "{object}");
            }
            (Ok(_), Some(_)) => panic!("{object} is broken by {change}"),
            (Err(error), None) => panic!("{object} is not broken by {change}: {error}"),
        }
    }
}
