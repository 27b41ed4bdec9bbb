//! Schemas in which tables live: `create schema billing;`

use std::fmt;

use migrate_history::record;
use syn::parse::ParseStream;

use crate::diagnostic::Parse;
use crate::name::Name;
use crate::objects::{Note, ObjectKind, Support};
use crate::problem::Problems;
use crate::schema::Schema;
use crate::sql::features::Features;
use crate::sql::quote::ident;

/// A schema of a database, in which tables have names of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {}

record!(Namespace {});

impl ObjectKind for Namespace {
    const WORD: &'static str = "schema";
    const PLURAL: &'static str = "schemas";
    const IN_SCHEMA: bool = false;
    const RENAMES: bool = false;
    const SHARES_NAMES: bool = false;

    fn support(features: &Features) -> Support {
        if features.schemas { Support::Own } else { Support::Missing }
    }

    fn read(_: ParseStream<'_>, _: Note<'_>) -> Parse<Namespace> {
        Ok(Namespace {})
    }

    fn write_rest(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }

    /// Manual, "CREATE SCHEMA".
    fn refuses(name: &str) -> Option<String> {
        let system = name.starts_with("pg_");
        system.then(|| "PostgreSQL keeps names that begin with `pg_` for its own schemas".to_owned())
    }

    fn check(&self, _: &Name, _: &mut Problems) {}

    fn users(schema: &Schema, name: &Name) -> Vec<(String, String)> {
        let tables =
            schema.tables.within(&name.name).map(|table| (format!("the table `{table}`"), format!("drop table {table};")));
        let objects = schema
            .objects_within(&name.name)
            .map(|(kind, of)| (format!("the {} `{of}`", kind.word()), format!("drop {} {of};", kind.word())));
        tables.chain(objects).collect()
    }

    fn create(&self, name: &Name) -> Vec<String> {
        vec![format!("CREATE SCHEMA {}", ident(&name.name))]
    }

    fn drop(&self, name: &Name) -> Vec<String> {
        vec![format!("DROP SCHEMA {}", ident(&name.name))]
    }

    /// Nothing renames one.
    fn rename(_: &Name, _: &Name) -> Vec<String> {
        Vec::new()
    }

    fn follow(_: &mut Schema, _: &Name, _: &Name) {}

    fn columns(_: &Schema, _: &Name) -> Vec<(Name, String)> {
        Vec::new()
    }

    #[cfg(feature = "testing")]
    fn examples() -> Vec<(&'static str, Namespace)> {
        vec![("sales", Namespace {}), ("Order Data", Namespace {})]
    }
}
