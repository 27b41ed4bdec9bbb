//! What the plan of a large history takes, without a database.

use std::fmt::Write;
use std::time::{Duration, Instant};

use migrate_history::plan::{Applied, Direction, Goal, Plan, Progress, Target};
use migrate_history::{Basis, Compiled, Database, History, Level, Migration, Script, Text, Version};

use crate::report::Report;
use crate::sample::Samples;
use crate::{Arguments, Result};

/// What a plan of ten thousand migrations may take.
const GOAL: Duration = Duration::from_millis(50);

/// Plans with every kind of target, each from where it has the most to do.
pub(crate) fn measure(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let count = arguments.count(10_000);
    let work = format!("a plan of {count} migrations");
    if !arguments.wants(&work) {
        return Ok(());
    }
    let history = history(count);
    let all: Vec<Applied> = history.migrations.iter().map(|migration| row(migration)).collect();
    let (none, last) = (Vec::new(), format!("m{}", count - 1));
    let cases = [
        ("upgrade heads", &none, Direction::Upgrade, "heads".to_owned()),
        ("upgrade LABEL@head", &none, Direction::Upgrade, "trunk@head".to_owned()),
        ("upgrade ID", &none, Direction::Upgrade, last),
        ("upgrade heads, nothing to do", &all, Direction::Upgrade, "heads".to_owned()),
        ("downgrade base", &all, Direction::Downgrade, "base".to_owned()),
        ("downgrade LABEL@base", &all, Direction::Downgrade, "trunk@base".to_owned()),
        ("downgrade ID", &all, Direction::Downgrade, "m0".to_owned()),
    ];
    let mut text = String::from("| target | median | spread |\n|---|---|---|\n");
    for (name, applied, direction, target) in cases {
        let mut samples = Samples::default();
        for _ in 0..arguments.rounds() {
            let started = Instant::now();
            let goal = Goal::resolve(&history, applied, direction, &Target::parse(&target)?)?;
            let plan = Plan::new(&history, Database::Sqlite, applied, &goal)?;
            samples.add(started.elapsed());
            drop(plan);
        }
        let (least, most) = samples.spread();
        let _ = writeln!(text, "| {name} | {:.1} ms | {least:.1} to {most:.1} ms |", samples.median());
        // A build that is not optimised is not what a user has.
        if !cfg!(debug_assertions) && samples.median() > GOAL.as_secs_f64() * 1000.0 {
            report.missed(format!("{work}, {name}: {:.1} ms, at most {} ms", samples.median(), GOAL.as_millis()));
        }
    }
    report.on_its_own(&work, &format!("Without a database, in this process.\n\n{text}"));
    Ok(())
}

/// A trunk with a label, in which each tenth migration merges two sides, and a branch beside it.
fn history(count: usize) -> History {
    let migration = |at: usize| -> &'static Migration {
        let parents: Vec<&'static str> = match (at, at % 10) {
            (0, _) => Vec::new(),
            (_, 8) => vec![id(at - 2)],
            (_, 9) => vec![id(at - 2), id(at - 1)],
            _ => vec![id(at - 1)],
        };
        let migration = Migration::new(id(at), parents, "", nothing());
        Box::leak(Box::new(if at == 0 { migration.labelled("trunk") } else { migration }))
    };
    let branch = Migration::new("side", Vec::new(), "", nothing()).labelled("branch");
    let mut migrations: Vec<&'static Migration> = (0..count).map(migration).collect();
    migrations.push(Box::leak(Box::new(branch)));
    History::new("large".into(), vec![Version::oldest(Database::Sqlite)].into(), migrations.into())
}

fn id(at: usize) -> &'static str {
    String::leak(format!("m{at}"))
}

fn nothing() -> Compiled {
    let script = Script {
        database: Database::Sqlite,
        upgrade: Vec::new().into(),
        downgrade: Vec::new().into(),
        drops: Vec::new().into(),
        moves: Vec::new().into(),
        keep: None,
    };
    Compiled {
        message: "".into(),
        operations: Vec::new().into(),
        older: None,
        level: Level::Exact,
        basis: Basis::Proved,
        losses: Vec::new().into(),
        irreversible: None,
        notes: Vec::new().into(),
        scripts: vec![script].into(),
    }
}

fn row(migration: &Migration) -> Applied {
    Applied {
        revision: migration.id.clone(),
        parents: migration.predecessors().map(Text::Borrowed).collect(),
        checksum: migration.checksum().to_owned().into(),
        progress: Progress::Complete,
        record: None,
        stored: None,
    }
}
