//! Enums: `create enum mood ("happy", "sad");`

mod grammar;

use std::collections::BTreeSet;
use std::fmt;

use migrate_history::record;

use crate::ddl::Ddl;
use crate::name::Name;
use crate::objects::{Kind, ObjectKind, Read, Support};
use crate::problem::Problems;
use crate::sql::features::Features;
use crate::sql::quote;
use crate::types::Type;

/// A type whose values are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    /// Its values in their order.
    pub values: Vec<String>,
}

record!(Enum { values });

impl ObjectKind for Enum {
    const IN_SCHEMA: bool = true;
    const SHARES_NAMES: bool = true;
    const READ: Option<Read> = Some(|input, note| grammar::values(input, note).map(|values| Enum { values }.into()));
    const RENAME: Option<fn(&Name, &Name) -> Ddl> = Some(|from, to| {
        Ddl::object(Kind::Enum, from, format!("ALTER TYPE {} RENAME TO {}", quote::name(from), quote::ident(&to.name)))
    });

    /// Where the database has none, each column of it is text with a check.
    fn support(features: &Features) -> Support {
        if features.enums { Support::Own } else { Support::ByColumns }
    }

    fn write_rest(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values: Vec<String> = self.values.iter().map(|value| format!("{value:?}")).collect();
        write!(out, " ({})", values.join(", "))
    }

    fn refuses(name: &str) -> Option<String> {
        Type::words().any(|word| word == name).then(|| format!("`{name}` is a type of every database"))
    }

    fn check(&self, name: &Name, problems: &mut Problems) {
        crate::check::value::values(name, &self.values, problems);
    }

    fn references(&self) -> BTreeSet<(Kind, Name)> {
        BTreeSet::new()
    }

    fn uses(&self, _: &Name, _: &(Kind, Name)) -> Vec<(String, String)> {
        Vec::new()
    }

    fn follow(&mut self, _: &(Kind, Name), _: &Name) {}

    fn parts(&self) -> Vec<&str> {
        Vec::new()
    }

    fn create(&self, name: &Name) -> Ddl {
        let values: Vec<String> = self.values.iter().map(|value| quote::text(value)).collect();
        Ddl::object(Kind::Enum, name, format!("CREATE TYPE {} AS ENUM ({})", quote::name(name), values.join(", ")))
    }

    fn drop(name: &Name) -> Ddl {
        Ddl::object(Kind::Enum, name, format!("DROP TYPE {}", quote::name(name)))
    }

    #[cfg(feature = "testing")]
    fn examples() -> Vec<(&'static str, Enum)> {
        let of = |values: &[&str]| Enum { values: values.iter().map(|value| (*value).to_owned()).collect() };
        vec![("mood", of(&["happy", "it's \"so\""])), ("Size", of(&["S"]))]
    }
}
