//! What takes back the stages of an operation of which only the first are done.

use std::sync::Arc;

use super::constraint;
use super::stage::Stage;
use crate::ddl::{Change, Ddl};
use crate::name::Name;
use crate::online::{ConstraintOf, FilledColumns, FilledRows, Online};
use crate::schema::Table;

/// What undoes the stages that are done, in the order in which it runs; `None` where this is unknown.
pub(in crate::compile) fn undone(done: &[Stage]) -> Option<Vec<Stage>> {
    // Whatever was done to a new column goes with it.
    let done = if matches!(done.first(), Some(Stage::Online(Online::AddColumn(_)))) { &done[..1] } else { done };
    let taken = done.iter().any(|stage| matches!(stage, Stage::Online(Online::TakeIndex(_))));
    // A constraint that has its index takes it along.
    let is_left = |stage: &&Stage| !(taken && matches!(stage, Stage::Online(Online::BuildKey(_))));
    let each: Option<Vec<Vec<Stage>>> = done.iter().rev().filter(is_left).map(of_stage).collect();
    each.map(|stages| stages.into_iter().flatten().collect())
}

/// What removes all that is left of a stage that has begun outside of a transaction; `None` where this is unknown.
pub(in crate::compile) fn settled(begun: &Stage) -> Option<Vec<Stage>> {
    match begun {
        Stage::Online(Online::BuildIndex(of) | Online::DiscardIndex(of)) => Some(vec![discarded(of.clone())]),
        Stage::Online(Online::BuildKey(of)) => Some(vec![discarded(of.index())]),
        Stage::Online(Online::DropIndex(of)) => Some(vec![discarded(of.clone()), Stage::Online(Online::BuildIndex(of.clone()))]),
        // The values of a column that goes.
        Stage::Online(Online::Fill(_)) => Some(Vec::new()),
        Stage::Online(Online::Backfill(filled)) => left_behind(filled),
        Stage::Online(Online::AddUnchecked(_) | Online::Validate(_) | Online::TakeIndex(_) | Online::AddColumn(_)) => None,
        Stage::Online(Online::FillRest(_) | Online::Identify(_) | Online::ReplaceKey(_)) => None,
        Stage::Joined(_) | Stage::Apart(_) | Stage::Program(..) => None,
    }
}

fn discarded(of: crate::online::IndexOf) -> Stage {
    Stage::Online(Online::DiscardIndex(of))
}

fn of_stage(stage: &Stage) -> Option<Vec<Stage>> {
    match stage {
        Stage::Online(online) => of_online(online),
        Stage::Joined(Ddl::CreateTable { name, .. }) => Some(vec![Stage::Joined(Ddl::DropTable { name: name.clone() })]),
        Stage::Apart(Ddl::AlterTable { name, before, after, changes }) => {
            let each: Option<Vec<Vec<Stage>>> =
                changes.iter().rev().map(|change| of_change(name, [before, after], change)).collect();
            each.map(|stages| stages.into_iter().flatten().collect())
        }
        Stage::Joined(_) | Stage::Apart(_) | Stage::Program(..) => None,
    }
}

fn of_online(online: &Online) -> Option<Vec<Stage>> {
    match online {
        Online::BuildIndex(of) => Some(vec![Stage::Online(Online::DropIndex(of.clone()))]),
        Online::DropIndex(of) | Online::DiscardIndex(of) => Some(vec![Stage::Online(Online::BuildIndex(of.clone()))]),
        Online::BuildKey(of) => Some(vec![Stage::Online(Online::DropIndex(of.index()))]),
        Online::AddUnchecked(of) | Online::TakeIndex(of) => Some(vec![without(of)]),
        Online::Validate(_) | Online::Fill(_) | Online::FillRest(_) => Some(Vec::new()),
        Online::AddColumn(new) => {
            let body = Arc::new(Table::default());
            Some(vec![changed(&new.table, [&body, &body], Change::DropColumn(new.column.clone()))])
        }
        Online::Backfill(filled) => left_behind(filled),
        Online::Identify(_) | Online::ReplaceKey(_) => None,
    }
}

/// What takes back the values that rows have got: nothing where they go with their columns. Which rows have got others is not known.
fn left_behind(filled: &FilledRows) -> Option<Vec<Stage>> {
    match filled.columns {
        FilledColumns::New => Some(Vec::new()),
        FilledColumns::Known => None,
    }
}

fn of_change(name: &Name, [before, after]: [&Arc<Table>; 2], change: &Change) -> Option<Vec<Stage>> {
    match change {
        Change::AddConstraint(new) => Some(vec![changed(name, [after, before], Change::DropConstraint(new.clone()))]),
        Change::DropConstraint(old) => Some(constraint::add(name, before, old)),
        Change::AddColumn(_) | Change::DropColumn(_) | Change::RenameColumn { .. } | Change::SetType { .. } => None,
        Change::SetNotNull(_) | Change::DropNotNull(_) | Change::SetDefault(..) | Change::DropDefault(_) => None,
        Change::SetCounter { .. } | Change::RenameConstraint { .. } | Change::AlterConstraint { .. } => None,
        Change::Comment(..) | Change::CommentTable(_) | Change::RenameSequence { .. } => None,
    }
}

fn without(of: &ConstraintOf) -> Stage {
    changed(&of.table, [&of.body, &of.body], Change::DropConstraint(of.constraint.clone()))
}

fn changed(name: &Name, [before, after]: [&Arc<Table>; 2], change: Change) -> Stage {
    let (before, after) = (Arc::clone(before), Arc::clone(after));
    Stage::Apart(Ddl::AlterTable { name: name.clone(), before, after, changes: vec![change] })
}
