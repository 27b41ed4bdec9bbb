//! The changes whose SQL is read, compiled after the tables that they change.

use std::collections::BTreeSet;

use migrate_compiler::compile::{Outcome, compile};
use migrate_compiler::draft::{Allow, Draft, Piece};
use migrate_compiler::example::{self, newest};
use migrate_compiler::lint::{self, RuleSetting, RuleSettings, Severity};
use migrate_compiler::operation::Operation;
use migrate_compiler::problem::PieceId;
use migrate_compiler::state::{Settings, State, Variant};
use migrate_history::{Database, Migration};
use migrate_live_tests::changes::{ORIGIN, RECIPES, WRITTEN};
use migrate_live_tests::written;

/// A migration of tables that existed before it.
pub struct Change {
    /// What is written.
    pub told: String,
    /// What it becomes.
    pub migration: Migration,
    /// What the compiler's own rules find, those that are silent by default too.
    pub said: BTreeSet<&'static str>,
}

/// Every example of an operation, and what the tests on servers measure.
pub fn all() -> Vec<Change> {
    let examples = Operation::examples().into_iter().filter(|(before, _)| before.databases.contains(&Database::Postgres));
    let examples = examples.map(|(before, operation)| {
        let objects = before.objects.clone();
        let variant = Variant { databases: vec![Database::Postgres], objects, record: Default::default() };
        let state = State { revisions: vec!["before".into()].into(), variants: vec![variant], ..root() };
        change(operation.to_string(), &state, draft(vec![operation]))
    });
    let measured = WRITTEN.iter().map(|(prepared, text)| {
        let state = after(&after(&root(), draft(example::statements())), written::draft(prepared));
        change((*text).to_owned(), &state, written::draft(text))
    });
    let recipes = RECIPES.iter().map(|(text, ..)| {
        let state = after(&root(), written::draft(ORIGIN));
        change((*text).to_owned(), &state, written::draft(text))
    });
    examples.chain(measured).chain(recipes).collect()
}

/// Nothing, in a history whose rules are all in force.
fn root() -> State {
    let said = lint::names().map(|name| RuleSetting { severity: Severity::Deny, of: name.to_owned() }).collect();
    let settings = Settings { rules: RuleSettings { said }, ..Settings::of([newest(Database::Postgres)]) };
    State::root(settings)
}

fn draft(operations: Vec<Operation>) -> Draft {
    let piece = |(number, operation)| Piece {
        id: PieceId(number),
        undo: example::undo(&operation),
        operation,
        only: None,
        allows: Vec::new(),
        settings: Vec::new(),
    };
    Draft { pieces: operations.into_iter().enumerate().map(piece).collect(), ..Draft::default() }
}

fn change(told: String, before: &State, draft: Draft) -> Change {
    let (outcome, said) = accepted(before, draft);
    let migration = outcome.migration.unwrap_or_else(|| panic!("{told}: {:#?}", outcome.problems));
    Change { told, migration, said }
}

fn after(before: &State, draft: Draft) -> State {
    let (outcome, _) = accepted(before, draft);
    assert_eq!(outcome.problems, []);
    outcome.after.named("before")
}

/// Compiles a draft whose said are accepted, and says which these are.
fn accepted(before: &State, mut draft: Draft) -> (Outcome, BTreeSet<&'static str>) {
    let before = before.clone().next("");
    let mut said = BTreeSet::new();
    for problem in compile(before.clone(), &draft, "").problems {
        let Some(danger) = lint::names().find(|rule| *rule == problem.code) else { continue };
        said.insert(danger);
        let allow = Allow { id: 0, rule: danger.into(), reason: "tested".into() };
        let piece = draft.pieces.iter_mut().find(|piece| Some(piece.id) == problem.piece);
        let piece = piece.unwrap_or_else(|| panic!("{problem}"));
        if !piece.allows.contains(&allow) {
            piece.allows.push(allow);
        }
    }
    (compile(before, &draft, ""), said)
}
