//! Every migration that the program or the database knows, as `history` lists them.

use std::collections::{BTreeMap, BTreeSet};

use migrate_history::plan::{Graph, TargetError, find as find_revision, range as find_range};
use migrate_history::{Grade, History, Migration, Text};
use migrate_runtime::{Current, Revision, RevisionState};

use crate::failure::Failure;

/// One of them.
pub(crate) struct Listed<'l> {
    pub revision: &'l str,
    pub title: &'l str,
    pub message: &'l str,
    pub parents: Vec<&'l str>,
    pub dependencies: &'l [&'static str],
    pub label: Option<&'l str>,
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

/// In the order of the history, of these revisions where a range is given; last what only the database has.
pub(crate) fn entries<'l>(history: &'l History, current: Option<&'l Current>, range: Option<&BTreeSet<Text>>) -> Vec<Listed<'l>> {
    let known = history.migrations.iter().map(|migration| known(migration, current));
    let foreign = current.into_iter().flat_map(|current| current.foreign(history)).map(foreign);
    let is_within = |entry: &Listed<'_>| range.is_none_or(|range| range.contains(entry.revision));
    known.chain(foreign).filter(is_within).collect()
}

/// The order of the migrations.
pub(crate) fn graph(history: &History) -> Result<Graph, Failure> {
    Graph::of(history).map_err(|error| Failure::failed(error.to_string()))
}

/// The revisions of `FROM:TO`, given the heads of what is applied where a database was asked.
pub(crate) fn range(history: &History, applied: Option<&[Text]>, text: Option<&str>) -> Result<Option<BTreeSet<Text>>, Failure> {
    text.map(|text| find_range(&graph(history)?, applied, text).map_err(usage)).transpose()
}

/// The migration that an id or its unique beginning means, or `head`.
pub(crate) fn find(history: &History, text: &str) -> Result<&'static Migration, Failure> {
    let found = find_revision(&graph(history)?, text).map_err(usage)?;
    let migration = history.migrations.iter().copied().find(|migration| migration.id == found);
    migration.ok_or_else(|| Failure::failed(format!("unknown revision `{found}`")))
}

fn usage(error: TargetError) -> Failure {
    Failure::Usage(error.to_string())
}

/// A revision that several others come after, and these.
pub(crate) struct Branch {
    pub revision: Text,
    pub children: Vec<LabelledRevision>,
}

/// A revision, and the branches that it is part of.
pub(crate) struct LabelledRevision {
    pub revision: Text,
    pub labels: Vec<Text>,
    /// For a head: what depends on it.
    pub dependents: Vec<Text>,
}

/// The heads, with their branches.
pub(crate) fn heads(graph: &Graph) -> Vec<LabelledRevision> {
    labelled(graph, graph.heads(), &graph.branch_labels())
}

fn labelled(graph: &Graph, revisions: Vec<Text>, labels: &BTreeMap<Text, Vec<Text>>) -> Vec<LabelledRevision> {
    let labelled = |revision: Text| LabelledRevision {
        labels: labels.get(&revision).cloned().unwrap_or_default(),
        dependents: graph.dependents(&revision),
        revision,
    };
    revisions.into_iter().map(labelled).collect()
}

/// The revisions that several others come after.
pub(crate) fn branches(graph: &Graph) -> Vec<Branch> {
    let labels = graph.branch_labels();
    let all = graph.order().iter().map(|revision| (revision, graph.children(revision)));
    let points = all.filter(|(_, children)| children.len() > 1);
    points
        .map(|(revision, children)| Branch { revision: revision.clone(), children: labelled(graph, children, &labels) })
        .collect()
}

fn known<'l>(migration: &'l Migration, current: Option<&'l Current>) -> Listed<'l> {
    let revision = current.into_iter().flat_map(|current| &current.revisions).find(|one| one.revision == migration.id);
    Listed {
        revision: &migration.id,
        title: migration.compiled().title(),
        message: migration.compiled().message.trim(),
        parents: migration.parents.to_vec(),
        dependencies: migration.dependencies,
        label: migration.label,
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
        dependencies: &[],
        label: None,
        grade: revision.grade(),
        losses: record.map(|record| &*record.losses).unwrap_or_default(),
        irreversible: record.and_then(|record| record.irreversible.as_deref()),
        state: Some(revision.state),
        note: revision.note.as_deref(),
        foreign: true,
    }
}
