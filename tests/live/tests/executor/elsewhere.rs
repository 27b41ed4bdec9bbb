//! This history in another schema or under another name, and ledgers that are none.

use migrate_history::plan::Direction;
use migrate_history::{Database, History, Migration};
use migrate_live_tests::history::{history, migration, table, three};
use migrate_live_tests::server;
use migrate_live_tests::shell::{ask, run, tables};
use migrate_runtime::{Error, Migrator, RevisionState, current, downgrade, script, upgrade};

use super::Both;

/// What every verb says, which is the same.
async fn refused(url: &str, history: &History) -> String {
    let mut migrator = Migrator::new(history);
    let said = [
        migrator.upgrade(url, "head").await.map(drop).unwrap_err(),
        migrator.upgrade(url, "+1").await.map(drop).unwrap_err(),
        migrator.downgrade(url, "base").await.map(drop).unwrap_err(),
        migrator.plan(url, Direction::Upgrade, "head").await.map(drop).unwrap_err(),
        migrator.current(url).await.map(drop).unwrap_err(),
    ];
    let said = said.map(|error| {
        assert!(!error.is_usage(), "{error}");
        error.to_string()
    });
    said.iter().for_each(|one| assert_eq!(one, &said[0]));
    let [first, ..] = said;
    first
}

/// A history whose checksums say what it does.
fn sound() -> History {
    let mut history = three();
    history.migrations.to_mut().iter_mut().for_each(|one| {
        let (id, parents, compiled) = (one.id.clone(), one.parents.clone(), one.compiled().clone());
        let checksum = migrate_history::checksum(&parents, &compiled.operations, &["down"]);
        *one = Box::leak(Box::new(Migration::new(id, parents, checksum, compiled)));
    });
    history
}

#[tokio::test]
async fn a_schema_that_comes_first_later_is_refused_naming_both() {
    let (url, history) = (server::postgres().database().await, sound());
    upgrade(&url, &history, "b").await.unwrap();
    let sql = script(&history, Database::Postgres, Direction::Upgrade, "base", "head").unwrap();
    run(&url, "CREATE SCHEMA postgres").await;
    let said = refused(&url, &history).await;
    assert_eq!(
        said,
        "the history `tests` is applied in schema `public`, and this session works in `postgres`\n\
         note: both are in the search path; `public.migrate_ledger` has 2 migrations of it, and `postgres.migrate_ledger` none\n\
         help: write `?options[search_path]=public` in the URL to go on there, or `?options[search_path]=postgres` to begin in `postgres`"
    );
    let stopped = migrate_live_tests::shell::script(&url, &sql).unwrap_err();
    assert!(stopped.contains("this history is applied in a later schema of the path"), "{stopped}");
    assert_eq!(ask(&url, "SELECT count(*) FROM pg_class WHERE relnamespace = 'postgres'::regnamespace").await, ["0"]);
    // Both ways out lead on.
    let public = format!("{url}?options[search_path]=public");
    assert_eq!(upgrade(&public, &history, "head").await.unwrap().schema.as_deref(), Some("public"));
    let own = format!("{url}?options[search_path]=postgres");
    assert_eq!(upgrade(&own, &history, "head").await.unwrap().migrations.len(), 3);
    assert_eq!(current(&url, &history).await.unwrap().schema.as_deref(), Some("postgres"), "it has begun there");
}

#[tokio::test]
async fn another_history_in_a_later_schema_is_none_of_ours() {
    let (url, mut other) = (server::postgres().database().await, history([table("x", &[]), migration("a", &["x"])]));
    other.name = "other".into();
    upgrade(&url, &other, "head").await.unwrap();
    // Tables that are no ledger, and one that may not be read.
    run(&url, "CREATE SCHEMA postgres; CREATE SCHEMA odd; CREATE TABLE odd.migrate_ledger (n integer)").await;
    let path = format!("{url}?options[search_path]=postgres,odd,public");
    assert_eq!(upgrade(&path, &sound(), "head").await.unwrap().migrations.len(), 3);
    assert_eq!(tables(&url).await, ["x"]);
}

