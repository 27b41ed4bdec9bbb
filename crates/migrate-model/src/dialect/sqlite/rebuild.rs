//! A table built anew: what SQLite's `ALTER TABLE` cannot do.
//!
//! The procedure of the manual ("ALTER TABLE", section 7, "Making Other Kinds Of Table Schema Changes"), in its order: the new
//! table is made first and takes the old one's name at the end, since renaming the old one away would take the references of
//! other tables along. The executor switches foreign keys off before the transaction and looks at them before the commit.

use crate::ddl::Change;
use crate::dialect::sqlite::{cast, column, create, index};
use crate::dialect::{Rendered, Unsupported, expr, quote};
use crate::history::{Action, Database};
use crate::name::Name;
use crate::schema::{Index, Table};

/// Builds the table anew, once for all of the changes.
pub(super) fn rebuild(name: &Name, before: &Table, after: &Table, changes: &[Change]) -> Result<Rendered, Unsupported> {
    let temporary = Name::new(format!("_migrate_new_{}", name.name));
    let mut run = vec![create(&temporary, name, after)?];
    run.extend(copy(name, &temporary, before, after, changes)?);
    if column::is_numbered(before) && column::is_numbered(after) {
        run.extend(carry_number(name, &temporary));
    }
    run.push(format!("DROP TABLE {}", quote::name(name)));
    // Else the rename would look at views that name the table, which is not there for a moment, and rewrite other tables.
    run.push("PRAGMA legacy_alter_table = ON".to_owned());
    run.push(format!("ALTER TABLE {} RENAME TO {}", quote::name(&temporary), quote::ident(&name.name)));
    run.push("PRAGMA legacy_alter_table = OFF".to_owned());
    for new in &after.indexes {
        run.push(index::create(name, &after.columns, new)?);
    }
    let kept = kept(name, before.indexes.iter().chain(&after.indexes));
    let run = run.into_iter().map(|sql| (Action::Run, sql));
    let statements = std::iter::once((Action::Keep, kept.clone())).chain(run).chain([(Action::Restore, kept)]).collect();
    Ok(Rendered { statements, rebuild: true })
}

/// The query for what belongs to the table and is not in the model: triggers, and indexes that raw SQL made.
fn kept<'a>(name: &Name, known: impl Iterator<Item = &'a Index>) -> String {
    let mut known: Vec<String> = known.map(|index| quote::text(index.name())).collect();
    known.sort();
    known.dedup();
    let unknown = if known.is_empty() { String::new() } else { format!(" AND name NOT IN ({})", known.join(", ")) };
    format!(
        "SELECT sql FROM sqlite_schema WHERE tbl_name = {} COLLATE NOCASE AND sql IS NOT NULL AND (type = 'trigger' OR type = 'index'{unknown}) ORDER BY rowid",
        quote::text(&name.name)
    )
}

/// The rows of the old table into the new one.
fn copy(from: &Name, to: &Name, before: &Table, after: &Table, changes: &[Change]) -> Result<Option<String>, Unsupported> {
    let (mut columns, mut values) = (Vec::new(), Vec::new());
    for column in &after.columns {
        if let Some(value) = source(&column.name, before, changes)? {
            columns.push(column.name.clone());
            values.push(value);
        }
    }
    let (to, from) = (quote::name(to), quote::name(from));
    // Without a column in common there is nothing to copy but the number of rows.
    let copied = format!("INSERT INTO {to} ({}) SELECT {} FROM {from}", quote::idents(&columns), values.join(", "));
    Ok((!columns.is_empty()).then_some(copied))
}

/// Where the values of a column come from; `None` where it is new and gets its default.
fn source(name: &str, before: &Table, changes: &[Change]) -> Result<Option<String>, Unsupported> {
    let Some(old) = before.column(name) else { return Ok(None) };
    let mut value = quote::ident(&old.name);
    for change in changes {
        match change {
            Change::DropColumn(column) | Change::AddColumn(column) if column.name == name => return Ok(None),
            Change::SetType { column, to, using } if column.name == name => {
                value = match using {
                    Some(using) => expr::assigned(Database::Sqlite, &before.columns, using, to)?,
                    // SQLite takes any value in any column, so what another database would convert is converted here.
                    None => cast::assigned(value, &column.ty, to)?,
                }
            }
            Change::AddColumn(_) | Change::DropColumn(_) | Change::RenameColumn { .. } | Change::SetType { .. } => {}
            Change::SetNotNull(_) | Change::DropNotNull(_) | Change::SetDefault(..) | Change::DropDefault(_) => {}
            Change::Comment(..) | Change::AddConstraint(_) | Change::DropConstraint(_) => {}
            Change::RenameConstraint { .. } | Change::AlterConstraint { .. } => {}
        }
    }
    Ok(Some(value))
}

/// Carries over the number that comes next, so that none is given twice.
fn carry_number(from: &Name, to: &Name) -> [String; 2] {
    let (from, to) = (quote::text(&from.name), quote::text(&to.name));
    [
        format!("DELETE FROM sqlite_sequence WHERE name = {to}"),
        format!("INSERT INTO sqlite_sequence (name, seq) SELECT {to}, seq FROM sqlite_sequence WHERE name = {from}"),
    ]
}
