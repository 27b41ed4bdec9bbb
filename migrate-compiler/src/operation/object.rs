//! Objects, whatever their kind.

use std::fmt;

use crate::check::{name, user};
use crate::ddl::Ddl;
use crate::effect::{Break, Demand, Effects, Lives};
use crate::footprint::{Footprint, Part};
use crate::name::Name;
use crate::objects::{Kind, Object, Support};
use crate::operation::about::{self, About};
use crate::operation::column::reads_of_type;
use crate::operation::{Operate, Reversal, resolve};
use crate::problem::{Origin, Problem, Problems, Role, Slot};
use crate::schema::Schema;
use crate::sql::features::Features;
use crate::sql::registry::where_true;

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

/// `rename enum NAME to NAME;` and its like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameObject {
    /// What kind it is of.
    pub kind: Kind,
    /// The old name.
    pub from: Name,
    /// The new name.
    pub to: Name,
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

impl fmt::Display for RenameObject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "rename {} {} to {};", self.kind.word(), self.from, self.to)
    }
}

impl Operate for CreateObject {
    fn complete(&mut self, _before: &Schema) {}

    /// Rule `object_exists` and those of a new name.
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let (kind, name) = (self.object.kind(), &self.name);
        let slot = || Slot::new(Role::Object, name.to_string());
        if schema.object(kind, name).is_some() {
            let message = format!("duplicate {} `{name}`", kind.word());
            let problem = Problem::new("object_exists", slot(), message).help("remove one of the two, or use another name");
            problems.push(problem);
            return;
        }
        new_name(schema, (kind, name), slot(), problems);
        self.object.check(name, problems);
        schema.objects.insert(name.clone(), self.object.clone());
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(vec![DropObject { kind: self.object.kind(), name: self.name.clone() }.into()])
    }

    fn about(&self, _before: &Schema) -> About {
        About::makes(about::object(self.object.kind(), &self.name)).of_no_table()
    }

    fn effects(&self, _before: &Schema) -> Effects {
        lives(&self.name, Role::Object)
    }

    fn touches(&self, _before: &Schema, footprint: &mut Footprint) {
        footprint.write_object(self.object.kind(), &self.name);
    }

    fn lower(&self, _before: &Schema, _after: &Schema) -> Vec<Ddl> {
        vec![self.object.create(&self.name)]
    }
}

impl Operate for DropObject {
    fn complete(&mut self, _before: &Schema) {}

    /// Rules `unknown_object` and `object_used`.
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let (kind, name) = (self.kind, &self.name);
        let slot = Slot::new(Role::Object, name.to_string());
        if schema.object(kind, name).is_none() {
            let why = "only what a migration created can be dropped: the downgrade creates it again";
            problems.push(unknown(schema, kind, name, slot).note(why));
            return;
        }
        unused(schema, (kind, name), ("object_used", slot), problems);
        schema.objects.remove(&(kind, name.clone()));
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let object = before.object(self.kind, &self.name).cloned();
        let create = object.map(|object| CreateObject { name: self.name.clone(), object }.into());
        Reversal::Back(create.into_iter().collect())
    }

    fn about(&self, _before: &Schema) -> About {
        About::drops(about::object(self.kind, &self.name)).of_no_table()
    }

    fn effects(&self, _before: &Schema) -> Effects {
        let unused = Demand::Unused { kind: self.kind, name: self.name.clone() };
        let breaks = vec![Break::DroppedObject { kind: self.kind, name: self.name.clone() }];
        Effects { demands: vec![unused], breaks, ..Effects::default() }
    }

    fn touches(&self, _before: &Schema, footprint: &mut Footprint) {
        footprint.write_object(self.kind, &self.name);
    }

    fn lower(&self, _before: &Schema, _after: &Schema) -> Vec<Ddl> {
        vec![self.kind.drop(&self.name)]
    }
}

impl Operate for RenameObject {
    fn complete(&mut self, _before: &Schema) {}

