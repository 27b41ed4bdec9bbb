//! A column is numbered from now on, otherwise than before, or no more.

use std::fmt;

use super::{DropDefault, change, column_operation, find};
use crate::check::{column, constraint};
use crate::ddl::{Change, Ddl};
use crate::effect::{Break, Effects};
use crate::expr::Expr;
use crate::footprint::{Footprint, Part};
use crate::name::{Name, Written};
use crate::naming;
use crate::operation::about::About;
use crate::operation::alter::alter;
use crate::operation::{Operate, Reversal, resolve};
use crate::problem::{Problems, Role, Slot};
use crate::schema::{Column, Counter, CounterKind, Schema, Table};

column_operation! {
    /// `alter COLUMN add identity [always] [as SEQUENCE];`, `alter COLUMN drop identity;` The numbers go on after the highest one.
    SetCounter {
        /// The column.
        column: String,
        /// What numbers it from now on; nothing when absent.
        to: Option<Counter>,
    }
    |this| match &this.to {
        Some(counter) if counter.sequence.is_empty() => format!("alter {} add {};", Written(&this.column), counter.kind.words()),
        Some(counter) => {
            format!("alter {} add {} as {};", Written(&this.column), counter.kind.words(), Written(&counter.sequence))
        }
        None => format!("alter {} drop identity;", Written(&this.column)),
    }
}

impl Operate for SetCounter {
    /// The sequence of a column that is numbered already keeps its name.
    fn complete(&mut self, before: &Schema) {
        let Some(counter) = self.to.as_mut().filter(|counter| counter.sequence.is_empty()) else { return };
        let old = before.table(&self.table).and_then(|table| table.column(&self.column)?.counter.as_ref());
        counter.sequence = match old {
            Some(old) => old.sequence.clone(),
            None => naming::sequence_name(before, &self.table, &self.column),
        };
    }

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some((table, column)) = find(schema, &self.table, &self.column, problems) else { return };
        if column.counter == self.to {
            let shown = Written(&self.column);
            let why = match &self.to {
                Some(counter) => format!("`{shown}` is already `{}`", counter.kind.words()),
                None => format!("`{shown}` has no `identity`"),
            };
            resolve::changes_nothing(Role::Column, &self.column, why, problems);
            return;
        }
        let changed = self.changed(column);
        column::column(schema, &self.table, &changed, problems);
        constraint::still_acts(&self.table, table, &changed, problems);
        change(schema, &self.table, &self.column, |column| *column = changed);
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let column = before.table(&self.table).and_then(|table| table.column(&self.column));
        let Some(column) = column else { return Reversal::Back(Vec::new()) };
        let back = SetCounter { to: column.counter.clone(), ..self.clone() };
        // A serial may have lost its default before.
        let has_own = back.changed(&Column { default: None, counter: None, ..column.clone() }).default.is_some();
        let drop = DropDefault { table: self.table.clone(), column: self.column.clone() };
        let drop = (has_own && column.default.is_none()).then(|| drop.into());
        Reversal::Back(std::iter::once(back.into()).chain(drop).collect())
    }

    fn about(&self, _before: &Schema) -> About {
        About::column(&self.table, &self.column)
    }

    /// An application that leaves the column out relies on its numbers; one that writes it is refused by `always`.
    fn effects(&self, before: &Schema) -> Effects {
        let body = before.table(&self.table);
        let column = body.and_then(|table| table.column(&self.column));
        let begins_key = body.is_some_and(|table| is_first_of_a_key(table, &self.column));
        let old = column.and_then(|column| column.counter.as_ref()).map(|counter| counter.kind);
        let new = self.to.as_ref().map(|counter| counter.kind);
        let (table, column) = (self.table.clone(), self.column.clone());
        let is_numbered = old.is_none() && new.is_some() && !begins_key;
        let numbered = is_numbered.then(|| Break::Numbered { table: table.clone(), column: column.clone() });
        let broken = match (old, new) {
            (Some(_), None) => Some(Break::ChangedDefault { table, column }),
            (_, Some(CounterKind::Always)) => {
                let slot = Slot::new(Role::Column, &column);
                Some(Break::Restricted { table, columns: vec![column], slot })
            }
            (_, Some(CounterKind::Identity | CounterKind::Serial)) | (None, None) => None,
        };
        Effects { breaks: broken.into_iter().chain(numbered).collect(), ..Effects::default() }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        footprint.read_column(&self.table, &self.column);
        footprint.read(&self.table, Part::Null(self.column.clone()));
        footprint.write(&self.table, Part::Default(self.column.clone()));
        let old = before.table(&self.table).and_then(|table| table.column(&self.column)?.counter.as_ref());
        for counter in old.into_iter().chain(&self.to) {
            footprint.name(&self.table.sibling(counter.sequence.as_str()));
        }
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        let column = before.table(&self.table).and_then(|table| table.column(&self.column)).cloned();
        let change = |column| Change::SetCounter { column, to: self.to.clone() };
        alter(&self.table, before, after, column.map(change).into_iter().collect())
    }
}

impl SetCounter {
    /// The column as it becomes. The default of a serial comes and goes with it.
    fn changed(&self, column: &Column) -> Column {
        let next = |counter: &Counter| Expr::Nextval(self.table.sibling(counter.sequence.as_str()));
        let own = column.counter.as_ref().filter(|counter| counter.kind == CounterKind::Serial).map(next);
        let default = column.default.clone().filter(|default| Some(default) != own.as_ref());
        let serial = self.to.as_ref().filter(|counter| counter.kind == CounterKind::Serial).map(next);
        Column { counter: self.to.clone(), default: default.or(serial), ..column.clone() }
    }
}

/// Whether an index finds the highest value of a column without reading the rows.
fn is_first_of_a_key(table: &Table, column: &str) -> bool {
    let keys = table.constraints.iter().filter_map(|constraint| constraint.rule.key_columns().first());
    let whole = table.indexes.iter().filter(|index| index.filter.is_none());
    let firsts = whole.filter_map(|index| index.keys.first());
    keys.into_iter().any(|first| first == column) || firsts.into_iter().any(|key| key.value == Expr::column(column))
}
