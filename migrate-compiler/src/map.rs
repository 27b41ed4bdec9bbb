//! A map of which a copy costs nothing and a change what it changes.

use std::fmt;
use std::sync::Arc;

use migrate_history::codec::Codec;
use rpds::RedBlackTreeMapSync;

/// A persistent map in the order of its keys.
#[derive(Clone)]
pub struct Map<K: Ord, V>(RedBlackTreeMapSync<K, V>);

impl<K: Ord + Clone, V: Clone> Map<K, V> {
    /// The value of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.0.get(key)
    }

    /// Every key with its value, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter()
    }

    /// Every key, in order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.keys()
    }

    /// Sets a value.
    pub fn insert(&mut self, key: K, value: V) {
        self.0.insert_mut(key, value);
    }

    /// Takes a value away.
    pub fn remove(&mut self, key: &K) {
        self.0.remove_mut(key);
    }
}

/// A value that is not the very same in two maps: its key, and what each has of it.
pub type Changed<'m, K, T> = (&'m K, Option<&'m Arc<T>>, Option<&'m Arc<T>>);

impl<K: Ord + Clone, T> Map<K, Arc<T>> {
    /// What is not the very same in both. They are walked side by side, for looking up each key costs most in a macro that is not
    /// optimised.
    pub fn changed<'m>(&'m self, other: &'m Map<K, Arc<T>>) -> Vec<Changed<'m, K, T>> {
        let (mut left, mut right) = (self.iter(), other.iter());
        let (mut a, mut b) = (left.next(), right.next());
        let mut found = Vec::new();
        loop {
            match (a, b) {
                (Some((name, one)), Some((same, other))) if name == same => {
                    if !Arc::ptr_eq(one, other) {
                        found.push((name, Some(one), Some(other)));
                    }
                    (a, b) = (left.next(), right.next());
                }
                (Some((name, one)), Some((next, _))) if name < next => {
                    found.push((name, Some(one), None));
                    a = left.next();
                }
                (_, Some((name, other))) => {
                    found.push((name, None, Some(other)));
                    b = right.next();
                }
                (Some((name, one)), None) => {
                    found.push((name, Some(one), None));
                    a = left.next();
                }
                (None, None) => return found,
            }
        }
    }
}

impl<K: Ord, V> Default for Map<K, V> {
    fn default() -> Map<K, V> {
        Map(RedBlackTreeMapSync::new_sync())
    }
}

impl<K: Ord, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Map<K, V>) -> bool {
        self.0 == other.0
    }
}

impl<K: Ord, V: Eq> Eq for Map<K, V> {}

impl<K: Ord + fmt::Debug, V: fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_map().entries(self.0.iter()).finish()
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
        self.0.size().write(out);
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
