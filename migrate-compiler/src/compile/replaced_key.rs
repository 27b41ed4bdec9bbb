//! A key that replaces another one: its index is built before the old key is dropped, and one statement exchanges the two, so that the table is
//! never without a key (PostgreSQL's manual, "ALTER TABLE", "Examples").

use crate::compile::planned::PlannedStage;
use crate::compile::strategy::Stage;
use crate::ddl::{Change, Ddl};
use crate::name::Name;
use crate::naming::{free_name, is_used};
use crate::online::{ConstraintOf, Online, ReplacedKey};
use crate::schema::{Constraint, Rule, Schema};
use crate::transition::Transition;

/// What the name of an index begins with while the old key has the name that the new one gets.
const PREFIX: &str = "migrate_key_";

/// Moves what drops a key to where the key that follows it takes its index, in the changes of each operation.
pub(super) fn built_first(planned: &mut [Vec<PlannedStage>], steps: &[&Transition]) {
    for place in 0..planned.len() {
        let Some((table, old)) = only(&planned[place]).and_then(dropped_key) else { continue };
        let Some((at, new)) = taken(&planned[place + 1..], &table, &old) else { continue };
        let at = place + 1 + at;
        let index = index_name(&steps[at].before, &new, &old);
        let Some(drop) = planned[place].pop() else { continue };
        exchange(&mut planned[at], drop, &ReplacedKey { old, new, index });
        // Columns of the old key are not null as long as it is there.
        let later = place + 1..at;
        let moved =
            |stages: &mut Vec<PlannedStage>| stages.extract_if(.., |one| is_null_again(&one.stage, &table)).collect::<Vec<_>>();
        let moved: Vec<PlannedStage> = planned[later].iter_mut().flat_map(moved).collect();
        planned[at].extend(moved);
    }
}

/// The only change of an operation.
fn only(stages: &[PlannedStage]) -> Option<&Stage> {
    if let [one] = stages { Some(&one.stage) } else { None }
}

/// The key that a change drops and does nothing else.
fn dropped_key(stage: &Stage) -> Option<(Name, Constraint)> {
    let Stage::Joined(Ddl::AlterTable { name, changes, .. }) = stage else { return None };
    let [Change::DropConstraint(old)] = changes.as_slice() else { return None };
    (!old.rule.key_columns().is_empty()).then(|| (name.clone(), old.clone()))
}

/// The operation that adds a key of the same kind, and the key, where what comes before it can be done while the old key is there.
fn taken(planned: &[Vec<PlannedStage>], table: &Name, old: &Constraint) -> Option<(usize, ConstraintOf)> {
    let is_primary = |constraint: &Constraint| matches!(constraint.rule, Rule::PrimaryKey { .. });
    for (at, stages) in planned.iter().enumerate() {
        let key = stages.iter().find_map(|one| match &one.stage {
            Stage::Online(Online::TakeIndex(of)) if of.table == *table => Some(of.clone()),
            Stage::Online(_) | Stage::Joined(_) | Stage::Apart(_) | Stage::Program(..) => None,
        });
        let key = key.filter(|key| is_primary(&key.constraint) == is_primary(old));
        if key.is_some() || !stages.iter().all(|one| is_independent(&one.stage, table, old)) {
            return key.map(|key| (at, key));
        }
    }
    None
}

/// Whether a change of the table can be made while the old key is there, or after the new one has come.
fn is_independent(stage: &Stage, table: &Name, old: &Constraint) -> bool {
    match stage {
        Stage::Online(Online::AddUnchecked(of) | Online::Validate(of) | Online::BuildKey(of) | Online::TakeIndex(of)) => {
            of.table == *table && of.constraint.name() != old.name()
        }
        Stage::Online(Online::AddColumn(new) | Online::Fill(new) | Online::FillRest(new) | Online::Identify(new)) => {
            new.table == *table
        }
        Stage::Joined(Ddl::AlterTable { name, changes, .. }) => name == table && changes.iter().all(keeps_keys),
        Stage::Joined(_) | Stage::Apart(_) | Stage::Online(_) | Stage::Program(..) => false,
    }
}

/// Whether a change has nothing to do with keys that are there: `drop not null` comes after the old key has gone.
fn keeps_keys(change: &Change) -> bool {
    match change {
        Change::AddColumn(_) | Change::SetNotNull(_) | Change::DropNotNull(_) => true,
        Change::SetDefault(..) | Change::DropDefault(_) | Change::Comment(..) | Change::CommentTable(_) => true,
        // The check of a `set not null`.
        Change::DropConstraint(constraint) => constraint.rule.condition().is_some(),
        Change::AddConstraint(_) | Change::DropColumn(_) | Change::RenameColumn { .. } | Change::SetType { .. } => false,
        Change::SetCounter { .. } | Change::RenameConstraint { .. } | Change::AlterConstraint { .. } => false,
        Change::RenameSequence { .. } => false,
    }
}

/// Whether a change is `drop not null`.
fn is_null_again(stage: &Stage, table: &Name) -> bool {
    let Stage::Joined(Ddl::AlterTable { name, changes, .. }) = stage else { return false };
    name == table && matches!(changes.as_slice(), [Change::DropNotNull(_)])
}

/// Builds the index under its name, and drops the old key in the statement that takes it.
fn exchange(stages: &mut [PlannedStage], drop: PlannedStage, key: &ReplacedKey) {
    let mut drop = Some(drop);
    for one in stages {
        match &one.stage {
            Stage::Online(Online::BuildKey(_)) => {
                let built = Stage::Online(Online::BuildKey(key.built()));
                one.parts.iter_mut().for_each(|(_, part)| part.stage = built.clone());
                one.stage = built;
            }
            Stage::Online(Online::TakeIndex(_)) => {
                let Some(drop) = drop.take() else { continue };
                one.stage = Stage::Online(Online::ReplaceKey(key.clone()));
                one.parts.splice(0..0, drop.parts);
                one.operations.splice(0..0, drop.operations);
                one.touches.add(drop.touches);
            }
            Stage::Online(_) | Stage::Joined(_) | Stage::Apart(_) | Stage::Program(..) => {}
        }
    }
}

/// What the index is called until the key takes it: as the key, unless the old key still has that name.
fn index_name(before: &Schema, new: &ConstraintOf, old: &Constraint) -> String {
    let name = new.constraint.name();
    if name != old.name() {
        return name.to_owned();
    }
    free_name(PREFIX, name, |name| is_used(before, &new.table.sibling(name)))
}
