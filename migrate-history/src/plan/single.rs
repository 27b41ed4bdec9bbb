//! Which one revision of a history a target names.

use super::branch::BranchLine;
use super::effort::looks_at;
use super::graph::Edges;
use super::words::nearest;
use super::{Graph, Target, TargetError};
use crate::Text;

/// The revision that a text means: an id or its unique beginning, a label, `head` where there is one, `ID+N`, `ID-N`, or one of these of a
/// branch, as in `billing@head`.
///
/// # Errors
/// It means none, or several.
pub fn find(graph: &Graph, text: &str) -> Result<Text, TargetError> {
    let target = Target::parse(text)?;
    match place(graph, &target)? {
        Some(at) => Ok(graph.id(at).clone()),
        None => Err(TargetError::NotOne { target: target.to_string() }),
    }
}

/// The position of the revision that a target names, where it names one.
pub(super) fn place(graph: &Graph, target: &Target) -> Result<Option<usize>, TargetError> {
    let (branch, inner) = split(graph, target)?;
    TargetScope { graph, branch: branch.as_ref() }.place(inner)
}

/// The branch of a target, and the rest of it.
pub(super) fn split<'t>(graph: &Graph, target: &'t Target) -> Result<(Option<BranchLine>, &'t Target), TargetError> {
    match target {
        Target::Branch { branch: name, target: inner } => Ok((Some(BranchLine::find(graph, name)?), &**inner)),
        Target::Head | Target::Heads | Target::Base | Target::Current | Target::Revision(_) | Target::Forward(_) => {
            Ok((None, target))
        }
        Target::Back(_) | Target::After { .. } | Target::Before { .. } | Target::Shared => Ok((None, target)),
    }
}

/// Where a revision is looked for: the whole graph, or the line of a branch.
pub(super) struct TargetScope<'g> {
    pub graph: &'g Graph,
    pub branch: Option<&'g BranchLine>,
}

/// The edges of a walk, up or down.
enum WalkDirection {
    Up,
    Down,
}

impl TargetScope<'_> {
    /// The position of the revision that a target without a branch names, where it names one.
    pub fn place(&self, target: &Target) -> Result<Option<usize>, TargetError> {
        match target {
            Target::Head | Target::Heads => self.head().map(Some),
            Target::Revision(id) => self.revision(id).map(Some),
            Target::After { revision, count } => self.walk(revision, (WalkDirection::Up, *count), target).map(Some),
            Target::Before { revision, count } => self.walk(revision, (WalkDirection::Down, *count), target).map(Some),
            Target::Base | Target::Current | Target::Forward(_) | Target::Back(_) => Ok(None),
            Target::Branch { .. } | Target::Shared => Ok(None),
        }
    }

    fn head(&self) -> Result<usize, TargetError> {
        let heads = self.branch.map_or_else(|| self.graph.effective_heads(), |branch| branch.heads(self.graph));
        match heads.as_slice() {
            [head] => Ok(self.graph.place(head).unwrap_or_default()),
            _ => Err(several_heads(self.graph, heads)),
        }
    }

    /// The position of an id, of a label, or of the only id that begins so.
    fn revision(&self, text: &str) -> Result<usize, TargetError> {
        let graph = self.graph;
        let named = graph.place(text).or_else(|| graph.labels().get(text).copied());
        match named {
            Some(at) if self.has(at) => return Ok(at),
            Some(at) => return Err(self.outside(text, at)),
            None => {}
        }
        let candidates: Vec<usize> =
            graph.order().iter().enumerate().filter(|(_, id)| id.starts_with(text)).map(|(at, _)| at).collect();
        let within: Vec<usize> = candidates.iter().copied().filter(|&at| self.has(at)).collect();
        match (within.as_slice(), candidates.as_slice()) {
            ([only], _) => Ok(*only),
            ([], []) => Err(TargetError::Unknown { target: self.written(text), near: self.near(text) }),
            ([], [other, ..]) => Err(self.outside(text, *other)),
            ([_, ..], _) => Err(self.ambiguous(text, &within)),
        }
    }

    /// The revision so many before or after another one.
    fn walk(&self, id: &str, (way, count): (WalkDirection, usize), target: &Target) -> Result<usize, TargetError> {
        let graph = self.graph;
        let edges: &Edges = match way {
            WalkDirection::Up => graph.child_edges(),
            WalkDirection::Down => graph.parent_edges(),
        };
        let mut at = match id {
            "base" => None,
            "head" | "heads" => Some(self.head()?),
            id => Some(self.revision(id)?),
        };
        for _ in 0..count {
            let next: Vec<usize> = match at {
                Some(at) => edges[at].clone(),
                // Before everything there is nothing.
                None => self.roots(&way),
            };
            looks_at(next.len());
            let within: Vec<usize> = next.into_iter().filter(|&at| self.has(at)).collect();
            at = match within.as_slice() {
                [only] => Some(*only),
                [] => {
                    let last = at.map_or(Text::Borrowed("base"), |at| graph.id(at).clone());
                    return Err(TargetError::NoneThere { target: self.written(&target.to_string()), last });
                }
                several => return Err(self.ambiguous(&target.to_string(), several)),
            };
        }
        // A count is one at least.
        Ok(at.unwrap_or_default())
    }

    fn roots(&self, way: &WalkDirection) -> Vec<usize> {
        let parents = self.graph.parent_edges();
        match way {
            WalkDirection::Up => (0..parents.len()).filter(|&at| parents[at].is_empty()).collect(),
            WalkDirection::Down => Vec::new(),
        }
    }

    fn has(&self, at: usize) -> bool {
        self.branch.is_none_or(|branch| branch.line.contains(&at))
    }

    fn written(&self, text: &str) -> String {
        self.branch.map_or_else(|| text.to_owned(), |branch| format!("{}@{text}", branch.name))
    }

    fn ambiguous(&self, text: &str, places: &[usize]) -> TargetError {
        let candidates = places.iter().map(|&at| self.graph.id(at).clone()).collect();
        TargetError::Ambiguous { target: self.written(text), candidates }
    }

    fn outside(&self, text: &str, at: usize) -> TargetError {
        let branch = self.branch.map(|branch| branch.name.clone()).unwrap_or_default();
        TargetError::NotOnBranch { target: self.written(text), revision: self.graph.id(at).clone(), branch }
    }

    fn near(&self, text: &str) -> Option<Text> {
        let words = [Target::Head, Target::Base, Target::Heads, Target::Current].map(|word| Text::from(word.to_string()));
        nearest(text, self.graph.order().iter().chain(self.graph.labels().keys()).chain(&words))
    }
}

/// The error for `head` where there are several, with what to write for each.
pub(super) fn several_heads(graph: &Graph, heads: Vec<Text>) -> TargetError {
    let instead = heads.iter().map(|head| of_branch(graph, &heads, head, "head").unwrap_or_else(|| head.clone())).collect();
    TargetError::SeveralHeads { heads, instead }
}

/// A target of the branch that only this one of several revisions is part of.
pub(super) fn of_branch(graph: &Graph, several: &[Text], revision: &Text, target: &str) -> Option<Text> {
    let labels = graph.branch_labels();
    let of = |one: &Text| labels.get(one).map(Vec::as_slice).unwrap_or_default();
    // A label that another one has too names neither of them.
    let is_own = |label: &&Text| several.iter().filter(|other| of(other).contains(label)).count() == 1;
    of(revision).iter().find(is_own).map(|label| Text::Owned(format!("{label}@{target}")))
}
