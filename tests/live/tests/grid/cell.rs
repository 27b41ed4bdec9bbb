//! One cell of a grid, and what becomes of it on a database.

use std::collections::BTreeMap;

use migrate_compiler::compile::compile;
use migrate_compiler::draft::Draft;
use migrate_compiler::example::newest;
use migrate_compiler::state::{Settings, State};
use migrate_history::{Action, Database, Migration, Step};
use migrate_live_tests::session::Session;
use migrate_live_tests::snapshot::catalogue;
use migrate_live_tests::{server, sqlite, written};

/// A table, and a change of it.
pub struct Cell {
    pub origin: String,
    pub change: String,
}

/// A connection in one transaction, in which a cell leaves nothing behind.
pub struct Grid {
    database: Database,
    session: Session,
    _file: sqlite::File,
    /// The table of the last cell, its statements, and the state after them.
    origin: Option<(String, Vec<String>, State)>,
    waiting: Vec<(String, Trip)>,
    ran: usize,
    refused: BTreeMap<&'static str, usize>,
    faults: Vec<String>,
}

/// The statements of a cell.
struct Trip {
    origin: Vec<String>,
    up: Vec<String>,
    down: Option<Vec<String>>,
}

/// How many cells run at once on PostgreSQL, each in a schema of its own.
const BATCH: usize = 100;

impl Grid {
    pub async fn open(database: Database) -> Grid {
        let file = sqlite::file();
        let url = match database {
            Database::Postgres => server::postgres().database().await,
            Database::Sqlite => file.url(),
        };
        let mut session = Session::open(&url).await;
        session.run("BEGIN").await.expect("a transaction");
        let (waiting, refused, faults) = (Vec::new(), BTreeMap::new(), Vec::new());
        Grid { database, session, _file: file, origin: None, waiting, ran: 0, refused, faults }
    }

    /// Compiles a cell, and runs it there and back where that succeeds; whether it compiles.
    pub async fn cell(&mut self, cell: &Cell) -> bool {
        let compiles = match self.compile(cell) {
            Err(codes) => {
                tell(cell, &format!("refused: {codes:?}"));
                codes.iter().for_each(|code| *self.refused.entry(code).or_default() += 1);
                false
            }
            Ok(trip) => {
                tell(cell, "compiles");
                self.waiting.push((format!("{}\n    {}", cell.origin, cell.change), trip));
                true
            }
        };
        let batch = if self.database == Database::Postgres { BATCH } else { 1 };
        if self.waiting.len() >= batch {
            self.flush().await;
        }
        compiles
    }

    /// The statements of a cell, or the rules that refuse its change.
    fn compile(&mut self, cell: &Cell) -> Result<Trip, Vec<&'static str>> {
        if self.origin.as_ref().is_none_or(|(text, ..)| *text != cell.origin) {
            let root = State::root(Settings::tested([newest(self.database)]));
            let (migration, after) = compiled(root, &cell.origin).unwrap_or_else(|codes| panic!("{}: {codes:?}", cell.origin));
            let made = statements(&migration.compiled().script(self.database).expect("it was made for it").upgrade);
            self.origin = Some((cell.origin.clone(), made, after.named("origin")));
        }
        let (_, origin, state) = self.origin.clone().expect("it was just made");
        let (migration, _) = compiled(state, &cell.change)?;
        let script = migration.compiled().script(self.database).expect("it was made for it");
        let down = migration.compiled().irreversible.is_none().then(|| statements(&script.downgrade));
        Ok(Trip { origin, up: statements(&script.upgrade), down })
    }

    /// Runs what waits: all together, and one by one where that fails.
    async fn flush(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        self.ran += waiting.len();
        let all: Vec<&Trip> = waiting.iter().map(|(_, trip)| trip).collect();
        if self.undone(&all).await.is_ok() {
            return;
        }
        for (told, trip) in &waiting {
            if let Err(fault) = self.undone(&[trip]).await {
                self.faults.push(format!("{told}: {fault}"));
            }
        }
    }

    async fn undone(&mut self, trips: &[&Trip]) -> Result<(), String> {
        self.session.run("SAVEPOINT cell").await.expect("a savepoint");
        let outcome = self.there_and_back(trips).await;
        self.session.run("ROLLBACK TO cell; RELEASE cell").await.expect("the savepoint is there");
        outcome
    }

    async fn there_and_back(&mut self, trips: &[&Trip]) -> Result<(), String> {
        let make = |number: usize| match self.database {
            Database::Postgres => format!("CREATE SCHEMA s{number}"),
            Database::Sqlite => String::new(),
        };
        let made: Vec<String> = (0..trips.len()).map(make).collect();
        self.session.run(&made.join(";\n")).await?;
        self.run(trips.iter().map(|trip| Some(&trip.origin))).await.map_err(|error| format!("the origin: {error}"))?;
        let before = catalogue(&mut self.session).await;
        self.run(trips.iter().map(|trip| trip.down.as_ref().map(|_| &trip.up))).await?;
        self.run(trips.iter().map(|trip| trip.down.as_ref())).await.map_err(|error| format!("the downgrade: {error}"))?;
        let after = catalogue(&mut self.session).await;
        self.run(trips.iter().map(|trip| if trip.down.is_none() { Some(&trip.up) } else { None })).await?;
        let lost: Vec<_> = before.difference(&after).collect();
        let new: Vec<_> = after.difference(&before).collect();
        if lost.is_empty() && new.is_empty() { Ok(()) } else { Err(format!("the downgrade: {lost:?} became {new:?}")) }
    }

    async fn run(&mut self, each: impl Iterator<Item = Option<&Vec<String>>>) -> Result<(), String> {
        let mut all = Vec::new();
        for (number, statements) in each.enumerate() {
            let Some(statements) = statements else { continue };
            if self.database == Database::Postgres {
                all.push(format!("SET LOCAL search_path TO s{number}"));
            }
            all.extend(statements.iter().cloned());
        }
        let text = all.join(";\n");
        self.session.run(&text).await.map_err(|error| format!("{error}\n        {}", text.replace('\n', "\n        ")))
    }

    /// Asserts that so many cells ran, and that each did what it should.
    pub async fn done(mut self, least: usize) {
        self.flush().await;
        println!("{} cells ran; refused: {:?}", self.ran, self.refused);
        assert!(self.faults.is_empty(), "{} faults:\n{}", self.faults.len(), self.faults.join("\n"));
        assert!(self.ran >= least, "only {} cells ran", self.ran);
    }
}

fn tell(cell: &Cell, outcome: &str) {
    if let Ok(word) = std::env::var("GRID")
        && cell.change.contains(&word)
    {
        println!("{} | {}: {outcome}", cell.origin, cell.change);
    }
}

fn compiled(before: State, text: &str) -> Result<(Migration, State), Vec<&'static str>> {
    let draft: Draft = written::draft(text);
    let outcome = compile(before.next(""), &draft, "");
    match outcome.migration {
        Some(migration) => Ok((migration.named("one", Vec::new()), outcome.after)),
        None => Err(outcome.problems.iter().map(|problem| problem.code).collect()),
    }
}

fn statements(steps: &[Step]) -> Vec<String> {
    let all = steps.iter().flat_map(Step::inside).filter(|one| one.action == Action::Run);
    all.map(|statement| statement.sql.to_string()).collect()
}
