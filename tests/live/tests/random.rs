//! Random histories on the databases themselves: every migration is applied and undone, and the server's own dump says that
//! it led back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

#[path = "../../../crates/migrate-model/tests/random/mod.rs"]
mod random;

use migrate_live_tests::snapshot::Snapshot;
use migrate_live_tests::{compiled, server, shell, sqlite};
use migrate_model::compile::compile;
use migrate_model::history::{Database, History, Level};
use migrate_model::operation::Operation;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// How many histories each database gets: always the same ones, or as many new ones as `RANDOM_HISTORIES` says.
const CASES: u32 = 12;

fn runner() -> TestRunner {
    let wanted = std::env::var("RANDOM_HISTORIES").ok().and_then(|number| number.parse().ok());
    let config = Config { cases: wanted.unwrap_or(CASES), failure_persistence: None, max_shrink_iters: 64, ..Config::default() };
    match wanted {
        Some(_) => TestRunner::new(config),
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    }
}

/// Numbers that become statements, for each migration.
type Picks = Vec<Vec<u16>>;

fn picks() -> impl Strategy<Value = Picks> {
    prop::collection::vec(prop::collection::vec(any::<u16>(), 1..8), 2..5)
}

/// The statements of each migration.
fn statements(database: Database, picks: &Picks) -> Vec<Vec<Operation>> {
    let mut state = random::root(database);
    let mut all = Vec::new();
    for (place, picks) in picks.iter().enumerate() {
        let before = state.clone().next("").schema(database).expect("it is served");
        let draft = random::draft(&before, picks, place);
        state = compile(state.next(""), &draft, "").after.named(&format!("m{place}"));
        all.push(draft.pieces.into_iter().map(|piece| piece.operation).collect());
    }
    all
}

fn history(database: Database, picks: &Picks) -> History {
    let ids = ["m0", "m1", "m2", "m3", "m4"];
    compiled::history("random", database, ids.into_iter().zip(statements(database, picks)).collect())
}

/// Up one by one; then down, up and down again, one by one.
async fn there_and_back(url: &str, history: &History) {
    let mut seen = vec![Snapshot::take(url).await];
    for migration in history.migrations.iter() {
        let told = || format!("{:#?}", history.migrations.iter().map(|one| &one.operations).collect::<Vec<_>>());
        migrate_runtime::upgrade(url, history, &migration.id).await.unwrap_or_else(|error| panic!("{error}\n{}", told()));
        seen.push(Snapshot::take(url).await);
    }
    for migration in history.migrations.iter().rev() {
        let told =
            || format!("{}: {:#?}", migration.id, history.migrations.iter().map(|one| &one.operations).collect::<Vec<_>>());
        let after = seen.pop();
        let before = seen.last().expect("there was one before each migration");
        migrate_runtime::downgrade(url, history, "-1").await.unwrap_or_else(|error| panic!("{error}\n{}", told()));
        let back = Snapshot::take(url).await;
        assert_eq!(before.schema, back.schema, "{}", told());
        assert!(migration.level != Level::Exact || before.rows == back.rows, "{}", told());
        migrate_runtime::upgrade(url, history, "+1").await.unwrap_or_else(|error| panic!("{error}\n{}", told()));
        assert_eq!(after.expect("it was taken").schema, Snapshot::take(url).await.schema, "{}", told());
        migrate_runtime::downgrade(url, history, "-1").await.unwrap_or_else(|error| panic!("{error}\n{}", told()));
    }
}

fn run(database: Database) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let outcome = runner().run(&picks(), |picks| {
        let history = history(database, &picks);
        runtime.block_on(async {
            match database {
                Database::Postgres => there_and_back(&server::postgres().database().await, &history).await,
                Database::Sqlite => {
                    let file = sqlite::file();
                    shell::run(&file.url(), "SELECT 1").await;
                    there_and_back(&file.url(), &history).await;
                }
            }
        });
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn random_histories_lead_back_on_postgresql() {
    run(Database::Postgres);
}

#[test]
fn random_histories_lead_back_on_sqlite() {
    run(Database::Sqlite);
}
