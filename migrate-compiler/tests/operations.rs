//! What must hold of every operation in the list.

use migrate_compiler::draft::{Draft, Piece, Undo};
use migrate_compiler::example::newest;
use migrate_compiler::operation::{Operation, Reversal};
use migrate_compiler::problem::{PieceId, Problems};
use migrate_compiler::schema::Schema;
use migrate_compiler::state::{Settings, State, Variant};
use migrate_compiler::types::Conversion;
use migrate_history::Level;

/// Does an operation that must be possible.
fn apply(operation: &Operation, before: &Schema) -> Schema {
    let mut after = before.clone();
    let mut problems = Problems::new();
    operation.apply(&mut after, &mut problems);
    assert_eq!(problems.take(), [], "{operation}");
    after
}

#[test]
fn every_operation_has_examples() {
    let examples = Operation::examples();
    // Kept rows are restored by the downgrade of what keeps them.
    for name in Operation::NAMES.iter().filter(|name| **name != "RestoreRows") {
        assert!(examples.iter().any(|(_, operation)| operation.name() == *name), "{name} has no example");
    }
}

#[test]
fn the_reverse_leads_back() {
    for (before, mut operation) in Operation::examples() {
        operation.complete(&before);
        operation.recorded_as("example", &before);
        let after = apply(&operation, &before);
        assert!(
            migrate_compiler::difference::first(&before, &after).is_some()
                || ["RunSql", "RunProgram", "Expect"].contains(&operation.name())
                || operation.is_about_rows(),
            "{operation} changes nothing"
        );
        match operation.reverse(&before) {
            Reversal::Back(back) => {
                let end = back.iter().fold(after, |schema, operation| apply(operation, &schema));
                assert_eq!(migrate_compiler::difference::first(&before, &end), None, "{operation}");
            }
            Reversal::Impossible { why, .. } => {
                assert!(operation.program().is_some(), "{operation}: an example must have a downgrade: {why}");
            }
        }
    }
}

#[test]
fn completing_twice_is_completing_once() {
    for (before, mut operation) in Operation::examples() {
        operation.complete(&before);
        let once = operation.clone();
        operation.complete(&before);
        assert_eq!(operation, once);
    }
}

#[test]
fn every_example_compiles_and_has_its_level() {
    for (before, operation) in Operation::examples() {
        let undo = migrate_compiler::example::undo(&operation);
        let loses = ["DropTable", "DropColumn", "RunSql"].contains(&operation.name())
            || rounds(&before, &operation)
            || matches!(undo, Undo::Nothing(_))
            || matches!(&operation, Operation::DropValue(drop) if drop.into.is_some());
        let allows = ["drop_table", "drop_column"].into_iter().filter(|rule| {
            let table = ["DropTable", "KeepTable"].contains(&operation.name()) && *rule == "drop_table";
            table || ["DropColumn", "KeepColumn"].contains(&operation.name()) && *rule == "drop_column"
        });
        let allows =
            allows.map(|rule| migrate_compiler::draft::Allow { id: 0, rule: rule.into(), reason: "tested".into() }).collect();
        let piece = Piece { id: PieceId(0), operation: operation.clone(), only: None, allows, settings: Vec::new(), undo };
        let draft = Draft { pieces: vec![piece], ..Draft::default() };
        let outcome = migrate_compiler::compile::compile(state(&before), &draft, "");
        assert_eq!(outcome.problems, [], "{operation}");
        let migration = outcome.migration.expect("a migration without problems");
        assert_eq!(migration.compiled().level, if loses { Level::Schema } else { Level::Exact }, "{operation}");
    }
}

/// Whether a type takes less than what is there.
fn rounds(before: &Schema, operation: &Operation) -> bool {
    let Operation::AlterType(alter) = operation else { return false };
    let column = before.table(&alter.table).and_then(|table| table.column(&alter.column));
    column.is_some_and(|column| column.ty.conversion(&alter.to) == Conversion::Rounds)
}

/// The state that has this schema.
fn state(schema: &Schema) -> State {
    let databases = schema.databases.to_vec();
    let variant = Variant { databases: databases.clone(), objects: schema.objects.clone(), record: Default::default() };
    State {
        settings: Settings::tested(databases.into_iter().map(newest)),
        revisions: vec!["m0001".into()].into(),
        variants: vec![variant],
        is_broken: false,
    }
    .next("")
}
