//! The dependency in `Cargo.toml`.

use std::path::{Path, PathBuf};

use migrate_history::Database;
use migrate_source::{Package, SourceError};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value};

use crate::failure::Failure;

/// The manifest with the library among the dependencies; `None` where it is there.
pub(super) fn depend(
    package: &Package,
    databases: &[Database],
    library: Option<&Path>,
) -> Result<Option<(PathBuf, String)>, Failure> {
    let path = &package.manifest;
    let text = std::fs::read_to_string(path).map_err(|error| SourceError::Read { path: path.clone(), error })?;
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| SourceError::Manifest {
        path: path.clone(),
        reason: error.to_string().trim_end().to_owned(),
    })?;
    let library =
        library.map(|library| library.canonicalize().map_err(|error| SourceError::Read { path: library.to_owned(), error }));
    let library = library.transpose()?;
    let dependencies = document.entry("dependencies").or_insert_with(|| Item::Table(Table::new()));
    if has_library(dependencies) {
        return Ok(None);
    }
    dependencies["migrate-db"] = Item::Value(Value::InlineTable(dependency(databases, library.as_ref())));
    Ok(Some((path.clone(), document.to_string())))
}

/// Whether the library is among them, under whatever name.
fn has_library(dependencies: &Item) -> bool {
    let named = |item: &Item| item.get("package").and_then(Item::as_str) == Some("migrate-db");
    let table = dependencies.as_table_like();
    table.is_some_and(|table| table.iter().any(|(name, item)| name == "migrate-db" || named(item)))
}

fn dependency(databases: &[Database], library: Option<&PathBuf>) -> InlineTable {
    let mut table = InlineTable::new();
    match library {
        Some(path) => table.insert("path", path.display().to_string().into()),
        None => table.insert("version", env!("CARGO_PKG_VERSION").into()),
    };
    let features: Array = databases.iter().map(|database| database.word()).chain(["cli"]).collect();
    table.insert("features", Value::Array(features));
    table
}
