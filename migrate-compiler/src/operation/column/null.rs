//! A column may be null, or may not.

use std::fmt;

use super::{change, column_operation, find};
use crate::check::constraint;
use crate::ddl::{Change, Ddl};
use crate::effect::{Break, Demand, Effects};
use crate::footprint::{Footprint, Part};
use crate::name::{Name, Written};
use crate::operation::about::{self, About};
use crate::operation::alter::alter;
use crate::operation::{Operate, Reversal, resolve};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::{Column, Rule, Schema};

column_operation! {
    /// `alter COLUMN set not null;`
    SetNotNull {
        /// The column.
        column: String,
    }
    |this| format!("alter {} set not null;", Written(&this.column))
}

impl Operate for SetNotNull {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some((table, column)) = find(schema, &self.table, &self.column, problems) else { return };
        let changed = Column { nullable: false, ..column.clone() };
        constraint::still_acts(&self.table, table, &changed, problems);
        if !column.nullable {
            resolve::changes_nothing(
                Role::Column,
                &self.column,
                format!("`{}` is already `not null`", Written(&self.column)),
                problems,
            );
        }
        change(schema, &self.table, &self.column, |column| column.nullable = false);
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(vec![DropNotNull { table: self.table.clone(), column: self.column.clone() }.into()])
    }

    fn about(&self, _before: &Schema) -> About {
        About::makes(about::not_null(&self.table, &self.column)).of_columns([self.column.as_str()])
    }

    fn effects(&self, _before: &Schema) -> Effects {
        let demand = Demand::NotNull { table: self.table.clone(), column: self.column.clone() };
        let refuses = Break::Restricted {
            table: self.table.clone(),
            columns: vec![self.column.clone()],
            slot: Slot::new(Role::Column, &self.column),
        };
        Effects { demands: vec![demand], breaks: vec![refuses], ..Effects::default() }
    }

    fn touches(&self, _before: &Schema, footprint: &mut Footprint) {
        footprint.read_column(&self.table, &self.column);
        footprint.write(&self.table, Part::Null(self.column.clone()));
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        alter(&self.table, before, after, vec![Change::SetNotNull(self.column.clone())])
    }
}

column_operation! {
    /// `alter COLUMN drop not null;`
    DropNotNull {
        /// The column.
        column: String,
    }
    |this| format!("alter {} drop not null;", Written(&this.column))
}

impl Operate for DropNotNull {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some((table, column)) = find(schema, &self.table, &self.column, problems) else { return };
        if column.nullable {
            resolve::changes_nothing(
                Role::Column,
                &self.column,
                format!("`{}` is already nullable", Written(&self.column)),
                problems,
            );
        }
        if table.primary_key().contains(&self.column) || column.counter.is_some() {
            let shown = Written(&self.column);
            let key = table.constraints.iter().find(|constraint| matches!(constraint.rule, Rule::PrimaryKey { .. }));
            let (why, help) = match key.filter(|key| key.rule.key_columns().contains(&self.column)) {
                Some(key) => ("in the primary key", format!("write before it: `drop constraint {};`", Written(key.name()))),
                None => ("numbered by the database", format!("write before it: `alter {shown} drop identity;`")),
            };
            let message = format!("`{shown}` cannot be nullable: it is {why}");
            let problem = Problem::new("nullable_primary_key", Slot::new(Role::Column, &self.column), message);
            problems.push(problem.help(help));
        }
        change(schema, &self.table, &self.column, |column| column.nullable = true);
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(vec![SetNotNull { table: self.table.clone(), column: self.column.clone() }.into()])
    }

    fn about(&self, _before: &Schema) -> About {
        About::drops(about::not_null(&self.table, &self.column)).of_columns([self.column.as_str()])
    }

    fn effects(&self, _before: &Schema) -> Effects {
        Effects {
            breaks: vec![Break::NullableNow { table: self.table.clone(), column: self.column.clone() }],
            ..Effects::default()
        }
    }

    fn touches(&self, _before: &Schema, footprint: &mut Footprint) {
        footprint.read_column(&self.table, &self.column);
        footprint.read(&self.table, Part::PrimaryKey);
        footprint.write(&self.table, Part::Null(self.column.clone()));
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        alter(&self.table, before, after, vec![Change::DropNotNull(self.column.clone())])
    }
}
