//! What new rows get in a column.

use std::fmt;

use super::{change, column_operation, find};
use crate::check::{column, constraint};
use crate::ddl::{Change, Ddl};
use crate::effect::{Break, Effects};
use crate::expr::Expr;
use crate::footprint::{Footprint, Part};
use crate::name::{Name, Written};
use crate::operation::about::About;
use crate::operation::alter::alter;
use crate::operation::{Operate, Reversal, resolve};
use crate::problem::{Problems, Role};
use crate::schema::{Column, Schema};

column_operation! {
    /// `alter COLUMN set default EXPR;`
    SetDefault {
        /// The column.
        column: String,
        /// The value that new rows get.
        default: Expr,
    }
    |this| format!("alter {} set default {};", Written(&this.column), this.default)
}

impl Operate for SetDefault {
    fn complete(&mut self, before: &Schema) {
        before.resolve(&mut self.default);
    }

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some((_, column)) = find(schema, &self.table, &self.column, problems) else { return };
        if column.default.as_ref() == Some(&self.default) {
            let why = format!("`{}` is already the default of `{}`", self.default, Written(&self.column));
            resolve::changes_nothing(Role::Default, &self.column, why, problems);
        }
        let changed = Column { default: Some(self.default.clone()), ..column.clone() };
        column::column(schema, &self.table, &changed, problems);
        change(schema, &self.table, &self.column, |column| column.default = Some(self.default.clone()));
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        restore_default(&self.table, &self.column, before)
    }

    fn about(&self, _before: &Schema) -> About {
        About::column(&self.table, &self.column)
    }

    fn effects(&self, _before: &Schema) -> Effects {
        Effects {
            breaks: vec![Break::ChangedDefault { table: self.table.clone(), column: self.column.clone() }],
            ..Effects::default()
        }
    }

    fn touches(&self, _before: &Schema, footprint: &mut Footprint) {
        footprint.read_column(&self.table, &self.column);
        footprint.write(&self.table, Part::Default(self.column.clone()));
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        alter(&self.table, before, after, vec![Change::SetDefault(self.column.clone(), self.default.clone())])
    }
}

column_operation! {
    /// `alter COLUMN drop default;`
    DropDefault {
        /// The column.
        column: String,
    }
    |this| format!("alter {} drop default;", Written(&this.column))
}

impl Operate for DropDefault {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some((table, column)) = find(schema, &self.table, &self.column, problems) else { return };
        let changed = Column { default: None, ..column.clone() };
        constraint::still_acts(&self.table, table, &changed, problems);
        if column.default.is_none() {
            resolve::changes_nothing(Role::Column, &self.column, format!("`{}` has no default", Written(&self.column)), problems);
        }
        change(schema, &self.table, &self.column, |column| column.default = None);
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        restore_default(&self.table, &self.column, before)
    }

    fn about(&self, _before: &Schema) -> About {
        About::column(&self.table, &self.column)
    }

    fn effects(&self, _before: &Schema) -> Effects {
        Effects {
            breaks: vec![Break::ChangedDefault { table: self.table.clone(), column: self.column.clone() }],
            ..Effects::default()
        }
    }

    fn touches(&self, _before: &Schema, footprint: &mut Footprint) {
        footprint.read_column(&self.table, &self.column);
        footprint.write(&self.table, Part::Default(self.column.clone()));
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        alter(&self.table, before, after, vec![Change::DropDefault(self.column.clone())])
    }
}

/// The reverse operation: the default that the column had, or none.
fn restore_default(table: &Name, column: &str, before: &Schema) -> Reversal {
    let was = before.table(table).and_then(|table| table.column(column)).and_then(|column| column.default.clone());
    let (table, column) = (table.clone(), column.to_owned());
    Reversal::Back(vec![match was {
        Some(default) => SetDefault { table, column, default }.into(),
        None => DropDefault { table, column }.into(),
    }])
}
