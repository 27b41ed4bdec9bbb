//! Every refusal says first what is wrong, in one short line.

use super::{Direction, GraphError, PlanError, Progress, RenamedMigration, TargetError};
use crate::{Database, Lacking};

/// Lists an example of each kind of error, which the compiler misses where one is not listed.
macro_rules! every {
    ($name:ident: $of:ty = $($pattern:pat => $example:expr),* $(,)?) => {
        fn $name() -> Vec<String> {
            let is_listed = |error: &$of| match error { $($pattern => {}),* };
            let every = vec![$($example),*];
            every.iter().for_each(is_listed);
            every.iter().map(ToString::to_string).collect()
        }
    };
}

every! {
    plans: PlanError =
    PlanError::Graph(_) => PlanError::Graph(GraphError::Duplicate { revision: "a".into() }),
    PlanError::Target(_) => PlanError::Target(TargetError::Url),
    PlanError::NotServed { .. } => {
        PlanError::NotServed { database: Database::Postgres, served: vec![Database::Sqlite].into() }
    },
    PlanError::Changed { .. } => PlanError::Changed { changes: Vec::new() },
    PlanError::Ahead { .. } => PlanError::Ahead { revisions: vec!["a".into()] },
    PlanError::Renamed { .. } => {
        PlanError::Renamed { renamed: vec![RenamedMigration { recorded: "a".into(), written: "b".into() }] }
    },
    PlanError::Late { .. } => PlanError::Late { revision: "a".into(), child: "b".into() },
    PlanError::Gap { .. } => PlanError::Gap { revision: "a".into(), child: "b".into(), after: Some("base".into()) },
    PlanError::Irreversible { .. } => PlanError::Irreversible { revision: "a".into(), reason: "they are gone".into() },
    PlanError::NotRead { .. } => PlanError::NotRead { revision: "a".into() },
    PlanError::NotKept { .. } => PlanError::NotKept { revision: "a".into() },
    PlanError::Unfinished { .. } => {
        PlanError::Unfinished { revision: "a".into(), progress: Progress::Upgrading { step: 1, steps: 2 } }
    },
    PlanError::MissingProgram { .. } => PlanError::MissingProgram {
        revision: "a".into(),
        direction: Direction::Downgrade,
        name: "fill".into(),
        lacking: Lacking::Function(vec!["other".into()]),
    },
    PlanError::UnknownMode { .. } => PlanError::UnknownMode { revision: "a".into(), step: "1".into(), mode: "new".into() },
    PlanError::NotInScript { .. } => PlanError::NotInScript { revision: "a".into(), step: "1".into(), mode: "batches".into() },
    PlanError::ProgramInScript { .. } => {
        PlanError::ProgramInScript { revision: "a".into(), step: "1".into(), name: "fill".into() }
    },
    PlanError::NotInTransaction { .. } => {
        PlanError::NotInTransaction { revision: "a".into(), step: "1".into(), mode: "alone".into(), statement: "VACUUM".into() }
    },
}

every! {
    graphs: GraphError =
    GraphError::Duplicate { .. } => GraphError::Duplicate { revision: "a".into() },
    GraphError::UnknownParent { .. } => GraphError::UnknownParent { revision: "a".into(), parent: "b".into() },
    GraphError::UnknownDependency { .. } => {
        GraphError::UnknownDependency { revision: "b".into(), dependency: "a".into() }
    },
    GraphError::DuplicateLabel { .. } => {
        GraphError::DuplicateLabel { label: "x".into(), revisions: vec!["a".into(), "b".into()] }
    },
    GraphError::Cycle { .. } => GraphError::Cycle { revisions: vec!["a".into(), "b".into()] },
}

every! {
    targets: TargetError =
    TargetError::Malformed { .. } => TargetError::Malformed { target: "?".to_owned() },
    TargetError::Url => TargetError::Url,
    TargetError::NoneThere { .. } => TargetError::NoneThere { target: "a+9".to_owned(), last: "b".into() },
    TargetError::Unknown { .. } => TargetError::Unknown { target: "haed".to_owned(), near: Some("head".into()) },
    TargetError::Ambiguous { .. } => TargetError::Ambiguous { target: "m".to_owned(), candidates: vec!["m1".into(), "m2".into()] },
    TargetError::Direction { .. } => TargetError::Direction {
        direction: Direction::Upgrade,
        target: "base".to_owned(),
        instead: "downgrade base".to_owned(),
    },
    TargetError::NotApplied { .. } => TargetError::NotApplied { revision: "a".into() },
    TargetError::TooFar { .. } => TargetError::TooFar { direction: Direction::Upgrade, branch: None, wanted: 4, available: 3 },
    TargetError::SeveralHeads { .. } => {
        TargetError::SeveralHeads { heads: vec!["a".into(), "b".into()], instead: vec!["x@head".into(), "b".into()] }
    },
    TargetError::SeveralWays { .. } => {
        TargetError::SeveralWays { target: "+1".into(), candidates: vec!["a".into(), "b".into()], instead: vec!["x@+1".into()] }
    },
    TargetError::UnknownBranch { .. } => TargetError::UnknownBranch { branch: "x".into(), near: None },
    TargetError::NotOnBranch { .. } => {
        TargetError::NotOnBranch { target: "x@a".into(), revision: "a".into(), branch: "x".into() }
    },
    TargetError::NotOne { .. } => TargetError::NotOne { target: "+1".into() },
    TargetError::NoDatabase { .. } => TargetError::NoDatabase { target: "current".into() },
    TargetError::NotBefore { .. } => TargetError::NotBefore { from: "b".into(), to: "a".into() },
}

#[test]
fn the_first_line_is_short_and_every_other_says_what_it_is() {
    for said in plans().into_iter().chain(graphs()).chain(targets()) {
        let mut lines = said.lines();
        let first = lines.next().unwrap_or_default();
        assert!(first.chars().count() <= 90 && !first.contains("; "), "{said}");
        assert!(lines.all(|line| line.starts_with("note: ") || line.starts_with("help: ")), "{said}");
    }
}
