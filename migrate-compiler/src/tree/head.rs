//! What comes before the statements of a migration.

use proc_macro2::Span;
use quote::ToTokens as _;
use syn::Path;

use crate::tree::{Range, Unread};

/// The message, the revision, the label, the parents and the dependencies, each as often as it is written.
#[derive(Default)]
pub struct Heading {
    /// The lines of the message, `//! …`.
    pub lines: Vec<(String, Range)>,
    /// `revision "…";`
    pub revisions: Vec<RevisionClause>,
    /// `after PATH, …;`
    pub parents: Vec<Predecessors>,
    /// `depends on PATH, …;`
    pub dependencies: Vec<Predecessors>,
    /// `label "…";`
    pub labels: Vec<LabelClause>,
    /// The parts that could not be read.
    pub unread: Vec<Unread>,
}

/// `revision "…";`
#[derive(Clone, Debug)]
pub struct RevisionClause {
    /// From `revision` to the semicolon.
    pub range: Range,
    /// The id.
    pub id: String,
    /// The place of the id.
    pub place: Span,
}

/// `label "…";`
#[derive(Clone, Debug)]
pub struct LabelClause {
    /// From `label` to the semicolon.
    pub range: Range,
    /// The label.
    pub label: String,
    /// The place of the label.
    pub place: Span,
}

/// `after PATH, …;` or `depends on PATH, …;`
pub struct Predecessors {
    /// From the first word to the semicolon.
    pub range: Range,
    /// The paths, in order.
    pub paths: Vec<Path>,
}

impl Heading {
    /// The message.
    pub fn message(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|(line, _)| line.as_str()).collect();
        lines.join("\n")
    }

    /// The parents in the first `after`, and the dependencies in the first `depends on` that are no parents; each of them once.
    pub fn into_predecessors(self) -> (Vec<Path>, Vec<Path>) {
        let parents = once(&[], self.parents);
        let dependencies = once(&parents, self.dependencies);
        (parents, dependencies)
    }
}

/// The paths of the first clause that are not among others, each of them once.
fn once(others: &[Path], clauses: Vec<Predecessors>) -> Vec<Path> {
    let mut paths: Vec<Path> = Vec::new();
    for path in clauses.into_iter().take(1).flat_map(|clause| clause.paths) {
        if !others.iter().chain(&paths).any(|known| is_same(known, &path)) {
            paths.push(path);
        }
    }
    paths
}

/// Whether two paths are written alike.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    one.to_token_stream().to_string() == other.to_token_stream().to_string()
}
