//! Random migrations: statements of every kind that can be done one after the other, made of numbers, so that a failure can be made
//! smaller.
#![allow(dead_code, unused_imports, reason = "each test binary uses some of it")]
#![allow(clippy::wildcard_enum_match_arm, reason = "what a test does not look at is nothing to it")]

mod coverage;
mod data;
mod mistake;
mod shape;
mod spot;
mod statement;
mod trial;

use migrate_compiler::compile::{Outcome, compile};
use migrate_compiler::draft::{Allow, Draft, Piece, Undo};
use migrate_compiler::lint;
use migrate_compiler::operation::Operation;
use migrate_compiler::problem::PieceId;
use migrate_compiler::schema::Schema;
use migrate_compiler::state::{Settings, State};
use migrate_history::{Database, Version};

pub use coverage::{BY_CHANCE, Coverage, SHAPES, Side, operations};
pub use shape::types;
pub use spot::Spot;
pub use trial::{Try, broken, kept};

/// Numbers that decide; where they end, everything is the first choice.
pub struct Choice<'a> {
    numbers: std::slice::Iter<'a, u32>,
    /// How many names were made.
    names: usize,
    /// What the names of one migration begin with, so that branches do not choose the same.
    prefix: String,
    /// The rules that refused what was tried.
    pub refused: Vec<&'static str>,
}

impl<'a> Choice<'a> {
    pub fn new(numbers: &'a [u32], prefix: &str) -> Choice<'a> {
        Choice { numbers: numbers.iter(), names: 0, prefix: prefix.to_owned(), refused: Vec::new() }
    }

    /// One of so many.
    pub fn below(&mut self, bound: usize) -> usize {
        self.numbers.next().map_or(0, |number| *number as usize % bound.max(1))
    }

    pub fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == bound - 1
    }

    pub fn of<'t, T>(&mut self, list: &'t [T]) -> Option<&'t T> {
        list.get(self.below(list.len()))
    }

    /// A name that nothing has: most are bare, some are words of the language or can be written in quotes alone.
    pub fn name(&mut self) -> String {
        self.names += 1;
        let number = format!("{}{}", self.prefix, self.names);
        match self.below(12) {
            10 => format!("Order {number}"),
            11 => format!("it's \"{number}\""),
            9 => format!("Select{number}"),
            _ => format!("n{number}"),
        }
    }

    pub fn is_over(&self) -> bool {
        self.numbers.len() == 0
    }
}

/// The oldest server that the histories support: it has everything that is generated, and not what breaks `server_version`.
fn server(database: Database) -> Version {
    match database {
        Database::Postgres => Version { database, number: 150_000 },
        Database::Sqlite => Version { database, number: 3_041_000 },
    }
}

/// Before the first migration.
pub fn root(databases: &[Database]) -> State {
    State::root(Settings::tested(databases.iter().copied().map(server)))
}

/// A statement.
pub fn piece(operation: Operation, number: usize) -> Piece {
    Piece { id: PieceId(number), operation, only: None, allows: Vec::new(), settings: Vec::new(), undo: Undo::Inferred }
}

/// Compiles a draft whose dangers are accepted, and allows nothing that is none.
pub fn accepted(before: &State, draft: &mut Draft) -> Outcome {
    draft.pieces.iter_mut().for_each(|piece| piece.allows.clear());
    let outcome = compile(before.clone(), draft, "A random migration.");
    let dangers: Vec<_> = outcome.problems.iter().filter(|problem| lint::names().any(|rule| rule == problem.code)).collect();
    if dangers.is_empty() {
        return outcome;
    }
    for danger in dangers {
        let allow = Allow { id: 0, rule: danger.code.into(), reason: "tested".into() };
        let piece = draft.pieces.iter_mut().find(|piece| Some(piece.id) == danger.piece);
        piece.into_iter().filter(|piece| !piece.allows.contains(&allow)).for_each(|piece| piece.allows.push(allow.clone()));
    }
    compile(before.clone(), draft, "A random migration.")
}

/// A migration of statements that can be done one after the other, and what it is compiled to. `before` is the state of the parents
/// with this revision's place made.
pub fn migration(before: &State, choice: &mut Choice<'_>, statements: usize) -> (Draft, Outcome) {
    grow(before, choice, statements, statement::statement)
}

/// A migration that makes tables alone.
pub fn tables(before: &State, choice: &mut Choice<'_>, tables: usize) -> (Draft, Outcome) {
    grow(before, choice, tables, statement::create)
}

fn grow(
    before: &State,
    choice: &mut Choice<'_>,
    statements: usize,
    statement: impl Fn(&Schema, &mut Choice<'_>, usize) -> Vec<Piece>,
) -> (Draft, Outcome) {
    let mut draft = Draft::default();
    let mut outcome = accepted(before, &mut draft);
    for _ in 0..statements {
        if choice.is_over() && !draft.pieces.is_empty() {
            break;
        }
        // Some of what is tried cannot be done; then something else is tried.
        for _ in 0..8 {
            let Some(schema) = before.settings.databases().next().and_then(|database| outcome.after.schema(database)) else {
                break;
            };
            let first = draft.pieces.iter().flat_map(ids).max().map_or(0, |id| id + 1);
            let pieces = statement(&schema, choice, first);
            let mut longer = Draft { pieces: [draft.pieces.clone(), pieces].concat(), ..Draft::default() };
            let next = accepted(before, &mut longer);
            if next.problems.is_empty() && longer.pieces.len() > draft.pieces.len() {
                (draft, outcome) = (longer, next);
                break;
            }
            choice.refused.extend(next.problems.iter().map(|problem| problem.code));
        }
    }
    (draft, outcome)
}

/// The ids of a piece and of its undo.
fn ids(piece: &Piece) -> Vec<usize> {
    let undo = if let Undo::Written(pieces) = &piece.undo { pieces.iter().flat_map(ids).collect() } else { Vec::new() };
    std::iter::once(piece.id.0).chain(undo).collect()
}
