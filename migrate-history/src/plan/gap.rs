//! A gap in the ledger: a migration that is applied, and one that it comes after is not.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::effort::looks_at;
use super::{Applied, PlanError};
use crate::{History, List, Migration, Text};

/// The applied revisions that the code puts after one that is not applied. Whether that is a gap, or the other one was written later,
/// the parents say that the ledger has recorded: they must be read.
pub fn after_missing(history: &History, applied: &[Applied]) -> BTreeSet<Text> {
    let rows = revisions(applied);
    let is_after_missing =
        |one: &&&Migration| rows.contains(&one.id) && one.predecessors().any(|before| !rows.contains(&Text::Borrowed(before)));
    history.migrations.iter().filter(is_after_missing).map(|one| one.id.clone()).collect()
}

/// Neither direction goes on over a gap: the schema is not the one that a migration was checked against.
pub(super) fn refuse(known: &BTreeMap<&str, &'static Migration>, applied: &[Applied]) -> Result<(), PlanError> {
    let rows = revisions(applied);
    for row in applied {
        let parents = parents(row, known.get(&*row.revision).copied());
        if let Some(missing) = parents.iter().find(|parent| !rows.contains(parent)) {
            let (revision, child) = (missing.clone(), row.revision.clone());
            let after = known.get(&**missing).map(|one| one.predecessors().next().map_or(Text::Borrowed("base"), Text::Borrowed));
            return Err(PlanError::Gap { revision, child, after });
        }
    }
    Ok(())
}

fn revisions(applied: &[Applied]) -> HashSet<&Text> {
    looks_at(applied.len());
    applied.iter().map(|row| &row.revision).collect()
}

/// The recorded ones where they were read, which is wherever the code's are not all applied.
fn parents(row: &Applied, migration: Option<&Migration>) -> List<Text> {
    match migration {
        Some(migration) if row.stored.is_none() && row.parents.is_empty() => {
            migration.predecessors().map(Text::Borrowed).collect()
        }
        Some(_) | None => row.parents.clone(),
    }
}
