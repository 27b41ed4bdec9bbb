//! Constraints of a table that already exists.

use std::fmt;

use crate::check::constraint as check;
use crate::check::name;
use crate::check::user;
use crate::ddl::{Change, Ddl};
use crate::effect::{self, Break, DroppedKey, Effects, Repeat};
use crate::expr::Expr;
use crate::footprint::{Footprint, Part};
use crate::name::{Name, Written};
use crate::naming;
use crate::operation::about::{self, About};
use crate::operation::alter::alter;
use crate::operation::complete::complete_references;
use crate::operation::unnamed::UnnamedConstraint;
use crate::operation::{Operate, Reversal, resolve};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::{Constraint, ForeignKey, Rule, Schema, Table, Timing};

/// `add [NAME:] CONSTRAINT;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddConstraint {
    /// The table.
    pub table: Name,
    /// The new constraint.
    pub constraint: Constraint,
}

/// `drop constraint NAME;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropConstraint {
    /// The table.
    pub table: Name,
    /// The constraint.
    pub name: String,
    /// What is written in place of its name, which is an error.
    pub unnamed: Option<UnnamedConstraint>,
}

impl DropConstraint {
    /// The drop of the constraint of this name.
    pub fn new(table: impl Into<Name>, name: impl Into<String>) -> DropConstraint {
        DropConstraint { table: table.into(), name: name.into(), unnamed: None }
    }
}

/// `rename constraint NAME to NAME;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameConstraint {
    /// The table.
    pub table: Name,
    /// The old name.
    pub from: String,
    /// The new name.
    pub to: String,
}

/// `alter constraint NAME deferrable …;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterConstraint {
    /// The table.
    pub table: Name,
    /// The constraint, a foreign key.
    pub name: String,
    /// When it is checked from now on.
    pub timing: Timing,
}

impl fmt::Display for AddConstraint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "alter table {} {{ add {}; }}", self.table, self.constraint)
    }
}

impl fmt::Display for DropConstraint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "alter table {} {{ drop constraint {}; }}", self.table, Written(&self.name))
    }
}

impl fmt::Display for RenameConstraint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (Written(&self.from), Written(&self.to));
        write!(out, "alter table {} {{ rename constraint {from} to {to}; }}", self.table)
    }
}

impl fmt::Display for AlterConstraint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.timing.words();
        write!(out, "alter table {} {{ alter constraint {} {words}; }}", self.table, Written(&self.name))
    }
}

impl Operate for AddConstraint {
    fn complete(&mut self, before: &Schema) {
        before.resolve(&mut self.constraint);
        let own = before.table(&self.table).map(|table| table.primary_key().to_vec()).unwrap_or_default();
        complete_references(before, &self.table, &own, &mut self.constraint);
        naming::name_constraints(before, &self.table, std::slice::from_mut(&mut self.constraint));
    }

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(table) = resolve::table(schema, &self.table, Role::Table, problems) else { return };
        if table.constraint(self.constraint.name()).is_some() {
            resolve::constraint_exists(&self.table, &self.constraint, problems);
            return;
        }
        if let Some(there) = self.equal(table).filter(|there| there.rule.key_columns().is_empty()) {
            let why = format!("`{}` already is the same constraint", Written(there.name()));
            resolve::changes_nothing(Role::Constraint, self.constraint.name(), why, problems);
        }
        check::constraint(schema, (&self.table, check::ConstrainedTable::Old), &self.constraint, problems);
        schema.change(&self.table, |table| table.constraints.push(self.constraint.clone()));
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        let name = self.constraint.name().to_owned();
        Reversal::Back(vec![DropConstraint::new(self.table.clone(), name).into()])
    }

    fn about(&self, _before: &Schema) -> About {
        About::makes(about::constraint(&self.table, self.constraint.name())).of_columns(self.constraint.rule.columns())
    }

    fn constraints(&self) -> Vec<(&Name, &Constraint)> {
        vec![(&self.table, &self.constraint)]
    }

    fn expressions(&self) -> Vec<(Vec<&Name>, &Expr)> {
        self.constraint.rule.condition().map(|condition| (vec![&self.table], condition)).into_iter().collect()
    }

    fn effects(&self, before: &Schema) -> Effects {
        let other = before.table(&self.table).and_then(|table| self.equal(table));
        // That a second primary key cannot be, whatever its columns, is a rule of its own.
        let other = other.filter(|other| matches!(other.rule, Rule::Unique { .. }));
        let repeat = |other: &Constraint| Repeat {
            entry: None,
            slot: Slot::new(Role::Constraint, self.constraint.name()),
            other: format!("the {} `{}`", other.rule.title(), Written(other.name())),
        };
        let demands = vec![effect::of_constraint(&self.table, &self.constraint.rule)];
        let slot = Slot::new(Role::Constraint, self.constraint.name());
        let columns = self.constraint.rule.columns().into_iter().map(str::to_owned).collect();
        let breaks = vec![Break::Restricted { table: self.table.clone(), columns, slot }];
        Effects { demands, breaks, repeats: other.map(repeat).into_iter().collect(), ..Effects::default() }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        footprint.read(&self.table, Part::Itself);
        footprint.read_rule(before, &self.table, &self.constraint.rule);
        footprint.write_constraint(&self.table, &self.constraint);
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        alter(&self.table, before, after, vec![Change::AddConstraint(self.constraint.clone())])
    }
}

