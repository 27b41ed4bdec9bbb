//! The objects of a schema: a map of which a copy costs nothing, for each step of a migration keeps the schema before and after it.
//!
//! What is asked about all of them, such as who has a name or who uses an object, is looked up. So a step costs what it changes,
//! however many objects there are.

use std::collections::BTreeSet;
use std::fmt;

use migrate_history::codec::Codec;

use crate::expr::Expr;
use crate::map::{Changed, Map};
use crate::mention::first_word;
use crate::name::Name;
use crate::objects::{Kind, Object};
use crate::schema::lookup::Lookup;

/// Objects by kind and name.
#[derive(Clone, Default)]
pub struct Objects {
    all: Map<(Kind, Name), Object>,
    /// What uses this object; a schema is used by all that is in it.
    users: Lookup<(Kind, Name)>,
    /// What is, or has a part that is, called so in letters of either case, in the set of names that tables have.
    holders: Lookup<Name>,
    /// The tables with a default that takes the next number of this sequence.
    counted: Lookup<Name>,
    /// The tables whose name begins with this word.
    worded: Lookup<String>,
}

impl Objects {
    /// The object of this kind and name.
    pub fn get(&self, key: &(Kind, Name)) -> Option<&Object> {
        self.all.get(key)
    }

    /// All objects in the order of their kinds and names.
    pub fn iter(&self) -> impl Iterator<Item = (&(Kind, Name), &Object)> {
        self.all.iter()
    }

    /// The objects of a kind in the order of their names.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&Name, &Object)> {
        let first = Name { schema: None, name: String::new() };
        self.all.from((kind, first)).take_while(move |((of, _), _)| *of == kind).map(|((_, name), object)| (name, object))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Makes or replaces an object.
    pub fn insert(&mut self, name: Name, object: Object) {
        let key = (object.kind(), name);
        let earlier = self.all.get(&key).cloned();
        self.index(&key, earlier.as_ref(), Some(&object));
        self.all.insert(key, object);
    }

    /// Takes an object away.
    pub fn remove(&mut self, key: &(Kind, Name)) -> Option<Object> {
        let object = self.all.get(key).cloned()?;
        self.index(key, Some(&object), None);
        self.all.remove(key);
        Some(object)
    }

    /// What uses an object, itself perhaps.
    pub fn users(&self, key: &(Kind, Name)) -> impl Iterator<Item = (&(Kind, Name), &Object)> {
        self.found(self.users.of(key))
    }

    /// What is called so, or has a part that is, in letters of either case.
    pub fn holders(&self, name: &Name) -> impl Iterator<Item = (&(Kind, Name), &Object)> {
        self.found(self.holders.of(&folded(name)))
    }

    /// What has a default that takes the next number of this sequence.
    pub fn counted_by(&self, sequence: &Name) -> impl Iterator<Item = (&(Kind, Name), &Object)> {
        self.found(self.counted.of(sequence))
    }

    /// What has a name that begins with this word.
    pub fn worded(&self, word: &str) -> impl Iterator<Item = &(Kind, Name)> {
        self.worded.of(&word.to_owned())
    }

    fn found<'s>(&'s self, keys: impl Iterator<Item = &'s (Kind, Name)>) -> impl Iterator<Item = (&'s (Kind, Name), &'s Object)> {
        keys.filter_map(|key| self.all.get_key_value(key))
    }

    /// What is not the very same in both, in the order of kinds and names.
    pub fn changed<'s>(&'s self, other: &'s Objects) -> Vec<Changed<'s, (Kind, Name), Object>> {
        self.all.changed(&other.all)
    }

    /// Follows an object from one body to another in what is looked up.
    fn index(&mut self, key: &(Kind, Name), before: Option<&Object>, after: Option<&Object>) {
        fn of<T>(object: Option<&Object>, things: impl FnOnce(&Object) -> BTreeSet<T>) -> BTreeSet<T> {
            object.map(things).unwrap_or_default()
        }
        let (_, name) = key;
        let used = |object: &Object| used(name, object);
        self.users.follow(key, &of(before, used), &of(after, used));
        let (gone, new) = renamed(name, before, after);
        self.holders.follow(key, &gone, &new);
        self.counted.follow(key, &of(before, sequences), &of(after, sequences));
        let word = |object: &Object| object.table().map(|_| first_word(&name.name)).into_iter().collect();
        self.worded.follow(key, &of(before, word), &of(after, word));
    }
}

