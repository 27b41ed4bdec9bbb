//! The revisions that `FROM:TO` means, and those of a target that may be several.

use std::collections::BTreeSet;

use super::branch::BranchLine;
use super::single::place;
use super::{Graph, Target, TargetError};
use crate::Text;

/// The revisions that a target means for a listing: one, all `heads`, what `current` names, or none for `base`.
///
/// `current` has the applied revisions that no other applied one comes after; `None` where no database was asked.
///
/// # Errors
/// There is no such revision, or it depends on what is applied and no database was asked.
pub fn select(graph: &Graph, current: Option<&[Text]>, text: &str) -> Result<Vec<Text>, TargetError> {
    let target = Target::parse(text)?;
    let ids = |places: BTreeSet<usize>| places.into_iter().map(|at| graph.id(at).clone()).collect();
    match &target {
        Target::Heads => Ok(graph.heads()),
        Target::Base => Ok(Vec::new()),
        Target::Current => applied(graph, current, &target).map(ids),
        Target::Branch { branch: name, target: inner } if **inner == Target::Heads => {
            Ok(BranchLine::find(graph, name)?.heads(graph))
        }
        Target::Head | Target::Revision(_) | Target::Forward(_) | Target::Back(_) | Target::Shared => one(graph, &target),
        Target::After { .. } | Target::Before { .. } | Target::Branch { .. } => one(graph, &target),
    }
}

fn one(graph: &Graph, target: &Target) -> Result<Vec<Text>, TargetError> {
    match place(graph, target)? {
        Some(at) => Ok(vec![graph.id(at).clone()]),
        None => Err(TargetError::NotOne { target: target.to_string() }),
    }
}

fn applied(graph: &Graph, current: Option<&[Text]>, target: &Target) -> Result<BTreeSet<usize>, TargetError> {
    let current = current.ok_or_else(|| TargetError::NoDatabase { target: target.to_string() })?;
    Ok(current.iter().filter_map(|id| graph.place(id)).collect())
}

/// The revisions of `FROM:TO`: what comes after the one, and is the other or comes before it. One target alone is its own revisions.
///
/// `-N:TO` is the last `N` of them, `FROM:+N` the first. Without `FROM` it begins at the base, without `TO` it ends at all heads.
///
/// # Errors
/// As [`select`]; and `FROM` does not come before `TO`.
pub fn range(graph: &Graph, current: Option<&[Text]>, text: &str) -> Result<BTreeSet<Text>, TargetError> {
    let (Some(from), to) = Target::range(text)? else {
        return Ok(select(graph, current, text)?.into_iter().collect());
    };
    let ends = Ends { graph, current };
    let last = count(from, '-')?;
    let before = if last.is_some() { BTreeSet::new() } else { ends.before(from)? };
    let first = count(to, '+')?;
    let until = if first.is_some() || to.is_empty() { (0..graph.order().len()).collect() } else { ends.until(to)? };
    if !before.is_subset(&until) {
        return Err(TargetError::NotBefore { from: from.to_owned(), to: to.to_owned() });
    }
    let within: Vec<usize> = until.difference(&before).copied().collect();
    let all = within.len();
    let within = &within[last.map_or(0, |last| all.saturating_sub(last))..];
    let within = &within[..first.map_or(within.len(), |first| first.min(within.len()))];
    Ok(graph.named(&within.iter().copied().collect()))
}

/// `N` of `-N` or `+N`.
fn count(text: &str, sign: char) -> Result<Option<usize>, TargetError> {
    let malformed = || TargetError::Malformed { target: text.to_owned() };
    text.strip_prefix(sign).map(|digits| digits.parse().map_err(|_| malformed())).transpose()
}

/// What the two ends of a range are looked for in.
struct Ends<'g> {
    graph: &'g Graph,
    current: Option<&'g [Text]>,
}

impl Ends<'_> {
    /// What is not part of a range that begins here.
    fn before(&self, from: &str) -> Result<BTreeSet<usize>, TargetError> {
        if from.is_empty() {
            return Ok(BTreeSet::new());
        }
        if let Target::Branch { branch: name, target: inner } = Target::parse(from)?
            && *inner == Target::Base
        {
            let branch = BranchLine::find(self.graph, &name)?;
            return Ok(self.graph.before(branch.own.iter().copied()).difference(&branch.own).copied().collect());
        }
        self.until(from)
    }

    /// A target and everything before it.
    fn until(&self, to: &str) -> Result<BTreeSet<usize>, TargetError> {
        let selected = select(self.graph, self.current, to)?;
        Ok(self.graph.before(selected.iter().filter_map(|id| self.graph.place(id))))
    }
}
