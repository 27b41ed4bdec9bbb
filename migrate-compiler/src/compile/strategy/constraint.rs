//! Constraints of a table that is used: a check and a foreign key hold for new rows at once and are validated for the others without
//! blocking writes; a key is made from an index that was built in the same way (PostgreSQL's manual, "ALTER TABLE").

use std::sync::Arc;

use super::stage::Stage;
use crate::name::Name;
use crate::online::{ConstraintOf, Online};
use crate::schema::{Constraint, Rule, Table};

/// A new constraint.
pub(super) fn add(table: &Name, body: &Arc<Table>, constraint: &Constraint) -> Vec<Stage> {
    let of = || ConstraintOf { table: table.clone(), body: Arc::clone(body), constraint: constraint.clone() };
    let parts: [fn(ConstraintOf) -> Online; 2] = match constraint.rule {
        Rule::Check { .. } | Rule::ForeignKey(_) => [Online::AddUnchecked, Online::Validate],
        Rule::PrimaryKey { .. } | Rule::Unique { .. } => [Online::BuildKey, Online::TakeIndex],
    };
    parts.into_iter().map(|part| Stage::Online(part(of()))).collect()
}
