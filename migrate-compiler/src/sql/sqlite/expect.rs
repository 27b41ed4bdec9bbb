//! What a table that is rebuilt must be on the database: what the migrations have made it.

use crate::name::Name;
use crate::schema::Table;
use crate::sql::Sql;
use crate::sql::sqlite::{create, index};

/// The table and its indexes as statements, `;` and a line's end between them.
pub(super) fn expect(name: &Name, table: &Table) -> Sql {
    let mut statements = vec![create::table(name, name, table)?];
    for known in &table.indexes {
        statements.push(index::create(name, &table.columns, known)?);
    }
    Ok(statements.join(";\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;
    use crate::types::Type;

    #[test]
    fn a_table_is_expected_with_its_indexes() {
        let columns = vec![example::column("id", Type::Integer)];
        let table = Table { columns, indexes: vec![example::index(["id"])], ..Table::default() };
        let text = expect(&"t".into(), &table).expect("SQLite has all of it");
        assert!(text.starts_with("CREATE TABLE \"t\" ("), "{text}");
        assert!(text.contains(";\nCREATE INDEX "), "{text}");
    }
}
