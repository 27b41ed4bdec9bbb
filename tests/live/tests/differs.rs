//! A table that is rebuilt is compared with what the migrations made: what was made by hand is not lost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

#[path = "../../../migrate-compiler/tests/random/mod.rs"]
mod random;

use migrate_compiler::compile::Outcome;
use migrate_compiler::draft::Draft;
use migrate_compiler::example;
use migrate_compiler::expr::{Binary, Expr};
use migrate_compiler::operation::{AddConstraint, CreateObject, Operation};
use migrate_compiler::schema::{Constraint, Rule, Schema};
use migrate_history::plan::{Direction, PlanError};
use migrate_history::{Action, Database, History, Level, Migration, Version};
use migrate_live_tests::programs::PROGRAMS;
use migrate_live_tests::{compiled, shell, sqlite, written};
use migrate_runtime::Error;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use random::Choice;

/// Two tables, and a migration that rebuilds one of them, in both directions.
fn history() -> History {
    let make = written::statements(
        "create table owners { id: bigint primary key identity, }
         create table t {
             id: integer primary key,
             name: text unique,
             owner: bigint? references owners (id) on delete set null,
             age: integer default 5 check (age > 0),
         }
         create index on t (age);",
    );
    let change = written::statements("alter table t { alter name type varchar(40); }");
    compiled::history("differs", Database::Sqlite, vec![("make", make), ("change", change)])
}

/// The table's text with one part of it in another form, written into the catalogue as somebody with a shell would.
async fn edited(url: &str, from: &str, to: &str) {
    let sql = format!(
        "PRAGMA writable_schema = ON; \
         UPDATE sqlite_schema SET sql = replace(sql, '{from}', '{to}') WHERE name = 't'; PRAGMA writable_schema = RESET"
    );
    shell::run(url, &sql).await;
    let text = shell::ask(url, "SELECT sql FROM sqlite_schema WHERE name = 't'").await;
    assert!(text[0].contains(to), "{text:?}");
}

async fn fresh(file: &sqlite::File) {
    migrate_runtime::upgrade(&file.url(), &history(), "make").await.expect("it can be applied");
    shell::run(&file.url(), "INSERT INTO owners (id) VALUES (1); INSERT INTO t VALUES (7, 'seven', 1, 70)").await;
}

/// The executor and the script refuse; nothing is touched.
async fn refused(file: &sqlite::File, difference: &str) {
    let url = file.url();
    let schema = || shell::ask(&url, "SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'migrate_%' ORDER BY name");
    let rows = || shell::ask(&url, "SELECT id || name || owner || age FROM t");
    let before = (schema().await, rows().await);
    let error = migrate_runtime::upgrade(&url, &history(), "head").await.expect_err(difference);
    assert!(matches!(&error, Error::Differs(found) if found.differences.len() <= 2), "{error}");
    assert!(error.to_string().contains(difference), "{difference}: {error}");
    let script = migrate_runtime::script(&history(), Database::Sqlite, Direction::Upgrade, "make", "head").expect("a script");
    let said = shell::script(&url, &script).expect_err(difference);
    assert!(said.contains("table t is not as the migrations left it"), "{said}");
    assert_eq!((schema().await, rows().await), before, "{difference}");
}

#[tokio::test]
async fn what_was_made_by_hand_is_named_and_stays() {
    for (by_hand, difference) in [
        ("ALTER TABLE t ADD COLUMN extra TEXT DEFAULT 'kept'", "column `extra` is unknown"),
        ("ALTER TABLE t ADD COLUMN \"Odd one\" INTEGER", "column `Odd one` is unknown"),
        ("ALTER TABLE t ADD COLUMN g INTEGER GENERATED ALWAYS AS (age * 2) VIRTUAL", "column `g` is unknown"),
        ("DROP INDEX t_age_idx", "index `t_age_idx` is missing"),
        ("DROP INDEX t_age_idx; CREATE UNIQUE INDEX t_age_idx ON t (age)", "index `t_age_idx` is `unique (age)`"),
        ("DROP INDEX t_age_idx; CREATE INDEX t_age_idx ON t (age) WHERE age > 3", "index `t_age_idx` is `(age) where age > 3`"),
    ] {
        let file = sqlite::file();
        fresh(&file).await;
        shell::run(&file.url(), by_hand).await;
        refused(&file, difference).await;
    }
}

