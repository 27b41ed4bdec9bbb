//! Columns that have one value in all rows of their table, because this migration added them with it: what that value can never be.

use crate::check::function::differs;
use crate::compile::created::Created;
use crate::compile::upgrade::Simulated;
use crate::effect::Demand;
use crate::expr::Expr;
use crate::name::{Name, Written};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::{Column, Schema};
use crate::source::Source;
use crate::trace::Trace;
use crate::transition::Transition;
use crate::types::Type;

/// What the rows hold, followed through the upgrade.
pub(super) struct Constants(Trace);

impl Constants {
    /// Before the upgrade.
    pub(super) fn of(schema: &Schema) -> Constants {
        Constants(Trace::of(schema))
    }

    /// Follows a step.
    pub(super) fn follow(&mut self, step: &Transition) {
        if step.operation.is_unread() {
            // It may be what gives every row a value of its own.
            self.0 = Trace::of(&step.after);
        } else {
            self.0.follow(&step.operation, &step.before, &step.after);
        }
    }

    /// What fails as soon as a table that was there has rows, or two of them.
    pub(super) fn check(&self, statement: &Simulated<'_>, created: &Created, problems: &mut Problems) {
        let demands =
            statement.effects.demands.iter().filter(|demand| !demand.table().is_some_and(|table| created.has_table(table)));
        demands.for_each(|demand| {
            self.unique(&statement.step, demand, problems);
            self.required(&statement.step.before, demand, problems);
        });
    }

    /// Rule `add_required_column`: a column is null in every row and must not be.
    fn required(&self, schema: &Schema, demand: &Demand, problems: &mut Problems) {
        let Demand::NotNull { table, column } = demand else { return };
        if self.value(table, column) == Some(Expr::Null) {
            let message = format!("`{}` was added without a value, so it is null in every row of `{table}`", Written(column));
            let problem = Problem::new("add_required_column", Slot::new(Role::Column, column), message);
            let fill = fill(schema, table, std::iter::once(column.as_str()));
            problems.push(problem.help(format!("write before it: `{fill}`")));
        }
    }

    /// Rule `constant_unique`: a key over columns that have one value in all rows fails on every table with two of them.
    fn unique(&self, step: &Transition, demand: &Demand, problems: &mut Problems) {
        let Demand::Distinct { table, keys, filter: None, nulls_not_distinct } = demand else { return };
        let collides = |value: &Expr| *nulls_not_distinct || *value != Expr::Null;
        if !keys.iter().all(|key| self.is_same(table, key, &collides)) {
            return;
        }
        let columns: Vec<&str> = keys.iter().flat_map(Expr::columns).collect();
        let message = match columns.as_slice() {
            [column] => {
                let value = self.value(table, column).unwrap_or(Expr::Null);
                format!("`{}` must be unique, but is `{value}` in every row of `{table}`", Written(column))
            }
            _ => format!("the key must be unique, but is the same in every row of `{table}`"),
        };
        let slot = Slot::new(Role::Use, columns.first().copied().unwrap_or_default());
        problems.push(Problem::new("constant_unique", slot, message).help(help(step, table, &columns)));
    }

    /// The value of a column that has the same in all rows, as it was written.
    fn value(&self, table: &Name, column: &str) -> Option<Expr> {
        let traced = self.0.table(table)?;
        let value = traced.sources(column).map(made).last()?;
        value.filter(|_| traced.sources(column).all(|source| !uses_others(source))).cloned()
    }

    /// Whether the key has a value that is the same in all rows, and collides with itself.
    fn is_same(&self, table: &Name, key: &Expr, collides: &dyn Fn(&Expr) -> bool) -> bool {
        let has_value = |column: &str| self.value(table, column).is_some_and(|value| collides(&value));
        let columns = key.columns();
        !columns.is_empty() && columns.into_iter().all(has_value) && !differs(key)
    }
}

/// The value that the rows got at the beginning of these sources, where it is the same in all of them.
fn made(source: &Source) -> Option<&Expr> {
    match source {
        Source::Value { value, .. } => Some(value).filter(|value| !differs(value)),
        Source::Converted { value, .. } => made(value),
        Source::Column(_) | Source::Number | Source::Updated { .. } => None,
    }
}

/// Whether a conversion made the value that may have read other columns.
fn uses_others(source: &Source) -> bool {
    match source {
        Source::Converted { using: Some(_), .. } | Source::Updated { .. } => true,
        Source::Converted { value, using: None, .. } => uses_others(value),
        Source::Column(_) | Source::Value { .. } | Source::Number => false,
    }
}

/// The same in statements that fit every table.
fn help(step: &Transition, table: &Name, columns: &[&str]) -> String {
    let columns: Vec<&Column> = columns.iter().filter_map(|column| step.after.table(table)?.column(column)).collect();
    let operation = &step.operation;
    let each = |part: &dyn Fn(&Column) -> String| columns.iter().map(|column| part(column)).collect::<String>();
    let add = each(&|column| format!("add {}: {}?; ", Written(&column.name), column.ty));
    let required = each(&|column| {
        if column.nullable { String::new() } else { format!("alter {} set not null; ", Written(&column.name)) }
    });
    let required = if required.is_empty() { required } else { format!("alter table {table} {{ {required}}} ") };
    let fill = fill(&step.before, table, columns.iter().map(|column| column.name.as_str()));
    let steps = format!("write `alter table {table} {{ {add}}} {fill} {required}{operation}`");
    let differing = columns.iter().find(|column| column.ty == Type::Uuid);
    let default = differing.map(|column| format!(", or give `{}` the default `uuid()`", Written(&column.name)));
    steps + &default.unwrap_or_default()
}

/// The statement that gives the rows values: in batches where the table has a key for them.
fn fill<'c>(schema: &Schema, table: &Name, columns: impl Iterator<Item = &'c str>) -> String {
    let set = columns.map(|column| format!("{} = sql(\"…\")", Written(column))).collect::<Vec<_>>().join(", ");
    if schema.table(table).is_some_and(|table| !table.primary_key().is_empty()) {
        return format!("backfill {table} set {set};");
    }
    format!("update {table} set {set};")
}
