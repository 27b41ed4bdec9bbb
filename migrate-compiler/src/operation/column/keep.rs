//! A column is kept instead of dropped, and comes back.

use std::fmt;
use std::sync::Arc;

use super::{DropDefault, RenameColumn, SetCounter, SetDefault, SetNotNull, column_operation};
use crate::check::{self, name};
use crate::ddl::{Change, Ddl};
use crate::effect::{Demand, Effects, Removed};
use crate::expr::Expr;
use crate::footprint::{Footprint, Part};
use crate::name::{Name, Written};
use crate::naming::{free_number, kept_name};
use crate::operation::about::{self, About};
use crate::operation::alter::alter;
use crate::operation::{Operate, Reversal, resolve, table};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::{Column, CounterKind, KeptColumn, Schema, Table};

column_operation! {
    /// `drop COLUMN keep data [undo default EXPR];` The values stay with their rows, under a name that is not used.
    KeepColumn {
        /// Its name.
        column: String,
        /// What rows have in it that are made while it is kept; null where it is absent.
        since: Option<Expr>,
        /// The how manieth of this name it is; the first that is free where it is absent.
        number: Option<u16>,
    }
    |this| {
        let since = this.since.as_ref().map(|value| format!(" undo default {value}")).unwrap_or_default();
        format!("drop {} keep data{since};", Written(&this.column))
    }
}

column_operation! {
    /// `restore COLUMN;` What was kept last under this name.
    RestoreColumn {
        /// The name that it had.
        column: String,
        /// The how manieth of this name; the last where it is absent.
        number: Option<u16>,
    }
    |this| format!("restore {};", Written(&this.column))
}

impl Operate for KeepColumn {
    fn complete(&mut self, before: &Schema) {
        self.since.iter_mut().for_each(|value| before.resolve(value));
    }

    fn expressions(&self) -> Vec<(Vec<&Name>, &Expr)> {
        self.since.iter().map(|value| (vec![&self.table], value)).collect()
    }

    /// Rules `drop_column_used`, `sequence_used` and those of a default.
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(table) = resolve::table(schema, &self.table, Role::Table, problems) else { return };
        let Some(column) = resolve::column(&self.table, table, &self.column, Role::Column, problems) else { return };
        super::add::unused(schema, &self.table, &self.column, problems);
        table::sequence_used(schema, &self.table, column, Slot::new(Role::Column, &self.column), problems);
        let kept = self.in_its_place(table, column);
        name::new_name(schema, Role::Column, &kept.name, &Slot::new(Role::Column, &self.column), problems);
        if self.since.is_some() {
            check::column::column(
                schema,
                &self.table,
                &Column { default: self.since.clone(), counter: None, ..column.clone() },
                problems,
            );
        }
        schema.change(&self.table, |table| {
            table.columns.iter_mut().filter(|one| one.name == self.column).for_each(|one| *one = kept.clone());
        });
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let Some((column, kept)) = self.column(before).zip(self.kept(before)) else { return Reversal::Back(Vec::new()) };
        let (table, name) = (|| self.table.clone(), || self.column.clone());
        let restore = RestoreColumn { table: table(), column: name(), number: self.number }.into();
        let not_null = (column.nullable != kept.nullable).then(|| SetNotNull { table: table(), column: name() }.into());
        let counter = column.counter.clone().map(|to| SetCounter { table: table(), column: name(), to: Some(to) }.into());
        let default = match column.default.clone().filter(|_| !is_serial(column)) {
            own if own == kept.default => None,
            Some(default) => Some(SetDefault { table: table(), column: name(), default }.into()),
            None => Some(DropDefault { table: table(), column: name() }.into()),
        };
        Reversal::Back([Some(restore), not_null, counter, default].into_iter().flatten().collect())
    }

    fn about(&self, before: &Schema) -> About {
        let Some(kept) = self.kept(before) else { return About::default() };
        About::renames(about::column(&self.table, &self.column), about::column(&self.table, &kept.name))
    }

    fn effects(&self, _before: &Schema) -> Effects {
        Effects { removes: vec![Removed::Column(self.table.clone(), self.column.clone())], ..Effects::default() }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        let Some((column, kept)) = self.column(before).zip(self.kept(before)) else { return };
        footprint.write_column(&self.table, column);
        footprint.write_column(&self.table, &kept);
    }

    /// Without what would refuse new rows first: whatever a database must rebuild for that, it does before the name changes.
    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        let tables = (before.tables().get(&self.table), after.tables().get(&self.table));
        let ((Some(table), Some(after)), Some(column)) = (tables, self.column(before)) else { return Vec::new() };
        let kept = self.in_its_place(table, column);
        let mut bare = (**table).clone();
        bare.columns.iter_mut().filter(|one| one.name == self.column).for_each(|one| {
            *one = Column { name: self.column.clone(), ..kept.clone() };
        });
        let (name, bare) = (|| self.table.clone(), Arc::new(bare));
        let freed = freed(column, &kept);
        let freed = (!freed.is_empty()).then(|| {
            let (before, after) = (Arc::clone(table), Arc::clone(&bare));
            Ddl::AlterTable { name: name(), before, after, changes: freed }
        });
        let rename = Change::RenameColumn { from: self.column.clone(), to: kept.name };
        let rename = Ddl::AlterTable { name: name(), before: bare, after: Arc::clone(after), changes: vec![rename] };
        freed.into_iter().chain([rename]).collect()
    }
}

