//! A target, made independent of what is applied at the moment.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::{History, Migration, Text};

use super::branch::BranchLine;
use super::effort::looks_at;
use super::graph::reach;
use super::renamed::renamed;
use super::single::{TargetScope, of_branch, place, several_heads, split};
use super::{Applied, Direction, Graph, PlanError, Target, TargetError};

/// Which revisions shall be applied at least (an upgrade), or at most (a downgrade).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Goal {
    /// The direction.
    pub direction: Direction,
    /// The revisions.
    pub revisions: BTreeSet<Text>,
}

impl Goal {
    /// What a target means, given what is applied now.
    ///
    /// An upgrade applies the target and everything before it, dependencies included. A downgrade undoes what comes after the target, and what
    /// depends on that; other branches stay.
    ///
    /// # Errors
    /// [`PlanError::Target`] when the target does not exist or is in the other direction, [`PlanError::Graph`] when the history has
    /// no order.
    pub fn resolve(history: &History, applied: &[Applied], direction: Direction, target: &Target) -> Result<Goal, PlanError> {
        let revisions = match direction {
            Direction::Upgrade => upgrade(history, applied, target)?,
            Direction::Downgrade => downgrade(history, applied, target)?,
        };
        Ok(Goal { direction, revisions })
    }
}

fn upgrade(history: &History, applied: &[Applied], target: &Target) -> Result<BTreeSet<Text>, PlanError> {
    let graph = Graph::of(history)?;
    let opposite = |instead: &str| Err(other_way(Direction::Upgrade, target, instead));
    let (branch, inner) = split(&graph, target)?;
    match inner {
        Target::Head | Target::Heads => up_to_heads(&graph, branch.as_ref(), inner),
        Target::Base | Target::Back(_) => opposite(&format!("downgrade {target}")),
        Target::Current => Ok(rows(applied).into_iter().filter(|id| graph.contains(id)).cloned().collect()),
        Target::Revision(_) | Target::After { .. } | Target::Before { .. } => {
            let all = Graph::with_applied(history, applied)?;
            let revision = place(&all, target)?.map(|at| all.id(at).clone()).unwrap_or_default();
            Ok(graph.ancestors_or_self(&revision))
        }
        Target::Forward(count) => Counted { graph: &graph, applied, branch: branch.as_ref(), target }.forward(*count),
        Target::Branch { .. } | Target::Shared => opposite("upgrade head"),
    }
}

fn up_to_heads(graph: &Graph, branch: Option<&BranchLine>, target: &Target) -> Result<BTreeSet<Text>, PlanError> {
    let heads = branch.map_or_else(|| graph.effective_heads(), |branch| branch.heads(graph));
    if heads.len() > 1 && *target == Target::Head {
        return Err(several_heads(graph, heads).into());
    }
    Ok(graph.named(&graph.before(heads.iter().filter_map(|head| graph.place(head)))))
}

fn downgrade(history: &History, applied: &[Applied], target: &Target) -> Result<BTreeSet<Text>, PlanError> {
    let graph = Graph::with_applied(history, applied)?;
    let opposite = |instead: &str| Err(other_way(Direction::Downgrade, target, instead));
    let (branch, inner) = split(&graph, target)?;
    match inner {
        Target::Base => Ok(branch.map(|branch| without(&graph, branch.own)).unwrap_or_default()),
        Target::Head | Target::Heads | Target::Forward(_) => opposite(&format!("upgrade {target}")),
        Target::Current => Ok(graph.order().iter().cloned().collect()),
        Target::Revision(_) | Target::After { .. } | Target::Before { .. } => {
            down_to(&graph, applied, (branch.as_ref(), inner)).map_err(PlanError::from)
        }
        Target::Back(count) => Counted { graph: &graph, applied, branch: branch.as_ref(), target }.back(history, *count),
        Target::Shared => {
            PlanError::unless_none(renamed(history, &Graph::of(history)?, applied))?;
            Ok(shared(history, &graph, applied))
        }
        Target::Branch { .. } => opposite("upgrade head"),
    }
}

/// Everything but what comes after a revision, of a branch where the target is of one.
fn down_to(
    graph: &Graph,
    applied: &[Applied],
    (branch, target): (Option<&BranchLine>, &Target),
) -> Result<BTreeSet<Text>, TargetError> {
    let at = TargetScope { graph, branch }.place(target)?.unwrap_or_default();
    if !rows(applied).contains(graph.id(at)) {
        return Err(TargetError::NotApplied { revision: graph.id(at).clone() });
    }
    let children = &graph.child_edges()[at];
    let is_undone = |child: &usize| branch.is_none_or(|branch| branch.line.contains(child));
    Ok(without(graph, children.iter().copied().filter(is_undone)))
}

/// Everything but these and what cannot be applied without them.
fn without(graph: &Graph, places: impl IntoIterator<Item = usize>) -> BTreeSet<Text> {
    let undone = graph.behind(places);
    graph.order().iter().enumerate().filter(|(at, _)| !undone.contains(at)).map(|(_, id)| id.clone()).collect()
}

/// `+N` or `-N`, of a branch where the target is of one.
struct Counted<'c> {
    graph: &'c Graph,
    applied: &'c [Applied],
    branch: Option<&'c BranchLine>,
    target: &'c Target,
}

