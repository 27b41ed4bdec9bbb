//! Every migration that the program or the database knows, as `history` lists them.

use migrate_model::history::{History, Level, Migration, Text};
use migrate_runtime::{Current, Revision, State};

/// One of them.
pub(crate) struct Entry<'l> {
    pub revision: &'l str,
    pub title: &'l str,
    pub message: &'l str,
    pub parents: Vec<&'l str>,
    pub level: Level,
    pub losses: &'l [Text],
    pub irreversible: Option<&'l str>,
    /// Where it stands; `None` where no database was asked.
    pub state: Option<State>,
    /// The database alone has it.
    pub foreign: bool,
}

/// In the order of the history; last what only the database has.
pub(crate) fn entries<'l>(history: &'l History, current: Option<&'l Current>) -> Vec<Entry<'l>> {
    let known = history.migrations.iter().map(|migration| known(migration, current));
    let foreign = current.into_iter().flat_map(|current| current.foreign(history)).map(foreign);
    known.chain(foreign).collect()
}

fn known<'l>(migration: &'l Migration, current: Option<&'l Current>) -> Entry<'l> {
    let mut revisions = current.into_iter().flat_map(|current| &current.revisions);
    Entry {
        revision: &migration.id,
        title: migration.title(),
        message: migration.message.trim(),
        parents: migration.parents.to_vec(),
        level: migration.level,
        losses: &migration.losses,
        irreversible: migration.irreversible.as_deref(),
        state: revisions.find(|one| one.revision == migration.id).map(|one| one.state),
        foreign: false,
    }
}

/// What the ledger says of it.
fn foreign(revision: &Revision) -> Entry<'_> {
    let record = revision.record();
    Entry {
        revision: &revision.revision,
        title: &revision.title,
        message: record.map(|record| record.message.trim()).unwrap_or_default(),
        parents: revision.parents.iter().map(|parent| &**parent).collect(),
        level: revision.level,
        losses: record.map(|record| &*record.losses).unwrap_or_default(),
        irreversible: record.and_then(|record| record.irreversible.as_deref()),
        state: Some(revision.state),
        foreign: true,
    }
}