/// A name as it is looked up.
fn folded(name: &Name) -> Name {
    Name { schema: name.schema.clone(), name: name.name.to_ascii_lowercase() }
}

/// What an object uses, with the schema that it is in.
fn used(name: &Name, object: &Object) -> BTreeSet<(Kind, Name)> {
    let schema = name.schema.iter().map(|schema| (Kind::Namespace, Name::new(schema)));
    object.references().into_iter().chain(schema).collect()
}

/// The names that an object and its parts have in the set of names that tables have.
fn names<'o>(name: &'o Name, object: &'o Object) -> Vec<&'o str> {
    let own = object.kind().shares_names().then_some(name.name.as_str());
    own.into_iter().chain(object.parts()).collect()
}

/// The names that an object no longer has, and those that are new. Most changes are of one part among many, so what is the same at both
/// ends is passed over.
fn renamed(name: &Name, before: Option<&Object>, after: Option<&Object>) -> (BTreeSet<Name>, BTreeSet<Name>) {
    let before = before.map(|object| names(name, object)).unwrap_or_default();
    let after = after.map(|object| names(name, object)).unwrap_or_default();
    let begin = before.iter().zip(&after).take_while(|(one, two)| one == two).count();
    let (gone, new) = (&before[begin..], &after[begin..]);
    let end = gone.iter().rev().zip(new.iter().rev()).take_while(|(one, two)| one == two).count();
    let is_there = |gone: &&str| after.iter().any(|name| name.eq_ignore_ascii_case(gone));
    let looked_up = |part: &&str| folded(&name.sibling(*part));
    let gone = gone[..gone.len() - end].iter().filter(|gone| !is_there(gone)).map(looked_up).collect();
    (gone, new[..new.len() - end].iter().map(looked_up).collect())
}

/// The sequences whose next number a default takes.
fn sequences(object: &Object) -> BTreeSet<Name> {
    let mut found = BTreeSet::new();
    let columns = object.table().into_iter().flat_map(|table| &table.columns);
    for default in columns.filter_map(|column| column.default.as_ref()) {
        default.walk(&mut |part| {
            if let Expr::Nextval(sequence) = part {
                found.insert(sequence.clone());
            }
        });
    }
    found
}

impl PartialEq for Objects {
    fn eq(&self, other: &Objects) -> bool {
        self.changed(other).into_iter().all(|(_, one, two)| one == two)
    }
}

impl Eq for Objects {}

impl fmt::Debug for Objects {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_map().entries(self.iter()).finish()
    }
}

impl FromIterator<(Name, Object)> for Objects {
    fn from_iter<I: IntoIterator<Item = (Name, Object)>>(objects: I) -> Objects {
        let mut all = Objects::default();
        objects.into_iter().for_each(|(name, object)| all.insert(name, object));
        all
    }
}

impl Codec for Objects {
    fn write(&self, out: &mut String) {
        self.len().write(out);
        for ((_, name), object) in self.iter() {
            name.write(out);
            object.write(out);
        }
    }

