//! Changes of a table: in place where SQLite can, else one rebuild for all of them.

use std::sync::Arc;

use crate::ddl::Change;
use crate::name::Name;
use crate::schema::{Column, Constraint, Rule, Table, Timing};
use crate::sql::sqlite::create::constraint;
use crate::sql::sqlite::writer::writer;
use crate::sql::sqlite::{column, rebuild};
use crate::sql::table::references;
use crate::sql::{Rendered, Unsupported, quote};

/// The statements of the changes.
pub(super) fn alter(name: &Name, before: &Arc<Table>, after: &Arc<Table>, changes: &[Change]) -> Result<Rendered, Unsupported> {
    match in_place(name, before, after, changes)? {
        Some(statements) => Ok(Rendered::run(statements)),
        None => rebuild::rebuild(name, before, after, changes),
    }
}

/// The changes in place; `None` where one of them needs a rebuild (manual, "ALTER TABLE", sections 2 to 6).
fn in_place(name: &Name, before: &Table, after: &Table, changes: &[Change]) -> Result<Option<Vec<String>>, Unsupported> {
    let mut statements: Vec<String> = Vec::new();
    let table = quote::name(name);
    // The column that was added last, and the statement that adds it: a constraint of it alone can be said there.
    let mut added: Option<(usize, &Column)> = None;
    let mut columns = before.columns.len();
    for change in changes {
        match change {
            Change::AddColumn(column) if can_be_added(column) => {
                added = Some((statements.len(), column));
                columns += 1;
                statements.push(format!("ALTER TABLE {table} ADD COLUMN {}", column::definition(after, column)?));
            }
            Change::AddConstraint(new) => {
                let Some((place, column)) = added else { return Ok(None) };
                let Some(sql) = with_column(column, after, new)? else { return Ok(None) };
                if let Some(statement) = statements.get_mut(place) {
                    statement.push_str(&sql);
                }
            }
            // SQLite keeps the last column of a table, also where another one comes after it.
            Change::DropColumn(_) if columns == 1 => return Ok(None),
            Change::DropColumn(column) => {
                columns -= 1;
                statements.push(format!("ALTER TABLE {table} DROP COLUMN {}", quote::ident(&column.name)));
            }
            Change::RenameColumn { from, to } => {
                statements.push(format!("ALTER TABLE {table} RENAME COLUMN {} TO {}", quote::ident(from), quote::ident(to)));
            }
            // SQLite keeps no comments, and numbers rows without a sequence that has a name.
            Change::Comment(..) | Change::CommentTable(_) | Change::RenameSequence { .. } => {}
            Change::AddColumn(_) | Change::SetType { .. } | Change::SetNotNull(_) | Change::DropNotNull(_) => return Ok(None),
            Change::SetCounter { .. } => return Ok(None),
            Change::SetDefault(..) | Change::DropDefault(_) | Change::DropConstraint(_) => return Ok(None),
            // A table that is kept keeps the names of its keys, which share them with nothing.
            Change::RenameConstraint { constraint, to } if is_kept(before, after, (constraint.name(), to)) => {}
            Change::RenameConstraint { .. } | Change::AlterConstraint { .. } => return Ok(None),
        }
    }
    Ok(Some(statements))
}

/// Whether a key gets another name because its table is kept from now on, or no more.
fn is_kept(before: &Table, after: &Table, (from, to): (&str, &str)) -> bool {
    let has = |table: &Table, one: &str, other: &str| {
        table.kept.as_ref().is_some_and(|kept| kept.parts.iter().any(|(was, is)| was == one && is == other))
    };
    before.kept != after.kept && (has(after, from, to) || has(before, to, from))
}

/// Whether `ADD COLUMN` takes it: null or one value for the rows that are there.
fn can_be_added(column: &Column) -> bool {
    let constant = column.default.as_ref().is_none_or(|default| column::is_constant(default, &column.ty));
    column.counter.is_none() && constant && (column.nullable || column.default.is_some())
}

/// A constraint as a part of the column that was just added, where that is possible.
fn with_column(column: &Column, after: &Table, new: &Constraint) -> Result<Option<String>, Unsupported> {
    if new.rule.columns() != [column.name.as_str()] {
        return Ok(None);
    }
    constraint(after, new)?;
    let name = quote::ident(new.name());
    Ok(match &new.rule {
        // With another default SQLite would have to look at the rows, and refuses.
        Rule::ForeignKey(key) if column.default.is_none() => {
            Some(format!(" CONSTRAINT {name} {}{}", references(key), crate::sql::table::timing(new.timing)))
        }
        Rule::Check { condition } if new.timing == Timing::Immediate => {
            Some(format!(" CONSTRAINT {name} CHECK ({})", writer(&after.columns).expr(condition)?))
        }
        Rule::ForeignKey(_) | Rule::Check { .. } | Rule::PrimaryKey { .. } | Rule::Unique { .. } => None,
    })
}
