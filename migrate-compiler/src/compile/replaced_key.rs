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
        let later = |stages: &mut Vec<PlannedStage>| {
            stages.extract_if(.., |one| order(&one.stage, &table) == Some(KeyOrder::Later)).collect::<Vec<_>>()
        };
        let later: Vec<PlannedStage> = planned[place + 1..at].iter_mut().flat_map(later).collect();
        planned[at].extend(later);
    }
}

/// When a change is made that is written between the drop of a key and its successor.
#[derive(Clone, Copy, PartialEq, Eq)]
enum KeyOrder {
    /// Where it is written: it has nothing to do with keys that are there.
    Earlier,
    /// After the successor has come: what it drops may belong to the old key.
    Later,
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

/// The operation that adds a key of the same kind, and the key, where all that is written before it can be made earlier or later.
fn taken(planned: &[Vec<PlannedStage>], table: &Name, old: &Constraint) -> Option<(usize, ConstraintOf)> {
    let is_primary = |constraint: &Constraint| matches!(constraint.rule, Rule::PrimaryKey { .. });
    let mut between: Vec<KeyOrder> = Vec::new();
    for (at, stages) in planned.iter().enumerate() {
        let key = stages.iter().find_map(|one| match &one.stage {
            Stage::Online(Online::TakeIndex(of)) if of.table == *table => Some(of.clone()),
            Stage::Online(_) | Stage::Joined(_) | Stage::Apart(_) | Stage::Program(..) => None,
        });
        if let Some(key) = key.filter(|key| is_primary(&key.constraint) == is_primary(old)) {
            // What is made and what is dropped keep their order: both may be of one column or one name.
            let is_mixed = between.contains(&KeyOrder::Earlier) && between.contains(&KeyOrder::Later);
            let is_free = !drops(&planned[..at], key.constraint.name());
            return (is_free && !is_mixed).then_some((at, key));
        }
        let uses_name = stages.iter().any(|one| made_key(&one.stage) == Some(old.name()));
        let orders: Option<Vec<KeyOrder>> = stages.iter().map(|one| order(&one.stage, table)).collect();
        between.extend(orders.filter(|_| !uses_name)?);
    }
    None
}

/// The name of a key that a change makes.
fn made_key(stage: &Stage) -> Option<&str> {
    let Stage::Online(Online::BuildKey(of) | Online::TakeIndex(of)) = stage else { return None };
    Some(of.constraint.name())
}

/// Whether a constraint of this name is dropped.
fn drops(planned: &[Vec<PlannedStage>], name: &str) -> bool {
    let is_drop = |change: &Change| matches!(change, Change::DropConstraint(constraint) if constraint.name() == name);
    let has_drop = |one: &PlannedStage| match &one.stage {
        Stage::Joined(Ddl::AlterTable { changes, .. }) => !is_of_not_null(changes) && changes.iter().any(is_drop),
        Stage::Joined(_) | Stage::Apart(_) | Stage::Online(_) | Stage::Program(..) => false,
    };
    planned.iter().flatten().any(has_drop)
}

/// When a change of the table is made; `None` where its place matters.
fn order(stage: &Stage, table: &Name) -> Option<KeyOrder> {
    let (of, order) = match stage {
        Stage::Online(Online::AddUnchecked(of) | Online::Validate(of) | Online::BuildKey(of) | Online::TakeIndex(of)) => {
            (&of.table, KeyOrder::Earlier)
        }
        Stage::Online(Online::AddColumn(new) | Online::Fill(new) | Online::FillRest(new) | Online::Identify(new)) => {
            (&new.table, KeyOrder::Earlier)
        }
        Stage::Joined(Ddl::AlterTable { name, changes, .. }) if is_of_not_null(changes) => (name, KeyOrder::Earlier),
        Stage::Joined(Ddl::AlterTable { name, changes, .. }) => {
            let [change] = changes.as_slice() else { return None };
            (name, of_change(change)?)
        }
        Stage::Joined(_) | Stage::Apart(_) | Stage::Online(_) | Stage::Program(..) => return None,
    };
    (of == table).then_some(order)
}

/// Whether changes are the last part of a `set not null`, which drops its check.
fn is_of_not_null(changes: &[Change]) -> bool {
    matches!(changes, [Change::SetNotNull(_), Change::DropConstraint(_)])
}

fn of_change(change: &Change) -> Option<KeyOrder> {
    match change {
        Change::AddColumn(_) | Change::SetNotNull(_) | Change::SetDefault(..) => Some(KeyOrder::Earlier),
        Change::DropDefault(_) | Change::Comment(..) | Change::CommentTable(_) => Some(KeyOrder::Earlier),
        Change::DropColumn(_) | Change::DropConstraint(_) | Change::DropNotNull(_) => Some(KeyOrder::Later),
        Change::AddConstraint(_) | Change::RenameColumn { .. } | Change::SetType { .. } | Change::SetCounter { .. } => None,
        Change::RenameConstraint { .. } | Change::AlterConstraint { .. } | Change::RenameSequence { .. } => None,
    }
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
