//! Two states into one, where a migration comes after two others.
//!
//! No common ancestor's state is needed: every entry names the revision that last changed it, and so does every removal. An
//! entry whose revision is among the other side's ancestors is the older one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::difference::{same_column, same_constraint, same_index};
use crate::name::{Name, Written};
use crate::schema::{Column, Constraint, Gone, Index, Since, Table};
use crate::state::{State, World, reference};

/// Two sides that changed the same thing, each without the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// What: "the column `email` of `users`".
    pub what: String,
    /// The revision on the first side.
    pub left: String,
    /// The revision on the second side.
    pub right: String,
}

impl State {
    /// What both states leave behind together, and what they do not agree on.
    pub fn merge(self, other: State) -> (State, Vec<Conflict>) {
        let (right_of, revisions) = join_revisions(&self.revisions, &other.revisions);
        let sides = Sides { left: self.revisions.len(), right: right_of.iter().copied().collect(), revisions: &revisions };
        let mut conflicts = Vec::new();
        let mut worlds = Vec::new();
        for left in &self.worlds {
            for right in &other.worlds {
                let databases: Vec<_> =
                    left.databases.iter().copied().filter(|database| right.databases.contains(database)).collect();
                if !databases.is_empty() {
                    let right = renumber(right.clone(), &right_of);
                    worlds.push(merge_worlds(&sides, World { databases, ..left.clone() }, right, &mut conflicts));
                }
            }
        }
        let id = |since: Since| revisions.get(since as usize).map(ToString::to_string).unwrap_or_default();
        // What is said already may be the cause.
        for world in worlds.iter().filter(|_| conflicts.is_empty()).collect::<Vec<_>>() {
            conflicts.extend(reference::broken(world).into_iter().map(|broken| broken.conflict(id)));
        }
        conflicts.dedup();
        let unsure = self.unsure.union(&other.unsure).cloned().collect();
        (State { settings: self.settings, revisions: revisions.into(), worlds, unsure }, conflicts)
    }
}

/// The revisions of both, and where each of the second's is among them.
fn join_revisions(left: &[Arc<str>], right: &[Arc<str>]) -> (Vec<Since>, Vec<Arc<str>>) {
    let mut all = left.to_vec();
    let mut places = Vec::with_capacity(right.len());
    for id in right {
        let place = left.iter().position(|known| known == id).unwrap_or_else(|| {
            all.push(id.clone());
            all.len() - 1
        });
        places.push(Since::try_from(place).unwrap_or(Since::MAX));
    }
    (places, all)
}

/// Which revisions each side stands on.
struct Sides<'a> {
    left: usize,
    right: BTreeSet<Since>,
    revisions: &'a [Arc<str>],
}

/// What each side has under one name, with the revision that changed or removed it.
#[derive(Clone, Copy)]
enum Entry<T> {
    There(T, Since),
    Gone(Since),
    Never,
}

impl Sides<'_> {
    fn left_knows(&self, since: Since) -> bool {
        (since as usize) < self.left
    }

    fn right_knows(&self, since: Since) -> bool {
        self.right.contains(&since)
    }

    fn id(&self, since: Since) -> String {
        self.revisions.get(since as usize).map(ToString::to_string).unwrap_or_default()
    }

    /// What holds of one name on both sides together.
    fn pick<T>(
        &self,
        left: Entry<T>,
        right: Entry<T>,
        same: impl Fn(&T, &T) -> bool,
        what: impl Fn() -> String,
        conflicts: &mut Vec<Conflict>,
    ) -> Option<T> {
        let (changed, other) = match (&left, &right) {
            (Entry::There(one, since), Entry::There(two, other)) if since == other || same(one, two) => (*since, *since),
            (Entry::There(_, since) | Entry::Gone(since), Entry::There(_, other) | Entry::Gone(other)) => (*since, *other),
            (Entry::Never, _) => return right.value(),
            (_, Entry::Never) => return left.value(),
        };
        if self.right_knows(changed) && changed != other {
            return right.value();
        }
        let agree = changed == other || matches!((&left, &right), (Entry::Gone(_), Entry::Gone(_)));
        if !agree && !self.left_knows(other) {
            conflicts.push(Conflict { what: what(), left: self.id(changed), right: self.id(other) });
        }
        left.value()
    }
}

impl<T> Entry<T> {
    fn value(self) -> Option<T> {
        match self {
            Entry::There(value, _) => Some(value),
            Entry::Gone(_) | Entry::Never => None,
        }
    }
}

