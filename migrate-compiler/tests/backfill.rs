//! `backfill`: by which key it goes, what its passes are, and what it is refused for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use given::{after, step};
use migrate_history::{Basis, Cursor, Database, Level, Migration, Mode, Step};

const BASE: &str = r#"
    create table users { id: bigint primary key identity, email: text unique, name: text?, visits: integer default 0 }
    create table pairs { a: text, b: uuid, v: integer?, w: integer?, primary key (a, b) }
    create table bare { v: integer, code: text? unique }
    create table coded { code: text unique, v: integer }
"#;

fn errors(text: &str) -> Vec<String> {
    step(after(Database::ALL, BASE), text).2
}

fn migration(text: &str) -> Migration {
    let (migration, _, errors) = step(after(Database::ALL, BASE), text);
    migration.unwrap_or_else(|| panic!("{text}: {errors:?}"))
}

fn steps(text: &str, database: Database) -> Vec<Step> {
    migration(text).compiled().script(database).unwrap().upgrade.to_vec()
}

/// The statements of the batches.
fn batches(text: &str, database: Database) -> Vec<String> {
    let in_batches = |step: &&Step| matches!(step.mode, Mode::Batches { cursor: Cursor::Key, .. });
    let steps = steps(text, database);
    steps.iter().filter(in_batches).flat_map(|step| step.statements.iter()).map(|one| one.sql.to_string()).collect()
}

fn next(text: &str, database: Database) -> String {
    let found = steps(text, database).into_iter().find_map(|step| match step.mode {
        Mode::Batches { next, .. } => Some(next.to_string()),
        Mode::Transaction { .. } | Mode::Alone | Mode::Program { .. } | Mode::Unknown { .. } => None,
    });
    found.unwrap()
}

const UNDONE: &str = "undo nothing \"tested\";";

/// The plan of an upgrade shows these notes.
#[test]
fn rows_that_the_application_inserts_meanwhile_are_its_own() {
    let migration = migration(&format!("backfill users set visits = 7, name = email {UNDONE}"));
    let note = "while the backfill runs, the application itself must set (visits, name) in the rows of `users` that it inserts, or whose \
                key it changes";
    assert!(migration.compiled().notes.iter().any(|found| found == note), "{:?}", migration.compiled().notes);
}

#[test]
fn it_goes_by_the_primary_key() {
    let text = format!("backfill users set visits = 7 {UNDONE}");
    let after = "{after?WHERE \"id\" > CAST({after 1} AS bigint) ?}";
    let rows = format!("SELECT \"id\" FROM \"users\" {after}ORDER BY \"id\" LIMIT");
    let literal = "quote_literal(CAST(batch.\"id\" AS text))";
    assert_eq!(
        next(&text, Database::Postgres),
        format!(
            "SELECT {literal}, {{rows}} FROM ({rows} 1 OFFSET {{rows}} - 1) AS batch UNION ALL SELECT * FROM (\
             SELECT {literal}, count(*) OVER () FROM ({rows} {{rows}}) AS batch ORDER BY batch.\"id\" DESC LIMIT 1) AS rest LIMIT 1"
        )
    );
    let rows = "SELECT \"id\" FROM \"users\" {after?WHERE \"id\" > {after 1} ?}ORDER BY \"id\" LIMIT";
    let literal =
        |of| format!("CASE typeof({of}) WHEN 'text' THEN 'CAST(x''' || hex({of}) || ''' AS TEXT)' ELSE quote({of}) END");
    assert_eq!(
        next(&text, Database::Sqlite),
        format!(
            "SELECT {}, {{rows}} FROM ({rows} 1 OFFSET {{rows}} - 1) AS batch UNION ALL SELECT * FROM (SELECT {}, batch.number \
             FROM (SELECT max(\"id\") AS last, count(*) AS number FROM ({rows} {{rows}})) AS batch WHERE batch.number > 0) AS rest LIMIT 1",
            literal("batch.\"id\""),
            literal("batch.last")
        )
    );
    assert_eq!(
        batches(&text, Database::Postgres),
        [
            "UPDATE \"users\" SET \"visits\" = 7 WHERE {after?\"id\" > CAST({after 1} AS bigint) AND ?}\"id\" <= CAST({upto 1} AS bigint)"
        ]
    );
    assert_eq!(
        batches(&text, Database::Sqlite),
        ["UPDATE \"users\" SET \"visits\" = 7 WHERE {after?\"id\" > {after 1} AND ?}\"id\" <= {upto 1}"]
    );
}

#[test]
fn a_key_of_two_columns_is_compared_as_a_row_and_a_batch_has_a_limit() {
    let text = format!("backfill pairs set v = 1 where w > 0 in batches of 500 {UNDONE}");
    assert_eq!(
        batches(&text, Database::Postgres),
        [
            "UPDATE \"pairs\" SET \"v\" = 1 WHERE {after?(\"a\", \"b\") > (CAST({after 1} AS text), CAST({after 2} AS uuid)) AND ?}\
         (\"a\", \"b\") <= (CAST({upto 1} AS text), CAST({upto 2} AS uuid)) AND (\"w\" > 0)"
        ]
    );
    for database in Database::ALL {
        let next = next(&text, *database);
        assert!(next.contains("OFFSET {rows 500} - 1") && !next.contains("{rows}"), "{next}");
    }
}

#[test]
fn another_key_does_where_the_primary_key_is_set_or_missing() {
    let text = format!("backfill users set id = id + 1 {UNDONE}");
    assert!(batches(&text, Database::Sqlite)[0].ends_with("\"email\" <= {upto 1}"), "{:?}", batches(&text, Database::Sqlite));
    let text = format!("backfill coded set v = 2 {UNDONE}");
    assert!(batches(&text, Database::Sqlite)[0].ends_with("\"code\" <= {upto 1}"));
}

