//! `#[set(name = "value")]`: settings of the session for one statement.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use given::{after, step};
use migrate_history::{Action, Database, Migration, Mode, Step};

const BASE: &str = "create table users { id: bigint primary key identity, name: text?, visits: integer default 0 }";

fn migration(text: &str) -> Migration {
    let (migration, _, errors) = step(after(Database::ALL, BASE), text);
    migration.unwrap_or_else(|| panic!("{text}: {errors:?}"))
}

fn steps(text: &str, database: Database) -> Vec<Step> {
    migration(text).compiled().script(database).unwrap().upgrade.to_vec()
}

fn statements(step: &Step) -> Vec<&str> {
    step.statements.iter().map(|statement| &*statement.sql).collect()
}

const BEFORE: &str = "SELECT pg_catalog.set_config('migrate.work_mem', pg_catalog.current_setting('work_mem', true), true), \
                      pg_catalog.set_config('work_mem', '1GB', true)";
const AFTER: &str = "SELECT pg_catalog.set_config('work_mem', pg_catalog.current_setting('migrate.work_mem', true), true), \
                     pg_catalog.set_config('migrate.work_mem', NULL, true)";

#[test]
fn a_statement_in_a_transaction_has_it_to_itself() {
    let text = "create table news { id: integer primary key } \
                #[set(work_mem = \"1GB\")] insert into news (id) values (1); \
                insert into news (id) values (2);";
    let steps = steps(text, Database::Postgres);
    let all = statements(&steps[0]);
    assert_eq!((all[1], all[3]), (BEFORE, AFTER), "{all:#?}");
    assert!(all[2].contains("(1)") && all[4].contains("(2)"), "{all:#?}");
    assert!(steps[0].statements.iter().all(|statement| statement.action == Action::Run));
}

#[test]
fn a_statement_outside_of_a_transaction_has_it_to_itself() {
    let steps = steps("#[set(app.note = \"it's\")] create index on users (visits);", Database::Postgres);
    assert_eq!(steps[0].mode, Mode::Alone);
    let (name, kept) = ("pg_catalog.set_config('app.note'", "pg_catalog.set_config('migrate.app.note'");
    let before = format!("SELECT {kept}, pg_catalog.current_setting('app.note', true), false), {name}, 'it''s', false)");
    let after = format!("SELECT {name}, pg_catalog.current_setting('migrate.app.note', true), false), {kept}, NULL, false)");
    let all = statements(&steps[0]);
    assert_eq!((all[0], all[2], all.len()), (&*before, &*after, 3), "{all:#?}");
    let actions: Vec<Action> = steps[0].statements.iter().map(|statement| statement.action).collect();
    assert_eq!(actions, [Action::Set, Action::Run, Action::Set]);
    // In one transaction with others it ends with the statement.
    assert!(steps[0].plain[0].sql.contains("true") && steps[0].plain.len() == 3, "{:#?}", steps[0].plain);
}

#[test]
fn each_batch_has_it() {
    let text = "#[set(app.note = \"{after 1}\")] backfill users set visits = 1 undo nothing \"tested\";";
    let steps = steps(text, Database::Postgres);
    let all = statements(&steps[0]);
    assert_eq!(all.len(), 3, "{all:#?}");
    assert!(all[0].contains("'{brace}after 1}'"), "{all:#?}");
}

#[test]
fn statements_with_other_settings_are_not_joined() {
    let (one, other) = ("alter table users { add a: integer?; }", "alter table users { add b: integer?; }");
    let alone = |text: &str| statements(&steps(text, Database::Postgres)[0]).len();
    assert_eq!(alone(&format!("{one} {other}")), 1);
    assert_eq!(alone(&format!("#[set(work_mem = \"1GB\")] {one} {other}")), 4);
    let both = "#[set(work_mem = \"1GB\")] alter table users { add a: integer?; #[set(app.x = \"1\")] add b: integer?; }";
    assert_eq!(alone(both), 6);
}

#[test]
fn another_database_runs_the_statement_without_it() {
    let with = steps("#[set(work_mem = \"1GB\")] create index on users (visits);", Database::Sqlite);
    assert_eq!(with, steps("create index on users (visits);", Database::Sqlite));
}

#[test]
fn what_is_refused() {
    for (databases, text, error) in [
        (
            Database::ALL,
            "#[set(lock_timeout = \"1s\")] create index on users (visits);",
            "`lock_timeout` cannot be set for one statement",
        ),
        (Database::ALL, "#[set(Role = \"postgres\")] create index on users (visits);", "`role` cannot be set for one statement"),
        (Database::ALL, "#[set(a.b = \"1\", a.b = \"2\")] create index on users (visits);", "duplicate setting `a.b`"),
        (Database::ALL, "#[set(work_mem = 1)] create index on users (visits);", "expected its value in double quotes"),
        (Database::ALL, "#[set(work_mem = \"1GB\")] run fill on users undo nothing \"tested\";", "is not allowed before `run`"),
        (
            &[Database::Sqlite],
            "#[set(work_mem = \"1GB\")] create index on users (visits);",
            "SQLite has no settings for one statement",
        ),
        (
            Database::ALL,
            "#[only(sqlite)] #[set(a.b = \"1\")] create index on users (visits);",
            "SQLite has no settings for one statement",
        ),
    ] {
        let found = step(after(databases, BASE), text).2;
        assert!(found.len() == 1 && found[0].contains(error), "{text}: {found:?}");
    }
}

#[test]
fn it_is_a_part_of_what_the_ledger_has() {
    let migration = migration("#[only(postgres)] #[set(work_mem = \"1GB\")] create index on users (visits);");
    let operations = &migration.compiled().operations;
    assert_eq!(operations[0], "#[only(postgres)] #[set(work_mem = \"1GB\")] create index users_visits_idx on users (visits);");
}