    fn read(input: &mut &str) -> Option<Objects> {
        let length = usize::read(input)?;
        (0..length).map(|_| <(Name, Object)>::read(input)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::{self, column};
    use crate::map::Shared;
    use crate::objects::Enum;
    use crate::schema::{Constraint, Index, ReferentialAction, Table};
    use crate::types::{EnumType, Type};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// What is done to the objects.
    #[derive(Clone, Debug)]
    enum Edit {
        Put(u8, u8, u8),
        Remove(u8),
        Enum(u8),
    }

    fn edit() -> impl Strategy<Value = Edit> {
        prop_oneof![
            (0..5_u8, 0..4_u8, 0..5_u8).prop_map(|(table, part, to)| Edit::Put(table, part, to)),
            (0..5_u8).prop_map(Edit::Remove),
            (0..5_u8).prop_map(Edit::Enum),
        ]
    }

    fn name(table: u8) -> Name {
        Name::new(format!("t{table}"))
    }

    fn mood(of: u8) -> Name {
        Name { schema: Some("s".to_owned()), name: format!("m{of}") }
    }

    /// A table with a column of an enum, indexes, and foreign keys to another one, some of one name in letters of another case.
    fn table(part: u8, to: u8) -> Object {
        let of = EnumType { name: mood(part), values: Vec::new() };
        let key = |number: u8| Constraint {
            name: Some(format!("K{number}")),
            ..example::references("a", &name(to).name, ReferentialAction::NoAction)
        };
        let called = |number: u8| if number.is_multiple_of(2) { format!("k{number}") } else { format!("i{number}") };
        let index = |number: u8| Index { name: Some(called(number)), ..example::index(["a"]) };
        Object::from(Table {
            columns: vec![column("a", Type::Integer), column("m", Type::Enum(of))],
            constraints: (part..4).chain(0..part / 2).map(key).collect(),
            indexes: (0..=part).map(index).collect(),
            ..Table::default()
        })
    }

    fn done(objects: &mut Objects, plain: &mut BTreeMap<(Kind, Name), Object>, edit: &Edit) {
        let mut put = |name: Name, object: Object| {
            objects.insert(name.clone(), object.clone());
            plain.insert((object.kind(), name), object);
        };
        match edit {
            Edit::Put(of, part, to) => put(name(*of), table(*part, *to)),
            Edit::Enum(of) => put(mood(*of), Enum { values: Vec::new() }.into()),
            Edit::Remove(of) => {
                for key in [(Kind::Table, name(*of)), (Kind::Enum, mood(*of))] {
                    assert_eq!(objects.remove(&key), plain.remove(&key));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_looked_up_is_what_a_walk_finds(edits in prop::collection::vec(edit(), 0..20), at in 0..20_usize) {
            let (mut objects, mut plain) = (Objects::default(), BTreeMap::new());
            let mut earlier = objects.clone();
            for (place, edit) in edits.iter().enumerate() {
                if place == at {
                    earlier = objects.clone();
                }
                done(&mut objects, &mut plain, edit);
            }
            prop_assert!(objects.iter().eq(plain.iter()));
            let walk = |is_it: &dyn Fn(&Name, &Object) -> bool| {
                plain.iter().filter(|((_, name), object)| is_it(name, object)).map(|(key, _)| key.clone()).collect::<Vec<_>>()
            };
            let is_called = |name: &Name, object: &Object, wanted: &Name| {
                names(name, object).into_iter().any(|part| folded(&name.sibling(part)) == *wanted)
            };
            let parts = (0..4).flat_map(|part| [Name::new(format!("k{part}")), Name::new(format!("I{part}")), mood(part)]);
            for wanted in (0..5).map(name).chain(parts) {
                let looked_up: Vec<_> = objects.holders(&wanted).map(|(key, _)| key.clone()).collect();
                prop_assert_eq!(looked_up, walk(&|name, object| is_called(name, object, &folded(&wanted))));
                for used_by in [(Kind::Table, wanted.clone()), (Kind::Enum, wanted.clone()), (Kind::Namespace, Name::new("s"))] {
                    let looked_up: Vec<_> = objects.users(&used_by).map(|(key, _)| key.clone()).collect();
                    prop_assert_eq!(looked_up, walk(&|name, object| used(name, object).contains(&used_by)));
                }
            }
            let apart: Vec<_> = earlier.changed(&objects).into_iter().map(|(key, ..)| key).collect();
            let keys: BTreeSet<_> = earlier.iter().chain(objects.iter()).map(|(key, _)| key).collect();
            let differs = |key: &&(Kind, Name)| match (earlier.get(key), objects.get(key)) {
                (Some(one), Some(two)) => !one.is_same(two),
                (one, two) => one.is_some() || two.is_some(),
            };
            prop_assert_eq!(apart, keys.into_iter().filter(differs).collect::<Vec<_>>());
            let mut text = String::new();
            objects.write(&mut text);
            let read = Objects::read(&mut text.as_str());
            prop_assert_eq!(read.as_ref(), Some(&objects));
        }
    }
}
