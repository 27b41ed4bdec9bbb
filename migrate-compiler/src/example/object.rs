//! Examples of the operations on kinds of objects.

use migrate_history::Database;

use crate::example::{self, Examples};
use crate::name::Name;
use crate::objects::{Kind, Object, Support};
use crate::operation::{CreateObject, DropObject, Operation, RenameObject};
use crate::schema::{Objects, Schema};
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
            let kind = object.kind();
            (with(&name, object), DropObject { kind, name }.into())
        };
        Object::examples().into_iter().map(drop).collect()
    }
}

impl Examples for RenameObject {
    fn examples() -> Vec<(Schema, Operation)> {
        let rename = |(from, object): (Name, Object)| {
            let (kind, to) = (object.kind(), from.sibling(format!("{} again", from.name)));
            (with(&from, object), RenameObject { kind, from, to }.into())
        };
        Object::examples().into_iter().filter(|(_, object)| object.kind().rename().is_some()).map(rename).collect()
    }
}

impl CreateObject {
    /// What creates all objects but for the tables, which have operations of their own.
    pub fn all(objects: &Objects) -> impl Iterator<Item = CreateObject> {
        let others = objects.iter().filter(|((kind, _), _)| *kind != Kind::Table);
        others.map(|((_, name), object)| CreateObject { name: name.clone(), object: object.clone() })
    }
}

/// The tables of the examples, and an object.
fn with(name: &Name, object: Object) -> Schema {
    let mut schema = serving(&object);
    schema.objects.insert(name.clone(), object);
    schema
}

/// The tables of the examples, on the databases that have objects of this kind.
fn serving(object: &Object) -> Schema {
    let has = |database: &Database| object.kind().support(features(*database)) != Support::Missing;
    Schema { databases: Database::ALL.iter().copied().filter(has).collect(), ..example::schema() }
}
