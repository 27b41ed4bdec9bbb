//! Tables that are created or dropped and refer to tables in use: a foreign key locks the table that it refers to, so of several such tables one is
//! locked at a time.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::stage::{Site, Stage};
use crate::ddl::{Change, Ddl};
use crate::name::Name;
use crate::schema::{Constraint, Table};

/// A new table. Its foreign keys to used tables beyond the first follow it.
pub(super) fn create(site: Site<'_>, name: Name, table: &Arc<Table>) -> Vec<Stage> {
    let (apart, own) = beyond_the_first(site, &name, table);
    if apart.is_empty() {
        return vec![Stage::Joined(Ddl::CreateTable { name, table: Arc::clone(table) })];
    }
    let made = Arc::new(Table { constraints: own, ..(**table).clone() });
    let create = Stage::Joined(Ddl::CreateTable { name: name.clone(), table: Arc::clone(&made) });
    let add = |constraint| changed(&name, [&made, table], Change::AddConstraint(constraint));
    std::iter::once(create).chain(apart.into_iter().map(add)).collect()
}

/// A table goes, after its foreign keys to used tables beyond the first.
pub(super) fn drop(site: Site<'_>, name: Name) -> Vec<Stage> {
    let body = site.before.tables().get(&name);
    let keys = body.into_iter().flat_map(|body| {
        let (apart, _) = beyond_the_first(site, &name, body);
        apart.into_iter().map(|constraint| changed(&name, [body, body], Change::DropConstraint(constraint)))
    });
    keys.chain([Stage::Joined(Ddl::DropTable { name: name.clone() })]).collect()
}

/// The tables that a table does not refer to any more when it goes, since these foreign keys went before it.
pub(in crate::compile) fn left_before(site: Site<'_>, name: &Name) -> Vec<Name> {
    let body = site.before.tables().get(name);
    let apart = body.into_iter().flat_map(|body| beyond_the_first(site, name, body).0);
    apart.filter_map(|constraint| constraint.foreign_key().map(|key| key.table.clone())).collect()
}

/// The foreign keys of a table to others that are used, but for those to the first of these, and its other constraints.
fn beyond_the_first(site: Site<'_>, name: &Name, table: &Table) -> (Vec<Constraint>, Vec<Constraint>) {
    let used = |constraint: &Constraint| {
        let target = &constraint.foreign_key()?.table;
        (target != name && site.is_used(target)).then(|| target.clone())
    };
    let targets: BTreeSet<Name> = table.constraints.iter().filter_map(used).collect();
    let is_apart = |one: &Constraint| used(one).is_some_and(|target| targets.first() != Some(&target));
    table.constraints.iter().cloned().partition(is_apart)
}

fn changed(name: &Name, [before, after]: [&Arc<Table>; 2], change: Change) -> Stage {
    let (before, after) = (Arc::clone(before), Arc::clone(after));
    Stage::Apart(Ddl::AlterTable { name: name.clone(), before, after, changes: vec![change] })
}
