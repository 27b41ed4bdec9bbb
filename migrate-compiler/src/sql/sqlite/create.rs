//! Tables and their constraints.

use std::borrow::Cow;

use crate::name::Name;
use crate::problem::Role;
use crate::schema::{Constraint, Rule, Table, Timing};
use crate::sql::sqlite::column;
use crate::sql::sqlite::limits::{lasting, no_schema};
use crate::sql::sqlite::writer::writer;
use crate::sql::{Unsupported, table as shared};

/// The table under a name, its references to itself written to its final name.
pub(super) fn table(name: &Name, final_name: &Name, body: &Table) -> Result<String, Unsupported> {
    no_schema(final_name)?;
    if body.columns.is_empty() {
        let what = "a table without columns is not supported on SQLite";
        return Err(Unsupported::new(Role::Table, final_name.to_string(), what).help("add a column"));
    }
    let body = &with_own_keys(body);
    let mut entries = Vec::new();
    for column in &body.columns {
        entries.push(column::definition(body, column)?);
    }
    // SQLite 3.40 cannot rename a column whose integer primary key is written after a unique constraint over it.
    let is_primary = |constraint: &&Constraint| matches!(constraint.rule, Rule::PrimaryKey { .. });
    let (primary, others): (Vec<&Constraint>, Vec<&Constraint>) = body.constraints.iter().partition(is_primary);
    for constraint in primary.into_iter().chain(others).filter(|constraint| !column::carries(body, constraint)) {
        entries.push(self::constraint(body, constraint)?);
    }
    Ok(shared::create(name, &entries))
}

/// The table with the names that its keys have: one that is kept has those from before, for SQLite would rebuild it to change them, and
/// keys share their names with nothing there.
fn with_own_keys(body: &Table) -> Cow<'_, Table> {
    let Some(kept) = &body.kept else { return Cow::Borrowed(body) };
    let mut own = body.clone();
    for constraint in &mut own.constraints {
        let was = kept.parts.iter().find(|(_, is)| is == constraint.name()).map(|(was, _)| was.clone());
        constraint.name = was.or(constraint.name.take());
    }
    Cow::Owned(own)
}

/// A constraint of a table.
pub(super) fn constraint(body: &Table, constraint: &Constraint) -> Result<String, Unsupported> {
    let unsupported = |what: &str| Err(Unsupported::new(Role::Constraint, constraint.name(), what));
    match &constraint.rule {
        Rule::Unique { nulls_not_distinct: true, .. } => return unsupported("`nulls not distinct` is not supported on SQLite"),
        Rule::PrimaryKey { .. } | Rule::Unique { .. } if constraint.timing != Timing::Immediate => {
            return unsupported("`deferrable` is supported on SQLite for foreign keys only");
        }
        Rule::ForeignKey(key) if !key.set_columns.is_empty() => {
            let what = format!("`on delete {} (…)` for some of the columns is not supported on SQLite", key.on_delete.words());
            let unsupported = Unsupported::new(Role::Constraint, constraint.name(), what);
            return Err(unsupported.help(format!("write `on delete {}`", key.on_delete.words())));
        }
        Rule::ForeignKey(key) => no_schema(&key.table)?,
        Rule::Check { condition } => lasting(condition, "a check", &["now", "current_timestamp"])?,
        Rule::PrimaryKey { .. } | Rule::Unique { .. } => {}
    }
    shared::constraint(&writer(&body.columns), constraint)
}
