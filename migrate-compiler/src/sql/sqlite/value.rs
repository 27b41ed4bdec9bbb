//! The values of an enum: SQLite has no enums, so each table that has a column of one gets another check.

use crate::ddl::AlteredEnum;
use crate::sql::sqlite::alter;
use crate::sql::{Rendered, Unsupported};

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
