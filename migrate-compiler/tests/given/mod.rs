//! Histories of a few migrations, from their text.

use migrate_compiler::compile::compile;
use migrate_compiler::example::newest;
use migrate_compiler::parse;
use migrate_compiler::state::{Settings, State};
use migrate_history::{Database, Migration};

/// A history of these databases after its first migration.
pub fn after(databases: &[Database], text: &str) -> State {
    let root = State::root(Settings::tested(databases.iter().copied().map(newest)));
    let (migration, state, errors) = step(root, text);
    assert!(migration.is_some(), "{errors:?}");
    state.named("m1")
}

/// The next migration, with the state after it and its errors.
pub fn step(before: State, text: &str) -> (Option<Migration>, State, Vec<String>) {
    let parsed = parse::migration(text.parse().unwrap_or_else(|error| panic!("{text}: {error}")));
    let outcome = compile(before.next(""), &parsed.draft, &parsed.message);
    for problem in &outcome.problems {
        assert!(parsed.has_place(problem), "{text}: {} names a word that is not there: {:?}", problem.code, problem.slot);
    }
    let errors = parsed.diagnostics(outcome.problems).iter().map(|diagnostic| diagnostic.problem.to_string()).collect();
    (outcome.migration, outcome.after, errors)
}
