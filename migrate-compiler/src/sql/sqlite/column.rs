//! Columns.

use crate::expr::{Expr, Unary};
use crate::name::Written;
use crate::problem::Role;
use crate::schema::{Column, Constraint, CounterKind, Rule, Table, Timing};
use crate::sql::sqlite::writer::writer;
use crate::sql::sqlite::{cast, literal, types};
use crate::sql::{Sql, Unsupported, quote};
use crate::types::Type;

/// `"name" TYPE NOT NULL DEFAULT …`
pub(super) fn definition(table: &Table, column: &Column) -> Sql {
    if column.counter.is_some() {
        return counted(table, column);
    }
    let ty = types::name(&column.ty).map_err(|mut unsupported| {
        unsupported.slot.name.clone_from(&column.name);
        unsupported
    })?;
    let mut sql = format!("{} {ty}", quote::ident(&column.name));
    if !column.nullable {
        sql += " NOT NULL";
    }
    if let Some(default) = &column.default {
        let value = writer(&[]).assigned(default, &column.ty)?;
        sql += &if is_constant(default, &column.ty) { format!(" DEFAULT {value}") } else { format!(" DEFAULT ({value})") };
    }
    if let Type::Enum(of) = &column.ty {
        sql += &format!(" CHECK ({} IN ({}))", quote::ident(&column.name), cast::listing(of));
    }
    Ok(sql)
}

/// A numbered column: SQLite numbers the primary key, and nothing else (manual, "SQLite Autoincrement").
fn counted(table: &Table, column: &Column) -> Sql {
    if column.counter.as_ref().is_some_and(|counter| counter.kind == CounterKind::Always) {
        let what = "`identity always` is not supported on SQLite";
        return Err(Unsupported::new(Role::Type, &column.name, what).help("write `identity`"));
    }
    let key = table.constraints.iter().find(|constraint| carries(table, constraint));
    match key.filter(|key| key.rule.key_columns() == std::slice::from_ref(&column.name)) {
        Some(key) => {
            let (name, key) = (quote::ident(&column.name), quote::ident(key.name()));
            Ok(format!("{name} INTEGER NOT NULL CONSTRAINT {key} PRIMARY KEY AUTOINCREMENT"))
        }
        None => {
            let what = "on SQLite a numbered column must be the primary key";
            Err(Unsupported::new(Role::Type, &column.name, what)
                .help(format!("write `{}: bigint primary key identity`", Written(&column.name))))
        }
    }
}

/// Whether a column's own definition says the constraint: the primary key of a numbered column.
pub(super) fn carries(table: &Table, constraint: &Constraint) -> bool {
    let Rule::PrimaryKey { columns } = &constraint.rule else { return false };
    let [only] = columns.as_slice() else { return false };
    constraint.timing == Timing::Immediate && table.column(only).is_some_and(|column| column.counter.is_some())
}

/// Whether the table numbers its rows, so that a number is never given twice.
pub(super) fn is_numbered(table: &Table) -> bool {
    table.constraints.iter().any(|constraint| carries(table, constraint))
}

/// Whether a default is one value, which a column that is added may have.
pub(super) fn is_constant(default: &Expr, ty: &Type) -> bool {
    if let Expr::Text(text) = default {
        return literal::constant(text, ty).is_some();
    }
    if let Expr::Unary { operator: Unary::Minus, operand } = default {
        return matches!(**operand, Expr::Number(_));
    }
    matches!(default, Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::Bytes(_))
}