impl AddConstraint {
    /// The constraint of the table that demands the same.
    fn equal<'t>(&self, table: &'t Table) -> Option<&'t Constraint> {
        table.constraints.iter().find(|there| there.rule == self.constraint.rule)
    }
}

impl Operate for DropConstraint {
    fn complete(&mut self, before: &Schema) {
        let unnamed = self.unnamed.as_ref();
        if let Some(found) = unnamed.zip(before.table(&self.table)).and_then(|(unnamed, table)| unnamed.find(table)) {
            found.name().clone_into(&mut self.name);
        }
    }

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        if let Some(unnamed) = &self.unnamed {
            unnamed.refuse(schema, &self.table, problems);
            schema.change(&self.table, |table| table.constraints.retain(|constraint| constraint.name() != self.name));
            return;
        }
        let Some(constraint) = resolve::constraint(schema, &self.table, &self.name, problems) else { return };
        let columns = constraint.rule.key_columns().to_vec();
        schema.change(&self.table, |table| table.constraints.retain(|constraint| constraint.name() != self.name));
        still_key(schema, &self.table, &columns, Slot::new(Role::Constraint, &self.name), problems);
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let constraint = before.table(&self.table).and_then(|table| table.constraint(&self.name)).cloned();
        let add = |constraint| AddConstraint { table: self.table.clone(), constraint }.into();
        Reversal::Back(constraint.map(add).into_iter().collect())
    }

    fn about(&self, _before: &Schema) -> About {
        // A column cannot be dropped before what uses it, so this is about more than the columns.
        About::drops(about::constraint(&self.table, &self.name))
    }

    fn effects(&self, before: &Schema) -> Effects {
        let constraint = before.table(&self.table).and_then(|table| table.constraint(&self.name));
        let dropped = |constraint: &Constraint| DroppedKey {
            table: self.table.clone(),
            columns: constraint.rule.key_columns().to_vec(),
            part: Part::Constraint(self.name.clone()),
            slot: Slot::new(Role::Constraint, &self.name),
        };
        let dropped = constraint.map(dropped).filter(|key| !key.columns.is_empty());
        let breaks = vec![Break::DroppedConstraint {
            table: self.table.clone(),
            part: Part::Constraint(self.name.clone()),
            slot: Slot::new(Role::Constraint, &self.name),
        }];
        Effects { drops_keys: dropped.into_iter().collect(), breaks, ..Effects::default() }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        let constraint = before.table(&self.table).and_then(|table| table.constraint(&self.name));
        constraint.iter().for_each(|constraint| footprint.write_constraint(&self.table, constraint));
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        let constraint = before.table(&self.table).and_then(|table| table.constraint(&self.name)).cloned();
        alter(&self.table, before, after, constraint.map(Change::DropConstraint).into_iter().collect())
    }
}

/// Rule `key_used`: a foreign key refers to columns that are no longer a key.
pub(super) fn still_key(schema: &Schema, owner: &Name, columns: &[String], slot: Slot, problems: &mut Problems) {
    if schema.table(owner).is_some_and(|table| !columns.is_empty() && !table.is_key(columns)) {
        let users = referring(schema, owner, columns).map(|(by, constraint)| user::constraint(by, constraint));
        key_used(slot, users.collect()).into_iter().for_each(|problem| problems.push(problem));
    }
}

/// The foreign keys that refer to these columns of a table, in any order.
pub(crate) fn referring<'s>(
    schema: &'s Schema,
    owner: &'s Name,
    columns: &'s [String],
) -> impl Iterator<Item = (&'s Name, &'s Constraint)> {
    let same =
        |key: &ForeignKey| key.references.len() == columns.len() && columns.iter().all(|column| key.references.contains(column));
    schema.incoming(owner).filter(move |(_, _, key)| same(key)).map(|(user, constraint, _)| (user, constraint))
}

/// Rule `key_used`: what uses the key that is dropped, and how each is dropped.
pub(crate) fn key_used(slot: Slot, users: Vec<(String, String)>) -> Option<Problem> {
    let shown = format!("`{}`", Written(&slot.name));
    user::still_used("key_used", slot, &shown, users)
}

