//! Enums: `create enum mood ("happy", "sad");`

mod grammar;

use std::fmt;
use std::sync::Arc;

use migrate_history::record;
use syn::parse::ParseStream;

use crate::diagnostic::Parse;
use crate::name::Name;
use crate::objects::{Note, ObjectKind, Support};
use crate::problem::Problems;
use crate::schema::{Schema, Table};
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
    const WORD: &'static str = "enum";
    const PLURAL: &'static str = "enums";
    const IN_SCHEMA: bool = true;
    const RENAMES: bool = true;
    const SHARES_NAMES: bool = true;

    /// Where the database has none, each column of it is text with a check.
    fn support(features: &Features) -> Support {
        if features.enums { Support::Own } else { Support::ByColumns }
    }

    fn read(input: ParseStream<'_>, note: Note<'_>) -> Parse<Enum> {
        grammar::values(input, note).map(|values| Enum { values })
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

    fn users(schema: &Schema, name: &Name) -> Vec<(String, String)> {
        crate::schema::users_of_type(schema, name)
    }

    fn create(&self, name: &Name) -> Vec<String> {
        let values: Vec<String> = self.values.iter().map(|value| quote::text(value)).collect();
        vec![format!("CREATE TYPE {} AS ENUM ({})", quote::name(name), values.join(", "))]
    }

    fn drop(&self, name: &Name) -> Vec<String> {
        vec![format!("DROP TYPE {}", quote::name(name))]
    }

    fn rename(from: &Name, to: &Name) -> Vec<String> {
        vec![format!("ALTER TYPE {} RENAME TO {}", quote::name(from), quote::ident(&to.name))]
    }

    fn follow(schema: &mut Schema, from: &Name, to: &Name) {
        schema.change_types_of(from, |of| of.name = to.clone());
    }

    fn columns(schema: &Schema, name: &Name) -> Vec<(Name, String)> {
        let own = |(table, body): (&Name, &Arc<Table>)| {
            let columns = body.columns_of(name).into_iter();
            columns.map(|column| (table.clone(), column.name.clone())).collect::<Vec<_>>()
        };
        schema.tables.typed(name).flat_map(own).collect()
    }

    #[cfg(feature = "testing")]
    fn examples() -> Vec<(&'static str, Enum)> {
        let of = |values: &[&str]| Enum { values: values.iter().map(|value| (*value).to_owned()).collect() };
        vec![("mood", of(&["happy", "it's \"so\""])), ("Size", of(&["S"]))]
    }
}