impl KeepColumn {
    /// The column as it is.
    fn column<'s>(&self, before: &'s Schema) -> Option<&'s Column> {
        before.table(&self.table)?.column(&self.column)
    }

    /// The column while it is kept.
    pub(in crate::operation) fn kept(&self, before: &Schema) -> Option<Column> {
        Some(self.in_its_place(before.table(&self.table)?, self.column(before)?))
    }

    /// The column while it is kept: new rows have no value in it, or the one that was given. After a downgrade they have its default, as they will
    /// when it comes back.
    fn in_its_place(&self, table: &Table, column: &Column) -> Column {
        let name = column.name.clone();
        let number = self.number.unwrap_or_else(|| free_number(|number| table.column(&kept_name(&name, number)).is_some()));
        let own = || column.default.clone().filter(|default| self.number.is_some() && is_plain(column, default));
        let default = self.since.clone().or_else(own);
        let kept = Some(KeptColumn { name: name.clone(), number });
        let nullable = column.nullable || default.is_none();
        Column { name: kept_name(&name, number), nullable, default, counter: None, kept, ..column.clone() }
    }
}

/// Whether a default needs nothing that is dropped with its column.
fn is_plain(column: &Column, default: &Expr) -> bool {
    column.counter.is_none() && !matches!(default, Expr::Nextval(_))
}

/// What removes `not null`, and a default other than the one that the column has while it is kept.
fn freed(column: &Column, kept: &Column) -> Vec<Change> {
    let counter = column.counter.as_ref().map(|_| Change::SetCounter { column: column.clone(), to: None });
    let own = column.default.as_ref().filter(|_| !is_serial(column));
    let default = match &kept.default {
        since if since.as_ref() == own => None,
        Some(since) => Some(Change::SetDefault(column.name.clone(), since.clone())),
        None => Some(Change::DropDefault(column.name.clone())),
    };
    let null = (column.nullable != kept.nullable).then(|| Change::DropNotNull(column.name.clone()));
    counter.into_iter().chain(default).chain(null).collect()
}

/// Whether the default of a column comes and goes with what numbers it.
fn is_serial(column: &Column) -> bool {
    column.counter.as_ref().is_some_and(|counter| counter.kind == CounterKind::Serial)
}

impl Operate for RestoreColumn {
    fn complete(&mut self, _before: &Schema) {}

    /// Rules `unknown_kept` and `column_exists`.
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(table) = resolve::table(schema, &self.table, Role::Table, problems) else { return };
        if self.kept(schema).is_none() {
            let shown = Written(&self.column);
            let message = format!("no kept data for column `{shown}` of `{}`", self.table);
            let problem = Problem::new("unknown_kept", Slot::new(Role::Column, &self.column), message);
            problems.push(problem.help_if(self.others(table)));
        } else if table.column(&self.column).is_some() {
            resolve::column_exists(&self.table, &self.column, problems);
        } else {
            name::same_letters(schema, &self.table, Role::Column, &self.column, problems);
            self.rename(schema).into_iter().for_each(|rename| rename.follow(schema));
            schema.change(&self.table, |table| {
                table.column_mut(&self.column).into_iter().for_each(|column| column.kept = None);
            });
        }
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(vec![
            KeepColumn { table: self.table.clone(), column: self.column.clone(), since: None, number: self.number }.into(),
        ])
    }

    fn about(&self, before: &Schema) -> About {
        self.rename(before).map(|rename| rename.about(before)).unwrap_or_default()
    }

    fn effects(&self, before: &Schema) -> Effects {
        let kept = self.kept(before).map(|kept| kept.name.clone());
        let demand = kept.map(|kept| Demand::Kept { table: self.table.clone(), column: Some(kept) });
        Effects { demands: demand.into_iter().collect(), ..Effects::default() }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        self.rename(before).into_iter().for_each(|rename| rename.touches(before, footprint));
        footprint.write(&self.table, Part::Column(self.column.clone()));
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        let change = |RenameColumn { table: _, from, to }| Change::RenameColumn { from, to };
        alter(&self.table, before, after, self.rename(before).map(change).into_iter().collect())
    }
}

impl RestoreColumn {
    /// The column that was kept last under this name.
    fn kept<'s>(&self, before: &'s Schema) -> Option<&'s Column> {
        let is_it = |kept: &KeptColumn| kept.name == self.column && self.number.is_none_or(|number| number == kept.number);
        let kept = |column: &&Column| column.kept.as_ref().is_some_and(is_it);
        let columns = before.table(&self.table)?.columns.iter().filter(kept);
        columns.max_by_key(|column| column.kept.as_ref().map(|kept| kept.number))
    }

    fn rename(&self, before: &Schema) -> Option<RenameColumn> {
        let from = self.kept(before)?.name.clone();
        Some(RenameColumn { table: self.table.clone(), from, to: self.column.clone() })
    }

    /// What can be restored of the table.
    fn others(&self, table: &Table) -> Option<String> {
        let kept: Vec<String> = table.columns.iter().filter_map(|column| column.kept.as_ref()).map(restoring).collect();
        (!kept.is_empty()).then(|| format!("write {}", kept.join(" or ")))
    }
}

fn restoring(kept: &KeptColumn) -> String {
    format!("`restore {};`", Written(&kept.name))
}
