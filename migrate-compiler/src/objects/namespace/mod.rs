//! Schemas in which tables live: `create schema billing;`

use std::fmt;

use migrate_history::record;
use syn::parse::ParseStream;

use crate::diagnostic::Parse;
use crate::name::Name;
use crate::objects::ObjectKind;
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

    fn is_known(features: &Features) -> bool {
        features.schemas
    }

    fn read(_: ParseStream<'_>) -> Parse<Namespace> {
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

    fn users(schema: &Schema, name: &str) -> Vec<(String, String)> {
        let within = |table: &&Name| table.schema.as_deref() == Some(name);
        let tables = schema.tables.keys().filter(within);
        tables.map(|table| (format!("the table `{table}`"), format!("drop table {table};"))).collect()
    }

    fn create(&self, name: &str) -> Vec<String> {
        vec![format!("CREATE SCHEMA {}", ident(name))]
    }

    fn drop(&self, name: &str) -> Vec<String> {
        vec![format!("DROP SCHEMA {}", ident(name))]
    }

    #[cfg(feature = "testing")]
    fn examples() -> Vec<(&'static str, Namespace)> {
        vec![("sales", Namespace {}), ("Order Data", Namespace {})]
    }
}
