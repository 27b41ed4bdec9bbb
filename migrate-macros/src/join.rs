//! The state after all parents of a migration.

use migrate_compiler::lineage;
use migrate_compiler::parse::Parsed;
use migrate_compiler::problem::{Problem, Slot};
use migrate_compiler::state::State;

use crate::handover::Parent;
use crate::literal::{self, ChangesSince};

/// The state after all parents.
pub(crate) struct Joined {
    /// The schema that the migration is checked against.
    pub before: State,
    /// The revision ids of the parents.
    pub parents: Vec<String>,
    /// The revision ids of the dependencies.
    pub dependencies: Vec<String>,
    /// The place of the only parent's state in its chain of literals.
    pub parent: Option<ChangesSince>,
    /// Rules `merge_conflict` and `other_version`.
    pub problems: Vec<Problem>,
}

/// Joins the states of the parents, and then of the dependencies.
pub(crate) fn join(parents: Vec<Parent>, parsed: &Parsed) -> Joined {
    if !parsed.has_head {
        let (parents, dependencies, problems) = (Vec::new(), Vec::new(), Vec::new());
        return Joined { before: State::nowhere(), parents, dependencies, parent: None, problems };
    }
    let mut problems = Vec::new();
    let mut joined: Option<State> = None;
    let mut chain = None;
    let (mut parent_ids, mut dependency_ids) = (Vec::new(), Vec::new());
    let single = parents.len() == 1;
    for (place, parent) in parents.into_iter().enumerate() {
        let mut literals = parent.literals.into_iter().map(|literal| literal.read);
        let (own, whole) = (literals.next().flatten(), literals.next().flatten());
        let Some((state, own)) = own.and_then(|own| literal::state(own, whole.as_ref())) else {
            let message = format!("`{}` was compiled with another version of migrate", parent.name);
            problems.push(
                Problem::new("other_version", Slot::statement(), message).help("use the same version of migrate in both crates"),
            );
            continue;
        };
        chain = single.then_some(own);
        let state = state.named(&parent.name.to_string());
        let ids = if place < parsed.parents.len() { &mut parent_ids } else { &mut dependency_ids };
        ids.extend(state.revisions.last().map(ToString::to_string));
        joined = Some(lineage::merged(joined, state, &mut problems));
    }
    let id = parsed.revision.as_ref().map_or("", |(id, _)| id.as_str());
    let before = joined.unwrap_or_else(State::nowhere).next(id);
    Joined { before, parents: parent_ids, dependencies: dependency_ids, parent: chain, problems }
}
