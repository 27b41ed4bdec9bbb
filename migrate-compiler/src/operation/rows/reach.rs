//! What else changes with rows: foreign keys that cascade.

use crate::effect::{Reach, Reached};
use crate::name::Name;
use crate::schema::{ForeignKey, ReferentialAction, Schema};

/// The rows that are deleted or updated with those of a table, itself first: what a foreign key deletes or sets in the tables that refer to
/// it, and so on.
pub(super) fn reached(schema: &Schema, table: &Name, reach: Reach) -> Vec<Reached> {
    let mut all: Vec<Reached> = Vec::new();
    let mut next = vec![Reached { table: table.clone(), reach }];
    while let Some(reached) = next.pop() {
        if !all.contains(&reached) {
            next.extend(schema.incoming(&reached.table).filter_map(|(owner, _, key)| followed(owner, key, &reached.reach)));
            all.push(reached);
        }
    }
    all
}

/// What a foreign key does to the rows that refer to others.
fn followed(owner: &Name, key: &ForeignKey, reach: &Reach) -> Option<Reached> {
    let action = match reach {
        Reach::Deleted => key.on_delete,
        Reach::Updated(columns) if key.references.iter().any(|column| columns.contains(column)) => key.on_update,
        Reach::Updated(_) => return None,
    };
    let set = if key.set_columns.is_empty() { &key.columns } else { &key.set_columns };
    let reach = match (action, reach) {
        (ReferentialAction::NoAction | ReferentialAction::Restrict, _) => return None,
        (ReferentialAction::Cascade, Reach::Deleted) => Reach::Deleted,
        (ReferentialAction::Cascade, Reach::Updated(_)) => Reach::Updated(key.columns.clone()),
        (ReferentialAction::SetNull | ReferentialAction::SetDefault, Reach::Deleted | Reach::Updated(_)) => {
            Reach::Updated(set.clone())
        }
    };
    Some(Reached { table: owner.clone(), reach })
}
