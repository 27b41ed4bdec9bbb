//! Which tables have something, by what they have.

use std::collections::BTreeSet;

use rpds::RedBlackTreeSetSync;

use crate::name::Name;
use crate::work;

/// Each thing with a table that has it, in a set of which a copy costs nothing.
#[derive(Clone)]
pub(super) struct Lookup<T: Ord>(RedBlackTreeSetSync<(T, Name)>);

impl<T: Ord + Clone> Lookup<T> {
    /// The tables that have a thing, in the order of their names.
    pub fn tables(&self, thing: &T) -> impl Iterator<Item = &Name> {
        let first = (thing.clone(), Name { schema: None, name: String::new() });
        self.0.range(first..).take_while(move |(other, _)| other == thing).map(|(_, table)| table).inspect(|_| work::look())
    }

    /// Follows a table from the things that it had to those that it has.
    pub fn follow(&mut self, table: &Name, before: &BTreeSet<T>, after: &BTreeSet<T>) {
        work::look();
        for gone in before.difference(after) {
            self.0.remove_mut(&(gone.clone(), table.clone()));
        }
        for new in after.difference(before) {
            self.0.insert_mut((new.clone(), table.clone()));
        }
    }
}

impl<T: Ord> Default for Lookup<T> {
    fn default() -> Lookup<T> {
        Lookup(RedBlackTreeSetSync::new_sync())
    }
}
