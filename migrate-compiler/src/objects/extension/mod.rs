//! Extensions: `create extension pg_trgm;`

use std::fmt;

use migrate_history::record;
use syn::parse::ParseStream;

use crate::diagnostic::Parse;
use crate::objects::ObjectKind;
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

    fn is_known(features: &Features) -> bool {
        features.extensions
    }

    fn read(_: ParseStream<'_>) -> Parse<Extension> {
        Ok(Extension {})
    }

    fn write_rest(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }

    fn refuses(_: &str) -> Option<String> {
        None
    }

    /// The server knows, and refuses to drop it: without `CASCADE` nothing goes with it.
    fn users(_: &Schema, _: &str) -> Vec<(String, String)> {
        Vec::new()
    }

    fn create(&self, name: &str) -> Vec<String> {
        vec![format!("CREATE EXTENSION {}", ident(name))]
    }

    fn drop(&self, name: &str) -> Vec<String> {
        vec![format!("DROP EXTENSION {}", ident(name))]
    }

    #[cfg(feature = "testing")]
    fn examples() -> Vec<(&'static str, Extension)> {
        vec![("pg_trgm", Extension {}), ("uuid-ossp", Extension {})]
    }
}
