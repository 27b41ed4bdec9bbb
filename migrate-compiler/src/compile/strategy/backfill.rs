//! Rows get values while others use their table: in batches, each a transaction. Where a column has no value yet in any row, no value that the
//! application has written is changed, and the rows that came since then get theirs in a second pass.

use super::stage::{Site, Stage};
use crate::ddl::Ddl;
use crate::expr::{Binary, Expr};
use crate::name::Name;
use crate::online::{FilledColumns, FilledRows, Online};
use crate::rows::{Assignment, ChangedRows, RowChange, Which};

/// A backfill.
pub(super) fn fill(site: Site<'_>, changed: ChangedRows) -> Vec<Stage> {
    let RowChange::Update { sets, from, which, batches: Some(batches) } = changed.change.clone() else {
        return vec![Stage::Joined(Ddl::Rows(changed))];
    };
    if !site.is_used(&changed.table) {
        let change = RowChange::Update { sets, from, which, batches: None };
        return vec![Stage::Joined(Ddl::Rows(ChangedRows { change, ..changed }))];
    }
    let is_new = sets.iter().all(|set| site.created.has_column(&changed.table, &set.column));
    let columns = if is_new { FilledColumns::New } else { FilledColumns::Known };
    let pass = |which: Which| {
        let change = RowChange::Update { sets: sets.clone(), from: from.clone(), which, batches: Some(batches.clone()) };
        let ChangedRows { table, body, read, reads, change: _ } = &changed;
        let changed = ChangedRows { table: table.clone(), body: body.clone(), change, read: read.clone(), reads: *reads };
        Stage::Online(Online::Backfill(FilledRows { changed, columns }))
    };
    let is_null = |set: &Assignment| says_null(&which, &set.column) || site.is_null(&changed.table, &set.column);
    if !sets.iter().all(is_null) {
        return vec![pass(which.clone())];
    }
    let unsaid = sets.iter().filter(|set| !says_null(&which, &set.column));
    let lacking = unsaid.fold(which.clone(), |which, set| and(which, null(&Expr::column(&set.column))));
    vec![pass(lacking.clone()), pass(with_values(lacking, &sets))]
}

/// The second pass again, for a column that must have a value from now on: since the check no row comes without one, and those that came
/// before it get theirs.
pub(super) fn again(site: Site<'_>, table: &Name, column: &str) -> Option<Stage> {
    let fills = |filled: &&FilledRows| {
        let changed = &filled.changed;
        let RowChange::Update { sets, which, .. } = &changed.change else { return false };
        changed.table == *table && says_null(which, column) && sets.iter().any(|set| set.column == column)
    };
    let last = site.backfills.iter().rev().find(fills)?;
    Some(Stage::Online(Online::Backfill(last.clone())))
}

/// The rows that still have no value and get one: those whose value is null have been looked at already.
fn with_values(lacking: Which, sets: &[Assignment]) -> Which {
    let values: Option<Vec<&Expr>> =
        sets.iter().map(|set| set.value.value().filter(|value| !value.columns().is_empty())).collect();
    let has_value =
        values.and_then(|values| values.into_iter().map(not_null).reduce(|all, one| Expr::binary(all, Binary::Or, one)));
    match has_value {
        Some(has_value) => and(lacking, has_value),
        None => lacking,
    }
}

/// Whether a condition holds only where a column is null.
fn says_null(which: &Which, column: &str) -> bool {
    which.condition().is_some_and(|condition| holds_for_null(condition, column))
}

fn holds_for_null(condition: &Expr, column: &str) -> bool {
    if *condition == null(&Expr::column(column)) {
        return true;
    }
    let Expr::Binary { first, rest } = condition else { return false };
    let operands = || std::iter::once(&**first).chain(rest.iter().map(|(_, operand)| operand));
    rest.iter().all(|(operator, _)| *operator == Binary::And) && operands().any(|operand| holds_for_null(operand, column))
}

fn null(operand: &Expr) -> Expr {
    Expr::IsNull { operand: Box::new(operand.clone()), negated: false }
}

fn not_null(operand: &Expr) -> Expr {
    Expr::IsNull { operand: Box::new(operand.clone()), negated: true }
}

fn and(which: Which, condition: Expr) -> Which {
    Which::Where(match which {
        // No statement of the user is about rows that another one recorded.
        Which::All | Which::Recorded(_) => condition,
        Which::Where(which) => Expr::binary(which, Binary::And, condition),
    })
}