#[tokio::test]
async fn a_rule_that_was_added_or_taken_away_is_named() {
    for (from, to, difference) in [
        (
            "\"age\" INTEGER NOT NULL",
            "\"age\" INTEGER NOT NULL REFERENCES owners (id)",
            "`foreign key (age) references owners (id)` is unknown",
        ),
        ("ON DELETE SET NULL", "ON DELETE CASCADE", "on delete cascade` is unknown"),
        ("\"age\" INTEGER NOT NULL", "\"age\" INTEGER NOT NULL CHECK (age < 200)", "`check (age < 200)` is unknown"),
        ("\"name\" TEXT NOT NULL", "\"name\" TEXT NOT NULL COLLATE NOCASE", "column `name` has the collation `nocase`"),
        ("\"name\" TEXT NOT NULL", "\"name\" TEXT NOT NULL ON CONFLICT IGNORE", "on conflict ignore"),
        ("\"name\" TEXT NOT NULL", "\"name\" TEXT", "column `name` is `null`, not `not null`"),
        ("\"name\" TEXT NOT NULL", "\"name\" BLOB NOT NULL", "column `name` is of type `BLOB`, not `TEXT`"),
        (" DEFAULT 5", "", "column `age` lacks the default `5`"),
        ("\n)", "\n) STRICT", "the table is `STRICT`"),
    ] {
        let file = sqlite::file();
        fresh(&file).await;
        if to.ends_with("STRICT") {
            edited(&file.url(), "BIGINT", "INTEGER").await;
        }
        edited(&file.url(), from, to).await;
        refused(&file, difference).await;
    }
}

#[tokio::test]
async fn a_table_without_row_numbers_is_named() {
    let file = sqlite::file();
    fresh(&file).await;
    let text = shell::ask(&file.url(), "SELECT sql FROM sqlite_schema WHERE name = 't'").await.remove(0);
    let anew = format!("ALTER TABLE t RENAME TO old; {text} WITHOUT ROWID; INSERT INTO t SELECT * FROM old; DROP TABLE old");
    shell::run(&file.url(), &format!("PRAGMA foreign_keys = OFF; {anew}; CREATE INDEX t_age_idx ON t (age)")).await;
    refused(&file, "the table is `WITHOUT ROWID`").await;
}

#[tokio::test]
async fn a_downgrade_compares_too() {
    let file = sqlite::file();
    fresh(&file).await;
    let url = file.url();
    migrate_runtime::upgrade(&url, &history(), "head").await.expect("it is as it was");
    shell::run(&url, "ALTER TABLE t ADD COLUMN extra TEXT; UPDATE t SET extra = 'kept'").await;
    let error = migrate_runtime::downgrade(&url, &history(), "make").await.expect_err("it differs");
    assert!(error.to_string().contains("column `extra` is unknown"), "{error}");
    assert_eq!(shell::ask(&url, "SELECT extra FROM t").await, ["kept"]);
    // The same of a downgrade that only the ledger knows.
    let mut shorter = history();
    shorter.migrations.to_mut().pop();
    let error = migrate_runtime::downgrade(&url, &shorter, "make").await.expect_err("it differs");
    assert!(error.to_string().contains("column `extra` is unknown"), "{error}");
    shell::run(&url, "ALTER TABLE t DROP COLUMN extra").await;
    migrate_runtime::downgrade(&url, &shorter, "make").await.expect("it is as it was");
}

#[tokio::test]
async fn what_a_rebuild_keeps_is_no_difference() {
    let file = sqlite::file();
    fresh(&file).await;
    let url = file.url();
    shell::run(
        &url,
        "CREATE TABLE log (what TEXT); CREATE INDEX by_hand ON t (name, age); CREATE UNIQUE INDEX more ON t (id, age); \
         CREATE TRIGGER told AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.name); END",
    )
    .await;
    migrate_runtime::upgrade(&url, &history(), "head").await.unwrap_or_else(|error| panic!("{error}"));
    let kept = "SELECT name FROM sqlite_schema WHERE name IN ('by_hand', 'more', 'told') ORDER BY name";
    assert_eq!(shell::ask(&url, kept).await, ["by_hand", "more", "told"]);
    assert_eq!(shell::ask(&url, "SELECT id || name || owner || age FROM t").await, ["7seven170"]);
}

