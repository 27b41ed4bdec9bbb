//! The SQL of every operation on every database, both ways. That each of these texts runs on the real server, and leads back
//! there, is what the live tests' witness shows for the same list.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_compiler::compile::compile;
use migrate_compiler::draft::{Allow, Draft, Piece, Undo};
use migrate_compiler::operation::Operation;
use migrate_compiler::problem::PieceId;
use migrate_compiler::schema::Schema;
use migrate_compiler::state::{Settings, State, World};
use migrate_history::{Action, Database, Step};

#[test]
fn every_operation() {
    for database in Database::ALL {
        let mut golden = String::new();
        for (before, operation) in Operation::examples().into_iter().filter(|(before, _)| before.databases.contains(&database)) {
            golden += &both_ways(&before, &operation, database);
        }
        insta::assert_snapshot!(database.word(), golden);
    }
}

fn both_ways(before: &Schema, operation: &Operation, database: Database) -> String {
    let world =
        World { databases: vec![database], tables: before.tables.clone(), gone: before.gone.clone(), record: Default::default() };
    let settings = Settings { databases: vec![database], require: None };
    let state = State { settings, revisions: vec!["m0001".into()].into(), worlds: vec![world], unsure: Default::default() };
    let rule = match operation.name() {
        "DropTable" => Some("drop_table"),
        "DropColumn" => Some("drop_column"),
        _ => None,
    };
    let allows = rule.map(|rule| Allow { rule: rule.into(), reason: "tested".into() }).into_iter().collect();
    let piece = Piece { id: PieceId(0), operation: operation.clone(), only: None, allows, undo: Undo::Inferred };
    let outcome = compile(state.next(""), &Draft { pieces: vec![piece], ..Draft::default() }, "");
    assert_eq!(outcome.problems, [], "{operation}");
    let migration = outcome.migration.expect("there are no problems");
    let script = migration.script(database).expect("it was asked for");
    let guards: String =
        script.guards.iter().map(|guard| format!("-- refused while N {}\n{};\n", guard.refusal, guard.query)).collect();
    let (there, back) = (text(&script.upgrade), text(&script.downgrade));
    format!("=== {operation}\n--- upgrade ({})\n{there}--- downgrade\n{guards}{back}\n", migration.level)
}

fn text(steps: &[Step]) -> String {
    let statements = steps.iter().flat_map(|step| step.statements.iter());
    statements
        .map(|statement| match statement.action {
            Action::Run => format!("{};\n", statement.sql),
            Action::Expect => format!("-- expect: {}\n", statement.sql.replace('\n', "\n--         ")),
            Action::Keep => format!("-- keep: {}\n", statement.sql),
            Action::Restore => "-- put back\n".to_owned(),
        })
        .collect()
}
