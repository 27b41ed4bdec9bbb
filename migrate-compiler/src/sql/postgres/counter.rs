//! A column that is numbered from now on, otherwise than before, or no more.

use crate::name::Name;
use crate::schema::{Column, Counter, CounterKind};
use crate::sql::postgres::{column, types};
use crate::sql::{Unsupported, quote};

/// The statements that change what numbers a column. The numbers go on after the highest one of its rows.
pub(super) fn set(table: &Name, old: &Column, to: Option<&Counter>) -> Result<Vec<String>, Unsupported> {
    let alter = |what: &str| format!("ALTER TABLE {} ALTER COLUMN {} {what}", quote::name(table), quote::ident(&old.name));
    match (&old.counter, to) {
        (Some(from), Some(to)) if is_same_sequence(from, to) => {
            Ok(vec![alter(&format!("SET GENERATED {}", column::generated(to.kind)))])
        }
        (from, to) => {
            let mut statements = from.as_ref().map(|from| taken(table, from, alter)).unwrap_or_default();
            if let Some(to) = to {
                statements.extend(given(table, old, to, alter)?);
            }
            Ok(statements)
        }
    }
}

/// Whether the numbers go on after the highest one of the rows, which must be looked for.
pub(super) fn looks_for_highest(old: &Column, to: Option<&Counter>) -> bool {
    to.is_some_and(|to| !old.counter.as_ref().is_some_and(|from| is_same_sequence(from, to)))
}

/// Whether the one identity only becomes another one.
fn is_same_sequence(from: &Counter, to: &Counter) -> bool {
    is_identity(from) && is_identity(to) && from.sequence == to.sequence
}

fn is_identity(counter: &Counter) -> bool {
    match counter.kind {
        CounterKind::Identity | CounterKind::Always => true,
        CounterKind::Serial => false,
    }
}

fn sequence(table: &Name, counter: &Counter) -> String {
    quote::name(&table.sibling(counter.sequence.as_str()))
}

fn taken(table: &Name, from: &Counter, alter: impl Fn(&str) -> String) -> Vec<String> {
    if is_identity(from) {
        return vec![alter("DROP IDENTITY")];
    }
    vec![alter("DROP DEFAULT"), format!("DROP SEQUENCE {}", sequence(table, from))]
}

fn given(table: &Name, old: &Column, to: &Counter, alter: impl Fn(&str) -> String) -> Result<Vec<String>, Unsupported> {
    let sequence = sequence(table, to);
    let (name, owner) = (quote::ident(&old.name), quote::name(table));
    let mut statements = if is_identity(to) {
        vec![alter(&format!("ADD GENERATED {} AS IDENTITY (SEQUENCE NAME {sequence})", column::generated(to.kind)))]
    } else {
        let ty = types::name(&old.ty).map_err(|unsupported| column::at_type(unsupported, old))?;
        vec![
            format!("CREATE SEQUENCE {sequence} AS {ty} OWNED BY {owner}.{name}"),
            alter(&format!("SET DEFAULT nextval({}::regclass)", quote::text(&sequence))),
        ]
    };
    let (sequence, counted) = (quote::text(&sequence), format!("coalesce(max({name}) >= 1, FALSE)"));
    statements.push(format!("SELECT setval({sequence}::regclass, greatest(max({name}), 1), {counted}) FROM {owner}"));
    Ok(statements)
}
