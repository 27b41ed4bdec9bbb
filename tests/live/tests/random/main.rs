//! Random histories with rows on the databases themselves. After each upgrade the database is what the model says, and both databases
//! hold the same rows; rows are written before each downgrade, which then brings back what was there, or is refused before it
//! touches anything.
//!
//! `RANDOM_HISTORIES` says how many there are for each database; their seed is printed, and `RANDOM_SEED=N` begins with another one, and `RANDOM_SEED=new` with one by
//! chance.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod expected;
mod keep;
mod orders;
#[path = "../../../../migrate-compiler/tests/random/mod.rs"]
mod random;
mod rows;
mod rules;
mod site;

use std::cell::RefCell;

use migrate_compiler::compile::Outcome;
use migrate_compiler::draft::Draft;
use migrate_compiler::schema::Schema;
use migrate_compiler::state::State;
use migrate_history::{Basis, Database, History, Level, Migration, Version};
use migrate_runtime::Error;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use random::{Choice, Coverage, SHAPES};
use site::{Moment, Site};

/// How many histories each database gets where no other number is set.
const HISTORIES: u32 = 320;

/// Numbers that become statements and rows, for each migration.
type Numbers = Vec<Vec<u32>>;

/// Runs a test on histories of so many migrations; failures are made smaller.
fn run(histories: u32, migrations: std::ops::Range<usize>, test: impl Fn(Numbers) -> Result<(), String>) {
    let seed = seed();
    println!("RANDOM_SEED={seed} begins the same histories again");
    let bytes: Vec<u8> = seed.to_le_bytes().into_iter().cycle().take(32).collect();
    let config = Config { cases: histories, failure_persistence: None, max_shrink_iters: 80, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let numbers = prop::collection::vec(prop::collection::vec(any::<u32>(), 10..80), migrations);
    let outcome = runner.run(&numbers, |numbers| test(numbers).map_err(TestCaseError::fail));
    outcome.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
}

/// What `RANDOM_SEED` says: a number, or `new` for another one each time.
fn seed() -> u32 {
    match std::env::var("RANDOM_SEED") {
        Ok(text) if text == "new" => {
            let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            since.map_or(1, |since| since.subsec_nanos() ^ u32::try_from(since.as_secs() & 0xffff_ffff).unwrap_or_default())
        }
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("RANDOM_SEED is a number or `new`, not {text}")),
        Err(_) => 1,
    }
}

/// How many histories there shall be.
fn histories(share: u32) -> u32 {
    let wanted = std::env::var("RANDOM_HISTORIES").ok().and_then(|text| text.parse().ok());
    (wanted.unwrap_or(HISTORIES) / share).max(1)
}

/// The history so far on one database or both.
struct Run<'a> {
    sites: &'a mut [Site],
    state: State,
    migrations: Vec<&'static Migration>,
    rows: u32,
    coverage: &'a RefCell<Coverage>,
}

