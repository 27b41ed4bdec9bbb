//! What depends on which of two things was made first: keys that foreign keys are tied to, and objects that were dropped.

use std::collections::BTreeSet;

use crate::check::user;
use crate::compile::origin::{dropped, is_in, record_after};
use crate::compile::upgrade::Upgrade;
use crate::effect::{DroppedKey, Lives};
use crate::footprint::{Part, Path, Record, RevisionNumber};
use crate::name::Name;
use crate::operation::{key_used, referring};
use crate::problem::{PieceId, Problem, Problems};
use crate::schema::{Constraint, Index, Table};
use crate::sql::registry::where_true;
use crate::state::State;
use crate::transition::Transition;

/// What somebody wrote, up and down. What is inferred of a downgrade drops only what the upgrade made, and makes what it dropped.
pub(super) struct Statements<'u> {
    /// The state after the parents.
    pub before: &'u State,
    /// The upgrade.
    pub upgrade: &'u Upgrade<'u>,
    /// The downgrade, inferred or written.
    pub downgrade: &'u [Transition],
}

impl Statements<'_> {
    fn steps(&self) -> Vec<&Transition> {
        let statements: BTreeSet<PieceId> = self.upgrade.steps().map(|step| step.piece).collect();
        self.upgrade.steps().chain(self.downgrade.iter().filter(|step| !statements.contains(&step.piece))).collect()
    }

    /// Rule `key_used`, where a key is dropped and another one of the same columns stays: PostgreSQL ties a foreign key to one of
    /// them.
    pub fn tied_keys(&self, problems: &mut Problems) {
        let steps = self.steps();
        let (mut record, mut noted) = (self.upgrade.record.clone(), 0);
        for (place, step) in steps.iter().enumerate() {
            let drops_keys = step.operation.effects(&step.before).drops_keys;
            if drops_keys.is_empty() || where_true(&step.before, |features| features.foreign_keys_are_tied).is_none() {
                continue;
            }
            record = record_after(&record, steps[noted..place].iter().copied(), self.before.now());
            noted = place;
            let sure = drops_keys.iter().filter(|key| !step.before.unsure.words.contains(&key.slot.name));
            let found = sure.filter_map(|key| tied(key, step, &record));
            problems.of(step.piece, |problems| found.for_each(|problem| problems.push(problem)));
        }
    }

    /// Rule `unknown_object`, for what is made in an object that was dropped. One that no migration made may be there all the same.
    pub fn dropped_objects(&self, problems: &mut Problems) {
        for step in self.steps() {
            let Some(Lives { kind, name, slot }) = step.operation.effects(&step.before).lives_in else { continue };
            let path = Path::new(&name, Part::Object(kind));
            if is_in(&path, &step.before) {
                continue;
            }
            let Some(why) = dropped(&path, self.before, self.upgrade, step.piece) else { continue };
            let problem = Problem::new("unknown_object", slot, format!("unknown {} `{name}`", kind.word()));
            let problem = problem.help(format!("write before it: `create {} {name};`", kind.word())).note(why);
            problems.of(step.piece, |problems| problems.push(problem));
        }
    }
}

fn tied(key: &DroppedKey, step: &Transition, record: &Record) -> Option<Problem> {
    let table = step.after.table(&key.table).filter(|table| table.is_key(&key.columns))?;
    let users = referring(&step.after, &key.table, &key.columns)
        .filter(|(user, constraint)| may_be_tied(key, table, (user, constraint), record));
    let problem = key_used(key.slot.clone(), users.map(|(by, constraint)| user::constraint(by, constraint)).collect())?;
    Some(problem.note("PostgreSQL binds a foreign key to the oldest of several matching keys"))
}

/// Whether PostgreSQL may have tied a foreign key to the key that was dropped, although another one of the same columns stays: it
/// takes the oldest index that fits when the foreign key is made (`tablecmds.c`, `transformFkeyCheckAttrs`), and does so again when
/// a column changes its type.
fn may_be_tied(dropped: &DroppedKey, table: &Table, (user, constraint): (&Name, &Constraint), record: &Record) -> bool {
    let since = |of: &Name, part: Part| record.last_writer(&Path::new(of, part));
    let key = since(&dropped.table, dropped.part.clone());
    let foreign_key = since(user, Part::Constraint(constraint.name().to_owned()));
    let retyped = |column: &String| record.writers(&Path::new(&dropped.table, Part::Type(column.clone()))).pop_last();
    let constraints = table.key_constraints(&dropped.columns).map(|one| Part::Constraint(one.name().to_owned()));
    let indexes = table.key_indexes(&dropped.columns).map(|index: &Index| Part::Index(index.name().to_owned()));
    let others = constraints.chain(indexes).map(|part| since(&dropped.table, part));
    let is_older = |other: Option<RevisionNumber>| other < key && other <= foreign_key;
    dropped.columns.iter().any(|column| retyped(column) > key) || key <= foreign_key && !others.into_iter().any(is_older)
}
