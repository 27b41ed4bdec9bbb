//! Examples of the operations on kinds of objects.

use std::sync::Arc;

use migrate_history::Database;

use crate::example::{self, Examples};
use crate::name::Name;
use crate::objects::Object;
use crate::operation::{CreateObject, DropObject, Operation};
use crate::schema::Schema;
use crate::sql::registry::features;

impl Examples for CreateObject {
    fn examples() -> Vec<(Schema, Operation)> {
        let create = |(name, object): (Name, Object)| (serving(&object), CreateObject { name, object }.into());
        Object::examples().into_iter().map(create).collect()
    }
}

impl Examples for DropObject {
    fn examples() -> Vec<(Schema, Operation)> {
        let drop = |(name, object): (Name, Object)| {
            let mut before = serving(&object);
            let kind = object.kind();
            before.objects.insert((kind, name.clone()), Arc::new(object));
            (before, DropObject { kind, name }.into())
        };
        Object::examples().into_iter().map(drop).collect()
    }
}

/// The tables of the examples, on the databases that have objects of this kind.
fn serving(object: &Object) -> Schema {
    let has = |database: &Database| object.kind().is_known(features(*database));
    Schema { databases: Database::ALL.into_iter().filter(has).collect(), ..example::schema() }
}
