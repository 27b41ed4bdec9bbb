//! Enums as the types of columns.

use crate::name::Name;

/// A type whose values were listed by `create enum`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EnumType {
    /// Its name.
    pub name: Name,
    /// Its values in their order; empty until the enum was looked up in a schema.
    pub values: Vec<String>,
}

impl EnumType {
    /// What becomes of its values where it becomes another form of the same enum.
    pub fn becomes<'a>(&'a self, other: &'a EnumType) -> Becomes<'a> {
        let is_kept = |value: &String| other.values.contains(value);
        let mut gone = self.values.iter().filter(|value| !is_kept(value));
        match (gone.next(), gone.next()) {
            (None, _) => Becomes::Wider,
            (Some(from), None) if self.values.len() == other.values.len() => {
                let to = other.values.iter().find(|value| !self.values.contains(value));
                to.map_or(Becomes::Narrower, |to| Becomes::Renamed { from, to })
            }
            (Some(_), _) => Becomes::Narrower,
        }
    }

    /// Some of its values, as literals.
    pub fn shown(&self) -> String {
        const SHOWN: usize = 6;
        let values: Vec<String> = self.values.iter().take(SHOWN).map(|value| format!("{value:?}")).collect();
        if self.values.len() > SHOWN { format!("{}, …", values.join(", ")) } else { values.join(", ") }
    }
}

/// What becomes of the values of an enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Becomes<'a> {
    /// All of them stay.
    Wider,
    /// One of them gets another name.
    Renamed {
        /// The old one.
        from: &'a str,
        /// The new one.
        to: &'a str,
    },
    /// Some of them go.
    Narrower,
}
