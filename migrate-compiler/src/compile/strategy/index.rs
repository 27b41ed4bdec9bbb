//! Indexes of a table that is used are built and dropped without blocking reads and writes (PostgreSQL's manual, "CREATE INDEX", "Building Indexes
//! Concurrently").

use std::sync::Arc;

use super::stage::{Site, Stage};
use crate::ddl::Ddl;
use crate::name::Name;
use crate::online::{IndexOf, Online};
use crate::schema::{Index, Table};

/// A new index.
pub(super) fn create(site: Site<'_>, table: Name, body: Arc<Table>, index: Index) -> Vec<Stage> {
    vec![match site.is_used(&table) {
        true => Stage::Online(Online::BuildIndex(IndexOf { table, body, index })),
        false => Stage::Joined(Ddl::CreateIndex { table, body, index }),
    }]
}

/// An index goes.
pub(super) fn drop(site: Site<'_>, table: Name, index: Index) -> Vec<Stage> {
    let body = site.before.tables().get(&table).filter(|_| site.is_used(&table));
    vec![match body {
        Some(body) => Stage::Online(Online::DropIndex(IndexOf { body: Arc::clone(body), table, index })),
        None => Stage::Joined(Ddl::DropIndex { table, index }),
    }]
}
