//! Every migration that the program or the database knows, as `history` lists them.

use migrate_history::{Grade, History, Migration, Text};
use migrate_runtime::{Current, Revision, RevisionState};

/// One of them.
pub(crate) struct Listed<'l> {
    pub revision: &'l str,
    pub title: &'l str,
    pub message: &'l str,
    pub parents: Vec<&'l str>,
    pub grade: Grade,
    pub losses: &'l [Text],
    pub irreversible: Option<&'l str>,
    /// Its state; `None` where no database was asked.
    pub state: Option<RevisionState>,
    /// What a reader should know.
    pub note: Option<&'l str>,
    /// The database alone has it.
    pub foreign: bool,
}

/// In the order of the history; last what only the database has.
pub(crate) fn entries<'l>(history: &'l History, current: Option<&'l Current>) -> Vec<Listed<'l>> {
    let known = history.migrations.iter().map(|migration| known(migration, current));
    let foreign = current.into_iter().flat_map(|current| current.foreign(history)).map(foreign);
    known.chain(foreign).collect()
}

fn known<'l>(migration: &'l Migration, current: Option<&'l Current>) -> Listed<'l> {
    let revision = current.into_iter().flat_map(|current| &current.revisions).find(|one| one.revision == migration.id);
    Listed {
        revision: &migration.id,
        title: migration.compiled().title(),
        message: migration.compiled().message.trim(),
        parents: migration.parents.to_vec(),
        grade: migration.compiled().grade(),
        losses: &migration.compiled().losses,
        irreversible: migration.compiled().irreversible.as_deref(),
        state: revision.map(|one| one.state),
        note: revision.and_then(|one| one.note.as_deref()),
        foreign: false,
    }
}

/// What the ledger says of it.
fn foreign(revision: &Revision) -> Listed<'_> {
    let record = revision.record();
    Listed {
        revision: &revision.revision,
        title: &revision.title,
        message: record.map(|record| record.message.trim()).unwrap_or_default(),
        parents: revision.parents.iter().map(|parent| &**parent).collect(),
        grade: revision.grade(),
        losses: record.map(|record| &*record.losses).unwrap_or_default(),
        irreversible: record.and_then(|record| record.irreversible.as_deref()),
        state: Some(revision.state),
        note: revision.note.as_deref(),
        foreign: true,
    }
}
