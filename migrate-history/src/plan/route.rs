//! The plan: which migrations run, in which order, with which SQL.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{Database, History, Migration, Text};

use super::edited_migration::{Checksums, Moved};
use super::effort::looks_at;
use super::renamed::renamed;
use super::{Applied, Direction, EditedMigration, Goal, Graph, Plan, PlanError, Planned, consent, gap, modes, unfinished};

impl Plan {
    /// Works out what leads from the applied revisions to the goal.
    ///
    /// # Errors
    /// A [`PlanError`], and then nothing must run.
    pub fn new(history: &History, database: Database, applied: &[Applied], goal: &Goal) -> Result<Plan, PlanError> {
        if history.oldest(database).is_none() {
            return Err(PlanError::NotServed { database, served: history.databases().collect() });
        }
        let migrations = match goal.direction {
            Direction::Upgrade => upgrade(history, database, applied, goal)?,
            Direction::Downgrade => downgrade(history, database, applied, goal)?,
        };
        modes::refuse_unknown(goal.direction, &migrations)?;
        let notes = notes(history, applied, &migrations);
        let (history, direction) = (history.name.clone(), goal.direction);
        let applied = applied.iter().map(|row| (row.revision.clone(), row.checksum.clone())).collect();
        Ok(Plan { history, database, schema: None, direction, goal: goal.clone(), migrations, notes, applied })
    }
}

/// Whether exactly the migrations of the code are applied, each as the code has it and to its end, so that an upgrade to the head
/// has nothing to do: what most starts of a service find, so it needs no graph.
pub fn is_at_head(history: &History, database: Database, applied: &[Applied]) -> bool {
    let known: HashMap<&str, &Migration> = history.migrations.iter().map(|one| (&*one.id, *one)).collect();
    let holds = |row: &Applied| known.get(&*row.revision).is_some_and(|one| !row.needs_stored(Some(one)));
    history.oldest(database).is_some() && applied.len() == known.len() && applied.iter().all(holds)
}

fn upgrade(history: &History, database: Database, applied: &[Applied], goal: &Goal) -> Result<Vec<Planned>, PlanError> {
    let graph = Graph::of(history)?;
    let known = known(history);
    PlanError::unless_none(renamed(history, &graph, applied))?;
    refuse_changed(&known, applied)?;
    refuse_ahead(&graph, applied)?;
    gap::refuse(&known, applied)?;
    let rows: BTreeMap<&str, &Applied> = applied.iter().map(|row| (&*row.revision, row)).collect();
    let followers = graph.followers(|id| rows.contains_key(id));
    let mut planned = Vec::new();
    for revision in graph.order().iter().filter(|id| goal.revisions.contains(*id)) {
        let row = rows.get(&**revision).copied();
        if row.is_some_and(Applied::is_complete) {
            continue;
        }
        // A migration was checked against its parents' schema; applied after its children it would meet another one.
        if let Some(child) = followers.get(revision) {
            return Err(PlanError::Late { revision: revision.clone(), child: child.clone() });
        }
        planned.push(unfinished::or_whole(row, known[&**revision], database)?);
    }
    Ok(planned)
}

fn downgrade(history: &History, database: Database, applied: &[Applied], goal: &Goal) -> Result<Vec<Planned>, PlanError> {
    let graph = Graph::with_applied(history, applied)?;
    let known = known(history);
    gap::refuse(&known, applied)?;
    let rows: BTreeMap<&str, &Applied> = applied.iter().map(|row| (&*row.revision, row)).collect();
    let undone = graph.order().iter().rev().filter(|id| !goal.revisions.contains(*id));
    let undone = undone.filter_map(|id| rows.get(&**id));
    let planned = undone.map(|row| unfinished::or_backward(row, known.get(&*row.revision).copied(), database));
    let mut planned: Vec<Planned> = planned.collect::<Result<_, _>>()?;
    consent::mark(&mut planned);
    Ok(planned)
}

/// Of the applied migrations whose downgrade was edited, and which the plan itself does not name.
fn notes(history: &History, applied: &[Applied], planned: &[Planned]) -> Vec<Text> {
    let known = known(history);
    let named: HashSet<&Text> = planned.iter().map(|planned| &planned.revision).collect();
    let others = applied.iter().filter(|row| !named.contains(&row.revision));
    others.filter_map(|row| row.note(known.get(&*row.revision)?)).collect()
}

fn known(history: &History) -> BTreeMap<&str, &'static Migration> {
    looks_at(history.migrations.len());
    history.migrations.iter().map(|migration| (&*migration.id, *migration)).collect()
}

/// An applied migration is never edited: what the database went through cannot change any more.
fn refuse_changed(known: &BTreeMap<&str, &'static Migration>, applied: &[Applied]) -> Result<(), PlanError> {
    let differing = applied.iter().filter_map(|row| {
        let migration = known.get(&*row.revision)?;
        let parents = || migration.predecessors().map(Text::Borrowed).collect();
        row.is_edited(migration).then(|| EditedMigration {
            revision: row.revision.clone(),
            recorded: row.stored.as_ref().map(|stored| stored.operations.clone()).unwrap_or_default(),
            written: migration.compiled().operations.clone(),
            moved: Moved::between(row.parents.clone(), parents()),
            checksums: Checksums { recorded: row.checksum.clone(), written: migration.checksum().to_owned().into() },
            files: migration.files.iter().map(|file| Text::Borrowed(file.name)).collect(),
        })
    });
    let changes: Vec<EditedMigration> = differing.collect();
    if changes.is_empty() { Ok(()) } else { Err(PlanError::Changed { changes }) }
}

/// A program that does not know what is applied cannot say that its own migrations fit on top.
fn refuse_ahead(graph: &Graph, applied: &[Applied]) -> Result<(), PlanError> {
    let foreign = applied.iter().filter(|row| !graph.contains(&row.revision));
    let revisions: Vec<Text> = foreign.map(|row| row.revision.clone()).collect();
    if revisions.is_empty() { Ok(()) } else { Err(PlanError::Ahead { revisions }) }
}
