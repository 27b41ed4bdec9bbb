//! A column gets another name, and what uses it follows.

use std::fmt;

use super::column_operation;
use crate::check::name;
use crate::check::user;
use crate::ddl::{Change, Ddl};
use crate::effect::{Break, Effects};
use crate::footprint::{Footprint, Part};
use crate::name::{Name, Written};
use crate::operation::about::{self, About};
use crate::operation::alter::alter;
use crate::operation::{Operate, Reversal, resolve};
use crate::problem::{Origin, Problem, Problems, Role, Slot};
use crate::schema::{Constraint, Rule, Schema, Table};

column_operation! {
    /// `rename COLUMN to COLUMN;`
    RenameColumn {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    }
    |this| format!("rename {} to {};", Written(&this.from), Written(&this.to))
}

impl Operate for RenameColumn {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(table) = resolve::table(schema, &self.table, Role::Table, problems) else { return };
        if resolve::column(&self.table, table, &self.from, Role::Column, problems).is_none() {
            return;
        }
        if self.from == self.to {
            resolve::changes_nothing(Role::To, &self.to, format!("`{}` already has this name", Written(&self.to)), problems);
            return;
        }
        if let Some(there) = table.column(&self.to) {
            let message = format!("duplicate column `{}` in `{}`", Written(&self.to), self.table);
            problems.push(
                Problem::new("column_exists", Slot::new(Role::To, &self.to), message)
                    .origin(Origin::made(&self.table, Part::Column(there.name.clone()))),
            );
            return;
        }
        name::new_name(schema, Role::Column, &self.to, &Slot::new(Role::To, &self.to), problems);
        if !self.from.eq_ignore_ascii_case(&self.to) {
            name::same_letters(schema, &self.table, Role::To, &self.to, problems);
        }
        self.unnamed_in_raw(table, problems);
        self.follow(schema);
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        let RenameColumn { table, from, to } = self.clone();
        Reversal::Back(vec![RenameColumn { table, from: to, to: from }.into()])
    }

    fn about(&self, _before: &Schema) -> About {
        About::renames(about::column(&self.table, &self.from), about::column(&self.table, &self.to))
    }

    fn effects(&self, _before: &Schema) -> Effects {
        let (table, from, to) = (self.table.clone(), self.from.clone(), self.to.clone());
        Effects { breaks: vec![Break::RenamedColumn { table, from, to }], ..Effects::default() }
    }

    /// What uses the column follows it, so it is another one afterwards.
    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        for column in [&self.from, &self.to] {
            footprint.write(&self.table, Part::Column(column.clone()));
        }
        let Some(table) = before.table(&self.table) else { return };
        for constraint in table.constraints.iter().filter(|constraint| constraint.rule.may_use(&self.from)) {
            footprint.write(&self.table, Part::Constraint(constraint.name().to_owned()));
        }
        for index in table.indexes.iter().filter(|index| index.may_use(&self.from)) {
            footprint.write(&self.table, Part::Index(index.name().to_owned()));
        }
        for (owner, constraint, _) in before.incoming(&self.table).filter(|(_, _, key)| key.references.contains(&self.from)) {
            footprint.write(owner, Part::Constraint(constraint.name().to_owned()));
        }
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        alter(&self.table, before, after, vec![Change::RenameColumn { from: self.from.clone(), to: self.to.clone() }])
    }
}

/// The checks and indexes of a table whose raw SQL may name a column, and how each is dropped.
pub(super) fn named_in_raw(owner: &Name, table: &Table, column: &str) -> Vec<(String, String)> {
    let constraints = table.constraints.iter().filter(|one| one.rule.condition().is_some_and(|of| of.may_use_in_raw(column)));
    let indexes = table.indexes.iter().filter(|index| index.expressions().any(|of| of.may_use_in_raw(column)));
    let mut users: Vec<(String, String)> = constraints.map(|one| user::constraint(owner, one)).collect();
    users.extend(indexes.map(|index| user::index(owner, index)));
    users
}

impl RenameColumn {
    /// Rule `raw_names_column`: the databases would rename the column in raw SQL too, so that it would differ from the text that was written.
    fn unnamed_in_raw(&self, table: &Table, problems: &mut Problems) {
        let users = named_in_raw(&self.table, table, &self.from);
        let shown = Written(&self.from);
        for (what, how) in users {
            let message = format!("`{shown}` is used in the raw SQL of {what}");
            let help = format!("write {how} before it, and add it again with the new name after it");
            let problem = Problem::new("raw_names_column", Slot::new(Role::Column, &self.from), message).help(help);
            problems.push(problem.note("the compiler does not read raw SQL"));
        }
    }

    /// Renames the column, and lets constraints and indexes follow, those of other tables too.
    pub(super) fn follow(&self, schema: &mut Schema) {
        let owners: Vec<Name> = schema.incoming(&self.table).map(|(owner, ..)| owner.clone()).collect();
        schema.change(&self.table, |table| {
            if let Some(column) = table.column_mut(&self.from) {
                column.name.clone_from(&self.to);
            }
            for constraint in &mut table.constraints {
                if constraint.rule.columns().contains(&self.from.as_str()) {
                    constraint.rule.rename_column(&self.from, &self.to);
                }
            }
            for index in &mut table.indexes {
                if index.columns().contains(&self.from.as_str()) {
                    index.rename_column(&self.from, &self.to);
                }
            }
        });
        for owner in owners {
            schema.change(&owner, |table| table.constraints.iter_mut().for_each(|constraint| self.refer(constraint)));
        }
    }

    /// Lets a foreign key to the column follow.
    fn refer(&self, constraint: &mut Constraint) {
        if let Rule::ForeignKey(key) = &mut constraint.rule
            && key.table == self.table
            && key.references.contains(&self.from)
        {
            key.references.iter_mut().filter(|column| **column == self.from).for_each(|column| column.clone_from(&self.to));
        }
    }
}
