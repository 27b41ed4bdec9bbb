//! Raw SQL that states an operation is as dangerous as the operation itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::collections::BTreeSet;

use migrate_compiler::compile::{Outcome, compile};
use migrate_compiler::draft::{Draft, Piece};
use migrate_compiler::example::{newest, undo};
use migrate_compiler::lint::{self, Group, RuleSetting, RuleSettings, Severity};
use migrate_compiler::operation::{Operation, RunSql};
use migrate_compiler::problem::PieceId;
use migrate_compiler::schema::Schema;
use migrate_compiler::state::{Settings, State, Variant};
use migrate_history::Database;

/// What `as { … }` cannot state: SQL of the user's own, and what is no change of the schema.
const NO_TWIN: &[(&str, &str)] = &[
    ("RunSql", "it is raw SQL already"),
    ("RunProgram", "it has no SQL"),
    ("Expect", "it is a question"),
    ("LoadRows", "its rows are in a file"),
];

fn compiled(schema: &Schema, operation: &Operation, severity: Severity) -> Outcome {
    let said = Group::ALL.iter().map(|group| RuleSetting { severity, of: group.word().to_owned() }).collect();
    let settings = Settings { rules: RuleSettings { said }, ..Settings::tested([newest(Database::Postgres)]) };
    let variant = Variant { databases: vec![Database::Postgres], objects: schema.objects.clone(), record: Default::default() };
    let state = State { settings, revisions: vec!["m0001".into()].into(), variants: vec![variant], is_broken: false };
    let undo = undo(operation);
    let piece =
        Piece { id: PieceId(0), operation: operation.clone(), only: None, allows: Vec::new(), settings: Vec::new(), undo };
    compile(state.next(""), &Draft { pieces: vec![piece], ..Draft::default() }, "")
}

/// The dangers of an operation on what existed before.
fn dangers(schema: &Schema, operation: &Operation) -> BTreeSet<&'static str> {
    let outcome = compiled(schema, operation, Severity::Deny);
    outcome.problems.iter().map(|problem| problem.code).filter(|code| lint::names().any(|rule| rule == *code)).collect()
}

/// The SQL of an operation on PostgreSQL, as somebody would write it who knows nothing of concurrent builds.
fn sql(schema: &Schema, operation: &Operation) -> Option<String> {
    let migration = compiled(schema, operation, Severity::Allow).migration?;
    let script = migration.compiled().script(Database::Postgres)?;
    let statements = script.upgrade.iter().flat_map(|step| step.statements.iter());
    let texts: Vec<String> = statements.map(|one| one.sql.replace(" CONCURRENTLY", "").replace(" NOT VALID", "")).collect();
    Some(texts.join("; "))
}

#[test]
fn raw_sql_meets_the_dangers_of_what_it_states() {
    let mut met = BTreeSet::new();
    for (schema, mut operation) in Operation::examples() {
        operation.complete(&schema);
        let Some(text) = sql(&schema, &operation).filter(|_| NO_TWIN.iter().all(|(name, _)| *name != operation.name())) else {
            continue;
        };
        let own = dangers(&schema, &operation);
        let twin = RunSql { texts: vec![(None, text.clone())], effect: Some(vec![operation.clone()]) }.into();
        let raw = dangers(&schema, &twin);
        assert!(own.is_subset(&raw), "{operation}\n{text}\nits own: {own:?}, as raw SQL: {raw:?}");
        met.extend(own);
    }
    for rule in ["drop_column", "drop_table", "rename_column", "rename_table", "rename_value", "new_restriction", "rewrite_table"]
    {
        assert!(met.contains(rule), "no example meets `{rule}`: {met:?}");
    }
}

/// A name on the list is the name of an operation.
#[test]
fn what_has_no_twin_is_an_operation() {
    for (name, reason) in NO_TWIN {
        assert!(Operation::NAMES.contains(name) && !reason.is_empty(), "{name}");
    }
}
