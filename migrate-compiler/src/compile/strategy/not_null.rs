//! `set not null` on a table that is used: a check with the same condition is added first, and validated without blocking writes;
//! PostgreSQL then relies on it and reads no row while it locks the table (manual, "ALTER TABLE", "SET NOT NULL").

use std::sync::Arc;

use super::constraint;
use super::stage::Stage;
use crate::ddl::{Change, Ddl};
use crate::expr::Expr;
use crate::name::Name;
use crate::naming::free_name;
use crate::online::Online;
use crate::schema::{Constraint, Rule, Table, Timing};

/// What its name begins with.
const PREFIX: &str = "migrate_not_null_";

/// The column must have a value from now on; what fills it runs between its check and the look at the rows.
pub(super) fn set(
    (table, body): (&Name, &Arc<Table>),
    column: &str,
    fill: Option<Stage>,
    alter: impl Fn(Vec<Change>) -> Ddl,
) -> Vec<Stage> {
    let check = check(body, column);
    let mut stages = constraint::add(table, body, &check);
    debug_assert!(matches!(stages.as_slice(), [Stage::Online(Online::AddUnchecked(_)), Stage::Online(Online::Validate(_))]));
    // No row comes without a value any more.
    fill.into_iter().for_each(|fill| stages.insert(1, fill));
    stages.push(Stage::Joined(alter(vec![Change::SetNotNull(column.to_owned()), Change::DropConstraint(check)])));
    stages
}

/// The check that goes as soon as the column itself says it.
fn check(body: &Table, column: &str) -> Constraint {
    let condition = Expr::IsNull { operand: Box::new(Expr::column(column)), negated: true };
    let name = free_name(PREFIX, column, |name| body.constraint(name).is_some());
    Constraint { name: Some(name), rule: Rule::Check { condition }, timing: Timing::Immediate }
}
