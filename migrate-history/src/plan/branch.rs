//! Branches: which revisions a label names, and which lie on the way to it.

use std::collections::{BTreeMap, BTreeSet};

use super::effort::looks_at;
use super::graph::reach;
use super::words::nearest;
use super::{Graph, TargetError};
use crate::Text;

/// A part of a history that a target is about: a branch that has a name, or that of a revision.
pub(super) struct BranchLine {
    /// As it was written.
    pub name: String,
    /// The revision with the label, or the one that was named.
    pub at: usize,
    /// What is part of it: the revision, what comes after it, and what comes before it as far as only this branch comes after that.
    pub own: BTreeSet<usize>,
    /// The revision, what comes after it, and everything that it comes after.
    pub line: BTreeSet<usize>,
}

impl BranchLine {
    /// The branch of a label, or of a revision id or its unique beginning.
    ///
    /// # Errors
    /// There is none of that name, or several.
    pub fn find(graph: &Graph, name: &str) -> Result<BranchLine, TargetError> {
        let at = match graph.labels().get(name) {
            Some(&at) => at,
            None => revision(graph, name)?,
        };
        let mut line = reach([at], &[graph.parent_edges()]);
        line.extend(reach([at], &[graph.child_edges()]));
        Ok(BranchLine { name: name.to_owned(), at, own: graph.spread(at), line })
    }

    /// The revisions of the branch that no other comes after.
    pub fn heads(&self, graph: &Graph) -> Vec<Text> {
        let after = reach([self.at], &[graph.child_edges()]);
        after.into_iter().filter(|&at| graph.child_edges()[at].is_empty()).map(|at| graph.id(at).clone()).collect()
    }
}

fn revision(graph: &Graph, name: &str) -> Result<usize, TargetError> {
    if let Some(at) = graph.place(name) {
        return Ok(at);
    }
    let candidates: Vec<&Text> = graph.order().iter().filter(|id| id.starts_with(name)).collect();
    match candidates.as_slice() {
        [only] => Ok(graph.place(only).unwrap_or_default()),
        [] => {
            let near = nearest(name, graph.labels().keys().chain(graph.order()));
            Err(TargetError::UnknownBranch { branch: name.to_owned(), near })
        }
        several => {
            let candidates = several.iter().copied().cloned().collect();
            Err(TargetError::Ambiguous { target: name.to_owned(), candidates })
        }
    }
}

impl Graph {
    /// The labels of each revision that has some: a label spreads to everything that comes after its revision, and back to where the
    /// history branches or merges.
    pub fn branch_labels(&self) -> BTreeMap<Text, Vec<Text>> {
        let mut labels: BTreeMap<Text, Vec<Text>> = BTreeMap::new();
        for (label, &at) in self.labels() {
            for member in self.spread(at) {
                labels.entry(self.id(member).clone()).or_default().push(label.clone());
            }
        }
        labels
    }

    /// What has the label of a revision.
    fn spread(&self, at: usize) -> BTreeSet<usize> {
        let (parents, children) = (self.parent_edges(), self.child_edges());
        let mut spread = reach([at], &[children]);
        let mut place = at;
        // A merge is of more than one branch, and so is what several come after.
        while let [parent] = parents[place].as_slice() {
            looks_at(1);
            if children[*parent].len() > 1 {
                break;
            }
            place = *parent;
            spread.insert(place);
        }
        spread
    }
}
