//! Extensions: `create extension pg_trgm;`

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

/// An extension that the server has, loaded into the database. What it makes is not known to the compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {}

record!(Extension {});

impl ObjectKind for Extension {
    const WORD: &'static str = "extension";
    const PLURAL: &'static str = "extensions";
    const IN_SCHEMA: bool = false;
    const RENAMES: bool = false;
    const SHARES_NAMES: bool = false;

    fn support(features: &Features) -> Support {
        if features.extensions { Support::Own } else { Support::Missing }
    }

    fn read(_: ParseStream<'_>, _: Note<'_>) -> Parse<Extension> {
        Ok(Extension {})
    }

    fn write_rest(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }

    fn refuses(_: &str) -> Option<String> {
        None
    }

    fn check(&self, _: &Name, _: &mut Problems) {}

    /// The server knows, and refuses to drop it: without `CASCADE` nothing goes with it.
    fn users(_: &Schema, _: &Name) -> Vec<(String, String)> {
        Vec::new()
    }

    fn create(&self, name: &Name) -> Vec<String> {
        vec![format!("CREATE EXTENSION {}", ident(&name.name))]
    }

    fn drop(&self, name: &Name) -> Vec<String> {
        vec![format!("DROP EXTENSION {}", ident(&name.name))]
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
    fn examples() -> Vec<(&'static str, Extension)> {
        vec![("pg_trgm", Extension {}), ("uuid-ossp", Extension {})]
    }
}
