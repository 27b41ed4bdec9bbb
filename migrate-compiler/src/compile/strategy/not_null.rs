//! `set not null` on a table that is used: a check with the same condition is added first, and validated without blocking writes;
//! PostgreSQL then relies on it and reads no row while it locks the table (manual, "ALTER TABLE", "SET NOT NULL").

use std::sync::Arc;

use super::constraint;
use super::stage::Stage;
use crate::ddl::{Change, Ddl};
use crate::expr::Expr;
use crate::name::Name;
use crate::naming::LONGEST;
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
    Constraint { name: Some(free_name(body, column)), rule: Rule::Check { condition }, timing: Timing::Immediate }
}

/// A name that no constraint of the table has.
fn free_name(body: &Table, column: &str) -> String {
    let endings = std::iter::once(String::new()).chain((1..).map(|number: usize| number.to_string()));
    let named = endings.map(|ending| {
        let mut name = format!("{PREFIX}{column}");
        while name.len() + ending.len() > LONGEST {
            name.pop();
        }
        name + &ending
    });
    named.into_iter().find(|name| body.constraint(name).is_none()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_name_is_free_and_short_enough() {
        let long = "ü".repeat(40);
        let name = free_name(&Table::default(), &long);
        assert!(name.len() <= LONGEST && name.starts_with("migrate_not_null_ü"), "{name}");
        let taken = Table { constraints: vec![check(&Table::default(), "a")], ..Table::default() };
        assert_eq!(free_name(&taken, "a"), "migrate_not_null_a1");
    }
}
