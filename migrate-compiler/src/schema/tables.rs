//! The tables of a schema: a map of which a copy costs nothing, for each step of a migration keeps the schema before and after it.
//!
//! What is asked about all tables, such as who has a name or who refers to a table, is looked up. So a step costs what it changes,
//! however many tables there are.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use migrate_history::codec::Codec;

use crate::expr::Expr;
use crate::map::{Changed, Map};
use crate::mention::{first_word, has_word, words};
use crate::name::Name;
use crate::schema::lookup::Lookup;
use crate::schema::{Constraint, Index, Table};

/// Tables by name.
#[derive(Clone, Default)]
pub struct Tables {
    bodies: Map<Name, Arc<Table>>,
    /// The tables that are, or have a part that is, called so in letters of either case.
    holders: Lookup<Name>,
    /// The tables with foreign keys to this one.
    referrers: Lookup<Name>,
    /// The tables with a default that takes the next number of this sequence.
    counted: Lookup<Name>,
    /// The tables with something of the type of this enum.
    typed: Lookup<Name>,
    /// The tables whose name begins with this word.
    worded: Lookup<String>,
}

impl Tables {
    /// The table of this name.
    pub fn get(&self, name: &Name) -> Option<&Arc<Table>> {
        self.bodies.get(name)
    }

    /// Whether there is a table of this name.
    pub fn contains_key(&self, name: &Name) -> bool {
        self.bodies.contains_key(name)
    }

    /// The tables in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&Name, &Arc<Table>)> {
        self.bodies.iter()
    }

    /// The names in their order.
    pub fn keys(&self) -> impl Iterator<Item = &Name> {
        self.bodies.keys()
    }

    /// The tables in the order of their names.
    pub fn values(&self) -> impl Iterator<Item = &Arc<Table>> {
        self.bodies.values()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.bodies.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Makes or replaces a table.
    pub fn insert(&mut self, name: Name, table: Arc<Table>) {
        let earlier = self.bodies.get(&name).cloned();
        self.index(&name, earlier.as_deref(), Some(&table));
        self.bodies.insert(name, table);
    }

    /// Takes a table away.
    pub fn remove(&mut self, name: &Name) -> Option<Arc<Table>> {
        let table = self.bodies.get(name).cloned()?;
        self.index(name, Some(&table), None);
        self.bodies.remove(name);
        Some(table)
    }

    /// Changes the table of this name; `None` where there is none.
    pub fn change<T>(&mut self, name: &Name, change: impl FnOnce(&mut Table) -> T) -> Option<T> {
        let mut table = self.bodies.get(name)?.as_ref().clone();
        let result = change(&mut table);
        self.insert(name.clone(), Arc::new(table));
        Some(result)
    }

    /// The tables that are called so, or have a constraint, an index or a sequence that is, in letters of either case.
    pub fn holders(&self, name: &Name) -> impl Iterator<Item = (&Name, &Arc<Table>)> {
        let names: Vec<&Name> = self.holders.tables(&folded(name)).collect();
        names.into_iter().filter_map(|name| self.bodies.get_key_value(name))
    }

    /// The tables with foreign keys to this one, itself perhaps.
    pub fn referrers(&self, name: &Name) -> impl Iterator<Item = (&Name, &Arc<Table>)> {
        self.referrers.tables(name).filter_map(|name| self.bodies.get_key_value(name))
    }

    /// The tables with a default that takes the next number of this sequence.
    pub fn counted_by(&self, sequence: &Name) -> impl Iterator<Item = (&Name, &Arc<Table>)> {
        self.counted.tables(sequence).filter_map(|name| self.bodies.get_key_value(name))
    }

    /// The tables with a column of an enum, or an expression that casts to it.
    pub fn typed(&self, of: &Name) -> impl Iterator<Item = (&Name, &Arc<Table>)> {
        self.typed.tables(of).filter_map(|name| self.bodies.get_key_value(name))
    }

    /// The names of the tables in a schema.
    pub fn within<'s>(&'s self, schema: &str) -> impl Iterator<Item = &'s Name> {
        let first = Name { schema: Some(schema.to_owned()), name: String::new() };
        self.bodies.keys_from(first).take_while(move |name| name.schema.as_deref() == Some(schema))
    }

    /// The tables whose name stands in raw SQL.
    pub fn named_in(&self, text: &str) -> BTreeSet<&Name> {
        let mut found = BTreeSet::new();
        for word in words(text) {
            found.extend(self.worded.tables(&word).filter(|name| has_word(text, &name.name)));
        }
        found
    }

    /// The tables that are not the very same in both, by name.
    pub fn changed<'s>(&'s self, other: &'s Tables) -> Vec<Changed<'s, Name, Table>> {
        self.bodies.changed(&other.bodies)
    }

    /// Follows a table from one body to another in what is looked up.
    fn index(&mut self, name: &Name, before: Option<&Table>, after: Option<&Table>) {
        fn of<T>(table: Option<&Table>, things: impl FnOnce(&Table) -> BTreeSet<T>) -> BTreeSet<T> {
            table.map(things).unwrap_or_default()
        }
        let parts = |table: &Table| parts(name, table);
        self.holders.follow(name, &of(before, parts), &of(after, parts));
        self.referrers.follow(name, &of(before, targets), &of(after, targets));
        self.typed.follow(name, &of(before, Table::enums), &of(after, Table::enums));
        self.counted.follow(name, &of(before, sequences), &of(after, sequences));
        let word = |_: &Table| BTreeSet::from([first_word(&name.name)]);
        self.worded.follow(name, &of(before, word), &of(after, word));
    }
}

