//! Whether a type is there.

use crate::footprint::Part;
use crate::help::Help;
use crate::name::{Name, Written};
use crate::objects::Kind;
use crate::problem::{Origin, Problem, Problems, Slot};
use crate::schema::Schema;
use crate::suggestion::did_you_mean;
use crate::types::Type;

/// Rule `unknown_type`: a word that is no type of every database is an enum, which the schema has then.
pub fn known(schema: &Schema, ty: &Type, slot: Slot, problems: &mut Problems) -> bool {
    let Some(of) = ty.as_enum().filter(|of| of.values.is_empty()) else { return true };
    // An enum that could not be made has no values either.
    let name = of.name.to_string();
    if schema.object(Kind::Enum, &of.name).is_none() && !schema.unsure.words.contains(&name) {
        let here = Type::elsewhere(&name).map(|here| Help::write(&*name, here));
        let enums: Vec<String> = schema.objects.of_kind(Kind::Enum).map(|(name, _)| name.to_string()).collect();
        let near = did_you_mean(&name, Type::words().chain(enums.iter().map(String::as_str)));
        let problem = Problem::new("unknown_type", slot, format!("unknown type `{name}`"));
        let problem = problem.help_if(here).help_if(near).help(help(&of.name));
        problems.push(problem.origin(Origin::dropped(&of.name, Part::Object(Kind::Enum))));
    }
    false
}

fn help(name: &Name) -> String {
    match &name.schema {
        Some(_) => format!("write `create enum {name} (\"a\", \"b\");` before it"),
        None => {
            let native = format!("postgres::{}", Written(&name.name));
            format!("write `create enum {name} (\"a\", \"b\");` before it, or `{native}` for a PostgreSQL type")
        }
    }
}
