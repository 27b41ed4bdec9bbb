//! A database schema as the compiler knows it.

mod lookup;
mod objects;
mod tables;
mod types;

use std::collections::BTreeSet;
use std::sync::Arc;

use migrate_history::Database;

use crate::footprint::Path;
use crate::map::Changed;
use crate::name::Name;
use crate::objects::{Kind, Object};

pub use self::objects::Objects;
pub use self::tables::Tables;
pub use crate::objects::Table;
pub use crate::objects::table::column::{Column, Counter, CounterKind};
pub use crate::objects::table::constraint::{Constraint, ForeignKey, ReferentialAction, Rule, Timing};
pub use crate::objects::table::index::{Index, Key};
pub use crate::objects::table::kept::{KeptColumn, KeptOf, KeptTable};
pub use crate::objects::table::typed::Typed;

/// What a database has, whatever created it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// Its objects, tables among them.
    pub objects: Objects,
    /// The databases that have this schema.
    pub databases: Arc<[Database]>,
    /// What statements with an error leave open: an error about that may be wrong, so it is not reported.
    pub unsure: Unsure,
}

/// What statements with an error leave open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsure {
    /// The names of what is missing, or was not made because of the error.
    pub words: BTreeSet<String>,
    /// The tables that another one was to be called.
    pub tables: BTreeSet<Name>,
    /// The columns that another one was to be.
    pub columns: BTreeSet<Path>,
}

impl Default for Schema {
    /// An empty schema of every database.
    fn default() -> Schema {
        Schema { objects: Objects::default(), databases: Arc::from(Database::ALL), unsure: Unsure::default() }
    }
}

impl Schema {
    /// Its tables.
    pub const fn tables(&self) -> Tables<'_> {
        Tables::of(&self.objects)
    }

    /// The table of this name.
    pub fn table(&self, name: &Name) -> Option<&Table> {
        self.tables().get(name).map(Arc::as_ref)
    }

    /// The object of this kind and name.
    pub fn object(&self, kind: Kind, name: &Name) -> Option<&Object> {
        self.objects.get(&(kind, name.clone()))
    }

    /// What still uses an object, itself apart, and the statements that drop that.
    pub fn users(&self, kind: Kind, name: &Name) -> Vec<(String, String)> {
        let own = (kind, name.clone());
        let others = self.objects.users(&own).filter(|(key, _)| **key != own);
        let uses = |(key, object): (&(Kind, Name), &Object)| {
            let (of, user) = key;
            if own == (Kind::Namespace, Name::new(user.schema.clone().unwrap_or_default())) {
                return vec![(format!("the {} `{user}`", of.word()), format!("`drop {} {user};`", of.word()))];
            }
            object.uses(user, &own)
        };
        others.flat_map(uses).collect()
    }

    /// Gives an object another name, which what uses it follows to.
    pub fn rename(&mut self, kind: Kind, from: &Name, to: &Name) {
        let Some(object) = self.objects.remove(&(kind, from.clone())) else { return };
        self.objects.insert(to.clone(), object);
        let own = (kind, from.clone());
        let users: Vec<(Name, Object)> =
            self.objects.users(&own).map(|((_, user), object)| (user.clone(), object.clone())).collect();
        for (user, mut object) in users {
            object.follow(&own, to);
            self.objects.insert(user, object);
        }
    }

    /// Changes the table of this name; `None` where there is none.
    pub fn change<T>(&mut self, name: &Name, change: impl FnOnce(&mut Table) -> T) -> Option<T> {
        let mut table = self.table(name)?.clone();
        let result = change(&mut table);
        self.put(name.clone(), Arc::new(table));
        Some(result)
    }

    /// The tables that are not the very same in both, by name. A step leaves most of them alone, so this is asked before anything
    /// else is compared.
    pub fn changed<'s>(&'s self, other: &'s Schema) -> Vec<Changed<'s, Name, Arc<Table>>> {
        let tables = self.objects.changed(&other.objects).into_iter().filter(|((kind, _), ..)| *kind == Kind::Table);
        tables.map(|((_, name), one, two)| (name, one.and_then(Object::table), two.and_then(Object::table))).collect()
    }

    /// Makes or replaces a table.
    pub fn put(&mut self, name: Name, table: Arc<Table>) {
        self.objects.insert(name, table.into());
    }

    /// The table that has an index of this name, and the index.
    pub fn index(&self, name: &Name) -> Option<(&Name, &Index)> {
        self.tables().holders(name).find_map(|(table, body)| Some((table, body.index(&name.name)?)))
    }

    /// The sequences of all columns.
    pub fn sequences(&self) -> impl Iterator<Item = Name> {
        let of = |(table, body): (&Name, &'_ Arc<Table>)| {
            let counters = body.columns.iter().filter_map(|column| column.counter.as_ref());
            counters.map(|counter| table.sibling(counter.sequence.as_str())).collect::<Vec<_>>()
        };
        self.tables().iter().flat_map(of)
    }

    /// Whether a column has a sequence of this name.
    pub fn has_sequence(&self, sequence: &Name) -> bool {
        let is_it = |column: &Column| column.counter.as_ref().is_some_and(|counter| counter.sequence == sequence.name);
        let mut holders = self.tables().holders(sequence).filter(|(name, _)| name.schema == sequence.schema);
        holders.any(|(_, table)| table.columns.iter().any(is_it))
    }

    /// The columns of all tables whose default takes the next number of a sequence, each with its table.
    pub fn counted_by<'a>(&'a self, sequence: &'a Name) -> impl Iterator<Item = (&'a Name, &'a Column)> {
        let columns =
            self.tables().counted_by(sequence).flat_map(|(table, body)| body.columns.iter().map(move |column| (table, column)));
        columns.filter(|(_, column)| column.default.as_ref().is_some_and(|default| default.takes_number_of(sequence)))
    }

    /// The foreign keys of all tables that refer to `table`: whose they are, and which.
    pub fn incoming<'a>(&'a self, table: &'a Name) -> impl Iterator<Item = (&'a Name, &'a Constraint, &'a ForeignKey)> {
        self.tables().referrers(table).flat_map(move |(owner, body)| {
            body.foreign_keys().filter(move |(_, key)| key.table == *table).map(move |(constraint, key)| (owner, constraint, key))
        })
    }
}
