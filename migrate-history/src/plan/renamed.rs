//! An applied migration that the code has under another name: its module was renamed, and a module's name is its revision.

use std::collections::{BTreeMap, BTreeSet};

use super::{Applied, Graph};
use crate::{Agreement, History, Migration, Text};

/// An applied migration that the code has under another name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RenamedMigration {
    /// The revision that the ledger has.
    pub recorded: Text,
    /// The revision in the code.
    pub written: Text,
}

/// The applied migrations that the history has under another name: those with the same operations after the same parents, which may
/// themselves be renamed.
pub fn renamed(history: &History, graph: &Graph, applied: &[Applied]) -> Vec<RenamedMigration> {
    let known: BTreeMap<&str, &Migration> = history.migrations.iter().map(|one| (&*one.id, *one)).collect();
    let mut unknown: Vec<&Applied> = applied.iter().filter(|row| !known.contains_key(&*row.revision)).collect();
    let rows: BTreeSet<&Text> = applied.iter().map(|row| &row.revision).collect();
    let mut names: BTreeMap<&str, &Text> = BTreeMap::new();
    let mut renamed = Vec::new();
    for written in graph.order().iter().filter(|id| !rows.contains(id)) {
        if unknown.is_empty() {
            break;
        }
        let Some(migration) = known.get(&**written) else { continue };
        let is_it = |row: &&Applied| {
            is_after(row, migration, &names) && migration.agreement_after(&row.parents, &row.checksum) != Agreement::UpgradeEdited
        };
        let Some(place) = unknown.iter().position(is_it) else { continue };
        let row = unknown.remove(place);
        names.insert(written, &row.revision);
        renamed.push(RenamedMigration { recorded: row.revision.clone(), written: written.clone() });
    }
    renamed
}

/// Whether a row was applied after the parents that a migration has, by the names that the ledger has for them.
fn is_after(row: &Applied, migration: &Migration, names: &BTreeMap<&str, &Text>) -> bool {
    let recorded: BTreeSet<&str> = row.parents.iter().map(|parent| &**parent).collect();
    let written = migration.predecessors().map(|before| names.get(before).map_or(before, |name| &***name));
    recorded == written.collect()
}
