//! A new column of a table that is used, whose value is another one in each row: PostgreSQL would rewrite the table, which cannot be
//! used until that is done. So it is added without values, new rows get theirs by its default, and the existing rows in batches.

use std::sync::Arc;

use super::not_null;
use super::stage::Stage;
use crate::ddl::{Change, Ddl};
use crate::expr::Expr;
use crate::name::Name;
use crate::online::{NewColumn, Online, Value};
use crate::schema::{Column, CounterKind, Table};
use crate::typing::function::Function;

/// A new column; `None` where the database gives all rows their value at once.
pub(super) fn add(table: &Name, after: &Arc<Table>, column: &Column, alter: impl Fn(Vec<Change>) -> Ddl) -> Option<Vec<Stage>> {
    let value = match (&column.counter, &column.default) {
        (Some(counter), _) => Value::Counter(counter.clone()),
        (None, Some(default)) if differs_by_row(default) => Value::Default(default.clone()),
        (None, Some(_) | None) => return None,
    };
    let new = || NewColumn { table: table.clone(), column: column.clone(), value: value.clone() };
    let mut stages: Vec<Stage> =
        [Online::AddColumn(new()), Online::Fill(new()), Online::FillRest(new())].into_iter().map(Stage::Online).collect();
    if !column.nullable {
        stages.extend(not_null::set((table, after), &column.name, None, alter));
    }
    let is_identity = column.counter.as_ref().is_some_and(|counter| counter.kind != CounterKind::Serial);
    stages.extend(is_identity.then(|| Stage::Online(Online::Identify(new()))));
    Some(stages)
}

/// Whether a default is evaluated for each row. Raw SQL may be.
fn differs_by_row(default: &Expr) -> bool {
    let mut differs = false;
    default.walk(&mut |part| {
        differs |= matches!(part, Expr::Nextval(_) | Expr::Raw(_))
            || matches!(part, Expr::Call { function, .. } if Function::find(function).is_none_or(Function::is_volatile));
    });
    differs
}
