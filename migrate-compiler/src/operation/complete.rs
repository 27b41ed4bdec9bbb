//! What the user may leave out of a column or a constraint, and the schema knows.

use crate::expr::Expr;
use crate::name::Name;
use crate::naming;
use crate::schema::{Column, Constraint, CounterKind, Rule, Schema, Table};

/// Names the sequence of a column, and creates a serial's default.
pub(super) fn complete_counter(before: &Schema, table: &Name, column: &mut Column) {
    let Some(counter) = &mut column.counter else { return };
    if counter.sequence.is_empty() {
        counter.sequence = naming::sequence_name(before, table, &column.name);
        if counter.kind == CounterKind::Serial && column.default.is_none() {
            column.default = Some(Expr::Nextval(table.sibling(counter.sequence.as_str())));
        }
    }
}

/// Lets a foreign key without columns refer to the primary key.
pub(super) fn complete_references(before: &Schema, owner: &Name, own_key: &[String], constraint: &mut Constraint) {
    if let Rule::ForeignKey(key) = &mut constraint.rule
        && key.references.is_empty()
    {
        let other = before.table(&key.table).map(Table::primary_key);
        key.references = if key.table == *owner { own_key } else { other.unwrap_or_default() }.to_vec();
    }
}
