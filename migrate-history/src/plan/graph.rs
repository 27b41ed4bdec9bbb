//! The order of a history: parents before children, and the listed order where the parents leave it free.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use crate::{History, Migration, Text};

use super::Applied;

/// The revisions of a history, ordered.
#[derive(Clone, Debug)]
pub struct Graph {
    order: Vec<Text>,
    parents: Vec<Vec<usize>>,
    children: Vec<Vec<usize>>,
    position: HashMap<Text, usize>,
}

/// Why revisions have no order. The compiler finds all three first; a history built by hand may still have them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GraphError {
    /// Two migrations have one revision id.
    Duplicate {
        /// The id.
        revision: Text,
    },
    /// A migration comes after one that the history does not list.
    UnknownParent {
        /// The migration.
        revision: Text,
        /// The parent that is missing.
        parent: Text,
    },
    /// Migrations come after each other in a circle.
    Cycle {
        /// The revisions of the circle, and those that wait for it.
        revisions: Vec<Text>,
    },
}

impl fmt::Display for GraphError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GraphError::Duplicate { revision } => {
                write!(out, "two migrations have the revision `{revision}`\nhelp: give one of them another id")
            }
            GraphError::UnknownParent { revision, parent } => {
                write!(out, "`{revision}` comes after `{parent}`, which the history does not list\nhelp: add it to `history!`")
            }
            GraphError::Cycle { revisions } => write!(
                out,
                "these migrations come after each other in a circle: {}\nhelp: change an `after` to break it",
                super::words::names(revisions)
            ),
        }
    }
}

impl std::error::Error for GraphError {}

impl Graph {
    /// Orders the migrations of a history.
    ///
    /// # Errors
    /// A duplicate revision, a parent that is not listed, a cycle.
    pub fn of(history: &History) -> Result<Graph, GraphError> {
        let mut listed = Vec::with_capacity(history.migrations.len());
        let known: BTreeSet<&str> = history.migrations.iter().map(|migration| &*migration.id).collect();
        for migration in history.migrations.iter() {
            if let Some(parent) = migration.parents.iter().find(|parent| !known.contains(**parent)) {
                let (revision, parent) = (migration.id.clone(), Text::Borrowed(*parent));
                return Err(GraphError::UnknownParent { revision, parent });
            }
            listed.push((migration.id.clone(), parents(migration)));
        }
        Graph::new(listed)
    }

    /// Orders the migrations of a history together with the revisions that only the ledger knows.
    ///
    /// # Errors
    /// As [`Graph::of`]; a parent that neither knows is left out, for the ledger may outlive it.
    pub fn with_applied(history: &History, applied: &[Applied]) -> Result<Graph, GraphError> {
        Graph::of(history)?;
        // What was applied after other parents than those in the code comes after those.
        let moved: HashMap<&Text, &Applied> = applied.iter().map(|row| (&row.revision, row)).collect();
        let code = history.migrations.iter().map(|migration| match moved.get(&migration.id) {
            Some(row) if row.is_edited(migration) => (migration.id.clone(), row.parents.to_vec()),
            Some(_) | None => (migration.id.clone(), parents(migration)),
        });
        let mut listed: Vec<(Text, Vec<Text>)> = code.collect();
        let known: BTreeSet<Text> = listed.iter().map(|(id, _)| id.clone()).collect();
        let foreign = applied.iter().filter(|row| !known.contains(&row.revision));
        listed.extend(foreign.map(|row| (row.revision.clone(), row.parents.to_vec())));
        let all: BTreeSet<Text> = listed.iter().map(|(id, _)| id.clone()).collect();
        for (_, parents) in &mut listed {
            parents.retain(|parent| all.contains(parent));
        }
        Graph::new(listed)
    }

    fn new(listed: Vec<(Text, Vec<Text>)>) -> Result<Graph, GraphError> {
        let sorted = sort(&listed)?;
        let order: Vec<Text> = sorted.iter().map(|&at| listed[at].0.clone()).collect();
        let position: HashMap<Text, usize> = order.iter().cloned().enumerate().map(|(at, id)| (id, at)).collect();
        let parents: Vec<Vec<usize>> =
            sorted.iter().map(|&at| listed[at].1.iter().map(|parent| position[parent]).collect()).collect();
        let mut children = vec![Vec::new(); order.len()];
        for (child, parents) in parents.iter().enumerate() {
            for &parent in parents {
                children[parent].push(child);
            }
        }
        Ok(Graph { order, parents, children, position })
    }