impl Operate for RenameConstraint {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(constraint) = resolve::constraint(schema, &self.table, &self.from, problems) else { return };
        if self.from == self.to {
            resolve::changes_nothing(Role::To, &self.to, format!("`{}` already has this name", Written(&self.to)), problems);
            return;
        }
        let to = Constraint { name: Some(self.to.clone()), ..constraint.clone() };
        if schema.table(&self.table).is_some_and(|table| table.constraint(&self.to).is_some()) {
            let message = format!("duplicate constraint `{}` in `{}`", Written(&self.to), self.table);
            problems.push(Problem::new("constraint_exists", Slot::new(Role::To, &self.to), message));
            return;
        }
        if !to.rule.key_columns().is_empty() {
            resolve::is_free(schema, &self.table.sibling(self.to.as_str()), Slot::new(Role::To, &self.to), problems);
        }
        name::new_name(schema, Role::Constraint, &self.to, &Slot::new(Role::To, &self.to), problems);
        change(schema, &self.table, &self.from, to);
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        let RenameConstraint { table, from, to } = self.clone();
        Reversal::Back(vec![RenameConstraint { table, from: to, to: from }.into()])
    }

    fn about(&self, before: &Schema) -> About {
        let columns = columns(before, &self.table, &self.from);
        About::renames(about::constraint(&self.table, &self.from), about::constraint(&self.table, &self.to)).of_columns(columns)
    }

    fn effects(&self, _before: &Schema) -> Effects {
        Effects::default()
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        let constraint = before.table(&self.table).and_then(|table| table.constraint(&self.from));
        if let Some(constraint) = constraint {
            footprint.write_constraint(&self.table, constraint);
            footprint.write_constraint(&self.table, &Constraint { name: Some(self.to.clone()), ..constraint.clone() });
        }
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        let constraint = before.table(&self.table).and_then(|table| table.constraint(&self.from)).cloned();
        let change = |constraint| Change::RenameConstraint { constraint, to: self.to.clone() };
        alter(&self.table, before, after, constraint.map(change).into_iter().collect())
    }
}

impl Operate for AlterConstraint {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(constraint) = resolve::constraint(schema, &self.table, &self.name, problems) else { return };
        if constraint.foreign_key().is_none() {
            let message =
                format!("only a foreign key can be altered, and `{}` is a {}", Written(&self.name), constraint.rule.title());
            let problem = Problem::new("alter_constraint_kind", Slot::new(Role::Constraint, &self.name), message);
            let other = Constraint { timing: self.timing, ..constraint.clone() };
            problems.push(problem.help(format!("write `drop constraint {}; add {other};`", Written(&self.name))));
            return;
        }
        if constraint.timing == self.timing {
            let why = format!("`{}` is already `{}`", Written(&self.name), self.timing.words());
            resolve::changes_nothing(Role::Constraint, &self.name, why, problems);
        }
        let altered = Constraint { timing: self.timing, ..constraint.clone() };
        change(schema, &self.table, &self.name, altered);
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let timing = before.table(&self.table).and_then(|table| table.constraint(&self.name)).map(|constraint| constraint.timing);
        let back = |timing| AlterConstraint { timing, ..self.clone() }.into();
        Reversal::Back(timing.map(back).into_iter().collect())
    }

    fn about(&self, before: &Schema) -> About {
        About::alters(about::constraint(&self.table, &self.name)).of_columns(columns(before, &self.table, &self.name))
    }

    fn effects(&self, _before: &Schema) -> Effects {
        Effects::default()
    }

    fn touches(&self, _before: &Schema, footprint: &mut Footprint) {
        footprint.write(&self.table, Part::Constraint(self.name.clone()));
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        let constraint = before.table(&self.table).and_then(|table| table.constraint(&self.name)).cloned();
        let change =
            |before: Constraint| Change::AlterConstraint { after: Constraint { timing: self.timing, ..before.clone() }, before };
        alter(&self.table, before, after, constraint.map(change).into_iter().collect())
    }
}

/// The columns that a constraint is about.
fn columns<'s>(schema: &'s Schema, table: &Name, name: &str) -> Vec<&'s str> {
    let constraint = schema.table(table).and_then(|table| table.constraint(name));
    constraint.map(|constraint| constraint.rule.columns()).unwrap_or_default()
}

/// Puts another constraint in the place of one.
fn change(schema: &mut Schema, table: &Name, name: &str, to: Constraint) {
    schema.change(table, |table| {
        if let Some(constraint) = table.constraints.iter_mut().find(|constraint| constraint.name() == name) {
            *constraint = to;
        }
    });
}
