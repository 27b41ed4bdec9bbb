//! Histories compiled while a test runs, of operations of the model.

use migrate_compiler::compile::{Outcome, compile};
use migrate_compiler::draft::{Allow, Draft, Piece};
use migrate_compiler::example;
use migrate_compiler::example::newest;
use migrate_compiler::lint;
use migrate_compiler::operation::Operation;
use migrate_compiler::problem::{PieceId, Problem};
use migrate_compiler::state::{Settings, State};
use migrate_history::{Database, History, Migration, Version};

use crate::programs::PROGRAMS;

/// A history of one database: each migration comes after the one before it. The dangers of its operations are accepted.
pub fn history(name: &'static str, database: Database, migrations: Vec<(&'static str, Vec<Operation>)>) -> History {
    let piece = |(number, operation)| Piece {
        id: PieceId(number),
        undo: example::undo(&operation),
        operation,
        only: None,
        allows: Vec::new(),
        settings: Vec::new(),
    };
    let draft = |operations: Vec<Operation>| Draft {
        pieces: operations.into_iter().enumerate().map(piece).collect(),
        ..Draft::default()
    };
    drafts(name, database, migrations.into_iter().map(|(id, operations)| (id, draft(operations))).collect())
}

/// The same, of drafts, with their written downgrades.
///
/// # Panics
/// They do not compile.
pub fn drafts(name: &'static str, database: Database, migrations: Vec<(&'static str, Draft)>) -> History {
    tried(name, database, migrations).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The same, for the oldest server, as a history is that names none.
///
/// # Panics
/// They do not compile.
pub fn oldest(name: &'static str, database: Database, migrations: Vec<(&'static str, Draft)>) -> History {
    let done = compiled((name, Version::oldest(database)), migrations, accepted);
    done.unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The same; what is wrong where they do not compile.
///
/// # Errors
/// What the compiler says.
pub fn tried(name: &'static str, database: Database, migrations: Vec<(&'static str, Draft)>) -> Result<History, Vec<Problem>> {
    compiled((name, newest(database)), migrations, accepted)
}

/// The same, of drafts that say themselves which dangers they accept.
///
/// # Errors
/// What the compiler says.
pub fn exactly(name: &'static str, database: Database, migrations: Vec<(&'static str, Draft)>) -> Result<History, Vec<Problem>> {
    compiled((name, newest(database)), migrations, |before, draft| compile(before, &draft, "A migration of the tests."))
}

fn compiled(
    (name, server): (&'static str, Version),
    migrations: Vec<(&'static str, Draft)>,
    compile: fn(State, Draft) -> Outcome,
) -> Result<History, Vec<Problem>> {
    let mut state = State::root(Settings::tested([server]));
    let mut done: Vec<&'static Migration> = Vec::new();
    for (id, draft) in migrations {
        let parents: Vec<&'static str> = done.last().map(|last| &*last.id).into_iter().collect();
        let outcome = compile(state.next(""), draft);
        let Some(migration) = outcome.migration else { return Err(outcome.problems) };
        done.push(Box::leak(Box::new(migration.named(id, parents).calling(&PROGRAMS))));
        state = outcome.after.named(id);
    }
    Ok(History::new(name.into(), vec![Version::oldest(server.database)].into(), done.into()))
}

/// Compiles a draft whose dangers are accepted.
fn accepted(before: State, mut draft: Draft) -> Outcome {
    let dangers =
        compile(before.clone(), &draft, "").problems.into_iter().filter(|problem| lint::names().any(|rule| rule == problem.code));
    for danger in dangers {
        let allow = Allow { id: 0, rule: danger.code.into(), reason: "tested".into() };
        let piece = draft.pieces.iter_mut().filter(|piece| Some(piece.id) == danger.piece);
        piece.for_each(|piece| piece.allows.push(allow.clone()));
    }
    compile(before, &draft, "A migration of the tests.")
}