    /// The revisions, parents before children.
    pub fn order(&self) -> &[Text] {
        &self.order
    }

    /// The revisions that come right after this one.
    pub fn children(&self, revision: &str) -> Vec<Text> {
        let children = self.position.get(revision).map(|at| self.children[*at].as_slice()).unwrap_or_default();
        children.iter().map(|child| self.order[*child].clone()).collect()
    }

    /// The revisions that this one comes right after.
    pub fn parents(&self, revision: &str) -> Vec<Text> {
        let parents = self.position.get(revision).map(|at| self.parents[*at].as_slice()).unwrap_or_default();
        parents.iter().map(|parent| self.order[*parent].clone()).collect()
    }

    /// Whether the graph has this revision.
    pub fn contains(&self, revision: &str) -> bool {
        self.position.contains_key(revision)
    }

    /// The revisions that no other comes after.
    pub fn heads(&self) -> Vec<Text> {
        self.heads_within(|_| true)
    }

    /// The revisions of a subset that no other of the subset comes after.
    pub fn heads_within(&self, member: impl Fn(&str) -> bool) -> Vec<Text> {
        let free = |at: usize| self.children[at].iter().all(|&child| !member(&self.order[child]));
        let heads = self.order.iter().enumerate().filter(|(at, id)| member(id) && free(*at));
        heads.map(|(_, id)| id.clone()).collect()
    }

    /// The revision and everything it comes after; empty when the graph does not have it.
    pub fn ancestors_or_self(&self, revision: &str) -> BTreeSet<Text> {
        self.reach(revision, &self.parents)
    }

    /// The revision and everything that comes after it; empty when the graph does not have it.
    pub fn descendants_or_self(&self, revision: &str) -> BTreeSet<Text> {
        self.reach(revision, &self.children)
    }

    /// For each revision before a member, one member that comes after it.
    pub fn followers(&self, member: impl Fn(&str) -> bool) -> HashMap<Text, Text> {
        let mut followers: HashMap<Text, Text> = HashMap::new();
        for (at, id) in self.order.iter().enumerate().rev() {
            let follower = if member(id) { Some(id.clone()) } else { followers.get(id).cloned() };
            if let Some(follower) = follower {
                for &parent in &self.parents[at] {
                    followers.insert(self.order[parent].clone(), follower.clone());
                }
            }
        }
        followers
    }

    fn reach(&self, revision: &str, edges: &[Vec<usize>]) -> BTreeSet<Text> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<usize> = self.position.get(revision).copied().into_iter().collect();
        while let Some(at) = open.pop() {
            if seen.insert(self.order[at].clone()) {
                open.extend(&edges[at]);
            }
        }
        seen
    }
}

fn parents(migration: &Migration) -> Vec<Text> {
    migration.parents.iter().map(|parent| Text::Borrowed(parent)).collect()
}

/// Kahn's algorithm over the listed positions; of what is free, the first listed goes first.
fn sort(listed: &[(Text, Vec<Text>)]) -> Result<Vec<usize>, GraphError> {
    let mut position = BTreeMap::new();
    for (at, (id, _)) in listed.iter().enumerate() {
        if position.insert(id, at).is_some() {
            return Err(GraphError::Duplicate { revision: id.clone() });
        }
    }
    let mut waits: Vec<usize> = listed.iter().map(|(_, parents)| parents.len()).collect();
    let mut children = vec![Vec::new(); listed.len()];
    for (at, (_, parents)) in listed.iter().enumerate() {
        for parent in parents {
            children[position[parent]].push(at);
        }
    }
    let mut free: BTreeSet<usize> = (0..listed.len()).filter(|&at| waits[at] == 0).collect();
    let mut sorted = Vec::with_capacity(listed.len());
    while let Some(at) = free.pop_first() {
        sorted.push(at);
        for &child in &children[at] {
            waits[child] -= 1;
            if waits[child] == 0 {
                free.insert(child);
            }
        }
    }
    if sorted.len() == listed.len() {
        return Ok(sorted);
    }
    let revisions = (0..listed.len()).filter(|&at| waits[at] > 0).map(|at| listed[at].0.clone()).collect();
    Err(GraphError::Cycle { revisions })
}