impl Counted<'_> {
    /// What is applied to its end, and so many more.
    fn forward(&self, count: usize) -> Result<BTreeSet<Text>, PlanError> {
        let graph = self.graph;
        let complete: HashSet<&Text> = self.applied.iter().filter(|row| row.is_complete()).map(|row| &row.revision).collect();
        let is_on_line = |at: usize| self.branch.is_none_or(|branch| branch.line.contains(&at));
        let order = graph.order().iter().enumerate();
        let pending: Vec<usize> = order.filter(|(at, id)| is_on_line(*at) && !complete.contains(id)).map(|(at, _)| at).collect();
        let Some(next) = pending.get(..count) else {
            return Err(self.too_far(Direction::Upgrade, count, pending.len()).into());
        };
        let heads = self.branch.map_or_else(|| graph.effective_heads(), |branch| branch.heads(graph));
        if heads.len() > 1 {
            self.refuse_several_ways(&pending, count)?;
        }
        let done = complete.iter().filter_map(|id| graph.place(id));
        let next = graph.before(next.iter().copied());
        Ok(graph.named(&next.into_iter().chain(done).collect()))
    }

    /// Of branches that are not merged it is open which goes on first; of others, the history lists one first, and all are applied in the end.
    fn refuse_several_ways(&self, pending: &[usize], count: usize) -> Result<(), TargetError> {
        let graph = self.graph;
        let mut waits: HashMap<usize, usize> = pending.iter().map(|&at| (at, 0)).collect();
        for &at in pending {
            let open = graph.predecessors(at).filter(|before| waits.contains_key(before)).count();
            waits.insert(at, open);
        }
        let mut free: BTreeSet<usize> = pending.iter().copied().filter(|at| waits[at] == 0).collect();
        for _ in 0..count {
            let Some(next) = free.pop_first() else { return Ok(()) };
            if !free.is_empty() {
                return Err(self.several_ways(&[&[next][..], &free.into_iter().collect::<Vec<_>>()].concat()));
            }
            for after in graph.successors(next) {
                looks_at(1);
                if let Some(open) = waits.get_mut(&after) {
                    *open -= 1;
                    free.extend((*open == 0).then_some(after));
                }
            }
        }
        Ok(())
    }

    /// All but the last ones that are applied.
    fn back(&self, history: &History, count: usize) -> Result<BTreeSet<Text>, PlanError> {
        let graph = self.graph;
        let rows = rows(self.applied);
        let is_own = |at: usize| self.branch.is_none_or(|branch| branch.own.contains(&at));
        let order = graph.order().iter().enumerate().filter(|(at, id)| is_own(*at) && rows.contains(id));
        let members: Vec<usize> = order.map(|(at, _)| at).collect();
        let Some(keep) = members.len().checked_sub(count) else {
            return Err(self.too_far(Direction::Downgrade, count, members.len()).into());
        };
        let code = Graph::of(history)?;
        let is_merged = match self.branch {
            // What only the ledger has was applied last.
            None => code.effective_heads().len() < 2,
            Some(branch) => branch.heads(graph).len() < 2,
        };
        let tips = self.tips(&members);
        if !is_merged && tips.len() > 1 {
            return Err(self.several_ways(&tips).into());
        }
        let kept = graph.named(&reach(members[..keep].iter().copied(), &[]));
        match self.branch {
            None => Ok(kept),
            Some(_) => Ok(without(graph, members[keep..].iter().copied())),
        }
    }

    /// The members that no other member comes after or depends on.
    fn tips(&self, members: &[usize]) -> Vec<usize> {
        let before: HashSet<usize> = members.iter().flat_map(|&at| self.graph.predecessors(at)).collect();
        members.iter().copied().filter(|at| !before.contains(at)).collect()
    }

    fn several_ways(&self, places: &[usize]) -> TargetError {
        let candidates: Vec<Text> = places.iter().map(|&at| self.graph.id(at).clone()).collect();
        let target = self.target.to_string();
        let count = target.rsplit('@').next().unwrap_or_default();
        let instead = candidates.iter().filter_map(|one| of_branch(self.graph, &candidates, one, count)).collect();
        TargetError::SeveralWays { candidates, instead, target: target.clone() }
    }

    fn too_far(&self, direction: Direction, wanted: usize, available: usize) -> TargetError {
        TargetError::TooFar { direction, branch: self.branch.map(|branch| branch.name.clone()), wanted, available }
    }
}

fn rows(applied: &[Applied]) -> HashSet<&Text> {
    looks_at(applied.len());
    applied.iter().map(|row| &row.revision).collect()
}

/// What is applied as the history has it, and comes after nothing else.
fn shared(history: &History, graph: &Graph, applied: &[Applied]) -> BTreeSet<Text> {
    let rows: HashMap<&Text, &Applied> = applied.iter().map(|row| (&row.revision, row)).collect();
    let code: HashMap<&Text, &Migration> = history.migrations.iter().map(|migration| (&migration.id, *migration)).collect();
    looks_at(rows.len() + code.len());
    let is_own =
        |id: &Text| code.get(id).zip(rows.get(id)).is_some_and(|(migration, row)| row.is_complete() && !row.is_edited(migration));
    let mut kept = BTreeSet::new();
    for (at, id) in graph.order().iter().enumerate().filter(|(_, id)| is_own(id)) {
        if graph.predecessors(at).all(|before| kept.contains(graph.id(before))) {
            kept.insert(id.clone());
        }
    }
    kept
}

fn other_way(direction: Direction, target: &Target, instead: &str) -> PlanError {
    let (target, instead) = (target.to_string(), instead.to_owned());
    TargetError::Direction { direction, target, instead }.into()
}
