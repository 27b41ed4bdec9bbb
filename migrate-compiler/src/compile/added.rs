//! Checks that are made with a new column, on a server that does not check the rows then.
//!
//! SQLite checks them from 3.37 on (its "Release History"). The one value that all rows have of the column may still be one that the
//! check refuses, and then each later change of such a row would fail.

use migrate_history::Version;

use crate::ddl::{Change, Ddl};
use crate::schema::{Rule, Table};
use crate::sql::quote;
use crate::sql::registry::{dialect, features, writer};

/// What checks the rows, after a change in place.
pub(super) fn checks(ddl: &Ddl, server: Version) -> Vec<String> {
    let looks_by_itself = features(server.database).looks_at_rows_since.is_none_or(|since| server.number >= since);
    let Ddl::AlterTable { name, after, changes, .. } = ddl else { return Vec::new() };
    if looks_by_itself {
        return Vec::new();
    }
    let added = changes.iter().filter_map(|change| if let Change::AddConstraint(new) = change { Some(new.name()) } else { None });
    let check = |constraint: &str| {
        let condition = condition(after, constraint)?;
        let sql = writer(server.database, &after.columns).expr(condition).ok()?;
        let violations = format!("SELECT count(*) FROM {} WHERE NOT ({sql})", quote::name(name));
        dialect(server.database).check_references(&violations, &format!("rows of `{name}` in violation of `{condition}`"))
    };
    added.filter_map(check).collect()
}

/// The condition of a check, as it is after all changes.
fn condition<'t>(table: &'t Table, name: &str) -> Option<&'t crate::expr::Expr> {
    let constraint = table.constraints.iter().find(|constraint| constraint.name() == name)?;
    if let Rule::Check { condition } = &constraint.rule { Some(condition) } else { None }
}
