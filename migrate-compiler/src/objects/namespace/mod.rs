//! Schemas in which tables live: `create schema billing;`

use std::fmt;

use migrate_history::record;
use syn::parse::ParseStream;

use crate::diagnostic::Parse;
use crate::name::Name;
use crate::objects::{Kind, ObjectKind};
use crate::operation::look;
use crate::problem::{Problem, Problems, Slot};
use crate::schema::{Gone, Schema};
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

    fn examples() -> Vec<(&'static str, Namespace)> {
        vec![("sales", Namespace {}), ("Order Data", Namespace {})]
    }
}

/// Rule `unknown_object`, for a new table in a schema that was dropped. One that no migration made may be there all the same.
pub(crate) fn is_there(schema: &Schema, table: &Name, slot: Slot, problems: &mut Problems) {
    let Some(name) = table.schema.as_deref().map(Name::new) else { return };
    let gone = Gone::Object(Kind::Namespace, name.clone());
    if schema.object(Kind::Namespace, &name).is_some() || !schema.gone.contains_key(&gone) {
        return;
    }
    let message = format!("unknown schema `{name}`");
    let problem = Problem::new("unknown_object", slot, message).help(format!("write before it: `create schema {name};`"));
    problems.push(problem.note_if(look::dropped(schema, &gone)));
}
