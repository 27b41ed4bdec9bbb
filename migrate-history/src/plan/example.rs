//! Histories that tests plan with, written as text.

use super::{Applied, Direction, Goal, Plan, PlanError, Progress, Target};
use crate::{Basis, Compiled, Database, History, Level, List, Migration, Script, Text, Version};

/// A history without SQL, from one migration a line: `id`, then `< parent, …`, `+ dependency, …` and `@ label`.
pub(super) fn history(text: &str) -> History {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let migrations: Vec<&'static Migration> = lines.map(|line| &*Box::leak(Box::new(migration(line)))).collect();
    let servers = vec![Version::oldest(Database::Sqlite)].into();
    History::new("example".into(), servers, migrations.into())
}

fn migration(line: &str) -> Migration {
    let part = |sign: char| line.split_once(sign).map(|(_, rest)| rest.split(['<', '+', '@']).next().unwrap_or_default());
    let names = |sign| -> Vec<&'static str> {
        part(sign).into_iter().flat_map(|names| names.split(',')).map(|name| &*String::leak(name.trim().to_owned())).collect()
    };
    let id = line.split(['<', '+', '@']).next().unwrap_or_default().trim().to_owned();
    let migration = Migration::new(id, names('<'), "", compiled()).depending(Vec::leak(names('+')));
    match names('@').first() {
        Some(label) => migration.labelled(label),
        None => migration,
    }
}

/// A migration that does nothing.
pub(super) fn compiled() -> Compiled {
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

/// The ledger after the revisions.
pub(super) fn applied(history: &History, wanted: impl Fn(&str) -> bool) -> Vec<Applied> {
    let rows = history.migrations.iter().filter(|migration| wanted(&migration.id));
    rows.map(|migration| Applied {
        revision: migration.id.clone(),
        parents: migration.predecessors().map(Text::Borrowed).collect::<List<Text>>(),
        checksum: migration.checksum().to_owned().into(),
        progress: Progress::Complete,
        record: None,
        stored: None,
    })
    .collect()
}

/// The revisions of a plan, in the order in which they run.
pub(super) fn plan(history: &History, applied: &[Applied], direction: Direction, target: &str) -> Result<Vec<String>, PlanError> {
    let goal = Goal::resolve(history, applied, direction, &Target::parse(target)?)?;
    let plan = Plan::new(history, Database::Sqlite, applied, &goal)?;
    Ok(plan.migrations.iter().map(|planned| planned.revision.to_string()).collect())
}