#[tokio::test]
async fn a_renamed_history_is_refused_naming_both_and_the_way_out_leads_on() {
    let (both, history) = (Both::new().await, sound());
    let mut renamed = history.clone();
    renamed.name = "it's new".into();
    for (url, database) in both.urls().iter().zip([Database::Postgres, Database::Sqlite]) {
        upgrade(url, &history, "b").await.unwrap();
        let said = refused(url, &renamed).await;
        let first = "the history `it's new` is applied here under another name, `tests`\n";
        assert!(
            said.starts_with(first) && said.contains(" has 2 migrations of it as `tests`, and none as `it's new`\n"),
            "{said}"
        );
        let sql = script(&renamed, database, Direction::Upgrade, "base", "head").unwrap();
        let stopped = migrate_live_tests::shell::script(url, &sql).unwrap_err();
        assert!(stopped.contains("this history is applied under another name"), "{stopped}");
        let help = said.rsplit_once("in the ledger: `").unwrap().1.trim_end_matches('`');
        run(url, help).await;
        assert_eq!(upgrade(url, &renamed, "head").await.unwrap().migrations.len(), 1);
        assert_eq!(tables(url).await, ["a", "b", "c"]);
    }
}

#[tokio::test]
async fn a_plan_is_not_carried_out_in_another_schema() {
    let (url, history) = (server::postgres().database().await, three());
    run(&url, "CREATE SCHEMA other").await;
    let mut migrator = Migrator::new(&history);
    let plan = migrator.plan(&url, Direction::Upgrade, "head").await.unwrap();
    assert_eq!(plan.schema.as_deref(), Some("public"));
    let error = migrator.execute(format!("{url}?options[search_path]=other"), &plan).await.unwrap_err();
    assert!(error.to_string().starts_with("the plan was made in schema `public`, and this session works in `other`"), "{error}");
    assert!(matches!(error, Error::OtherSchema { .. }));
}

#[tokio::test]
async fn tables_of_ones_own_that_are_named_like_ours_have_a_way_out() {
    let columns = "CREATE TABLE migrate_format (format bigint, tool text); INSERT INTO migrate_format VALUES (1, ''); \
                   CREATE TABLE migrate_journal (id bigint);";
    let cases = [
        ("CREATE TABLE migrate_ledger (n integer)", "the table `migrate_format` is missing, and `migrate_ledger` exists\n"),
        ("CREATE VIEW migrate_journal AS SELECT 1 AS n", "the table `migrate_format` is missing, and `migrate_journal` exists\n"),
        (
            "CREATE TABLE migrate_format (n integer); CREATE TABLE migrate_journal (n integer); CREATE TABLE migrate_ledger (n integer)",
            "a table of the ledger has other columns: ",
        ),
        (
            "CREATE TABLE migrate_format (format text); CREATE TABLE migrate_journal (n integer); CREATE TABLE migrate_ledger (n integer)",
            "`migrate_format` has no number\n",
        ),
        ("CREATE TABLE migrate_ledger (history text)", "a table of the ledger has other columns: "),
    ];
    for (at, (made, expected)) in cases.iter().enumerate() {
        let both = Both::new().await;
        for url in both.urls() {
            let before = if at == 4 { columns } else { "" };
            run(&url, &format!("{before}{made}")).await;
            let said = refused(&url, &three()).await;
            assert!(said.starts_with("the ledger cannot be used: ") && said.contains(expected), "{said}");
            assert!(said.contains("\nhelp: ") && said.contains(" RENAME TO my_migrate_"), "{said}");
            for table in ["migrate_format", "migrate_journal", "migrate_ledger"] {
                let kind = if made.contains(&format!("VIEW {table}")) { "VIEW" } else { "TABLE" };
                if format!("{before}{made}").contains(&format!("{kind} {table}")) && kind == "TABLE" {
                    run(&url, &format!("ALTER TABLE {table} RENAME TO my_{table}")).await;
                } else if kind == "VIEW" {
                    run(&url, &format!("DROP VIEW {table}")).await;
                }
            }
            assert_eq!(upgrade(&url, &three(), "head").await.unwrap().migrations.len(), 3);
        }
    }
}

