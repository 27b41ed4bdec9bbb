//! A target, made independent of what is applied at the moment.

use std::collections::{BTreeSet, HashMap};

use crate::{History, Text};

use super::renamed::renamed;
use super::revision::named;
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
    match target {
        Target::Head => everything(&graph),
        Target::Base => Err(other_way(Direction::Upgrade, target, "downgrade base")),
        Target::Revision(_) | Target::After(..) | Target::Before(..) => {
            let revision = named(&Graph::with_applied(history, applied)?, target)?.unwrap_or_default();
            Ok(graph.ancestors_or_self(&revision))
        }
        Target::Forward(count) => forward(&graph, applied, *count),
        Target::Back(count) => Err(other_way(Direction::Upgrade, target, &format!("downgrade -{count}"))),
        Target::Shared => Err(other_way(Direction::Upgrade, target, "upgrade head")),
    }
}

fn everything(graph: &Graph) -> Result<BTreeSet<Text>, PlanError> {
    let heads = graph.heads();
    if heads.len() > 1 {
        return Err(TargetError::SeveralHeads { heads }.into());
    }
    Ok(graph.order().iter().cloned().collect())
}

fn forward(graph: &Graph, applied: &[Applied], count: usize) -> Result<BTreeSet<Text>, PlanError> {
    let complete: BTreeSet<&Text> = applied.iter().filter(|row| row.is_complete()).map(|row| &row.revision).collect();
    let pending: Vec<&Text> = graph.order().iter().filter(|id| !complete.contains(id)).collect();
    let Some(next) = pending.get(..count) else {
        let (direction, available) = (Direction::Upgrade, pending.len());
        return Err(TargetError::TooFar { direction, wanted: count, available }.into());
    };
    let done = complete.into_iter().filter(|id| graph.contains(id));
    Ok(done.chain(next.iter().copied()).cloned().collect())
}

fn downgrade(history: &History, applied: &[Applied], target: &Target) -> Result<BTreeSet<Text>, PlanError> {
    let graph = Graph::with_applied(history, applied)?;
    match target {
        Target::Base => Ok(BTreeSet::new()),
        Target::Head => Err(other_way(Direction::Downgrade, target, "upgrade head")),
        Target::Revision(_) | Target::After(..) | Target::Before(..) => {
            let revision = named(&graph, target)?.unwrap_or_default();
            if !applied.iter().any(|row| row.revision == revision) {
                return Err(TargetError::NotApplied { revision }.into());
            }
            Ok(graph.ancestors_or_self(&revision))
        }
        Target::Back(count) => back(&graph, applied, *count),
        Target::Shared => {
            PlanError::unless_none(renamed(history, &Graph::of(history)?, applied))?;
            Ok(shared(history, &graph, applied))
        }
        Target::Forward(count) => Err(other_way(Direction::Downgrade, target, &format!("upgrade +{count}"))),
    }
}

fn back(graph: &Graph, applied: &[Applied], count: usize) -> Result<BTreeSet<Text>, PlanError> {
    let rows: BTreeSet<&Text> = applied.iter().map(|row| &row.revision).collect();
    let order: Vec<&Text> = graph.order().iter().filter(|id| rows.contains(id)).collect();
    let Some(keep) = order.len().checked_sub(count) else {
        let (direction, available) = (Direction::Downgrade, order.len());
        return Err(TargetError::TooFar { direction, wanted: count, available }.into());
    };
    Ok(order[..keep].iter().copied().cloned().collect())
}

/// What is applied as the history has it, and comes after nothing else.
fn shared(history: &History, graph: &Graph, applied: &[Applied]) -> BTreeSet<Text> {
    let rows: HashMap<&Text, &Applied> = applied.iter().map(|row| (&row.revision, row)).collect();
    let is_own = |id: &Text| {
        let own = history.migrations.iter().find(|migration| migration.id == *id);
        own.zip(rows.get(id)).is_some_and(|(migration, row)| row.is_complete() && !row.is_edited(migration))
    };
    let mut kept = BTreeSet::new();
    for id in graph.order().iter().filter(|id| is_own(id)) {
        if graph.parents(id).iter().all(|parent| kept.contains(parent)) {
            kept.insert(id.clone());
        }
    }
    kept
}

fn other_way(direction: Direction, target: &Target, instead: &str) -> PlanError {
    let (target, instead) = (target.to_string(), instead.to_owned());
    TargetError::Direction { direction, target, instead }.into()
}
