//! What a hash of a plan is about, and what it is not.

use super::{Applied, Direction, Dropped, Goal, Plan, Progress, Target};
use crate::{
    Action, Basis, Compiled, Database, Guard, History, Level, Migration, Rebuild, Script, Statement, Step, Tally, Text, Version,
};

fn step(sql: &'static str) -> Step {
    let statement = Statement { action: Action::Run, sql: sql.into(), operation: "".into() };
    Step { statements: vec![statement].into(), ..Step::EMPTY }
}

/// A migration that runs `up`, and `down` to undo it.
fn migration(id: &'static str, parents: &'static [&'static str], (up, down): (Step, Step)) -> &'static Migration {
    let drops =
        vec![Tally { query: "SELECT count(*) FROM t".into(), what: "rows of `t`".into(), reads: vec!["t".into()].into() }];
    let (upgrade, downgrade, drops) = (vec![up].into(), vec![down].into(), drops.into());
    let script = Script { database: Database::Sqlite, upgrade, downgrade, drops, moves: Vec::new().into(), keep: None };
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
    Box::leak(Box::new(Migration::new(id, parents, format!("v2:{id}"), compiled)))
}

fn history(second: &'static str) -> History {
    let first = migration("m1", &[], (step("CREATE TABLE t (c)"), step("DROP TABLE t")));
    let second = migration("m2", &["m1"], (step(second), step("DROP TABLE u")));
    History::new("shop".into(), vec![Version::oldest(Database::Sqlite)].into(), vec![first, second].into())
}

fn row(revision: &'static str, checksum: &'static str) -> Applied {
    let (revision, checksum) = (revision.into(), checksum.into());
    Applied { revision, parents: Vec::new().into(), checksum, progress: Progress::Complete, record: None, stored: None }
}

fn plan(history: &History, applied: &[Applied], direction: Direction, target: &str) -> Plan {
    let goal = Goal::resolve(history, applied, direction, &Target::parse(target).unwrap()).unwrap();
    Plan::new(history, Database::Sqlite, applied, &goal).unwrap()
}

const CREATE: &str = "CREATE TABLE u (c)";

#[test]
fn the_same_plan_has_the_same_hash_however_it_is_called() {
    let applied = [row("m1", "v2:m1")];
    let own = plan(&history(CREATE), &applied, Direction::Upgrade, "head").hash();
    // A review stays valid with a later version of the program.
    assert_eq!(own, "5776d50df65d6ac51501e0572c13b7ccf135fe7b54eab95e6be379ea0046a487");
    for target in ["+1", "m2", "m1+1"] {
        assert_eq!(plan(&history(CREATE), &applied, Direction::Upgrade, target).hash(), own, "{target}");
    }
    // How many rows there are changes while an application runs.
    let both = [row("m1", "v2:m1"), row("m2", "v2:m2")];
    let mut down = plan(&history(CREATE), &both, Direction::Downgrade, "base");
    let uncounted = down.hash();
    for planned in &mut down.migrations {
        planned.drops = planned.drops.iter().map(|dropped| Dropped { count: crate::Count::of(3), ..dropped.clone() }).collect();
    }
    assert_eq!(down.hash(), uncounted);
    let other_way_round = [row("m2", "v2:m2"), row("m1", "v2:m1")];
    assert_eq!(plan(&history(CREATE), &other_way_round, Direction::Downgrade, "base").hash(), uncounted);
}

#[test]
fn another_plan_has_another_hash() {
    let applied = [row("m1", "v2:m1")];
    let all = |plan: Plan| plan.hash();
    let mut hashes = vec![
        all(plan(&history(CREATE), &applied, Direction::Upgrade, "head")),
        all(plan(&history("CREATE TABLE u (d)"), &applied, Direction::Upgrade, "head")),
        all(plan(&history(CREATE), &[], Direction::Upgrade, "head")),
        all(plan(&history(CREATE), &[], Direction::Upgrade, "m1")),
        all(plan(&history(CREATE), &applied, Direction::Downgrade, "base")),
        // Nothing of the steps differs, and something else is applied.
        all(plan(&history(CREATE), &[row("m1", "v2:m1"), row("m2", "v2:m2")], Direction::Downgrade, "m1")),
        all(plan(&history(CREATE), &[row("m1", "v1:m1"), row("m2", "v2:m2")], Direction::Downgrade, "m1")),
    ];
    let change = |change: fn(&mut Plan)| {
        let mut plan = plan(&history(CREATE), &applied, Direction::Upgrade, "head");
        change(&mut plan);
        plan.hash()
    };
    hashes.push(change(|plan| plan.schema = Some("other".into())));
    hashes.push(change(|plan| plan.migrations[0].done = 1));
    hashes.push(change(|plan| plan.migrations[0].stored = true));
    hashes.push(change(|plan| {
        let guards = vec![Guard { query: Text::from("SELECT 1"), refusal: "rows".into() }].into();
        plan.migrations[0].steps = vec![Step { guards, ..step(CREATE) }].into();
    }));
    hashes.push(change(|plan| {
        plan.migrations[0].steps =
            vec![Step { mode: crate::Mode::Transaction { rebuild: Rebuild::Tables }, ..step(CREATE) }].into();
    }));
    let count = hashes.len();
    hashes.sort();
    hashes.dedup();
    assert_eq!(hashes.len(), count);
    assert!(hashes.iter().all(|hash| hash.len() == 64));
}
