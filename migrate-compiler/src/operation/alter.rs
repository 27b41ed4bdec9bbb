//! What every operation on one table has in common.

use std::sync::Arc;

use crate::ddl::{Change, Ddl};
use crate::name::Name;
use crate::schema::Schema;

/// Changes of a table as DDL, if the table is there.
pub(super) fn alter(name: &Name, before: &Schema, after: &Schema, changes: Vec<Change>) -> Vec<Ddl> {
    let tables = (before.tables().get(name), after.tables().get(name));
    let (Some(before), Some(after)) = tables else { return Vec::new() };
    vec![Ddl::AlterTable { name: name.clone(), before: Arc::clone(before), after: Arc::clone(after), changes }]
}
