//! Indexes.

use crate::name::Name;
use crate::problem::Role;
use crate::schema::{Column, Index, Key};
use crate::sql::sqlite::limits::{lasting, no_schema};
use crate::sql::sqlite::writer::writer;
use crate::sql::{Sql, Unsupported, quote};

/// What gives another value at another time.
const FLEETING: &[&str] = &["now", "uuid", "gen_random_uuid", "current_timestamp", "current_date", "current_time"];

/// `CREATE INDEX …`
pub(super) fn create(table: &Name, columns: &[Column], index: &Index) -> Sql {
    no_schema(table)?;
    options(index)?;
    for expression in index.keys.iter().map(|key| &key.value).chain(&index.filter) {
        lasting(expression, "an index", FLEETING)?;
    }
    let unique = if index.unique { "UNIQUE " } else { "" };
    let keys = index.keys.iter().map(|key| self::key(columns, key)).collect::<Result<Vec<_>, _>>()?.join(", ");
    let mut sql = format!("CREATE {unique}INDEX {} ON {} ({keys})", quote::ident(index.name()), quote::name(table));
    if let Some(filter) = &index.filter {
        sql += &format!(" WHERE {}", writer(columns).expr(filter)?);
    }
    Ok(sql)
}

/// `DROP INDEX …`
pub(super) fn drop(index: &Index) -> String {
    format!("DROP INDEX {}", quote::ident(index.name()))
}

/// What only PostgreSQL's indexes have.
fn options(index: &Index) -> Result<(), Unsupported> {
    let unsupported = |word: &str, what: String| Err(Unsupported::new(Role::Option, word, what));
    match index.method.as_deref() {
        None | Some("btree") => {}
        Some(method) => return unsupported(method, format!("`using {method}` is not supported on SQLite")),
    }
    if !index.include.is_empty() {
        return unsupported("include", "`include` is not supported on SQLite".to_owned());
    }
    if index.nulls_not_distinct {
        return unsupported("nulls not distinct", "`nulls not distinct` is not supported on SQLite".to_owned());
    }
    Ok(())
}

fn key(columns: &[Column], key: &Key) -> Sql {
    if let Some(class) = &key.class {
        return Err(Unsupported::new(Role::Option, class, format!("the operator class `{class}` is not supported on SQLite")));
    }
    // PostgreSQL puts nulls last unless `desc`, SQLite first unless `desc`: an index sorts either way, so only what was asked counts.
    if key.nulls_first.is_some_and(|first| first == key.descending) {
        let (word, what) = if key.descending { ("nulls first", "a descending") } else { ("nulls last", "an ascending") };
        return Err(Unsupported::new(Role::Option, word, format!("`{word}` for {what} key is not supported on SQLite")));
    }
    let value = writer(columns).expr(&key.value)?;
    // Alone, in parentheses too, a string is the name of a column to SQLite.
    let value = if value.starts_with('\'') && key.value.columns().is_empty() { format!("({value} || '')") } else { value };
    Ok(if key.descending { format!("{value} DESC") } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;
    use crate::expr::{Binary, CurrentValue, Expr};

    #[test]
    fn an_index_of_what_is_another_value_tomorrow_is_unsupported() {
        let filter = |value| Some(example::binary(Binary::Less, Expr::column("at"), value));
        let sql = |value| create(&"t".into(), &[], &Index { filter: filter(value), ..example::index(["at"]) });
        assert!(sql(Expr::Current(CurrentValue::Date)).is_err());
        assert!(sql(Expr::Call { function: "now".into(), arguments: Vec::new() }).is_err());
        assert!(sql(Expr::Text("2024-05-01".into())).is_ok());
    }
}
