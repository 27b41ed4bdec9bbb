//! What is applied and what is pending, for a listing.

use std::collections::{BTreeMap, BTreeSet};

use migrate_history::plan::{Applied, AppliedRecord, Graph, Progress, RenamedMigration, renamed};
use migrate_history::{Basis, Database, Grade, History, Level, List, Migration, Text};

use crate::Error;
use crate::ledger::{FORMAT, Snapshot};
use crate::protected::Protection;

/// The state of a database, according to its ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Current {
    /// The database.
    pub database: Database,
    /// PostgreSQL: the schema that the session works in, where the ledger is or would be.
    pub schema: Option<Text>,
    /// The history's name.
    pub history: Text,
    /// The format of the ledger; `None` when there is none yet.
    pub format: Option<i64>,
    /// Why only a reviewed plan runs on it; `None` where any does.
    pub protection: Option<Protection>,
    /// Every revision that the code or the ledger knows, parents before children.
    pub revisions: Vec<Revision>,
    /// The applied revisions that no other applied one comes after.
    pub heads: Vec<Text>,
    /// The applied revisions that the code has under another name.
    pub renamed: Vec<RenamedMigration>,
}

/// One revision.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Revision {
    /// The revision id.
    pub revision: Text,
    /// The first line of the message.
    pub title: String,
    /// The revisions that it comes after.
    pub parents: List<Text>,
    /// How much its downgrade restores.
    pub level: Level,
    /// Whether that is proved or stated.
    pub basis: Basis,
    /// Its state.
    pub state: RevisionState,
    /// What a reader should know: its downgrade was edited after it was applied, or it was renamed.
    pub note: Option<Text>,
    /// Its row in the ledger.
    pub applied: Option<Applied>,
}

/// The state of a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevisionState {
    /// The code has it, the database does not.
    Pending,
    /// Applied, and the same in the code.
    Applied,
    /// Applied, and edited in the code since then.
    Changed,
    /// Applied, and unknown to the code.
    Unknown,
    /// Applied, and in the code under another name; see `Current::renamed`.
    Renamed,
    /// Between two of its steps.
    Unfinished(Progress),
}

/// What was read for a listing.
#[derive(Default)]
pub(crate) struct FoundLedger {
    pub snapshot: Snapshot,
    pub protection: Option<Protection>,
}

impl RevisionState {
    /// The word for it in a listing.
    pub const fn word(self) -> &'static str {
        match self {
            RevisionState::Pending => "pending",
            RevisionState::Applied => "applied",
            RevisionState::Changed => "changed",
            RevisionState::Unknown => "unknown",
            RevisionState::Renamed => "renamed",
            RevisionState::Unfinished(_) => "unfinished",
        }
    }
}

impl Revision {
    /// The level, and whether it is proved or stated.
    pub fn grade(&self) -> Grade {
        Grade { level: self.level, basis: self.basis }
    }

    /// The code has it under this name.
    fn is_now(&mut self, written: &Text) {
        self.state = RevisionState::Renamed;
        self.note = Some(format!("it is `{written}` in the code, which needs `revision \"{}\";`", self.revision).into());
    }

    /// When it was applied, by whom and how.
    pub fn record(&self) -> Option<&AppliedRecord> {
        self.applied.as_ref()?.record.as_ref()
    }
}

