//! How a change is made so that the application goes on: a recipe turns a change of a table that others use into several, each a step
//! of its own. A table that the migration created is not used yet, and is changed at once.
//!
//! A recipe reads the schema and what the database has, never its words.

mod backfill;
mod column;
mod constraint;
mod index;
mod not_null;
mod stage;
mod table;
mod undone;

use migrate_history::Mode;

use crate::ddl::{Change, Ddl};
use crate::sql::registry::features;

pub(super) use stage::{Site, Stage};
pub(super) use table::left_before;
pub(super) use undone::{settled, undone};

/// The changes in the order in which they are made.
pub(super) fn stages(site: Site<'_>, ddl: Ddl) -> Vec<Stage> {
    if let Ddl::Program { path, calls, .. } = &ddl {
        let mode = Mode::Program { name: path.clone().into(), calls: *calls };
        return vec![Stage::Program(ddl, mode)];
    }
    if let Ddl::Rows(changed) = ddl {
        return backfill::fill(site, changed);
    }
    if !features(site.database).changes_online {
        return vec![Stage::Joined(ddl)];
    }
    match ddl {
        Ddl::CreateTable { name, table } => table::create(site, name, &table),
        Ddl::DropTable { name } => table::drop(site, name),
        Ddl::CreateIndex { table, body, index } => index::create(site, table, body, index),
        Ddl::DropIndex { table, index } => index::drop(site, table, index),
        Ddl::AlterTable { ref name, ref changes, .. } if site.is_used(name) && !changes.is_empty() => altered(site, ddl),
        Ddl::AlterTable { .. } | Ddl::RenameTable { .. } | Ddl::RenameIndex { .. } => vec![Stage::Joined(ddl)],
        Ddl::Object { .. } | Ddl::Rows(_) => vec![Stage::Joined(ddl)],
        Ddl::AlterEnum(ref altered) if altered.loses_values() => vec![Stage::Apart(ddl)],
        Ddl::AlterEnum(_) => vec![Stage::Joined(ddl)],
        Ddl::Raw { .. } | Ddl::Program { .. } => vec![Stage::Joined(ddl)],
    }
}

/// The changes of a table that is used, each by its recipe.
fn altered(site: Site<'_>, ddl: Ddl) -> Vec<Stage> {
    let Ddl::AlterTable { name, before, after, changes } = ddl else { return vec![Stage::Joined(ddl)] };
    let alter =
        |changes: Vec<Change>| Ddl::AlterTable { name: name.clone(), before: before.clone(), after: after.clone(), changes };
    let one = |change: Change| match change {
        Change::AddConstraint(ref new) => constraint::add(&name, &after, new),
        Change::DropConstraint(ref old) if old.foreign_key().is_some() => vec![Stage::Apart(alter(vec![change]))],
        Change::SetNotNull(column) => not_null::set((&name, &after), &column, backfill::again(site, &name, &column), alter),
        Change::AddColumn(ref new) => {
            column::add(&name, &after, new, alter).unwrap_or_else(|| vec![Stage::Joined(alter(vec![change]))])
        }
        Change::DropColumn(_) | Change::RenameColumn { .. } | Change::SetType { .. } | Change::DropNotNull(_) => {
            vec![Stage::Joined(alter(vec![change]))]
        }
        Change::SetDefault(..) | Change::DropDefault(_) | Change::Comment(..) | Change::CommentTable(_) => {
            vec![Stage::Joined(alter(vec![change]))]
        }
        Change::SetCounter { .. }
        | Change::DropConstraint(_)
        | Change::RenameConstraint { .. }
        | Change::RenameSequence { .. } => {
            vec![Stage::Joined(alter(vec![change]))]
        }
        Change::AlterConstraint { .. } => vec![Stage::Apart(alter(vec![change]))],
    };
    changes.into_iter().flat_map(one).collect()
}
