//! The values of an enum: SQLite has no enums, so each table that has a column of one gets another check. And `default` as a value, which it
//! does not have either.

use crate::ddl::AlteredEnum;
use crate::problem::Role;
use crate::schema::Column;
use crate::sql::dialect::RowAge;
use crate::sql::sqlite::alter;
use crate::sql::sqlite::writer::writer;
use crate::sql::{Rendered, Sql, Unsupported};

/// The statements of the change.
pub(super) fn alter(altered: &AlteredEnum) -> Result<Rendered, Unsupported> {
    let mut all = Rendered::default();
    for table in &altered.tables {
        let Rendered { statements, rebuild } = alter::alter(&table.name, &table.before, &table.after, &table.changes)?;
        all.statements.extend(statements);
        all.rebuild = all.rebuild.and(rebuild);
    }
    Ok(all)
}

/// The default or generated value of a column in a row.
pub(super) fn defaulted(column: &Column, row: RowAge) -> Sql {
    match (&column.counter, row) {
        // It numbers a row of which it is given no number.
        (Some(_), RowAge::New) => Ok("NULL".to_owned()),
        (Some(_), RowAge::There) => {
            let what = "SQLite numbers new rows alone";
            Err(Unsupported::new(Role::Default, "default", what).help("write a number"))
        }
        (None, RowAge::New | RowAge::There) => {
            column.default.as_ref().map_or_else(|| Ok("NULL".to_owned()), |default| writer(&[]).assigned(default, &column.ty))
        }
    }
}
