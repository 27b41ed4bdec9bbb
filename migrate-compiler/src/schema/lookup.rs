//! Which objects have something, by what they have.

use std::collections::BTreeSet;

use rpds::RedBlackTreeSetSync;

use crate::name::Name;
use crate::objects::Kind;
use crate::work;

/// Each thing with an object that has it, in a set of which a copy costs nothing.
#[derive(Clone)]
pub(super) struct Lookup<T: Ord>(RedBlackTreeSetSync<(T, (Kind, Name))>);

impl<T: Ord + Clone> Lookup<T> {
    /// The objects that have a thing, in the order of their kinds and names.
    pub fn of(&self, thing: &T) -> impl Iterator<Item = &(Kind, Name)> + use<'_, T> {
        let (first, thing) = ((Kind::FIRST, Name { schema: None, name: String::new() }), thing.clone());
        let all = self.0.range((thing.clone(), first)..).take_while(move |(other, _)| *other == thing);
        all.map(|(_, key)| key).inspect(|_| work::look())
    }

    /// Follows an object from the things that it had to those that it has.
    pub fn follow(&mut self, key: &(Kind, Name), before: &BTreeSet<T>, after: &BTreeSet<T>) {
        work::look();
        for gone in before.difference(after) {
            self.0.remove_mut(&(gone.clone(), key.clone()));
        }
        for new in after.difference(before) {
            self.0.insert_mut((new.clone(), key.clone()));
        }
    }
}

impl<T: Ord> Default for Lookup<T> {
    fn default() -> Lookup<T> {
        Lookup(RedBlackTreeSetSync::new_sync())
    }
}
