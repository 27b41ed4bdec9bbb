//! The order of a history: parents before children, and the listed order where the parents leave it free.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::{History, Migration, Text};

use super::effort::looks_at;
use super::{Applied, GraphError};

/// The revisions of a history, ordered.
#[derive(Clone, Debug)]
pub struct Graph {
    order: Vec<Text>,
    parents: Edges,
    children: Edges,
    dependencies: Edges,
    dependents: Edges,
    position: HashMap<Text, usize>,
    labels: BTreeMap<Text, usize>,
}

/// For each position in the order, the positions that it is connected with.
pub(super) type Edges = Vec<Vec<usize>>;

/// A revision before it has a position.
#[derive(Clone)]
struct Unordered {
    id: Text,
    parents: Vec<Text>,
    dependencies: Vec<Text>,
    label: Option<Text>,
}

impl Graph {
    /// Orders the migrations of a history.
    ///
    /// # Errors
    /// A duplicate revision or label, a parent or dependency that is not listed, a cycle.
    pub fn of(history: &History) -> Result<Graph, GraphError> {
        let mut listed = Vec::with_capacity(history.migrations.len());
        let known: HashSet<&str> = history.migrations.iter().map(|migration| &*migration.id).collect();
        for migration in history.migrations.iter() {
            let revision = || migration.id.clone();
            if let Some(parent) = migration.parents.iter().find(|parent| !known.contains(**parent)) {
                return Err(GraphError::UnknownParent { revision: revision(), parent: Text::Borrowed(*parent) });
            }
            if let Some(dependency) = migration.dependencies.iter().find(|dependency| !known.contains(**dependency)) {
                return Err(GraphError::UnknownDependency { revision: revision(), dependency: Text::Borrowed(*dependency) });
            }
            listed.push(Unordered::of(migration));
        }
        Graph::new(&listed)
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
            Some(row) if row.is_edited(migration) => {
                Unordered { label: migration.label.map(Text::from), ..Unordered::recorded(row) }
            }
            Some(_) | None => Unordered::of(migration),
        });
        let mut listed: Vec<Unordered> = code.collect();
        let known: HashSet<Text> = listed.iter().map(|one| one.id.clone()).collect();
        let foreign = applied.iter().filter(|row| !known.contains(&row.revision));
        listed.extend(foreign.map(Unordered::recorded));
        let all: HashSet<Text> = listed.iter().map(|one| one.id.clone()).collect();
        for Unordered { parents, dependencies, .. } in &mut listed {
            parents.retain(|parent| all.contains(parent));
            dependencies.retain(|dependency| all.contains(dependency));
        }
        Graph::new(&listed)
    }

    fn new(listed: &[Unordered]) -> Result<Graph, GraphError> {
        let sorted = sort(listed)?;
        let order: Vec<Text> = sorted.iter().map(|&at| listed[at].id.clone()).collect();
        let position: HashMap<Text, usize> = order.iter().cloned().enumerate().map(|(at, id)| (id, at)).collect();
        let edges = |of: fn(&Unordered) -> &Vec<Text>| -> Edges {
            sorted.iter().map(|&at| of(&listed[at]).iter().map(|other| position[other]).collect()).collect()
        };
        let (parents, dependencies) = (edges(|one| &one.parents), edges(|one| &one.dependencies));
        let mut labels = BTreeMap::new();
        for (at, &place) in sorted.iter().enumerate() {
            let Some(label) = &listed[place].label else { continue };
            if let Some(other) = labels.insert(label.clone(), at) {
                let revisions = vec![order[other].clone(), order[at].clone()];
                return Err(GraphError::DuplicateLabel { label: label.clone(), revisions });
            }
        }
        looks_at(order.len());
        Ok(Graph {
            children: reversed(&parents),
            dependents: reversed(&dependencies),
            order,
            parents,
            dependencies,
            position,
            labels,
        })
    }

    /// The revisions, each after its parents and its dependencies.
    pub fn order(&self) -> &[Text] {
        looks_at(self.order.len());
        &self.order
    }

    /// The revisions that come right after this one.
    pub fn children(&self, revision: &str) -> Vec<Text> {
        self.neighbours(revision, &self.children)
    }

    /// The revisions that this one comes right after.
    pub fn parents(&self, revision: &str) -> Vec<Text> {
        self.neighbours(revision, &self.parents)
    }

    /// The revisions that this one depends on.
    pub fn dependencies(&self, revision: &str) -> Vec<Text> {
        self.neighbours(revision, &self.dependencies)
    }

    /// The revisions that depend on this one.
    pub fn dependents(&self, revision: &str) -> Vec<Text> {
        self.neighbours(revision, &self.dependents)
    }

    /// Whether the graph has this revision.
    pub fn contains(&self, revision: &str) -> bool {
        self.position.contains_key(revision)
    }

    /// The revisions that no other comes after. One that another depends on is still a head of its branch.
    pub fn heads(&self) -> Vec<Text> {
        self.heads_within(|_| true)
    }

    /// The heads that no other revision depends on: a database that has these has everything.
    pub fn effective_heads(&self) -> Vec<Text> {
        looks_at(self.order.len());
        let is_last = |at: &usize| self.children[*at].is_empty() && self.dependents[*at].is_empty();
        (0..self.order.len()).filter(is_last).map(|at| self.order[at].clone()).collect()
    }

    /// The revisions of a subset that no other of the subset comes after.
    pub fn heads_within(&self, member: impl Fn(&str) -> bool) -> Vec<Text> {
        looks_at(self.order.len());
        let free = |at: usize| self.children[at].iter().all(|&child| !member(&self.order[child]));
        let heads = self.order.iter().enumerate().filter(|(at, id)| member(id) && free(*at));
        heads.map(|(_, id)| id.clone()).collect()
    }

    /// The revision and everything that must be applied before it; empty when the graph does not have it.
    pub fn ancestors_or_self(&self, revision: &str) -> BTreeSet<Text> {
        self.named(&self.before(self.place(revision)))
    }

    /// The revision and everything that cannot be applied without it; empty when the graph does not have it.
    pub fn descendants_or_self(&self, revision: &str) -> BTreeSet<Text> {
        self.named(&self.behind(self.place(revision)))
    }

    /// For each revision before a member, one member that comes after it or depends on it.
    pub fn followers(&self, member: impl Fn(&str) -> bool) -> HashMap<Text, Text> {
        let mut followers: HashMap<Text, Text> = HashMap::new();
        for (at, id) in self.order().iter().enumerate().rev() {
            let follower = if member(id) { Some(id.clone()) } else { followers.get(id).cloned() };
            if let Some(follower) = follower {
                for &before in self.parents[at].iter().chain(&self.dependencies[at]) {
                    followers.insert(self.order[before].clone(), follower.clone());
                }
            }
        }
        followers
    }

    fn neighbours(&self, revision: &str, edges: &Edges) -> Vec<Text> {
        let of = self.place(revision).map(|at| edges[at].as_slice()).unwrap_or_default();
        looks_at(of.len());
        of.iter().map(|at| self.order[*at].clone()).collect()
    }
}

