//! Random histories: an upgrade and a downgrade lead to exactly the revisions that they should.

use proptest::prelude::*;

use super::{Applied, Direction, Goal, Graph, Plan, Progress, Target, TargetError, is_at_head};
use crate::{Basis, Compiled, Database, History, Level, Migration, Script, Text, Version};

/// A history in which each migration comes after some earlier ones; `choices` says which.
fn history(choices: &[Vec<usize>]) -> History {
    let mut migrations: Vec<&'static Migration> = Vec::new();
    for (place, picks) in choices.iter().enumerate() {
        let earlier = |pick: &usize| &*format!("r{}", pick % place).leak();
        let mut parents: Vec<&'static str> = picks.iter().filter(|_| place > 0).map(earlier).collect();
        parents.sort();
        parents.dedup();
        let script = Script {
            database: Database::Sqlite,
            upgrade: Vec::new().into(),
            downgrade: Vec::new().into(),
            drops: Vec::new().into(),
            moves: Vec::new().into(),
            keep: None,
        };
        let compiled = Compiled {
            message: "".into(),
            operations: Vec::new().into(),
            older: None,
            level: Level::Exact,
            basis: Basis::Proved,
            losses: Vec::new().into(),
            irreversible: None,
            notes: Vec::new().into(),
            scripts: vec![script].into(),
        };
        migrations.push(Box::leak(Box::new(Migration::new(format!("r{place}"), parents, "", compiled))));
    }
    History::new("random".into(), vec![Version::oldest(Database::Sqlite)].into(), migrations.into())
}

/// The ledger after the revisions.
fn applied<'m>(history: &'m History, wanted: impl Fn(&str) -> bool + 'm) -> Vec<Applied> {
    let rows = history.migrations.iter().filter(move |migration| wanted(&migration.id));
    rows.map(|migration| Applied {
        revision: migration.id.clone(),
        parents: migration.parents.iter().map(|parent| Text::Borrowed(parent)).collect(),
        checksum: migration.checksum().to_owned().into(),
        progress: Progress::Complete,
        record: None,
        stored: None,
    })
    .collect()
}

fn plan(history: &History, applied: &[Applied], direction: Direction, target: &str) -> Vec<String> {
    let target = Target::parse(target).expect("it is a target");
    let goal = Goal::resolve(history, applied, direction, &target).expect("it leads somewhere");
    let plan = Plan::new(history, Database::Sqlite, applied, &goal).expect("it can be planned");
    plan.migrations.iter().map(|planned| planned.revision.to_string()).collect()
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
    // The plan says that the history does not serve it.
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

        // Downwards from everything: all but the target and its ancestors, children before parents.
        let all = applied(&history, |_| true);
        let down = plan(&history, &all, Direction::Downgrade, &target);
        prop_assert_eq!(down.len(), choices.len() - ancestors.len());
        for (place, id) in down.iter().enumerate() {
            prop_assert!(!ancestors.contains(id.as_str()));
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
