//! What the record of the migrations so far tells about a finding, and what depends on which of two things was made first.

use std::collections::BTreeSet;

use crate::check::user;
use crate::compile::upgrade::Upgrade;
use crate::fact::{DroppedKey, Lives};
use crate::footprint::{Footprint, Part, Path, Record, Revision};
use crate::name::Name;
use crate::operation::{key_used, referring};
use crate::problem::{Origin, PieceId, Problem, Problems};
use crate::schema::{Constraint, Index, Schema, Table};
use crate::sql::registry::where_true;
use crate::state::State;
use crate::step::Step;

/// The finding with what is known of its origin as its note.
pub(super) fn told(problem: Problem, before: &State, upgrades: &[Upgrade<'_>]) -> Problem {
    let (Some(origin), Some(piece)) = (&problem.origin, problem.piece) else { return problem };
    let note = upgrades.iter().find_map(|upgrade| match origin {
        Origin::Made(path) => made(path, before, upgrade, piece),
        Origin::Dropped(path) => dropped(path, before, upgrade, piece),
    });
    Problem { note: note.or(problem.note.clone()), ..problem }
}

/// "it was made or last changed in `m0007`"
fn made(path: &Path, before: &State, upgrade: &Upgrade<'_>, piece: PieceId) -> Option<String> {
    let record = record_after(&upgrade.record, upgrade.steps().filter(|step| step.piece < piece), before.now());
    let revision = earlier(before, record.last_writer(path)?)?;
    Some(format!("it was made or last changed in `{revision}`"))
}

/// "it was dropped or renamed in `m0007`"
fn dropped(path: &Path, before: &State, upgrade: &Upgrade<'_>, piece: PieceId) -> Option<String> {
    let removes = |step: &Step| is_in(path, &step.before) && !is_in(path, &step.after);
    if upgrade.steps().any(|step| step.piece < piece && removes(step)) {
        return Some("it was dropped or renamed earlier in this migration".to_owned());
    }
    // Who wrote what is not there removed it; who made its table never had it.
    let writer = upgrade.record.writers(path).pop_last().filter(|_| !is_in(path, &upgrade.start))?;
    Some(format!("it was dropped or renamed in `{}`", earlier(before, writer)?))
}

/// The id of a revision, if it is one of an earlier migration that is known by its id.
fn earlier(before: &State, revision: Revision) -> Option<&str> {
    let id = before.revisions.get(revision as usize).filter(|id| revision < before.now() && !id.is_empty());
    id.map(AsRef::as_ref)
}

/// Whether a schema has something, in letters of either case where a database does not tell them apart.
fn is_in(path: &Path, schema: &Schema) -> bool {
    let folds = where_true(schema, |features| features.names_fold_case).is_some();
    let same = |one: &str, other: &str| if folds { one.eq_ignore_ascii_case(other) } else { one == other };
    let mut holders = schema.tables.holders(&path.of);
    let is_table = |name: &Name| name.schema == path.of.schema && same(&name.name, &path.of.name);
    let mut tables = schema.tables.holders(&path.of).filter(|(name, _)| is_table(name));
    match &path.part {
        Part::Name => holders.next().is_some(),
        Part::All | Part::Itself | Part::PrimaryKey | Part::Comment | Part::Rows => tables.next().is_some(),
        Part::Column(name) | Part::Type(name) | Part::Null(name) | Part::Default(name) | Part::ColumnComment(name) => {
            tables.any(|(_, table)| table.columns.iter().any(|column| same(&column.name, name)))
        }
        Part::Object(kind) => schema.object(*kind, &path.of).is_some(),
        Part::Constraint(name) => tables.any(|(_, table)| table.constraints.iter().any(|one| same(one.name(), name))),
        Part::Index(name) => tables.any(|(_, table)| table.indexes.iter().any(|index| same(index.name(), name))),
    }
}

/// The record where steps of the migration were done.
fn record_after<'s>(record: &Record, steps: impl Iterator<Item = &'s Step>, now: Revision) -> Record {
    let mut record = record.clone();
    for step in steps {
        let mut footprint = Footprint::default();
        step.operation.touches(&step.before, &mut footprint);
        record.note(&footprint.folded(&step.before.databases), now);
    }
    record
}

/// What somebody wrote, up and down. What is inferred of a downgrade drops only what the upgrade made, and makes what it dropped.
pub(super) struct Written<'u> {
    /// The state that the parents leave behind.
    pub before: &'u State,
    /// The upgrade.
    pub upgrade: &'u Upgrade<'u>,
    /// The downgrade, inferred or written.
    pub downgrade: &'u [Step],
}

impl Written<'_> {
    fn steps(&self) -> Vec<&Step> {
        let statements: BTreeSet<PieceId> = self.upgrade.steps().map(|step| step.piece).collect();
        self.upgrade.steps().chain(self.downgrade.iter().filter(|step| !statements.contains(&step.piece))).collect()
    }

    /// Rule `key_used`, where a key is dropped and another one of the same columns stays: PostgreSQL ties a foreign key to one of
    /// them.
    pub fn tied_keys(&self, problems: &mut Problems) {
        let steps = self.steps();
        let (mut record, mut noted) = (self.upgrade.record.clone(), 0);
        for (place, step) in steps.iter().enumerate() {
            let drops_keys = step.operation.facts(&step.before).drops_keys;
            if drops_keys.is_empty() || where_true(&step.before, |features| features.foreign_keys_are_tied).is_none() {
                continue;
            }
            record = record_after(&record, steps[noted..place].iter().copied(), self.before.now());
            noted = place;
            let sure = drops_keys.iter().filter(|key| !step.before.unsure.contains(&key.slot.name));
            let found = sure.filter_map(|key| tied(key, step, &record));
            problems.of(step.piece, |problems| found.for_each(|problem| problems.push(problem)));
        }
    }

    /// Rule `unknown_object`, for what is made in an object that was dropped. One that no migration made may be there all the same.
    pub fn dropped_objects(&self, problems: &mut Problems) {
        for step in self.steps() {
            let Some(Lives { kind, name, slot }) = step.operation.facts(&step.before).lives_in else { continue };
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

fn tied(key: &DroppedKey, step: &Step, record: &Record) -> Option<Problem> {
    let table = step.after.table(&key.table).filter(|table| table.is_key(&key.columns))?;
    let users = referring(&step.after, &key.table, &key.columns)
        .filter(|(user, constraint)| may_be_tied(key, table, (user, constraint), record));
    let problem = key_used(key.slot.clone(), users.map(|(by, constraint)| user::constraint(by, constraint)).collect())?;
    Some(problem.note("PostgreSQL ties a foreign key to one of several keys, the oldest one"))
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
    let is_older = |other: Option<Revision>| other < key && other <= foreign_key;
    dropped.columns.iter().any(|column| retyped(column) > key) || key <= foreign_key && !others.into_iter().any(is_older)
}