/// A name as it is looked up.
fn folded(name: &Name) -> Name {
    Name { schema: name.schema.clone(), name: name.name.to_ascii_lowercase() }
}

/// The names that a table, its constraints, its indexes and its sequences have.
fn parts(name: &Name, table: &Table) -> BTreeSet<Name> {
    let sequences = table.columns.iter().filter_map(|column| column.counter.as_ref()).map(|counter| counter.sequence.as_str());
    let own = table.constraints.iter().map(Constraint::name).chain(table.indexes.iter().map(Index::name)).chain(sequences);
    own.map(|part| folded(&name.sibling(part))).chain([folded(name)]).collect()
}

/// The tables that the foreign keys of a table refer to.
fn targets(table: &Table) -> BTreeSet<Name> {
    table.constraints.iter().filter_map(|constraint| Some(constraint.foreign_key()?.table.clone())).collect()
}

/// The sequences whose next number a default of a table takes.
fn sequences(table: &Table) -> BTreeSet<Name> {
    let mut found = BTreeSet::new();
    for default in table.columns.iter().filter_map(|column| column.default.as_ref()) {
        default.walk(&mut |part| {
            if let Expr::Nextval(sequence) = part {
                found.insert(sequence.clone());
            }
        });
    }
    found
}

impl PartialEq for Tables {
    fn eq(&self, other: &Tables) -> bool {
        self.changed(other).into_iter().all(|(_, one, two)| one == two)
    }
}

impl Eq for Tables {}

impl fmt::Debug for Tables {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_map().entries(self.iter()).finish()
    }
}

impl FromIterator<(Name, Arc<Table>)> for Tables {
    fn from_iter<I: IntoIterator<Item = (Name, Arc<Table>)>>(tables: I) -> Tables {
        let mut all = Tables::default();
        tables.into_iter().for_each(|(name, table)| all.insert(name, table));
        all
    }
}

impl Codec for Tables {
    fn write(&self, out: &mut String) {
        self.len().write(out);
        for (name, table) in self.iter() {
            name.write(out);
            table.write(out);
        }
    }

