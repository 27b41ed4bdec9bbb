//! Columns, and their sequences.

use crate::expr::Expr;
use crate::name::Name;
use crate::naming::plain_sequence_name;
use crate::print::precedence;
use crate::schema::{Column, Counter, CounterKind};
use crate::sql::postgres::types;
use crate::sql::postgres::writer::writer;
use crate::sql::{Sql, Unsupported, quote};
use crate::types::Type;

/// `"name" type NOT NULL DEFAULT …`
pub(super) fn definition(table: &Name, column: &Column) -> Sql {
    let serial = is_plain_serial(table, column);
    let ty = match (&column.ty, serial) {
        (Type::BigInt, true) => "bigserial".to_owned(),
        (Type::SmallInt, true) => "smallserial".to_owned(),
        (_, true) => "serial".to_owned(),
        (ty, false) => types::name(ty).map_err(|unsupported| at_type(unsupported, column))?,
    };
    let mut sql = format!("{} {ty}", quote::ident(&column.name));
    if !column.nullable {
        sql += " NOT NULL";
    }
    if let Some(default) = column.default.as_ref().filter(|_| !serial) {
        let value = writer(&[]).assigned(default, &column.ty)?;
        // The text after DEFAULT in a column is a `b_expr` of PostgreSQL's grammar, which knows no `and`, `in` or `at time zone`.
        sql += &if precedence(default) < 12 { format!(" DEFAULT ({value})") } else { format!(" DEFAULT {value}") };
    }
    if let Some(counter) = column.counter.as_ref().filter(|counter| counter.kind != CounterKind::Serial) {
        sql += &format!(" GENERATED {} AS IDENTITY", generated(counter.kind));
        if counter.sequence != plain_sequence_name(&table.name, &column.name) {
            sql += &format!(" (SEQUENCE NAME {})", quote::name(&table.sibling(counter.sequence.as_str())));
        }
    }
    Ok(sql)
}

/// When PostgreSQL numbers a row: where no number is given, or in any case.
pub(super) fn generated(kind: CounterKind) -> &'static str {
    match kind {
        CounterKind::Identity | CounterKind::Serial => "BY DEFAULT",
        CounterKind::Always => "ALWAYS",
    }
}

/// Puts a finding at the column's type.
pub(super) fn at_type(mut unsupported: Unsupported, column: &Column) -> Unsupported {
    unsupported.slot.name.clone_from(&column.name);
    unsupported
}

/// The sequence of a serial that PostgreSQL would not name or default this way.
fn odd_serial<'c>(table: &Name, column: &'c Column) -> Option<&'c Counter> {
    let counter = column.counter.as_ref()?;
    (counter.kind == CounterKind::Serial && !is_plain_serial(table, column)).then_some(counter)
}

/// Whether the word `serial` makes exactly this column.
fn is_plain_serial(table: &Name, column: &Column) -> bool {
    column.counter.as_ref().is_some_and(|counter| {
        let named = counter.sequence == plain_sequence_name(&table.name, &column.name);
        let next = column.default == Some(Expr::Nextval(table.sibling(counter.sequence.as_str())));
        counter.kind == CounterKind::Serial && named && next && !column.nullable
    })
}

/// What must run before a column that the word `serial` does not make.
pub(super) fn sequence(table: &Name, column: &Column) -> Result<Option<String>, Unsupported> {
    let Some(counter) = odd_serial(table, column) else { return Ok(None) };
    let name = quote::name(&table.sibling(counter.sequence.as_str()));
    Ok(Some(format!("CREATE SEQUENCE {name} AS {}", types::name(&column.ty)?)))
}

/// What must run after it: the sequence goes with its column.
pub(super) fn owned(table: &Name, column: &Column) -> Option<String> {
    let counter = odd_serial(table, column)?;
    let sequence = quote::name(&table.sibling(counter.sequence.as_str()));
    Some(format!("ALTER SEQUENCE {sequence} OWNED BY {}.{}", quote::name(table), quote::ident(&column.name)))
}

/// A serial's sequence gets the column's new type too: else it would end where the old type does. An identity's is changed by PostgreSQL.
pub(super) fn counts_on(table: &Name, column: &Column, to: &Type) -> Result<Option<String>, Unsupported> {
    let Some(counter) = column.counter.as_ref().filter(|counter| counter.kind == CounterKind::Serial) else { return Ok(None) };
    let sequence = quote::name(&table.sibling(counter.sequence.as_str()));
    Ok(Some(format!("ALTER SEQUENCE {sequence} AS {}", types::name(to)?)))
}

/// `COMMENT ON COLUMN …`, where there is one to make.
pub(super) fn comment(table: &Name, column: &str, comment: Option<&str>) -> Option<String> {
    Some(format!("COMMENT ON COLUMN {}.{} IS {}", quote::name(table), quote::ident(column), quote::text(comment?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn the_sequence_of_a_serial_grows_with_its_column() {
        let mut column = example::column("id", Type::Integer).counted(CounterKind::Serial);
        column.counter.iter_mut().for_each(|counter| counter.sequence = "t_id_seq".into());
        let sql = counts_on(&"t".into(), &column, &Type::BigInt).ok().flatten();
        assert_eq!(sql.as_deref(), Some("ALTER SEQUENCE \"t_id_seq\" AS bigint"));
    }

    #[test]
    fn a_default_of_several_words_stands_in_parentheses() {
        let now = Expr::Call { function: "now".into(), arguments: Vec::new() };
        let default = Expr::AtTimeZone { operand: Box::new(now.clone()), zone: Box::new(Expr::Text("UTC".into())) };
        let sql = |default| definition(&"t".into(), &example::column("at", Type::Timestamp).defaulting(default)).ok();
        assert_eq!(sql(default).as_deref(), Some("\"at\" timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')"));
        assert_eq!(sql(now).as_deref(), Some("\"at\" timestamp NOT NULL DEFAULT now()"));
    }
}