#[tokio::test]
async fn raw_sql_that_says_what_it_does_is_no_difference() {
    let make = written::statements(
        r#"sql "create table P (Id integer primary key, code text unique, [kind] int not null default 1, check (kind in (0, 1)))"
               as { create table p { id: integer primary key, code: text? unique, kind: integer default 1, check (kind in (0, 1)), } };
           sql "create table t (id integer primary key, owner integer references P on delete cascade, note varchar(9))"
               as { create table t { id: integer primary key, owner: integer? references p (id) on delete cascade, note: text?, } };
           sql "alter table t add column size INTEGER" as { alter table t { add size: integer?; } };
           sql "create index T_size on t (size asc)" as { create index t_size on t (size); };"#,
    );
    let change = written::statements(
        "alter table t { alter note set not null; } alter table p { alter kind set default 0; }
         rename table p to parents; alter table t { rename owner to parent; alter size type bigint; }
         alter table parents { alter kind drop default; }",
    );
    let history = compiled::history("raw", Database::Sqlite, vec![("make", make), ("change", change)]);
    for scripted in [false, true] {
        let file = sqlite::file();
        shell::run(&file.url(), "SELECT 1").await;
        for (direction, from, to) in
            [(Direction::Upgrade, "base", "head"), (Direction::Downgrade, "head", "make"), (Direction::Upgrade, "make", "head")]
        {
            let script = migrate_runtime::script(&history, Database::Sqlite, direction, from, to).expect("a script");
            match (scripted, direction) {
                (true, _) => shell::script(&file.url(), &script).unwrap_or_else(|error| panic!("{error}")),
                (false, Direction::Upgrade) => {
                    drop(migrate_runtime::upgrade(&file.url(), &history, to).await.unwrap_or_else(|error| panic!("{error}")));
                }
                (false, Direction::Downgrade) => {
                    drop(
                        migrate_live_tests::downgrade(&file.url(), &history, to).await.unwrap_or_else(|error| panic!("{error}")),
                    );
                }
            }
        }
    }
}

/// Every rebuild of every example is expected as SQLite really has the table, there and back.
#[tokio::test]
async fn every_operation_finds_what_it_expects() {
    let mut compared = 0;
    for (before, operation) in migrate_compiler::operation::Operation::examples() {
        if !before.databases.contains(&Database::Sqlite) {
            continue;
        }
        let origin: Vec<Operation> =
            CreateObject::all(&before.objects).map(Operation::from).chain(example::statements()).collect();
        let schema = Schema { databases: [Database::Sqlite].into(), ..migrate_compiler::example::schema() };
        if before.tables().iter().ne(schema.tables().iter()) {
            continue;
        }
        let told = operation.to_string();
        let history = compiled::history("every", Database::Sqlite, vec![("origin", origin), ("change", vec![operation])]);
        let script = history.migrations[1].compiled().script(Database::Sqlite).expect("it is served");
        let statements = script.upgrade.iter().chain(script.downgrade.iter()).flat_map(|step| step.statements.iter());
        compared += statements.filter(|statement| statement.action == Action::Expect).count();
        let file = sqlite::file();
        migrate_runtime::upgrade(file.url(), &history, "head").await.unwrap_or_else(|error| panic!("{told}: {error}"));
        if script.downgrade.is_empty() {
            continue;
        }
        migrate_live_tests::downgrade(&file.url(), &history, "origin").await.unwrap_or_else(|error| panic!("{told}: {error}"));
        for (direction, from, to) in [(Direction::Upgrade, "origin", "head"), (Direction::Downgrade, "head", "origin")] {
            let Some(script) = script_without_functions(&history, direction, (from, to)) else { continue };
            shell::script(&file.url(), &script).unwrap_or_else(|error| panic!("{told}: {error}\n{script}"));
        }
    }
    assert!(compared > 20, "{compared}");
}

/// Whether the rows that a history inserts are those that it does not take: this says nothing about the definition of its tables.
fn is_about_rows(error: &Error) -> bool {
    let is_of_values = |text: &str| text.contains(" constraint failed: ") || text.contains("not a value of ");
    matches!(error, Error::Refused { .. }) || matches!(error, Error::Statement(failed) if is_of_values(&failed.cause.to_string()))
}