#[test]
fn a_table_without_a_key_is_refused_with_what_to_write() {
    for text in ["backfill bare set v = 1", "backfill coded set code = lower(code)"] {
        let found = errors(&format!("{text} {UNDONE}"));
        let [error] = &found[..] else { panic!("{found:?}") };
        assert!(error.contains("has no key by which a backfill can go through its rows"), "{error}");
        let help = error.lines().find_map(|line| line.split_once("write `#[allow(update_in_one_transaction, reason = \"…\")] "));
        let again = help.unwrap().1.replace(";`", &format!(" {UNDONE}"));
        // The settings of the tests accept the danger already.
        assert_eq!(errors(&again), [""; 0], "{again}");
    }
}

/// The case that everybody writes.
#[test]
fn a_column_is_filled_and_then_not_null() {
    let text = "alter table users { add handle: text?; } \
                backfill users set handle = lower(name); \
                alter table users { alter handle set not null; }";
    let migration = migration(text);
    assert_eq!((migration.compiled().level, migration.compiled().basis), (Level::Exact, Basis::Proved));
    let steps = steps(text, Database::Postgres);
    let all: Vec<String> = steps.iter().flat_map(|step| step.statements.iter()).map(|one| one.sql.to_string()).collect();
    let range = "{after?\"id\" > CAST({after 1} AS bigint) AND ?}\"id\" <= CAST({upto 1} AS bigint)";
    let first = format!("UPDATE \"users\" SET \"handle\" = lower(\"name\") WHERE {range} AND (\"handle\" IS NULL)");
    let second = format!(
        "UPDATE \"users\" SET \"handle\" = lower(\"name\") WHERE {range} AND (\"handle\" IS NULL AND lower(\"name\") IS NOT NULL)"
    );
    assert_eq!(
        all,
        [
            "ALTER TABLE \"users\" ADD COLUMN \"handle\" text",
            &first,
            &second,
            "ALTER TABLE \"users\" ADD CONSTRAINT \"migrate_not_null_handle\" CHECK (\"handle\" IS NOT NULL) NOT VALID",
            &second,
            "ALTER TABLE \"users\" VALIDATE CONSTRAINT \"migrate_not_null_handle\"",
            "ALTER TABLE \"users\" ALTER COLUMN \"handle\" SET NOT NULL",
            "ALTER TABLE \"users\" DROP CONSTRAINT \"migrate_not_null_handle\"",
        ]
    );
    // Rows without a name would have no handle, which is known before anything is touched.
    let guards: Vec<&str> = steps[0].guards.iter().map(|guard| &*guard.query).collect();
    assert_eq!(guards.len(), 1, "{guards:?}");
    assert!(guards[0].contains("lower"), "{guards:?}");
    assert!(steps.iter().skip(1).all(|step| step.guards.is_empty()));
}

#[test]
fn a_new_column_with_a_default_is_set_in_every_row() {
    let text = "alter table users { add state: text default \"new\"; } backfill users set state = name;";
    let found = batches(text, Database::Sqlite);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(!found[0].contains("IS NULL"), "{found:?}");
}

#[test]
fn what_the_condition_says_is_null_is_looked_at_twice() {
    let text = format!("backfill users set name = email where name is null and visits > 3 {UNDONE}");
    let found = batches(&text, Database::Sqlite);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].ends_with("(\"name\" IS NULL AND \"visits\" > 3)"), "{found:?}");
    assert!(found[1].ends_with("(\"name\" IS NULL AND \"visits\" > 3 AND \"email\" IS NOT NULL)"), "{found:?}");
}

#[test]
fn a_new_table_is_filled_at_once() {
    let text = "create table news { id: bigint primary key, v: integer? } backfill news set v = 1;";
    for database in Database::ALL {
        let steps = steps(text, *database);
        assert_eq!(steps.len(), 1, "{steps:?}");
        assert_eq!(steps[0].statements[1].sql, "UPDATE \"news\" SET \"v\" = 1");
    }
}

#[test]
fn what_existed_before_needs_an_undo() {
    let found = errors("backfill users set visits = 0;");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("undo"), "{found:?}");
    let down = "backfill users set visits = visits + 1 undo { backfill users set visits = visits - 1; };";
    let migration = migration(down);
    assert_eq!(migration.compiled().basis, Basis::Stated);
    let script = migration.compiled().script(Database::Postgres).unwrap();
    assert!(matches!(script.downgrade[0].mode, Mode::Batches { .. }), "{:?}", script.downgrade);
}

#[test]
fn what_is_in_braces_is_the_users_own() {
    let text = format!("backfill users set name = \"{{after 1}} {{rows}} {{\\\"a\\\": 1}} ?}}\" {UNDONE}");
    let filled = migrate_history::BatchRows { after: None, upto: Some(vec!["5".into()]), rows: 7 }
        .fill(Cursor::Key, &batches(&text, Database::Sqlite)[0]);
    assert_eq!(filled, "UPDATE \"users\" SET \"name\" = '{after 1} {rows} {\"a\": 1} ?}' WHERE \"id\" <= 5");
}

#[test]
fn the_number_of_rows_is_read() {
    for (text, expected) in [
        ("in batches of 0", "expected a number of rows, 1 at least"),
        ("in batches of many", "expected a number of rows"),
        ("where visits in batches of 5", "not a condition"),
    ] {
        let found = errors(&format!("backfill users set name = \"a\" {text} {UNDONE}"));
        assert!(found.iter().any(|error| error.contains(expected)), "{text}: {found:?}");
    }
}