/// By positions, for the modules that work out what a target means.
impl Graph {
    pub(super) fn place(&self, revision: &str) -> Option<usize> {
        self.position.get(revision).copied()
    }

    pub(super) fn id(&self, at: usize) -> &Text {
        &self.order[at]
    }

    pub(super) fn named(&self, places: &BTreeSet<usize>) -> BTreeSet<Text> {
        places.iter().map(|&at| self.order[at].clone()).collect()
    }

    pub(super) const fn labels(&self) -> &BTreeMap<Text, usize> {
        &self.labels
    }

    /// What must be applied right before it.
    pub(super) fn predecessors(&self, at: usize) -> impl Iterator<Item = usize> {
        self.parents[at].iter().chain(&self.dependencies[at]).copied()
    }

    /// What can be applied right after it.
    pub(super) fn successors(&self, at: usize) -> impl Iterator<Item = usize> {
        self.children[at].iter().chain(&self.dependents[at]).copied()
    }

    pub(super) const fn parent_edges(&self) -> &Edges {
        &self.parents
    }

    pub(super) const fn child_edges(&self) -> &Edges {
        &self.children
    }

    /// These and everything that must be applied before them.
    pub(super) fn before(&self, places: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
        reach(places, &[&self.parents, &self.dependencies])
    }

    /// These and everything that cannot be applied without them.
    pub(super) fn behind(&self, places: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
        reach(places, &[&self.children, &self.dependents])
    }
}

impl Unordered {
    fn of(migration: &Migration) -> Unordered {
        let texts = |names: &[&'static str]| names.iter().map(|name| Text::Borrowed(*name)).collect();
        let (parents, dependencies) = (texts(&migration.parents), texts(migration.dependencies));
        Unordered { id: migration.id.clone(), parents, dependencies, label: migration.label.map(Text::from) }
    }

    /// As the ledger has it: it does not tell a dependency from a parent, for both must be applied.
    fn recorded(row: &Applied) -> Unordered {
        Unordered { id: row.revision.clone(), parents: row.parents.to_vec(), dependencies: Vec::new(), label: None }
    }

    fn before(&self) -> impl Iterator<Item = &Text> {
        self.parents.iter().chain(&self.dependencies)
    }
}

/// Everything that edges lead to, and where they begin.
pub(super) fn reach(places: impl IntoIterator<Item = usize>, edges: &[&Edges]) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<usize> = places.into_iter().collect();
    while let Some(at) = open.pop() {
        looks_at(1);
        if seen.insert(at) {
            edges.iter().for_each(|edges| open.extend(&edges[at]));
        }
    }
    seen
}

fn reversed(edges: &Edges) -> Edges {
    let mut reversed = vec![Vec::new(); edges.len()];
    for (from, others) in edges.iter().enumerate() {
        others.iter().for_each(|&to| reversed[to].push(from));
    }
    reversed
}

/// Kahn's algorithm over the listed positions; of what is free, the first listed goes first.
fn sort(listed: &[Unordered]) -> Result<Vec<usize>, GraphError> {
    let mut position = HashMap::new();
    for (at, one) in listed.iter().enumerate() {
        if position.insert(&one.id, at).is_some() {
            return Err(GraphError::Duplicate { revision: one.id.clone() });
        }
    }
    let mut waits: Vec<usize> = listed.iter().map(|one| one.before().count()).collect();
    let mut behind = vec![Vec::new(); listed.len()];
    for (at, one) in listed.iter().enumerate() {
        for before in one.before() {
            behind[position[before]].push(at);
        }
    }
    let mut free: BTreeSet<usize> = (0..listed.len()).filter(|&at| waits[at] == 0).collect();
    let mut sorted = Vec::with_capacity(listed.len());
    while let Some(at) = free.pop_first() {
        looks_at(1 + behind[at].len());
        sorted.push(at);
        for &next in &behind[at] {
            waits[next] -= 1;
            if waits[next] == 0 {
                free.insert(next);
            }
        }
    }
    if sorted.len() == listed.len() {
        return Ok(sorted);
    }
    let revisions = (0..listed.len()).filter(|&at| waits[at] > 0).map(|at| listed[at].id.clone()).collect();
    Err(GraphError::Cycle { revisions })
}
