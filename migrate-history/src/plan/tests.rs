//! Random histories: an upgrade and a downgrade lead to exactly the revisions that they should.

use proptest::prelude::*;

use super::example::{self, applied};
use super::{Applied, Direction, Goal, Graph, Progress, Target, TargetError, is_at_head};
use crate::{Database, History};

/// A history in which each migration comes after some earlier ones; `choices` says which.
fn history(choices: &[Vec<usize>]) -> History {
    let line = |(place, picks): (usize, &Vec<usize>)| {
        let mut parents: Vec<usize> = picks.iter().filter(|_| place > 0).map(|pick| pick % place).collect();
        parents.sort();
        parents.dedup();
        let parents = parents.iter().map(|parent| format!("r{parent}")).collect::<Vec<_>>().join(", ");
        if parents.is_empty() { format!("r{place}\n") } else { format!("r{place} < {parents}\n") }
    };
    example::history(&choices.iter().enumerate().map(line).collect::<String>())
}

fn plan(history: &History, applied: &[Applied], direction: Direction, target: &str) -> Vec<String> {
    example::plan(history, applied, direction, target).expect("it can be planned")
}

#[test]
fn a_word_that_is_almost_a_target_is_recognised() {
    let near = |target: &str| {
        let history = history(&[vec![]]);
        Goal::resolve(&history, &[], Direction::Upgrade, &Target::parse(target).unwrap()).unwrap_err().to_string()
    };
    assert!(near("heda").ends_with("did you mean `head`?"), "{}", near("heda"));
    assert!(near("bsae").ends_with("did you mean `base`?"), "{}", near("bsae"));
}

/// r0 before r1 and r2, which r3 merges; r4 after r3.
#[test]
fn a_target_may_be_so_many_migrations_from_another() {
    let history = history(&[vec![], vec![0], vec![0], vec![1, 2], vec![3]]);
    let up = |target: &str| plan(&history, &[], Direction::Upgrade, target);
    assert_eq!(up("r3+1"), ["r0", "r1", "r2", "r3", "r4"]);
    assert_eq!(up("r1-1"), ["r0"]);
    assert_eq!(up("r1+2").len(), 5);
    assert_eq!(up("head-1").len(), 4);
    assert_eq!(up("heads").len(), 5);
    let all = applied(&history, |_| true);
    assert_eq!(plan(&history, &all, Direction::Downgrade, "r4-1"), ["r4"]);
    let wrong = |target: &str| {
        let target = Target::parse(target).expect("it is a target");
        Goal::resolve(&history, &[], Direction::Upgrade, &target).expect_err("it leads nowhere").to_string()
    };
    assert!(wrong("r0+1").starts_with("`r0+1` is ambiguous: it could be `r1` or `r2`"), "{}", wrong("r0+1"));
    assert!(wrong("r3+2").starts_with("`r3+2` is out of range: `r4` is the last migration that way"), "{}", wrong("r3+2"));
    assert!(wrong("r9-1").starts_with("unknown revision `r9`"), "{}", wrong("r9-1"));
    for text in ["r0+", "r0+x", "r0-0", "+", "-"] {
        assert!(matches!(Target::parse(text), Err(TargetError::Malformed { .. })), "{text}");
    }
}

#[test]
fn what_is_at_the_head_has_everything_as_the_code_has_it() {
    let history = history(&[vec![], vec![0], vec![0, 1]]);
    let all = applied(&history, |_| true);
    assert!(is_at_head(&history, Database::Sqlite, &all));
    // The plan says that the history does not support it.
    assert!(!is_at_head(&history, Database::Postgres, &all));
    assert!(!is_at_head(&history, Database::Sqlite, &all[..2]));
    let with = |change: fn(&mut Applied)| {
        let mut rows = all.clone();
        change(&mut rows[1]);
        is_at_head(&history, Database::Sqlite, &rows)
    };
    assert!(!with(|row| row.revision = "another".into()));
    assert!(!with(|row| row.checksum = "v1:another".into()));
    assert!(!with(|row| row.progress = Progress::Upgrading { step: 1, steps: 2 }));
}

proptest! {
    #[test]
    fn targets_lead_to_exactly_their_ancestors(choices in prop::collection::vec(prop::collection::vec(0_usize..8, 0..3), 1..9), pick in 0_usize..9) {
        let history = history(&choices);
        let graph = Graph::of(&history).expect("parents come first");
        let target = format!("r{}", pick % choices.len());
        let ancestors = graph.ancestors_or_self(&target);

        // Upwards from nothing: the target and its ancestors, parents before children.
        let up = plan(&history, &[], Direction::Upgrade, &target);
        prop_assert_eq!(up.len(), ancestors.len());
        for (place, id) in up.iter().enumerate() {
            prop_assert!(ancestors.contains(id.as_str()));
            let migration = history.migrations.iter().find(|migration| migration.id == *id).expect("it is known");
            prop_assert!(migration.parents.iter().all(|parent| up[..place].contains(&parent.to_string())));
        }

        // Downwards from everything: all that comes after the target, children before parents.
        let all = applied(&history, |_| true);
        let down = plan(&history, &all, Direction::Downgrade, &target);
        let after = graph.descendants_or_self(&target);
        prop_assert_eq!(down.len(), after.len() - 1);
        for (place, id) in down.iter().enumerate() {
            prop_assert!(after.contains(id.as_str()) && *id != target);
            let migration = history.migrations.iter().find(|migration| migration.id == *id).expect("it is known");
            prop_assert!(migration.parents.iter().all(|parent| !down[..place].contains(&parent.to_string())));
        }

        // And to the base: everything.
        prop_assert_eq!(plan(&history, &all, Direction::Downgrade, "base").len(), choices.len());

        // What is applied already is not applied again.
        let there = applied(&history, |id| ancestors.contains(id));
        prop_assert!(plan(&history, &there, Direction::Upgrade, &target).is_empty());
    }
}
