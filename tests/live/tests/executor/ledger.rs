//! What the ledger keeps, and what happens when it does not fit the code.

use migrate_history::plan::{Direction, PlanError};
use migrate_live_tests::history::{history, migration, table, three};
use migrate_live_tests::shell::{ask, run, tables};
use migrate_runtime::{Error, Migrator, RevisionState, current, downgrade, upgrade};

use super::Both;

#[tokio::test]
async fn an_applied_migration_that_was_edited_is_refused_naming_what_differs() {
    let before = history([table("a", &[]).operations(&["create table a { n: integer }", "drop table x;"])]);
    let now = history([table("a", &[]).operations(&["create table a { n: bigint }", "drop table x;"]), table("b", &["a"])]);
    let both = Both::new().await;
    for url in both.urls() {
        upgrade(&url, &before, "head").await.unwrap();
        let error = upgrade(&url, &now, "head").await.unwrap_err();
        let text = error.to_string();
        assert!(text.contains("\n  - create table a { n: integer }\n  + create table a { n: bigint }\n"), "{text}");
        assert!(!text.contains("drop table x"), "{text}");
        assert_eq!(tables(&url).await, ["a"]);
        assert_eq!(current(&url, &now).await.unwrap().revisions[0].state, RevisionState::Changed);
        downgrade(&url, &now, "base").await.unwrap();
        upgrade(&url, &now, "head").await.unwrap();
        assert_eq!(tables(&url).await, ["a", "b"]);
    }
}

#[tokio::test]
async fn an_older_program_can_say_what_is_applied_and_go_back_but_not_forward() {
    let (newer, older) = (three(), history([table("a", &[])]));
    let both = Both::new().await;
    for url in both.urls() {
        upgrade(&url, &newer, "head").await.unwrap();
        let error = upgrade(&url, &older, "head").await.unwrap_err();
        assert!(matches!(&error, Error::Plan(PlanError::Ahead { revisions }) if revisions == &["b", "c"]), "{error}");
        let found = current(&url, &older).await.unwrap();
        assert!(found.is_ahead());
        assert_eq!(found.heads, ["c"]);
        assert_eq!(found.revisions.iter().map(|one| one.state.word()).collect::<Vec<_>>(), ["applied", "unknown", "unknown"]);
        downgrade(&url, &older, "a").await.unwrap();
        assert_eq!(tables(&url).await, ["a"]);
    }
}

#[tokio::test]
async fn a_plan_has_the_notes_of_what_only_the_ledger_knows() {
    let (newer, older) = (history([table("a", &[]), table("b", &["a"]).notes(&["`c` is last"])]), history([table("a", &[])]));
    let both = Both::new().await;
    for url in both.urls() {
        upgrade(&url, &newer, "head").await.unwrap();
        let plan = Migrator::new(&older).plan(&url, Direction::Downgrade, "a").await.unwrap();
        assert_eq!(&*plan.migrations[0].notes, ["`c` is last"]);
        assert!(plan.migrations[0].stored);
    }
}

