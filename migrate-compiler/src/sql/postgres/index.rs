//! Indexes.

use crate::expr::Expr;
use crate::name::Name;
use crate::schema::{Column, Index, Key};
use crate::sql::postgres::writer::writer;
use crate::sql::{Sql, quote};

/// `DROP INDEX …`
pub(super) fn drop(table: &Name, index: &Index) -> String {
    format!("DROP INDEX {}", quote::name(&table.sibling(index.name())))
}

/// `CREATE INDEX …`
pub(super) fn create(table: &Name, columns: &[Column], index: &Index) -> Sql {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let keys = index.keys.iter().map(|key| self::key(columns, key)).collect::<Result<Vec<_>, _>>()?.join(", ");
    let mut sql = format!("CREATE {unique}INDEX {} ON {}", quote::ident(index.name()), quote::name(table));
    if let Some(method) = &index.method {
        sql += &format!(" USING {}", quote::folded(method));
    }
    sql += &format!(" ({keys})");
    if !index.include.is_empty() {
        sql += &format!(" INCLUDE ({})", quote::idents(&index.include));
    }
    if index.nulls_not_distinct {
        sql += " NULLS NOT DISTINCT";
    }
    if let Some(filter) = &index.filter {
        sql += &format!(" WHERE {}", writer(columns).expr(filter)?);
    }
    Ok(sql)
}

fn key(columns: &[Column], key: &Key) -> Sql {
    let value = writer(columns).expr(&key.value)?;
    let mut sql = if matches!(key.value, Expr::Column(_)) { value } else { format!("({value})") };
    if let Some(class) = &key.class {
        sql += &format!(" {}", quote::folded(class));
    }
    if key.descending {
        sql += " DESC";
    }
    match key.nulls_first {
        Some(true) => sql += " NULLS FIRST",
        Some(false) => sql += " NULLS LAST",
        None => {}
    }
    Ok(sql)
}
