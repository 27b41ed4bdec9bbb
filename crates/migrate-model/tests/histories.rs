//! Random histories: whatever is put together, the way back leads back, and the state travels whole.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod random;

use migrate_model::compile::compile;
use migrate_model::draft::Draft;
use migrate_model::history::Database;
use migrate_model::name::Name;
use migrate_model::operation::CreateTable;
use migrate_model::state::State;
use proptest::prelude::*;

use random::{draft, piece, root, table};

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_way_back_of_every_migration_leads_back(history in prop::collection::vec(prop::collection::vec(any::<u16>(), 1..8), 1..6)) {
        let mut state = root(Database::Postgres);
        for (place, picks) in history.iter().enumerate() {
            let before = state.clone().next("").schema(Database::Postgres).expect("it serves PostgreSQL");
            let draft = draft(&before, picks, place);
            let start = state.clone().next("");
            let outcome = compile(start.clone(), &draft, "");
            if let Some(change) = outcome.after.change_since(&start) {
                prop_assert_eq!(state.clone().change(&change).expect("a change can be read").encode(), outcome.after.encode());
            }
            // What the migration makes and drops again needs no `allow`; nothing else may be wrong.
            let wrong: Vec<_> = outcome.problems.iter().filter(|problem| problem.code != "unused_allow").collect();
            prop_assert!(wrong.is_empty(), "{:#?}\n{:?}", wrong, draft.pieces.iter().map(|piece| piece.operation.to_string()).collect::<Vec<_>>());
            let text = outcome.after.encode();
            let again = State::decode(&text).expect("a state can be read");
            prop_assert_eq!(again.encode(), text);
            state = again.named(&format!("m{place}"));
        }
    }

    #[test]
    fn sides_that_change_different_tables_merge_to_both(one in prop::collection::vec(any::<u16>(), 1..6), two in prop::collection::vec(any::<u16>(), 1..6)) {
        let common = |name: &str| CreateTable { name: Name::new(name), table: table(1) }.into();
        let base = compile(root(Database::Postgres).next(""), &Draft { pieces: vec![piece(common("left"), 0), piece(common("right"), 1)], ..Draft::default() }, "");
        let base = base.after.named("base");
        let side = |keep: &str, picks: &[u16], id: &str| {
            let before = base.clone().next("").schema(Database::Postgres).expect("it serves PostgreSQL");
            let mut own = before.clone();
            std::sync::Arc::make_mut(&mut own.tables).retain(|name, _| name.name == keep);
            let draft = draft(&own, picks, if id == "one" { 3 } else { 4 });
            let outcome = compile(base.clone().next(""), &draft, "");
            (outcome.after.named(id), draft)
        };
        let (left, _) = side("left", &one, "one");
        let (right, draft_right) = side("right", &two, "two");
        let (merged, conflicts) = left.clone().merge(right.clone());
        prop_assert_eq!(conflicts, vec![]);
        let (other, conflicts) = right.merge(left.clone());
        prop_assert_eq!(conflicts, vec![]);
        let schema = |state: &State| state.clone().next("").schema(Database::Postgres).expect("it serves PostgreSQL");
        prop_assert_eq!(migrate_model::difference::first(&schema(&merged), &schema(&other)), None);
        // Doing the second side's statements after the first side's gives the same.
        let outcome = compile(left.next(""), &draft_right, "");
        prop_assert_eq!(migrate_model::difference::first(&schema(&merged), &schema(&outcome.after)), None);
    }
}