impl Run<'_> {
    fn databases(&self) -> Vec<Database> {
        self.sites.iter().map(|site| site.database).collect()
    }

    fn schema(&self, state: &State) -> Schema {
        state.clone().next("").schema(self.sites[0].database).expect("it is served")
    }

    fn history(&self) -> History {
        History::new("random".into(), self.databases().into_iter().map(Version::oldest).collect(), self.migrations.clone().into())
    }

    /// One migration by chance, up and down and up again, with rows.
    async fn migration(&mut self, place: usize, numbers: &[u32]) -> Result<(), String> {
        let mut choice = Choice::new(numbers, &format!("m{place}_"));
        let count = 1 + choice.below(5);
        let (draft, outcome) = random::migration(&self.state.clone().next(""), &mut choice, count);
        self.coverage.borrow_mut().draft(&draft);
        let id: &'static str = format!("m{place}").leak();
        let Some(after) = self.there_and_back(id, &draft, outcome, &mut choice).await? else { return Ok(()) };
        self.again().await?;
        let schema = self.schema(&after);
        self.state = after.named(id);
        self.insert(&schema, &mut choice).await
    }

    /// A migration up and, where the rows allow it, down again: the state after it. `None` where rows are in its way; then it is no part of
    /// the history.
    async fn there_and_back(
        &mut self,
        id: &'static str,
        draft: &Draft,
        outcome: Outcome,
        choice: &mut Choice<'_>,
    ) -> Result<Option<State>, String> {
        let (before, after) = (self.schema(&self.state), self.schema(&outcome.after));
        let parents: Vec<&'static str> = self.migrations.last().map(|last| &*last.id).into_iter().collect();
        let migration: &'static Migration = Box::leak(Box::new(
            outcome.migration.ok_or("it compiles")?.named(id, parents).calling(&migrate_live_tests::programs::PROGRAMS),
        ));
        self.migrations.push(migration);
        let all = self.migrations.clone();
        let told = |what: &str| format!("{what}\n{}", told(&all));
        let was = self.moments(&before).await;
        if !self.upgrade(&told, &was, &before).await? {
            self.migrations.pop();
            return Ok(None);
        }
        let is = self.moments(&after).await;
        self.as_the_model_says(&told, draft, (&before, &after), &was, &is).await?;
        self.back(&told, migration, (&before, &after), (&was, &is), choice).await?;
        Ok(Some(outcome.after))
    }

    /// Upgrades again. The rows that came in the meantime may stop that; then the history ends.
    async fn again(&mut self) -> Result<(), String> {
        let history = self.history();
        for site in self.sites.iter() {
            match site.upgrade(&history, "head").await {
                Ok(()) => {}
                Err(error) if is_about_rows(&error) => return Err(STOPPED.to_owned()),
                Err(error) => {
                    let what = format!("the upgrade fails for the second time on {}: {error}", site.database);
                    return Err(format!("{what}\n{}", told(&self.migrations)));
                }
            }
        }
        Ok(())
    }

    async fn moments(&mut self, schema: &Schema) -> Vec<Moment> {
        let mut moments = Vec::new();
        for site in self.sites.iter_mut() {
            moments.push(site.moment(schema).await);
        }
        moments
    }

    /// Whether the upgrade of the last migration is more than one transaction somewhere.
    fn is_in_several_steps(&self) -> bool {
        let scripts = self.migrations.last().into_iter().flat_map(|last| last.compiled().scripts.iter());
        scripts.into_iter().any(|script| script.upgrade.len() > 1)
    }

    /// Whether it was done: rows may be in its way, the same ones on both databases, and then nothing was touched.
    async fn upgrade(&mut self, told: &impl Fn(&str) -> String, was: &[Moment], before: &Schema) -> Result<bool, String> {
        let history = self.history();
        let (mut done, mut has_begun) = (Vec::new(), false);
        for site in self.sites.iter() {
            match site.upgrade(&history, "head").await {
                Ok(()) => done.push(None),
                Err(error) if is_about_rows(&error) => {
                    has_begun |= !matches!(error, Error::Refused { .. } | Error::Unanswered { .. });
                    done.push(Some(error.to_string()));
                }
                Err(error) => return Err(told(&format!("the upgrade fails on {}: {error}", site.database))),
            }
        }
        if done.iter().any(Option::is_some) {
            self.coverage.borrow_mut().note("an upgrade that rows stop");
            // SQLite's `real` keeps 64 bits, so that a decimal may fit it there alone.
            let is_about_real = |refused: &String| refused.contains("would change as `real`");
            if done.iter().any(Option::is_none) && done.iter().flatten().any(is_about_real) {
                return Err(STOPPED.to_owned());
            }
            if done.iter().any(Option::is_none) {
                return Err(told(&format!("the databases do not agree on an upgrade: {done:?}")));
            }
            // What was committed stays, and the next run goes on with the rest.
            if has_begun && self.is_in_several_steps() {
                return Err(STOPPED.to_owned());
            }
            if self.moments(before).await != was {
                return Err(told("an upgrade that failed left something behind"));
            }
        }
        Ok(done.iter().all(Option::is_none))
    }

    /// The catalogue is that of a database which is made at once, and the rows are what the statements say, on both.
    async fn as_the_model_says(
        &mut self,
        told: &impl Fn(&str) -> String,
        draft: &Draft,
        (before, after): (&Schema, &Schema),
        was: &[Moment],
        is: &[Moment],
    ) -> Result<(), String> {
        for ((site, was), is) in self.sites.iter_mut().zip(was).zip(is) {
            let made = site.made(after).await;
            if made != is.catalogue {
                let only =
                    |one: &std::collections::BTreeSet<Vec<String>>, other| one.difference(other).cloned().collect::<Vec<_>>();
                let (found, wanted) = (only(&is.catalogue, &made), only(&made, &is.catalogue));
                return Err(told(&format!("{} has {found:#?}, and the model {wanted:#?}", site.database)));
            }
            expected::compare(draft, before, &was.rows, &is.rows)
                .map_err(|error| told(&format!("{}: {error}", site.database)))?;
        }
        if let [one, other] = is
            && one.rows != other.rows
        {
            return Err(told(&format!("the rows differ: {:#?}\n{:#?}", one.rows, other.rows)));
        }
        Ok(())
    }

    /// Rows come, and the downgrade brings back what was there, or is refused untouched.
    async fn back(
        &mut self,
        told: &impl Fn(&str) -> String,
        migration: &Migration,
        (before, after): (&Schema, &Schema),
        (was, is): (&[Moment], &[Moment]),
        choice: &mut Choice<'_>,
    ) -> Result<(), String> {
        let mut marks = Vec::new();
        for site in self.sites.iter_mut() {
            marks.push(site.marks(after).await);
        }
        self.insert(after, choice).await?;
        let between = self.moments(after).await;
        let history = self.history();
        for (at, site) in self.sites.iter_mut().enumerate() {
            let database = site.database;
            let first = site.downgrade(&history, "-1").await;
            // What raw SQL has done before the step that failed is committed, and the next run continues after it.
            let script = migration.compiled().script(database).map_or(0, |script| script.downgrade.len());
            if script > 1 && matches!(first, Err(Error::Statement(_))) {
                return Err(STOPPED.to_owned());
            }
            let refused = refused(first, migration.compiled().basis)
                .map_err(|error| told(&format!("the downgrade fails on {database}: {error}")))?;
            if refused {
                self.coverage.borrow_mut().note("a downgrade that rows stop");
                if site.moment(after).await != between[at] {
                    return Err(told(&format!("a refused downgrade touched something on {database}")));
                }
                site.remove_others(&marks[at]).await;
                if site.moment(after).await != is[at] {
                    return Err(told("the test does not take its rows away"));
                }
                let second = site.downgrade(&history, "-1").await;
                let refused =
                    refused_again(second, migration.compiled().basis).map_err(|error| told(&format!("{database}: {error}")))?;
                if let Some(error) = refused {
                    if migration.compiled().level == Level::Exact {
                        return Err(told(&format!("without other rows the downgrade is refused on {database}: {error}")));
                    }
                    continue;
                }
            }
            self.coverage.borrow_mut().note("a downgrade");
            let back = site.moment(before).await;
            if back.catalogue != was[at].catalogue {
                let only =
                    |one: &std::collections::BTreeSet<Vec<String>>, other| one.difference(other).cloned().collect::<Vec<_>>();
                let (found, wanted) = (only(&back.catalogue, &was[at].catalogue), only(&was[at].catalogue, &back.catalogue));
                return Err(told(&format!("after the downgrade {database} has {found:#?} and had {wanted:#?}")));
            }
            if migration.compiled().level == Level::Exact {
                self.coverage.borrow_mut().note("an exact downgrade");
                expected::contains(&back.rows, &was[at].rows).map_err(|error| told(&format!("{database}: {error}")))?;
            }
        }
        Ok(())
    }

    /// Inserts rows by chance; the databases take the same ones.
    async fn insert(&mut self, schema: &Schema, choice: &mut Choice<'_>) -> Result<(), String> {
        let databases = self.databases();
        for rows::Insert { statements, shapes } in rows::inserts(schema, &databases, choice, &mut self.rows) {
            let mut outcomes = Vec::new();
            for (site, statement) in self.sites.iter_mut().zip(&statements) {
                outcomes.push(site.run(statement).await);
            }
            let is_taken = outcomes.iter().all(Result::is_ok);
            self.coverage.borrow_mut().note(if is_taken { "a row" } else { "a row that is refused" });
            shapes.iter().filter(|_| is_taken).for_each(|shape| self.coverage.borrow_mut().note(shape));
            if outcomes.iter().any(Result::is_ok) && outcomes.iter().any(Result::is_err) {
                return Err(format!(
                    "the databases do not agree on a row: {statements:?}: {outcomes:?}\n{}",
                    told(&self.migrations)
                ));
            }
        }
        Ok(())
    }
}