fn merge_worlds(sides: &Sides<'_>, left: World, right: World, conflicts: &mut Vec<Conflict>) -> World {
    let names: BTreeSet<&Name> = left.tables.keys().chain(right.tables.keys()).collect();
    let mut tables = BTreeMap::new();
    for name in names {
        let entry = |world: &World| match (world.tables.get(name), world.gone.get(&Gone::Table(name.clone()))) {
            (Some(table), _) => Entry::There(Arc::clone(table), table.since),
            (None, Some(since)) => Entry::Gone(*since),
            (None, None) => Entry::Never,
        };
        let (one, two) = (entry(&left), entry(&right));
        let table = if let (Entry::There(one, _), Entry::There(two, _)) = (&one, &two) {
            if one.since == two.since {
                Some(Arc::new(merge_tables(sides, name, (one, &left), (two, &right), conflicts)))
            } else {
                sides.pick(
                    Entry::There(Arc::clone(one), one.since),
                    Entry::There(Arc::clone(two), two.since),
                    |one, two| one == two,
                    || format!("the table `{name}`"),
                    conflicts,
                )
            }
        } else {
            // A table that one side dropped and the other side changed since is a conflict, whoever made it.
            let one = with_latest(one, &right, name);
            let two = with_latest(two, &left, name);
            sides.pick(one, two, |one, two| one == two, || format!("the table `{name}`"), conflicts)
        };
        if let Some(table) = table {
            tables.insert(name.clone(), table);
        }
    }
    let mut gone: BTreeMap<Gone, Since> = (*left.gone).clone();
    for (what, since) in right.gone.iter() {
        let latest = gone.entry(what.clone()).or_insert(*since);
        *latest = (*latest).max(*since);
    }
    World { databases: left.databases, tables: tables.into(), gone: gone.into() }
}

/// An entry with the revision of its latest change, where the other side removed it.
fn with_latest(entry: Entry<Arc<Table>>, other: &World, name: &Name) -> Entry<Arc<Table>> {
    match entry {
        Entry::There(table, since) if other.gone.contains_key(&Gone::Table(name.clone())) => {
            let latest = latest(&table).unwrap_or(since);
            Entry::There(table, latest)
        }
        Entry::There(..) | Entry::Gone(_) | Entry::Never => entry,
    }
}

/// The latest revision that changed a table or something in it.
fn latest(table: &Table) -> Option<Since> {
    let columns = table.columns.iter().map(|column| column.since);
    let constraints = table.constraints.iter().map(|constraint| constraint.since);
    let indexes = table.indexes.iter().map(|index| index.since);
    columns.chain(constraints).chain(indexes).chain([table.since]).max()
}

fn merge_tables(
    sides: &Sides<'_>,
    name: &Name,
    left: (&Table, &World),
    right: (&Table, &World),
    conflicts: &mut Vec<Conflict>,
) -> Table {
    let columns = Parts {
        of: name,
        title: "column",
        name: |column: &Column| column.name.as_str(),
        since: |column: &Column| column.since,
        same: same_column,
        gone: Gone::Column,
    };
    let constraints = Parts {
        of: name,
        title: "constraint",
        name: Constraint::name,
        since: |constraint: &Constraint| constraint.since,
        same: same_constraint,
        gone: Gone::Constraint,
    };
    let indexes = Parts {
        of: name,
        title: "index",
        name: Index::name,
        since: |index: &Index| index.since,
        same: same_index,
        gone: Gone::Index,
    };
    Table {
        comment: left.0.comment.clone(),
        columns: columns.merge(sides, (&left.0.columns, left.1), (&right.0.columns, right.1), conflicts),
        constraints: constraints.merge(sides, (&left.0.constraints, left.1), (&right.0.constraints, right.1), conflicts),
        indexes: indexes.merge(sides, (&left.0.indexes, left.1), (&right.0.indexes, right.1), conflicts),
        since: left.0.since,
    }
}

/// How the named parts of a table are told apart.
struct Parts<'a, T> {
    of: &'a Name,
    title: &'static str,
    name: fn(&T) -> &str,
    since: fn(&T) -> Since,
    same: fn(&T, &T) -> bool,
    gone: fn(Name, String) -> Gone,
}

impl<T: Clone> Parts<'_, T> {
    /// The parts of both sides, the first side's order first.
    fn merge(&self, sides: &Sides<'_>, left: (&[T], &World), right: (&[T], &World), conflicts: &mut Vec<Conflict>) -> Vec<T> {
        let mut names: Vec<&str> = left.0.iter().map(self.name).collect();
        for name in right.0.iter().map(self.name) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let entry = |name: &str, (parts, world): (&[T], &World)| match parts.iter().find(|part| (self.name)(part) == name) {
            Some(part) => Entry::There(part.clone(), (self.since)(part)),
            None => match world.gone.get(&(self.gone)(self.of.clone(), name.to_owned())) {
                Some(since) => Entry::Gone(*since),
                None => Entry::Never,
            },
        };
        let what = |name: &str| format!("the {} `{}` of `{}`", self.title, Written(name), self.of);
        names
            .iter()
            .filter_map(|name| sides.pick(entry(name, left), entry(name, right), self.same, || what(name), conflicts))
            .collect()
    }
}

/// The world of the second side, its revisions numbered as those of both together.
fn renumber(mut world: World, places: &[Since]) -> World {
    let place = |since: &mut Since| *since = places.get(*since as usize).copied().unwrap_or(*since);
    for table in Arc::make_mut(&mut world.tables).values_mut().map(Arc::make_mut) {
        place(&mut table.since);
        table.columns.iter_mut().for_each(|column| place(&mut column.since));
        table.constraints.iter_mut().for_each(|constraint| place(&mut constraint.since));
        table.indexes.iter_mut().for_each(|index| place(&mut index.since));
    }
    Arc::make_mut(&mut world.gone).values_mut().for_each(place);
    world
}