impl Current {
    pub(crate) fn new(history: &History, database: Database, found: FoundLedger) -> Result<Current, Error> {
        let FoundLedger { snapshot, protection } = found;
        let Snapshot { format, schema, applied, flag: _, position: _ } = snapshot;
        let graph = Graph::with_applied(history, &applied).map_err(migrate_history::plan::PlanError::from)?;
        let known: BTreeMap<&Text, &Migration> = history.migrations.iter().map(|one| (&one.id, *one)).collect();
        let names: BTreeSet<Text> = applied.iter().map(|row| row.revision.clone()).collect();
        let heads = graph.heads_within(|id| names.contains(id));
        let renamed = renamed(history, &graph, &applied);
        let mut rows: BTreeMap<Text, Applied> = applied.into_iter().map(|row| (row.revision.clone(), row)).collect();
        let listed = graph.order().iter().filter_map(|id| revision(known.get(id).copied(), rows.remove(id)));
        let mut revisions: Vec<Revision> = listed.collect();
        for one in &renamed {
            revisions
                .iter_mut()
                .filter(|revision| revision.revision == one.recorded)
                .for_each(|revision| revision.is_now(&one.written));
        }
        let history = history.name.clone();
        Ok(Current { database, schema, history, format, protection, revisions, heads, renamed })
    }

    /// The revisions that an upgrade to `head` would apply.
    pub fn pending(&self) -> impl Iterator<Item = &Revision> {
        self.revisions.iter().filter(|revision| match revision.state {
            RevisionState::Pending | RevisionState::Unfinished(_) => true,
            RevisionState::Applied | RevisionState::Changed | RevisionState::Unknown | RevisionState::Renamed => false,
        })
    }

    /// The revisions that the ledger has.
    pub fn applied(&self) -> impl Iterator<Item = &Revision> {
        self.revisions.iter().filter(|revision| revision.applied.is_some())
    }

    /// The revisions that the ledger has and the history does not list.
    pub fn foreign<'c>(&'c self, history: &'c History) -> impl Iterator<Item = &'c Revision> {
        self.revisions.iter().filter(|one| !history.migrations.iter().any(|known| known.id == one.revision))
    }

    /// Whether the ledger was written by a newer version than this one, so that only listings work.
    pub fn is_newer(&self) -> bool {
        self.format.is_some_and(|format| format > FORMAT)
    }

    /// Whether the ledger has the format of an older version, which the next run that writes brings up to date.
    pub fn is_older(&self) -> bool {
        self.format.is_some_and(|format| format < FORMAT)
    }

    /// Whether the ledger has revisions that the code does not know.
    pub fn is_ahead(&self) -> bool {
        self.revisions.iter().any(|revision| revision.state == RevisionState::Unknown)
    }

    /// Whether everything that the code has is applied.
    pub fn is_at_head(&self) -> bool {
        self.pending().next().is_none()
    }
}

fn revision(migration: Option<&Migration>, applied: Option<Applied>) -> Option<Revision> {
    let state = match (&migration, &applied) {
        (None, None) => return None,
        (Some(_), None) => RevisionState::Pending,
        (_, Some(row)) if !row.is_complete() => RevisionState::Unfinished(row.progress),
        (None, Some(_)) => RevisionState::Unknown,
        (Some(migration), Some(row)) if row.is_edited(migration) => RevisionState::Changed,
        (Some(_), Some(_)) => RevisionState::Applied,
    };
    let note = migration.zip(applied.as_ref()).and_then(|(migration, row)| row.note(migration));
    let (revision, title, parents, grade) = match (migration, &applied) {
        (Some(one), _) => (one.id.clone(), one.compiled().title().to_owned(), parents_of(one), one.compiled().grade()),
        (None, Some(row)) => {
            let record = row.record.as_ref()?;
            let title = record.message.lines().next().unwrap_or_default().trim().to_owned();
            (row.revision.clone(), title, row.parents.clone(), record.grade())
        }
        (None, None) => return None,
    };
    // What was purged since has lowered the level that the ledger has.
    let recorded = applied.as_ref().and_then(|row| row.record.as_ref()).map(AppliedRecord::grade);
    let Grade { level, basis } = recorded.unwrap_or(grade);
    Some(Revision { revision, title, parents, level, basis, state, note, applied })
}

/// The parents that the code has.
fn parents_of(migration: &Migration) -> List<Text> {
    migration.parents.iter().map(|parent| Text::Borrowed(parent)).collect()
}
