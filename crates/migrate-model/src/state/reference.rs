//! What a table has on one side of a merge and needs of the other: each side is sound, and both together may not be.

use std::collections::BTreeMap;

use crate::history::Database;
use crate::name::{Name, Written};
use crate::schema::{Constraint, Gone, Rule, Since, Table};
use crate::state::World;
use crate::state::merge::Conflict;

/// Something that is there and something else that it cannot be with.
pub(super) struct Broken {
    /// What both sides decide: "the table `users`".
    what: String,
    /// Who made what is there.
    made: Since,
    /// Who removed what it needs, or made what stands in its way.
    other: Since,
}

impl Broken {
    /// The same with the revisions' ids.
    pub fn conflict(self, id: impl Fn(Since) -> String) -> Conflict {
        Conflict { what: self.what, left: id(self.made), right: id(self.other) }
    }
}

/// Everything in a world that cannot be with something else in it.
pub(super) fn broken(world: &World) -> Vec<Broken> {
    let mut broken = Vec::new();
    for (name, table) in world.tables.iter() {
        for constraint in &table.constraints {
            broken.extend(missing(world, name, table, constraint.rule.columns(), constraint.since));
            broken.extend(target(world, constraint));
        }
        for index in &table.indexes {
            broken.extend(missing(world, name, table, index.columns(), index.since));
        }
        broken.extend(second_primary_key(name, table));
    }
    broken.extend(shared_names(world));
    broken
}

/// The columns that are not there.
fn missing(world: &World, name: &Name, table: &Table, columns: Vec<&str>, made: Since) -> Option<Broken> {
    let column = columns.into_iter().find(|column| table.column(column).is_none())?;
    let other = gone(world, &Gone::Column(name.clone(), column.to_owned())).unwrap_or(table.since);
    Some(Broken { what: format!("the column `{}` of `{name}`", Written(column)), made, other })
}

/// What a foreign key refers to and is not there, or is no key any more.
fn target(world: &World, constraint: &Constraint) -> Option<Broken> {
    let key = constraint.foreign_key()?;
    let made = constraint.since;
    let Some(table) = world.tables.get(&key.table) else {
        let other = gone(world, &Gone::Table(key.table.clone()))?;
        return Some(Broken { what: format!("the table `{}`", key.table), made, other });
    };
    let missing = missing(world, &key.table, table, key.references.iter().map(String::as_str).collect(), made);
    missing.or_else(|| {
        let removed = |what: &Gone| match what {
            Gone::Constraint(owner, _) | Gone::Index(owner, _) => *owner == key.table,
            Gone::Table(_) | Gone::Column(..) => false,
        };
        let other = world.gone.iter().filter(|(what, _)| removed(what)).map(|(_, since)| *since).max()?;
        let columns = key.references.join(", ");
        (!table.is_key(&key.references)).then(|| Broken { what: format!("the key ({columns}) of `{}`", key.table), made, other })
    })
}

fn second_primary_key(name: &Name, table: &Table) -> Option<Broken> {
    let mut keys = table.constraints.iter().filter(|constraint| matches!(constraint.rule, Rule::PrimaryKey { .. }));
    let (one, other) = (keys.next()?, keys.next()?);
    Some(Broken { what: format!("the primary key of `{name}`"), made: one.since, other: other.since })
}

/// Tables and indexes that have the same name, and keys and sequences, which have names of the same kind on PostgreSQL.
fn shared_names(world: &World) -> Vec<Broken> {
    let mut holders: BTreeMap<Name, Since> = BTreeMap::new();
    let mut broken = Vec::new();
    let on_postgres = world.databases.contains(&Database::Postgres);
    for (name, table) in world.tables.iter() {
        let keys = table.constraints.iter().filter(|constraint| on_postgres && !constraint.rule.key_columns().is_empty());
        let keys = keys.map(|constraint| (constraint.name(), constraint.since));
        let indexes = table.indexes.iter().map(|index| (index.name(), index.since));
        let counters = table
            .columns
            .iter()
            .filter(|_| on_postgres)
            .filter_map(|column| Some((column.counter.as_ref()?.sequence.as_str(), column.since)));
        let parts = keys.chain(indexes).chain(counters).map(|(part, since)| (name.sibling(part), since));
        for (name, since) in parts.chain([(name.clone(), table.since)]) {
            if let Some(other) = holders.insert(name.clone(), since).filter(|other| *other != since) {
                broken.push(Broken { what: format!("the name `{name}`"), made: other, other: since });
            }
        }
    }
    broken
}

fn gone(world: &World, what: &Gone) -> Option<Since> {
    world.gone.get(what).copied()
}