    fn read(input: &mut &str) -> Option<Tables> {
        let length = usize::read(input)?;
        (0..length).map(|_| <(Name, Arc<Table>)>::read(input)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::{self, column};
    use crate::schema::ReferentialAction;
    use crate::types::Type;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// What is done to the tables.
    #[derive(Clone, Debug)]
    enum Edit {
        Put(u8, u8, u8),
        Remove(u8),
        Change(u8, u8),
    }

    fn edit() -> impl Strategy<Value = Edit> {
        prop_oneof![
            (0..5_u8, 0..4_u8, 0..5_u8).prop_map(|(table, part, to)| Edit::Put(table, part, to)),
            (0..5_u8).prop_map(Edit::Remove),
            (0..5_u8, 0..4_u8).prop_map(|(table, part)| Edit::Change(table, part)),
        ]
    }

    fn name(table: u8) -> Name {
        Name::new(format!("t{table}"))
    }

    /// A table with an index, and a foreign key to another one.
    fn table(part: u8, to: u8) -> Table {
        Table {
            columns: vec![column("a", Type::Integer)],
            constraints: vec![Constraint {
                name: Some(format!("K{part}")),
                ..example::references("a", &name(to).name, ReferentialAction::NoAction)
            }],
            indexes: vec![Index { name: Some(format!("i{part}")), ..example::index(["a"]) }],
            ..Table::default()
        }
    }

    fn done(tables: &mut Tables, plain: &mut BTreeMap<Name, Arc<Table>>, edit: &Edit) {
        match edit {
            Edit::Put(of, part, to) => {
                let table = Arc::new(table(*part, *to));
                tables.insert(name(*of), Arc::clone(&table));
                plain.insert(name(*of), table);
            }
            Edit::Remove(of) => assert_eq!(tables.remove(&name(*of)), plain.remove(&name(*of))),
            Edit::Change(of, part) => {
                tables.change(&name(*of), |table| table.indexes[0].name = Some(format!("i{part}")));
                plain.extend(tables.get(&name(*of)).map(|table| (name(*of), Arc::clone(table))));
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_looked_up_is_what_a_walk_finds(edits in prop::collection::vec(edit(), 0..20), at in 0..20_usize) {
            let (mut tables, mut plain) = (Tables::default(), BTreeMap::new());
            let mut earlier = tables.clone();
            for (place, edit) in edits.iter().enumerate() {
                if place == at {
                    earlier = tables.clone();
                }
                done(&mut tables, &mut plain, edit);
            }
            prop_assert!(tables.iter().eq(plain.iter()));
            for wanted in (0..5).map(name).chain((0..4).flat_map(|part| [Name::new(format!("k{part}")), Name::new(format!("I{part}"))])) {
                let looked_up: Vec<&Name> = tables.holders(&wanted).map(|(name, _)| name).collect();
                let walked: Vec<&Name> = plain.iter().filter(|(name, table)| parts(name, table).contains(&folded(&wanted))).map(|(name, _)| name).collect();
                prop_assert_eq!(looked_up, walked);
                let looked_up: Vec<&Name> = tables.referrers(&wanted).map(|(name, _)| name).collect();
                let walked: Vec<&Name> = plain.iter().filter(|(_, table)| targets(table).contains(&wanted)).map(|(name, _)| name).collect();
                prop_assert_eq!(looked_up, walked);
            }
            let apart: Vec<&Name> = earlier.changed(&tables).into_iter().map(|(name, ..)| name).collect();
            let names: BTreeSet<&Name> = earlier.keys().chain(tables.keys()).collect();
            let differs = |name: &&Name| match (earlier.get(name), tables.get(name)) {
                (Some(one), Some(two)) => !Arc::ptr_eq(one, two),
                (one, two) => one.is_some() || two.is_some(),
            };
            prop_assert_eq!(apart, names.into_iter().filter(differs).collect::<Vec<_>>());
            let mut text = String::new();
            tables.write(&mut text);
            let read = Tables::read(&mut text.as_str());
            prop_assert_eq!(read.as_ref(), Some(&tables));
        }
    }
}
