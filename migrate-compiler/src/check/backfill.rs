//! What must hold of rows that get values in batches.

use crate::expr::Expr;
use crate::name::{Name, Written};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::rows::NewValues;
use crate::schema::{Schema, Table};
use crate::typing::Frame;

/// Rule `backfill_key`: batches go by a key that they leave as it is, and that every row has. The update is the statement without batches.
pub fn key(table: &Name, key: Option<&[String]>, update: &str, problems: &mut Problems) {
    if key.is_some() {
        return;
    }
    let message = format!("`{table}` has no key by which a backfill can go through its rows");
    let slot = Slot::new(Role::Table, table.to_string());
    let help = format!("write `#[allow(update_in_one_transaction, reason = \"…\")] {update}`");
    let note =
        "a backfill goes by a primary key, a unique constraint or a unique index, none of whose columns is nullable or set by it";
    problems.push(Problem::new("backfill_key", slot, message).help(help).note(note));
}

/// Rule `backfill_reads`: a value is not made of what other rows have in a column that is set: of these some have it already, and which
/// depends on where the batches end.
pub fn reads(schema: &Schema, update: NewValues<'_>, body: &Table, problems: &mut Problems) {
    let NewValues { table, sets, from, which } = update;
    let frame = Frame::beside(table, body, from, schema.tables().into());
    let values = sets.iter().filter_map(|set| set.value.value()).chain(which.condition());
    let is_set = |column: &str| sets.iter().any(|set| set.column == column);
    let Some(column) = values.into_iter().find_map(|value| of_others(schema, (table, &frame), value, &is_set)) else { return };
    let message = format!("a backfill cannot read `{}` of other rows, which it sets in batches", Written(column));
    let problem = Problem::new("backfill_reads", Slot::new(Role::Table, table.to_string()), message);
    problems.push(problem.help(format!("write `#[allow(update_in_one_transaction, reason = \"…\")] update {update}`")));
}

/// A column of another row of the table that is one of these.
fn of_others<'e>(
    schema: &Schema,
    (own, frame): (&Name, &Frame<'_>),
    expr: &'e Expr,
    is_set: &dyn Fn(&str) -> bool,
) -> Option<&'e str> {
    // Where the statement reads other rows of its table, the table has another name.
    let is_other = |table: &Name| frame.table(table).is_some_and(|visible| visible.table == own && visible.alias.is_some());
    let mut found = None;
    expr.walk_own(&mut |part| {
        if let Expr::Qualified { table, column } = part
            && is_set(column)
            && is_other(table)
        {
            found = found.or(Some(column.as_str()));
        }
        let Some(query) = part.own_query() else { return };
        let inner = Frame::within(query, Some(schema.tables().into()), Some(frame));
        let mut parts = query.parts().into_iter();
        found = found.or_else(|| parts.find_map(|part| of_others(schema, (own, &inner), part, is_set)));
    });
    found
}
