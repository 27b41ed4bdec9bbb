//! A column comes, and goes.

use std::fmt;

use super::{column_operation, fill};
use crate::check::column;
use crate::check::user;
use crate::ddl::{Change, Ddl};
use crate::effect::{Demand, Effects, Removed};
use crate::expr::Expr;
use crate::footprint::{Footprint, Part};
use crate::name::{Name, Written};
use crate::operation::about::{self, About};
use crate::operation::alter::alter;
use crate::operation::complete::complete_counter;
use crate::operation::table;
use crate::operation::{Commented, Operate, Operation, Reversal, resolve};
use crate::problem::{Problems, Role, Slot};
use crate::schema::{Column, Schema, Table};
use crate::sql::registry::where_true;

column_operation! {
    /// `add COLUMN: TYPE …;` Constraints written with it are [`AddConstraint`](crate::operation::AddConstraint)s that follow.
    AddColumn {
        /// The new column.
        column: Column,
        /// The value that the rows which are there get, where it is not the column's own default: of `undo default EXPR`.
        fill: Option<Expr>,
    }
    |this| {
        let add = match &this.column.comment {
            Some(comment) => format!("\n    /// {}\n    add {};\n", comment.replace('\n', "\n    /// "), this.filled()),
            None => format!("add {};", this.filled()),
        };
        // Read again, these are two actions that do the same.
        let shown = Written(&this.column.name);
        match (&this.fill, &this.column.default) {
            (None, _) => add,
            (Some(_), Some(own)) => format!("{add} alter {shown} set default {own};"),
            (Some(_), None) => format!("{add} alter {shown} drop default;"),
        }
    }
}

impl Operate for AddColumn {
    fn complete(&mut self, before: &Schema) {
        before.resolve(&mut self.column);
        before.resolve(&mut self.fill);
        complete_counter(before, &self.table, &mut self.column);
    }

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(table) = resolve::table(schema, &self.table, Role::Table, problems) else { return };
        if let Some(there) = table.column(&self.column.name) {
            resolve::column_exists(&self.table, &there.name, problems);
            return;
        }
        column::column(schema, &self.table, &self.column, problems);
        if let Some(fill) = &self.fill {
            fill::check(schema, &self.table, &self.column, fill, problems);
        }
        schema.change(&self.table, |table| table.columns.push(self.column.clone()));
        column::too_many(schema, &self.table, problems);
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(vec![DropColumn { table: self.table.clone(), column: self.column.name.clone() }.into()])
    }

    fn about(&self, _before: &Schema) -> About {
        About::makes(about::column(&self.table, &self.column.name))
    }

    fn comment_of(&mut self, what: Commented) -> Option<&mut Option<String>> {
        match what {
            Commented::Whole => Some(&mut self.column.comment),
            Commented::Column(_) => None,
        }
    }

    fn effects(&self, _before: &Schema) -> Effects {
        let demand = Demand::Empty { table: self.table.clone(), column: self.column.name.clone() };
        let has_no_value = self.column.is_required() && self.fill.is_none();
        Effects { demands: has_no_value.then_some(demand).into_iter().collect(), ..Effects::default() }
    }

    /// Where values are kept in a separate table, they are by key.
    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        footprint.read(&self.table, Part::Itself);
        footprint.write_column(&self.table, &self.column);
        if where_true(before, |features| features.loses_unknown_columns).is_some() {
            footprint.read(&self.table, Part::PrimaryKey);
            let key = before.table(&self.table).map(Table::primary_key).unwrap_or_default();
            key.iter().for_each(|column| footprint.read_column(&self.table, column));
        }
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        let name = || self.column.name.clone();
        let own = self.fill.as_ref().map(|_| match &self.column.default {
            Some(default) => Change::SetDefault(name(), default.clone()),
            None => Change::DropDefault(name()),
        });
        let changes = std::iter::once(Change::AddColumn(self.filled())).chain(own).collect();
        alter(&self.table, before, after, changes)
    }
}

impl AddColumn {
    /// The column as it is made: with what its rows are filled with as its default, which its own replaces then.
    fn filled(&self) -> Column {
        Column { default: self.fill.clone().or_else(|| self.column.default.clone()), ..self.column.clone() }
    }
}

column_operation! {
    /// `drop COLUMN;`
    DropColumn {
        /// Its name.
        column: String,
    }
    |this| format!("drop {};", Written(&this.column))
}

impl Operate for DropColumn {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(table) = resolve::table(schema, &self.table, Role::Table, problems) else { return };
        if resolve::any_column(&self.table, table, &self.column, Role::Column, problems).is_none() {
            return;
        }
        unused(schema, &self.table, &self.column, problems);
        if let Some(column) = table.column(&self.column) {
            table::sequence_used(schema, &self.table, column, Slot::new(Role::Column, &self.column), problems);
        }
        schema.change(&self.table, |table| table.columns.retain(|column| column.name != self.column));
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let Some(add) = self.restored(before, None) else { return Reversal::Back(Vec::new()) };
        if add.column.is_required() {
            let shown = Written(&self.column);
            let why = format!("`{shown}` is `not null` and has no default");
            let write = format!("drop {shown} undo default {};", fill::plain(&add.column.ty));
            return Reversal::Impossible { why, write };
        }
        Reversal::Back(vec![add.into()])
    }

    fn restores(&self, before: &Schema) -> Vec<Operation> {
        self.restored(before, None).map(Operation::from).into_iter().collect()
    }

    fn dropped_column(&self) -> Option<&str> {
        Some(&self.column)
    }

    fn restored_with(&self, before: &Schema, value: &Expr) -> Option<Operation> {
        self.restored(before, Some(value)).map(Operation::from)
    }

    fn about(&self, _before: &Schema) -> About {
        About::drops(about::column(&self.table, &self.column))
    }

    fn effects(&self, _before: &Schema) -> Effects {
        Effects { removes: vec![Removed::Column(self.table.clone(), self.column.clone())], ..Effects::default() }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        let column = before.table(&self.table).and_then(|table| table.column(&self.column));
        column.iter().for_each(|column| footprint.write_column(&self.table, column));
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        let column = before.table(&self.table).and_then(|table| table.column(&self.column)).cloned();
        alter(&self.table, before, after, column.map(Change::DropColumn).into_iter().collect())
    }
}

impl DropColumn {
    /// The column as it was, its rows with this value in it, or with its default.
    fn restored(&self, before: &Schema, fill: Option<&Expr>) -> Option<AddColumn> {
        let column = before.table(&self.table)?.column(&self.column)?.clone();
        let fill = fill.filter(|fill| column.default.as_ref() != Some(fill)).cloned();
        Some(AddColumn { table: self.table.clone(), column, fill })
    }
}

/// Rule `drop_column_used`.
pub(super) fn unused(schema: &Schema, owner: &Name, column: &str, problems: &mut Problems) {
    let Some(table) = schema.table(owner) else { return };
    let mut users: Vec<(String, String)> = Vec::new();
    for constraint in table.constraints.iter().filter(|constraint| constraint.rule.may_use(column)) {
        users.push(user::constraint(owner, constraint));
    }
    for index in table.indexes.iter().filter(|index| index.may_use(column)) {
        users.push(user::index(owner, index));
    }
    for (by, constraint, _) in schema.incoming(owner).filter(|(_, _, key)| key.references.iter().any(|one| one == column)) {
        users.push(user::constraint(by, constraint));
    }
    users.dedup();
    let (slot, shown) = (Slot::new(Role::Column, column), format!("`{}`", Written(column)));
    user::still_used("drop_column_used", slot, &shown, users).into_iter().for_each(|problem| problems.push(problem));
}
