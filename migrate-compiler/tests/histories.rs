//! Random histories: whatever is put together, the downgrade restores the schema, the state travels whole, and branches that a merge accepts
//! commute.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod random;

use migrate_compiler::compile::compile;
use migrate_compiler::difference;
use migrate_compiler::draft::Draft;
use migrate_compiler::state::State;
use migrate_compiler::types::Type;
use migrate_history::Database;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use random::{BY_CHANCE, Choice, Coverage, SHAPES, Side, Spot, Try, accepted, broken, kept, migration, root, tables};

const EACH: [&[Database]; 3] = [&[Database::Postgres], &[Database::Sqlite], Database::ALL];

/// Runs a test on histories of so many migrations, always the same ones.
fn run(cases: u32, migrations: std::ops::Range<usize>, test: impl Fn(Vec<Vec<u32>>, &[Database]) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let numbers = prop::collection::vec(prop::collection::vec(any::<u32>(), 10..90), migrations);
    let outcome = runner.run(&(numbers, 0..EACH.len()), |(history, databases)| test(history, EACH[databases]));
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn the_downgrade_of_every_migration_leads_back() {
    let coverage = std::cell::RefCell::new(Coverage::default());
    run(260, 1..6, |history, databases| {
        let mut state = root(databases);
        for (place, numbers) in history.iter().enumerate() {
            let start = state.clone().next("");
            let mut choice = Choice::new(numbers, &format!("m{place}_"));
            let (draft, outcome) = migration(&start, &mut choice, 8);
            choice.refused.iter().for_each(|rule| coverage.borrow_mut().note(rule));
            prop_assert!(outcome.problems.is_empty(), "{:#?}", outcome.problems);
            coverage.borrow_mut().draft(&draft);
            if let Some(change) = outcome.after.change_since(&start) {
                prop_assert_eq!(state.clone().change(&change).expect("a change can be read").encode(), outcome.after.encode());
            }
            let text = outcome.after.encode();
            let again = State::decode(&text).expect("a state can be read");
            prop_assert_eq!(again.encode(), text);
            state = again.named(&format!("m{place}"));
        }
        Ok(())
    });
    let operations = random::operations();
    let coverage = coverage.into_inner();
    coverage.assert_types("type", &[Database::Postgres]);
    let words: Vec<String> = random::types(&[Database::Postgres]).iter().map(ToString::to_string).collect();
    for (word, _) in Type::WORDS {
        assert!(words.iter().any(|ty| ty.split('(').next() == Some(word)), "no column is ever a `{word}`");
    }
    coverage.assert(operations.chain(SHAPES.iter().copied()).chain(BY_CHANCE.iter().copied()).chain(["qualified name"]));
}

/// One mistake is one error, and the right one, whatever schema it is made on; what keeps the rule is accepted.
#[test]
fn every_rule_refuses_what_breaks_it_and_nothing_else() {
    let coverage = std::cell::RefCell::new(Coverage::default());
    run(20, 3..4, |history, databases| {
        let mut state = root(databases);
        for (place, numbers) in history.iter().enumerate() {
            let mut choice = Choice::new(numbers, &format!("m{place}_"));
            state = migration(&state.next(""), &mut choice, 8).1.after.named(&format!("m{place}"));
        }
        let before = state.next("");
        let schema = before.schema(databases[0]).expect("it is served");
        let refused = |draft: &Draft| compile(before.clone(), draft, "A trial.").problems;
        for (name, table) in schema.tables().iter().filter(|(_, table)| table.kept.is_none()) {
            for column in table.columns.iter().filter(|column| column.kept.is_none()) {
                let spot = Spot { schema: &schema, name, table, column };
                for Try { rule, text, draft } in broken(&spot) {
                    let problems = refused(&draft);
                    let rules: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
                    prop_assert_eq!(&rules, &[rule], "{:?}\n{}\n{:?}", problems, text, table);
                    coverage.borrow_mut().rule(Side::Broken, rule);
                }
                for Try { rule, text, draft } in kept(&spot) {
                    prop_assert_eq!(refused(&draft), [], "{}: {}\n{:?}", rule, text, table);
                    coverage.borrow_mut().rule(Side::Kept, rule);
                }
            }
        }
        Ok(())
    });
    let coverage = coverage.into_inner();
    coverage.assert_rules(Side::Broken, Database::ALL);
    coverage.assert_rules(Side::Kept, Database::ALL);
}

#[test]
fn branches_that_a_merge_accepts_commute() {
    let coverage = std::cell::RefCell::new(Coverage::default());
    run(200, 3..4, |history, databases| {
        let start = root(databases).next("");
        let base = tables(&start, &mut Choice::new(&history[0], "b"), 5).1.after.named("base");
        let (mut left, left_outcome) = migration(&base.clone().next(""), &mut Choice::new(&history[1], "l"), 2);
        let (mut right, right_outcome) = migration(&base.clone().next(""), &mut Choice::new(&history[2], "r"), 2);
        let (after_left, after_right) = (left_outcome.after.named("left"), right_outcome.after.named("right"));
        let (merged, conflicts) = after_left.clone().merge(after_right.clone());
        let (_, turned) = after_right.clone().merge(after_left.clone());
        prop_assert_eq!(conflicts.is_empty(), turned.is_empty(), "{:?} and {:?}", conflicts, turned);
        coverage.borrow_mut().note(if conflicts.is_empty() { "accepted" } else { "conflict" });
        if conflicts.is_empty() {
            let both = accepted(&after_left.next(""), &mut right);
            let other = accepted(&after_right.next(""), &mut left);
            prop_assert!(both.problems.is_empty(), "{:?}", both.problems);
            prop_assert!(other.problems.is_empty(), "{:?}", other.problems);
            let schema = |state: &State| state.clone().next("").schema(databases[0]).expect("it is served");
            prop_assert_eq!(difference::first(&schema(&both.after), &schema(&other.after)), None);
            prop_assert_eq!(difference::first(&schema(&both.after), &schema(&merged)), None);
        }
        Ok(())
    });
    let coverage = coverage.into_inner();
    coverage.assert(["accepted", "conflict"]);
    assert!(coverage.share("accepted", "conflict") >= 0.3, "{coverage:?}");
}
