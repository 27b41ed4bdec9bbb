//! Objects of a schema beside its tables, whatever their kind.

use std::fmt;
use std::sync::Arc;

use crate::ddl::Ddl;
use crate::fact::Facts;
use crate::footprint::{Footprint, Part};
use crate::name::Name;
use crate::near::did_you_mean;
use crate::objects::{Kind, Object};
use crate::operation::{Operate, Reversal};
use crate::problem::{Origin, Problem, Problems, Role, Slot};
use crate::schema::Schema;

/// `create extension NAME;` and its like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateObject {
    /// Its name.
    pub name: Name,
    /// What it is.
    pub object: Object,
}

/// `drop extension NAME;` and its like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropObject {
    /// What kind it is of.
    pub kind: Kind,
    /// Its name.
    pub name: Name,
}

impl fmt::Display for CreateObject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "create {} {}", self.object.kind().word(), self.name)?;
        self.object.write_rest(out)?;
        out.write_str(";")
    }
}

impl fmt::Display for DropObject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "drop {} {};", self.kind.word(), self.name)
    }
}

impl Operate for CreateObject {
    fn complete(&mut self, _before: &Schema) {}

    /// Rules `object_exists` and `name_reserved`.
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let (kind, name) = (self.object.kind(), &self.name);
        let slot = || Slot::new(Role::Object, name.to_string());
        if schema.object(kind, name).is_some() {
            let message = format!("duplicate {} `{name}`", kind.word());
            let problem = Problem::new("object_exists", slot(), message).help("remove one of the two, or use another name");
            problems.push(problem);
            return;
        }
        if let Some(why) = kind.refuses(&name.name) {
            let message = format!("`{name}` cannot be the name of a {}", kind.word());
            problems.push(Problem::new("name_reserved", slot(), message).help("use another name").note(why));
        }
        crate::check::name::new_name(schema, Role::Object, &name.name, problems);
        schema.objects.insert((kind, name.clone()), Arc::new(self.object.clone()));
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(vec![DropObject { kind: self.object.kind(), name: self.name.clone() }.into()])
    }

    fn facts(&self, _before: &Schema) -> Facts {
        Facts::default()
    }

    fn touches(&self, _before: &Schema, footprint: &mut Footprint) {
        footprint.write(&self.name, Part::Object(self.object.kind()));
    }

    fn lower(&self, _before: &Schema, _after: &Schema) -> Vec<Ddl> {
        vec![Ddl::CreateObject { name: self.name.clone(), object: self.object.clone() }]
    }
}

impl Operate for DropObject {
    fn complete(&mut self, _before: &Schema) {}

    /// Rules `unknown_object` and `object_used`.
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let (kind, name) = (self.kind, &self.name);
        let slot = Slot::new(Role::Object, name.to_string());
        if schema.object(kind, name).is_none() {
            problems.push(unknown(schema, kind, name, slot));
            return;
        }
        let users = kind.users(schema, &name.name);
        if !users.is_empty() {
            let what: Vec<&str> = users.iter().map(|(what, _)| what.as_str()).collect();
            let how: Vec<String> = users.iter().map(|(_, how)| format!("`{how}`")).collect();
            let message = format!("`{name}` is still used by {}", what.join(" and "));
            problems.push(Problem::new("object_used", slot, message).help(format!("write before it: {}", how.join(" "))));
        }
        schema.objects.remove(&(kind, name.clone()));
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let object = before.object(self.kind, &self.name).cloned();
        let create = object.map(|object| CreateObject { name: self.name.clone(), object }.into());
        Reversal::Back(create.into_iter().collect())
    }

    fn facts(&self, _before: &Schema) -> Facts {
        Facts::default()
    }

    fn touches(&self, _before: &Schema, footprint: &mut Footprint) {
        footprint.write(&self.name, Part::Object(self.kind));
    }

    fn lower(&self, before: &Schema, _after: &Schema) -> Vec<Ddl> {
        let object = before.object(self.kind, &self.name).cloned().into_iter();
        object.map(|object| Ddl::DropObject { name: self.name.clone(), object }).collect()
    }
}

/// Rule `unknown_object`.
fn unknown(schema: &Schema, kind: Kind, name: &Name, slot: Slot) -> Problem {
    let known: Vec<String> = schema.objects.keys().filter(|(of, _)| *of == kind).map(|(_, name)| name.to_string()).collect();
    let near = did_you_mean(&name.to_string(), known.iter().map(String::as_str));
    let message = format!("unknown {} `{name}`", kind.word());
    let why = "a migration drops what another one created: the downgrade creates it again";
    let problem = Problem::new("unknown_object", slot, message).help_if(near);
    problem.origin(Origin::dropped(name, Part::Object(kind))).note(why)
}