/// What a later version may have written into a row of this format.
#[tokio::test]
async fn what_this_version_does_not_read_is_kept_when_a_row_is_written_again() {
    let steps = |last: &str| migration("a", &[]).up(&["CREATE TABLE a (n integer)"]).up(&[last]).down(&["DROP TABLE b"]);
    let fails = || steps("CREATE TABLE b AS SELECT n FROM missing").down(&["DROP TABLE missing"]);
    let kept = "SELECT origin, compat, replaces, begun_at IS NULL, direction, step, steps FROM migrate_ledger";
    let both = Both::new().await;
    for url in both.urls() {
        let history = history([fails()]);
        upgrade(&url, &history, "head").await.unwrap_err();
        run(&url, r#"UPDATE migrate_ledger SET origin = 'squash', compat = 'x', replaces = '["x"]', begun_at = NULL"#).await;
        let yes = ask(&url, "SELECT begun_at IS NULL FROM migrate_ledger").await.concat();
        let row = |progress: &str| [format!(r#"squash|x|["x"]|{yes}|{progress}"#)];
        run(&url, "CREATE TABLE missing (n integer)").await;
        upgrade(&url, &history, "head").await.unwrap();
        assert_eq!(ask(&url, kept).await, row("upgrade|2|2"));
        run(&url, "DROP TABLE missing").await;
        downgrade(&url, &history, "base").await.unwrap_err();
        assert_eq!(ask(&url, kept).await, row("downgrade|1|2"));
    }
}

#[tokio::test]
async fn a_late_migration_is_refused() {
    let both = Both::new().await;
    let before = history([table("a", &[]), table("c", &["a"])]);
    let now = history([table("a", &[]), table("b", &["a"]), table("c", &["b"])]);
    for url in both.urls() {
        upgrade(&url, &before, "head").await.unwrap();
        let error = upgrade(&url, &now, "head").await.unwrap_err();
        assert!(error.to_string().contains("`b` comes before `c`, which is already applied"), "{error}");
    }
}

#[tokio::test]
async fn a_ledger_of_a_newer_version_is_listed_and_not_written() {
    let (both, history) = (Both::new().await, three());
    for url in both.urls() {
        upgrade(&url, &history, "a").await.unwrap();
        run(&url, "UPDATE migrate_format SET format = 3; ALTER TABLE migrate_ledger ADD COLUMN later text").await;
        for error in [upgrade(&url, &history, "head").await.unwrap_err(), downgrade(&url, &history, "base").await.unwrap_err()] {
            assert!(matches!(error, Error::NewerLedger { found: 3, known: 2 }), "{error}");
        }
        let found = current(&url, &history).await.unwrap();
        assert!(found.is_newer() && found.heads == ["a"]);
        assert_eq!(tables(&url).await, ["a"]);
    }
}

#[tokio::test]
async fn what_has_begun_goes_on_as_it_began() {
    let both = Both::new().await;
    let begun = history([migration("m", &[]).up(&["CREATE TABLE a (n integer)"]).up(&["INSERT INTO later VALUES (1)"])]);
    // The same migration, which another version cuts otherwise.
    let whole = history([migration("m", &[]).up(&["CREATE TABLE a (n integer)", "INSERT INTO later VALUES (2)"])]);
    for url in both.urls() {
        upgrade(&url, &begun, "head").await.unwrap_err();
        assert_eq!(ask(&url, "SELECT step, steps FROM migrate_ledger WHERE upgrade LIKE '%INSERT INTO later%'").await, ["1|2"]);
        run(&url, "CREATE TABLE later (n integer)").await;
        upgrade(&url, &whole, "head").await.unwrap();
        assert_eq!(ask(&url, "SELECT n FROM later").await, ["1"]);
        // What a reader sees of a complete migration does not depend on the way to it.
        let kept = "SELECT step, steps FROM migrate_ledger WHERE upgrade IS NULL AND begun_at <= applied_at";
        assert_eq!(ask(&url, kept).await, ["1|1"]);
    }
}

#[tokio::test]
async fn two_histories_share_a_database() {
    let (first, mut second) = (three(), history([table("x", &[])]));
    second.name = "another".into();
    let both = Both::new().await;
    for url in both.urls() {
        upgrade(&url, &first, "head").await.unwrap();
        upgrade(&url, &second, "head").await.unwrap();
        assert_eq!(
            ask(&url, "SELECT history, count(*) FROM migrate_ledger GROUP BY 1 ORDER BY 1").await,
            ["another|1", "tests|3"]
        );
        downgrade(&url, &second, "base").await.unwrap();
        assert_eq!(tables(&url).await, ["a", "b", "c"]);
    }
}

#[tokio::test]
async fn a_row_says_who_and_when_and_how() {
    let text = "it's a \"test\" \\ ünïcode";
    let odd = migration("odd", &[]).up(&["CREATE TABLE odd (n integer)"]).down(&["DROP TABLE odd"]).operations(&[text]);
    let history = history([odd]);
    let both = Both::new().await;
    for url in both.urls() {
        upgrade(&url, &history, "head").await.unwrap();
        let found = current(&url, &history).await.unwrap();
        let stored = &ask(&url, "SELECT operations, downgrade FROM migrate_ledger").await[0];
        let (operations, downgrade) = stored.split_once("]|").unwrap();
        assert_eq!(operations, serde_json::json!([text]).to_string().trim_end_matches(']'));
        assert!(downgrade.contains("DROP TABLE odd"), "{downgrade}");
        let row = found.revisions[0].record().unwrap();
        assert!(row.applied_at.len() == 24 && row.applied_at.ends_with('Z'), "{}", row.applied_at);
        assert!(row.applied_by.contains('@') && row.tool.starts_with("migrate "), "{row:?}");
        let run = ask(&url, "SELECT run FROM migrate_ledger UNION SELECT run FROM migrate_journal").await;
        assert!(run.len() == 1 && run[0].len() == 32, "{run:?}");
    }
}

#[tokio::test]
async fn the_journal_lists_its_last_entries_by_number_and_not_by_the_text_of_the_number() {
    let (history, both) = (three(), Both::new().await);
    for url in both.urls() {
        for _ in 0..2 {
            upgrade(&url, &history, "head").await.unwrap();
            downgrade(&url, &history, "base").await.unwrap();
        }
        let events = Migrator::new(&history).journal(&url, 4).await.unwrap().events;
        assert_eq!(events.iter().map(|entry| entry.id).collect::<Vec<_>>(), [12, 11, 10, 9], "{url}");
    }
}
