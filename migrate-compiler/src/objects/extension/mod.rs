//! Extensions: `create extension pg_trgm;`

use std::collections::BTreeSet;
use std::fmt;

use migrate_history::record;

use crate::ddl::Ddl;
use crate::name::Name;
use crate::objects::{Kind, ObjectKind, Read, Support};
use crate::problem::Problems;
use crate::sql::features::Features;
use crate::sql::quote::ident;

/// An extension that the server has, loaded into the database. What it makes is not known to the compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {}

record!(Extension {});

impl ObjectKind for Extension {
    const IN_SCHEMA: bool = false;
    const SHARES_NAMES: bool = false;
    const READ: Option<Read> = Some(|_, _| Ok(Extension {}.into()));
    const RENAME: Option<fn(&Name, &Name) -> Ddl> = None;

    fn support(features: &Features) -> Support {
        if features.extensions { Support::Own } else { Support::Missing }
    }

    fn write_rest(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }

    /// Manual, "PL/pgSQL".
    fn refuses(name: &str) -> Option<String> {
        (name == "plpgsql").then(|| "each database of PostgreSQL has the extension `plpgsql` from the beginning".to_owned())
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
        Ddl::object(Kind::Extension, name, format!("CREATE EXTENSION {}", ident(&name.name)))
    }

    /// What uses one the server knows, and refuses to drop it: without `CASCADE` nothing goes with it.
    fn drop(name: &Name) -> Ddl {
        Ddl::object(Kind::Extension, name, format!("DROP EXTENSION {}", ident(&name.name)))
    }

    #[cfg(feature = "testing")]
    fn examples() -> Vec<(&'static str, Extension)> {
        vec![("pg_trgm", Extension {}), ("uuid-ossp", Extension {})]
    }
}
