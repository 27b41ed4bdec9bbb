//! The tables among the objects of a schema.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::mention::{has_word, words};
use crate::name::Name;
use crate::objects::{Kind, Object, Table};
use crate::schema::Objects;

/// Tables by name.
#[derive(Clone, Copy)]
pub struct Tables<'s>(&'s Objects);

impl<'s> Tables<'s> {
    /// Those among these objects.
    pub const fn of(objects: &'s Objects) -> Tables<'s> {
        Tables(objects)
    }

    /// The table of this name.
    pub fn get(self, name: &Name) -> Option<&'s Arc<Table>> {
        self.0.get(&(Kind::Table, name.clone())).and_then(Object::table)
    }

    /// Whether there is a table of this name.
    pub fn contains_key(self, name: &Name) -> bool {
        self.get(name).is_some()
    }

    /// The tables in the order of their names.
    pub fn iter(self) -> impl Iterator<Item = (&'s Name, &'s Arc<Table>)> {
        self.0.of_kind(Kind::Table).filter_map(|(name, object)| Some((name, object.table()?)))
    }

    /// The names in their order.
    pub fn keys(self) -> impl Iterator<Item = &'s Name> {
        self.iter().map(|(name, _)| name)
    }

    /// The tables in the order of their names.
    pub fn values(self) -> impl Iterator<Item = &'s Arc<Table>> {
        self.iter().map(|(_, table)| table)
    }

    /// The tables that are called so, or have a constraint, an index or a sequence that is, in letters of either case.
    pub fn holders(self, name: &Name) -> impl Iterator<Item = (&'s Name, &'s Arc<Table>)> + use<'s> {
        let found: Vec<_> = among(self.0.holders(name)).collect();
        found.into_iter()
    }

    /// The tables with foreign keys to this one, itself perhaps.
    pub fn referrers(self, name: &Name) -> impl Iterator<Item = (&'s Name, &'s Arc<Table>)> + use<'s> {
        self.using(Kind::Table, name)
    }

    /// The tables with a default that takes the next number of this sequence.
    pub fn counted_by(self, sequence: &Name) -> impl Iterator<Item = (&'s Name, &'s Arc<Table>)> + use<'s> {
        let found: Vec<_> = among(self.0.counted_by(sequence)).collect();
        found.into_iter()
    }

    /// The tables with a column of an enum, or an expression that casts to it.
    pub fn typed(self, of: &Name) -> impl Iterator<Item = (&'s Name, &'s Arc<Table>)> + use<'s> {
        self.using(Kind::Enum, of)
    }

    fn using(self, kind: Kind, name: &Name) -> impl Iterator<Item = (&'s Name, &'s Arc<Table>)> + use<'s> {
        let found: Vec<_> = among(self.0.users(&(kind, name.clone()))).collect();
        found.into_iter()
    }

    /// The tables whose name is in raw SQL.
    pub fn named_in(self, text: &str) -> BTreeSet<&'s Name> {
        let mut found = BTreeSet::new();
        for word in words(text) {
            found.extend(self.0.worded(&word).map(|(_, name)| name).filter(|name| has_word(text, &name.name)));
        }
        found
    }
}

/// The tables among some objects.
fn among<'s>(objects: impl Iterator<Item = (&'s (Kind, Name), &'s Object)>) -> impl Iterator<Item = (&'s Name, &'s Arc<Table>)> {
    objects.filter_map(|((_, name), object)| Some((name, object.table()?)))
}
