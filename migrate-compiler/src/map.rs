//! A map of which a copy costs nothing, a change what it changes, and a comparison with a copy what was changed since they were one.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use migrate_history::codec::Codec;
use rpds::{ListSync, RedBlackTreeMapSync};

use crate::work;

/// Tells one edit from all others of this process, and means nothing else.
static EDITS: AtomicU64 = AtomicU64::new(0);

/// A persistent map in the order of its keys.
#[derive(Clone)]
pub struct Map<K: Ord, V> {
    values: RedBlackTreeMapSync<K, V>,
    /// Which keys were set or removed, the latest first, from an empty map on.
    edits: ListSync<(u64, K)>,
    /// How many edits there were.
    count: usize,
}

impl<K: Ord + Clone, V: Clone> Map<K, V> {
    /// The value of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.get_key_value(key).map(|(_, value)| value)
    }

    /// The value of a key, with the key as it is in the map.
    pub fn get_key_value(&self, key: &K) -> Option<(&K, &V)> {
        work::look();
        self.values.get_key_value(key)
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.values.size()
    }

    /// Every key with its value, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.values.iter().inspect(|_| work::look())
    }

    /// The keys from this one on with their values, in order.
    pub fn from(&self, key: K) -> impl Iterator<Item = (&K, &V)> {
        self.values.range(key..).inspect(|_| work::look())
    }

    /// Sets a value.
    pub fn insert(&mut self, key: K, value: V) {
        self.values.insert_mut(key.clone(), value);
        self.edited(key);
    }

    /// Takes a value away.
    pub fn remove(&mut self, key: &K) {
        if self.values.remove_mut(key) {
            self.edited(key.clone());
        }
    }

    fn edited(&mut self, key: K) {
        work::look();
        self.edits.push_front_mut((EDITS.fetch_add(1, Ordering::Relaxed), key));
        self.count += 1;
    }

    /// The keys that were set or removed, the latest first.
    pub fn latest(&self) -> impl Iterator<Item = &K> {
        self.edits.iter().map(|(_, key)| key).inspect(|_| work::look())
    }

    /// The keys of the edits that only one of the two has.
    pub fn edits_apart<'m>(&'m self, other: &'m Map<K, V>) -> BTreeSet<&'m K> {
        let mut keys = BTreeSet::new();
        let (mut one, mut two) = (self.edits.iter(), other.edits.iter());
        let (longer, by) =
            if self.count > other.count { (&mut one, self.count - other.count) } else { (&mut two, other.count - self.count) };
        keys.extend(longer.take(by).map(|(_, key)| key));
        for ((serial, key), (same, other)) in one.zip(two) {
            if serial == same {
                break;
            }
            keys.extend([key, other]);
        }
        keys.iter().for_each(|_| work::look());
        keys
    }
}

/// What is shared is known to be equal and is not compared.
pub trait Shared: Clone {
    /// Whether both are the very same.
    fn is_same(&self, other: &Self) -> bool;
}

impl<T> Shared for Arc<T> {
    fn is_same(&self, other: &Arc<T>) -> bool {
        Arc::ptr_eq(self, other)
    }
}

/// A value that is not the very same in two maps: its key, and what each has of it.
pub type Changed<'m, K, V> = (&'m K, Option<&'m V>, Option<&'m V>);

impl<K: Ord + Clone, V: Shared> Map<K, V> {
    /// What is not the very same in both, in the order of the keys.
    pub fn changed<'m>(&'m self, other: &'m Map<K, V>) -> Vec<Changed<'m, K, V>> {
        let both = |key: &K| {
            let (one, two) = (self.get_key_value(key), other.get_key_value(key));
            let (key, _) = one.or(two)?;
            let (one, two) = (one.map(|(_, value)| value), two.map(|(_, value)| value));
            let same = matches!((one, two), (Some(one), Some(two)) if one.is_same(two));
            (!same).then_some((key, one, two))
        };
        self.edits_apart(other).into_iter().filter_map(both).collect()
    }
}

impl<K: Ord, V> Default for Map<K, V> {
    fn default() -> Map<K, V> {
        Map { values: RedBlackTreeMapSync::new_sync(), edits: ListSync::new_sync(), count: 0 }
    }
}

impl<K: Ord, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Map<K, V>) -> bool {
        self.values == other.values
    }
}

impl<K: Ord, V: Eq> Eq for Map<K, V> {}

impl<K: Ord + Clone + fmt::Debug, V: Clone + fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Ord + Clone, V: Clone> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Map<K, V> {
        let mut map = Map::default();
        entries.into_iter().for_each(|(key, value)| map.insert(key, value));
        map
    }
}

impl<K: Codec + Ord + Clone, V: Codec + Clone> Codec for Map<K, V> {
    fn write(&self, out: &mut String) {
        self.len().write(out);
        for (key, value) in self.iter() {
            key.write(out);
            value.write(out);
        }
    }

    fn read(input: &mut &str) -> Option<Map<K, V>> {
        let length = usize::read(input)?;
        (0..length).map(|_| <(K, V)>::read(input)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_step_is_compared_by_its_edits() {
        let map: Map<usize, Arc<usize>> = (0..200).map(|number| (number, Arc::new(number))).collect();
        let mut later = map.clone();
        later.insert(7, Arc::new(8));
        assert_eq!(map.edits_apart(&later), BTreeSet::from([&7]));
        assert_eq!(map.changed(&later), [(&7, Some(&Arc::new(7)), Some(&Arc::new(8)))]);
    }

    #[test]
    fn what_was_made_apart_is_compared_whole() {
        let map = || (0..200).map(|number| (number, Arc::new(number))).collect::<Map<usize, Arc<usize>>>();
        assert_eq!(map().changed(&map()).len(), 200, "equal, but not the very same");
    }
}