#[tokio::test]
async fn a_row_that_no_version_writes_has_a_way_out() {
    let cases = [
        ("step = 0", "step 0 of 1 of its upgrade, which cannot be"),
        ("step = 2", "step 2 of 1 of its upgrade, which cannot be"),
        ("step = -1", "step -1 of 1 of its upgrade, which cannot be"),
        ("steps = 0", "step 1 of 0 of its upgrade, which cannot be"),
        ("direction = 'downgrade'", "step 1 of 1 of its downgrade, which cannot be"),
        ("direction = 'sideways'", "its direction is `sideways`"),
    ];
    let (both, history) = (Both::new().await, sound());
    for url in both.urls() {
        upgrade(&url, &history, "head").await.unwrap();
        for (set, expected) in cases {
            run(&url, &format!("UPDATE migrate_ledger SET {set} WHERE revision = 'c'")).await;
            let said = refused(&url, &history).await;
            assert!(said.contains(&format!("the row of `c` cannot be read: {expected}\nhelp: restore the row")), "{said}");
            let fix = said.split('`').find(|part| part.starts_with("UPDATE ")).unwrap().to_owned();
            run(&url, &fix).await;
            assert!(upgrade(&url, &history, "head").await.unwrap().is_empty(), "{set}");
        }
        run(&url, "UPDATE migrate_ledger SET step = 0 WHERE revision = 'c'; DROP TABLE c").await;
        let said = refused(&url, &history).await;
        let fix = said.split('`').find(|part| part.starts_with("DELETE ")).unwrap().to_owned();
        run(&url, &fix).await;
        assert_eq!(upgrade(&url, &history, "head").await.unwrap().migrations.len(), 1);
    }
}

#[tokio::test]
async fn a_gap_stops_both_directions_and_the_script_closes_it() {
    let (both, history) = (Both::new().await, sound());
    for (url, database) in both.urls().iter().zip([Database::Postgres, Database::Sqlite]) {
        upgrade(url, &history, "head").await.unwrap();
        run(url, "DELETE FROM migrate_ledger WHERE revision = 'b'").await;
        for target in ["-1", "a", "base"] {
            let error = downgrade(url, &history, target).await.unwrap_err();
            assert!(error.to_string().starts_with("the ledger has a gap: `c` is applied, and `b` before it is not\n"), "{error}");
            assert_eq!(error.revision(), Some("b"));
        }
        assert!(upgrade(url, &history, "head").await.unwrap_err().to_string().contains("`upgrade --sql a:b`"));
        assert_eq!(tables(url).await, ["a", "b", "c"]);
        let sql = script(&history, database, Direction::Upgrade, "a", "b").unwrap().replace("CREATE TABLE b (n integer);", "");
        migrate_live_tests::shell::script(url, &sql).unwrap();
        migrate_live_tests::downgrade(url, &history, "base").await.unwrap();
        assert!(tables(url).await.is_empty());
    }
}

#[tokio::test]
async fn a_migration_that_was_written_later_can_still_be_gone_back_from() {
    // Checksums of an older form, which say nothing of the parents.
    let before = history([table("a", &[]), table("c", &["a"])]);
    let now = history([table("a", &[]), table("b", &["a"]), table("c", &["b"])]);
    let both = Both::new().await;
    for url in both.urls() {
        upgrade(&url, &before, "head").await.unwrap();
        downgrade(&url, &now, "a").await.unwrap();
        upgrade(&url, &now, "head").await.unwrap();
        assert_eq!(tables(&url).await, ["a", "b", "c"]);
    }
}

#[tokio::test]
async fn another_checksum_of_the_same_operations_has_a_way_out() {
    let (both, history) = (Both::new().await, sound());
    for url in both.urls() {
        upgrade(&url, &history, "head").await.unwrap();
        run(&url, "UPDATE migrate_ledger SET checksum = 'v9:unheard' WHERE revision = 'b'").await;
        let said = upgrade(&url, &history, "head").await.unwrap_err().to_string();
        assert!(
            said.contains("`b` has the operations and parents that were applied, and another checksum: v9:unheard"),
            "{said}"
        );
        assert_eq!(current(&url, &history).await.unwrap().revisions[1].state, RevisionState::Changed);
        let fix = said.split('`').find(|part| part.starts_with("UPDATE ")).unwrap().to_owned();
        run(&url, &fix).await;
        assert!(upgrade(&url, &history, "head").await.unwrap().is_empty());
    }
}