/// The script of a history; `None` where it calls a Rust function, which no script can.
fn script_without_functions(history: &History, direction: Direction, (from, to): (&str, &str)) -> Option<String> {
    match migrate_runtime::script(history, Database::Sqlite, direction, from, to) {
        Ok(script) => Some(script),
        Err(Error::Plan(PlanError::ProgramInScript { .. })) => None,
        Err(error) => panic!("{error}"),
    }
}

/// Rebuilds every table, whatever earlier migrations have changed: a check can be added in no other way.
fn probe(schema: &migrate_compiler::schema::Schema) -> Vec<Operation> {
    let one = || Expr::Number("1".into());
    let rule = Rule::Check { condition: example::binary(Binary::Equal, one(), one()) };
    let check = Constraint { name: Some("probe".into()), ..example::constraint(rule) };
    let used = schema.tables().iter().filter(|(_, table)| table.kept.is_none()).map(|(name, _)| name);
    used.map(|table| AddConstraint { table: table.clone(), constraint: check.clone() }.into()).collect()
}

/// Migrations of random statements, and then [`probe`].
fn random_history(numbers: &[Vec<u32>]) -> History {
    let mut state = random::root(&[Database::Sqlite]);
    let mut migrations: Vec<&'static Migration> = Vec::new();
    let mut add = |outcome: Outcome, id: &'static str| {
        assert_eq!(outcome.problems, []);
        let parents: Vec<&'static str> = migrations.last().map(|last| &*last.id).into_iter().collect();
        migrations.push(Box::leak(Box::new(outcome.migration.expect("it compiles").named(id, parents).calling(&PROGRAMS))));
        outcome.after.named(id)
    };
    for (numbers, id) in numbers.iter().zip(["m0", "m1", "m2", "m3"]) {
        state = add(random::migration(&state.next(""), &mut Choice::new(numbers, id), 8).1, id);
    }
    let state = state.next("");
    let probes = probe(&state.schema(Database::Sqlite).expect("it is served"));
    let pieces = probes.into_iter().enumerate().map(|(number, operation)| random::piece(operation, number)).collect();
    add(random::accepted(&state, &mut Draft { pieces, ..Draft::default() }), "probe");
    History::new("random".into(), vec![Version::oldest(Database::Sqlite)].into(), migrations.into())
}

/// What the compiler expects of a table is what SQLite keeps of it after the statements that changed it in place.
#[test]
fn random_histories_leave_what_the_compiler_expects() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let config = Config { cases: 100, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let numbers = prop::collection::vec(prop::collection::vec(any::<u32>(), 10..90), 1..4);
    let compared = std::cell::Cell::new(0);
    let outcome = runner.run(&numbers, |numbers| {
        let history = random_history(&numbers);
        let told = || format!("{:#?}", history.migrations.iter().map(|one| &one.compiled().operations).collect::<Vec<_>>());
        let steps = history
            .migrations
            .iter()
            .flat_map(|one| one.compiled().script(Database::Sqlite))
            .flat_map(|script| script.upgrade.iter());
        let statements = steps.flat_map(|step| step.statements.iter());
        compared.set(compared.get() + statements.filter(|statement| statement.action == Action::Expect).count());
        let (file, scripted) = (sqlite::file(), sqlite::file());
        runtime.block_on(async {
            match migrate_runtime::upgrade(file.url(), &history, "head").await {
                Ok(_) => {}
                Err(error) if is_about_rows(&error) => return,
                Err(error) => panic!("{error}\n{}", told()),
            }
            if history.migrations.iter().all(|one| one.compiled().level != Level::Irreversible) {
                let back = migrate_live_tests::downgrade(&file.url(), &history, "base").await;
                back.unwrap_or_else(|error| panic!("{error}\n{}", told()));
            }
            let Some(script) = script_without_functions(&history, Direction::Upgrade, ("base", "head")) else { return };
            // The shell may be older than the SQLite of the executor.
            let done = shell::script(&scripted.url(), &script);
            let done = done.or_else(|error| if error.contains("unhex (…) requires SQLite 3.41") { Ok(()) } else { Err(error) });
            done.unwrap_or_else(|error| panic!("{error}\n{}", told()));
        });
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    assert!(compared.get() > 200, "{} tables were compared", compared.get());
}