/// The rows of a history stop what it would do next.
const STOPPED: &str = "stopped by rows";

fn told(migrations: &[&'static Migration]) -> String {
    let all = migrations.iter().map(|one| {
        let down: Vec<&str> = one
            .compiled()
            .scripts
            .iter()
            .flat_map(|script| script.downgrade.iter())
            .flat_map(|step| step.statements.iter())
            .map(|one| &*one.sql)
            .collect();
        format!("{} ({}): {:#?} down: {down:#?}", one.id, one.compiled().level, one.compiled().operations)
    });
    all.collect::<Vec<_>>().join("\n")
}

/// Whether a statement failed because of the rows: a value or a constraint.
fn is_about_rows(error: &Error) -> bool {
    if matches!(error, Error::ForeignKeys { .. } | Error::Refused { .. } | Error::Unanswered { .. }) {
        return true;
    }
    let Error::Statement(error) = error else { return false };
    let text = error.cause.to_string();
    let postgres = ["22", "23"]
        .iter()
        .any(|class| error.cause.code.as_deref().is_some_and(|code| code.len() == 5 && code.starts_with(class)));
    postgres || text.contains("constraint failed") || text.contains("not a value of") || text.contains("bad JSON path")
}

fn refused(outcome: Result<(), Error>, basis: Basis) -> Result<bool, Error> {
    refused_again(outcome, basis).map(|refused| refused.is_some())
}

fn refused_again(outcome: Result<(), Error>, basis: Basis) -> Result<Option<Error>, Error> {
    match outcome {
        Ok(()) => Ok(None),
        Err(error @ (Error::Refused { .. } | Error::Unanswered { .. })) => Ok(Some(error)),
        // After raw SQL about its table a question is not asked: the step fails then, and is rolled back.
        Err(error) if basis == Basis::Stated && is_about_rows(&error) => Ok(Some(error)),
        Err(error) => Err(error),
    }
}

async fn history(sites: &mut [Site], numbers: &Numbers, coverage: &RefCell<Coverage>) -> Result<(), String> {
    grown(sites, numbers, coverage).await.map(drop)
}

/// A history on empty databases, migration by migration; none where the numbers come to an end that is no failure.
async fn grown<'r>(sites: &'r mut [Site], numbers: &Numbers, coverage: &'r RefCell<Coverage>) -> Result<Option<Run<'r>>, String> {
    for site in sites.iter_mut() {
        site.clear().await;
    }
    let databases: Vec<Database> = sites.iter().map(|site| site.database).collect();
    let mut run = Run { sites, state: random::root(&databases), migrations: Vec::new(), rows: 0, coverage };
    for (place, numbers) in numbers.iter().enumerate() {
        match run.migration(place, numbers).await {
            Err(stopped) if stopped == STOPPED => return Ok(None),
            outcome => outcome?,
        }
    }
    Ok(Some(run))
}

/// What every run must have met beside the shapes of statements.
const EVENTS: &[&str] = &["a row", "a row that is refused", "a downgrade", "an exact downgrade", "a downgrade that rows stop"];

fn on(databases: &[Database], share: u32, more: &[&'static str]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let coverage = RefCell::new(Coverage::default());
    let sites = runtime.block_on(async {
        let mut sites = Vec::new();
        for database in databases {
            sites.push(Site::open(*database).await);
        }
        sites
    });
    let sites = RefCell::new(sites);
    let wanted = histories(share);
    run(wanted, 2..5, |numbers| runtime.block_on(history(&mut sites.borrow_mut(), &numbers, &coverage)));
    if wanted >= HISTORIES / share {
        let shapes =
            crate::random::operations().chain(SHAPES.iter().copied()).chain(EVENTS.iter().copied()).chain(more.iter().copied());
        let coverage = coverage.into_inner();
        coverage.assert_types("type", databases);
        coverage.assert_types("value of", databases);
        coverage.assert_types("edge of", databases);
        let own = ["AlterConstraint", "CreateObject", "DropObject"];
        coverage.assert(shapes.filter(|shape| databases == [Database::Postgres] || !own.contains(shape)));
    }
}

#[test]
fn random_histories_lead_back_on_postgresql() {
    on(&[Database::Postgres], 2, &["qualified name"]);
}

#[test]
fn random_histories_lead_back_on_sqlite() {
    on(&[Database::Sqlite], 2, &[]);
}

/// The databases get the same statements, and have the same rows.
#[test]
fn random_histories_are_the_same_on_both() {
    on(Database::ALL, 2, &["an upgrade that rows stop"]);
}