    /// Rules `unknown_object`, `object_exists`, `changes_nothing`, `rename_moves` and those of a new name.
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let RenameObject { kind, from, to } = self;
        if schema.object(*kind, from).is_none() {
            problems.push(unknown(schema, *kind, from, Slot::new(Role::Object, from.to_string())));
            return;
        }
        if !keeps_schema(from, to, problems) {
            return;
        }
        let slot = Slot::new(Role::To, to.to_string());
        if schema.object(*kind, to).is_some() {
            let problem = Problem::new("object_exists", slot, format!("duplicate {} `{to}`", kind.word()));
            problems.push(problem.help("use another name"));
            return;
        }
        if new_name(schema, (*kind, to), slot, problems) == Taken::Already {
            return;
        }
        schema.rename(*kind, from, to);
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(vec![RenameObject { kind: self.kind, from: self.to.clone(), to: self.from.clone() }.into()])
    }

    fn about(&self, _before: &Schema) -> About {
        About::renames(about::object(self.kind, &self.from), about::object(self.kind, &self.to)).of_no_table()
    }

    fn effects(&self, _before: &Schema) -> Effects {
        let (kind, from, to) = (self.kind, self.from.clone(), self.to.clone());
        Effects { breaks: vec![Break::RenamedObject { kind, from, to }], ..Effects::default() }
    }

    /// What uses it is recorded with its name.
    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        footprint.write_object(self.kind, &self.to);
        changes_type(before, self.kind, &self.from, footprint);
    }

    fn lower(&self, _before: &Schema, _after: &Schema) -> Vec<Ddl> {
        self.kind.rename().map(|rename| rename(&self.from, &self.to)).into_iter().collect()
    }
}

/// An object that is new depends on the schema that it is in.
pub(super) fn lives(name: &Name, role: Role) -> Effects {
    let slot = Slot::new(role, name.to_string());
    let lives = |schema: &String| Lives { kind: Kind::Namespace, name: Name::new(schema), slot };
    Effects { lives_in: name.schema.as_ref().map(lives), ..Effects::default() }
}

/// Nothing else uses what is dropped, or a rule.
pub(super) fn unused(schema: &Schema, (kind, name): (Kind, &Name), (rule, slot): (&'static str, Slot), problems: &mut Problems) {
    let users = schema.users(kind, name);
    user::still_used(rule, slot, &format!("`{name}`"), users).into_iter().for_each(|problem| problems.push(problem));
}

/// Rules `changes_nothing` and `rename_moves`.
pub(super) fn keeps_schema(from: &Name, to: &Name, problems: &mut Problems) -> bool {
    if from == to {
        resolve::changes_nothing(Role::To, &to.to_string(), format!("`{to}` already has this name"), problems);
    } else if from.schema != to.schema {
        resolve::rename_moves(from, to, problems);
    }
    from != to && from.schema == to.schema
}

/// Whether something has a name that is to be new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// Something that shares its names with tables has it.
    Already,
    /// It is free.
    Free,
}

/// The rules of a new name of an object, whatever its kind and whether it is created or renamed: `name_taken`, `name_reserved` and those of
/// each name.
pub(super) fn new_name(schema: &Schema, (kind, name): (Kind, &Name), slot: Slot, problems: &mut Problems) -> Taken {
    if let Some(why) = kind.refuses(&name.name).or_else(|| hides(schema, kind, name)) {
        let message = format!("`{name}` is reserved, so it cannot be the name of {}", kind.with_article());
        problems.push(Problem::new("name_reserved", slot.clone(), message).help("use another name").note(why));
    }
    let role = if kind == Kind::Table { Role::Table } else { Role::Object };
    if !kind.shares_names() {
        name::new_name(schema, role, &name.name, &slot, problems);
        return Taken::Free;
    }
    let is_free = resolve::is_free(schema, name, slot.clone(), problems);
    if where_true(schema, |features| features.names_fold_case && kind.support(features) == Support::Own).is_some() {
        resolve::is_distinct(schema, name, None, slot.clone(), problems);
    }
    name::new_qualified(schema, role, name, &slot, problems);
    if is_free { Taken::Free } else { Taken::Already }
}

/// Why a type of the database would be found instead of an enum.
fn hides(schema: &Schema, kind: Kind, name: &Name) -> Option<String> {
    let is_type = |features: &Features| features.type_names.contains(&&*name.name);
    let bare = kind == Kind::Enum && name.schema.is_none();
    let database = where_true(schema, is_type).filter(|_| bare)?;
    Some(format!("{database} has a type of this name, and would use it instead"))
}

/// An object, and the type of each column that is of it.
pub(super) fn changes_type(before: &Schema, kind: Kind, name: &Name, footprint: &mut Footprint) {
    footprint.write_object(kind, name);
    let tables = before.tables().typed(name).filter(|_| kind == Kind::Enum);
    for (table, column) in tables.flat_map(|(table, body)| body.columns_of(name).into_iter().map(move |column| (table, column))) {
        reads_of_type(before, table, &column.name, footprint);
        footprint.write(table, Part::Type(column.name.clone()));
    }
}

/// Rule `unknown_object`.
pub(super) fn unknown(schema: &Schema, kind: Kind, name: &Name, slot: Slot) -> Problem {
    let message = format!("unknown {} `{name}`", kind.word());
    let problem = Problem::new("unknown_object", slot, message).help_if(resolve::near(schema, kind, name));
    problem.origin(Origin::dropped(name, Part::Object(kind)))
}
