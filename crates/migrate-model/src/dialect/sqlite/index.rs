//! Indexes.

use crate::dialect::sqlite::no_schema;
use crate::dialect::{Sql, Unsupported, expression, quote};
use crate::history::Database;
use crate::name::Name;
use crate::problem::Role;
use crate::schema::{Index, Key};

/// `CREATE INDEX …`
pub(super) fn create(table: &Name, index: &Index) -> Sql {
    no_schema(table)?;
    options(index)?;
    let unique = if index.unique { "UNIQUE " } else { "" };
    let keys = index.keys.iter().map(key).collect::<Result<Vec<_>, _>>()?.join(", ");
    let mut sql = format!("CREATE {unique}INDEX {} ON {} ({keys})", quote::ident(index.name()), quote::name(table));
    if let Some(filter) = &index.filter {
        sql += &format!(" WHERE {}", expression(Database::Sqlite, &[], filter)?);
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
        Some(method) => return unsupported(method, format!("SQLite has no indexes `using {method}`")),
    }
    if !index.include.is_empty() {
        return unsupported("include", "SQLite has no `include` in an index".to_owned());
    }
    if index.nulls_not_distinct {
        return unsupported("nulls not distinct", "SQLite has no `nulls not distinct`".to_owned());
    }
    Ok(())
}

fn key(key: &Key) -> Sql {
    if let Some(class) = &key.class {
        return Err(Unsupported::new(Role::Option, class, format!("SQLite has no operator class `{class}`")));
    }
    // PostgreSQL puts nulls last unless `desc`, SQLite first unless `desc`: an index sorts either way, so only what was asked counts.
    if key.nulls_first.is_some_and(|first| first == key.descending) {
        let (word, what) =
            if key.descending { ("nulls first", "first in a descending") } else { ("nulls last", "last in an ascending") };
        return Err(Unsupported::new(Role::Option, word, format!("SQLite cannot put nulls {what} index")));
    }
    let value = expression(Database::Sqlite, &[], &key.value)?;
    Ok(if key.descending { format!("{value} DESC") } else { value })
}
