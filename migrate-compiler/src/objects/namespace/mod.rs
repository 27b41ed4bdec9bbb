//! Schemas in which tables live: `create schema billing;`

use std::collections::BTreeSet;
use std::fmt;

use migrate_history::record;

use crate::ddl::Ddl;
use crate::name::Name;
use crate::objects::{Kind, ObjectKind, Read, Support};
use crate::problem::Problems;
use crate::sql::features::Features;
use crate::sql::quote::ident;

/// A schema of a database, in which tables have names of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {}

record!(Namespace {});

impl ObjectKind for Namespace {
    const IN_SCHEMA: bool = false;
    const SHARES_NAMES: bool = false;
    const READ: Option<Read> = Some(|_, _| Ok(Namespace {}.into()));
    const RENAME: Option<fn(&Name, &Name) -> Ddl> = None;

    fn support(features: &Features) -> Support {
        if features.schemas { Support::Own } else { Support::Missing }
    }

    fn write_rest(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }

    /// Manual, "CREATE SCHEMA".
    fn refuses(name: &str) -> Option<String> {
        if name.starts_with("pg_") {
            return Some("PostgreSQL keeps names that begin with `pg_` for its own schemas".to_owned());
        }
        let exists = ["public", "information_schema"].contains(&name);
        exists.then(|| format!("each database of PostgreSQL has the schema `{name}` from the beginning"))
    }

    fn check(&self, _: &Name, _: &mut Problems) {}

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
        Ddl::object(Kind::Namespace, name, format!("CREATE SCHEMA {}", ident(&name.name)))
    }

    fn drop(name: &Name) -> Ddl {
        Ddl::object(Kind::Namespace, name, format!("DROP SCHEMA {}", ident(&name.name)))
    }

    #[cfg(feature = "testing")]
    fn examples() -> Vec<(&'static str, Namespace)> {
        vec![("sales", Namespace {}), ("Order Data", Namespace {})]
    }
}
