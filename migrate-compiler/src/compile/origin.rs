//! What the record of the migrations so far tells about a finding: who made, changed or dropped what it is about.

use crate::compile::upgrade::Upgrade;
use crate::footprint::{Footprint, Part, Path, Record, RevisionNumber};
use crate::name::Name;
use crate::problem::{Origin, PieceId, Problem};
use crate::schema::Schema;
use crate::sql::registry::where_true;
use crate::state::State;
use crate::transition::Transition;

/// The finding with what is known of its origin as its note.
pub(super) fn explained(problem: Problem, before: &State, upgrades: &[Upgrade<'_>]) -> Problem {
    let (Some(origin), Some(piece)) = (&problem.origin, problem.piece) else { return problem };
    let note = upgrades.iter().find_map(|upgrade| match origin {
        Origin::Made(path) => made(path, before, upgrade, piece),
        Origin::Dropped(path) => dropped(path, before, upgrade, piece),
    });
    Problem { note: note.or(problem.note.clone()), ..problem }
}

/// "it was created or last changed in `m0007`"
fn made(path: &Path, before: &State, upgrade: &Upgrade<'_>, piece: PieceId) -> Option<String> {
    let record = record_after(&upgrade.record, upgrade.steps().filter(|step| step.piece < piece), before.now());
    let revision = earlier(before, record.last_writer(path)?)?;
    Some(format!("it was created or last changed in `{revision}`"))
}

/// "it was dropped or renamed in `m0007`"
pub(super) fn dropped(path: &Path, before: &State, upgrade: &Upgrade<'_>, piece: PieceId) -> Option<String> {
    let removes = |step: &Transition| is_in(path, &step.before) && !is_in(path, &step.after);
    if upgrade.steps().any(|step| step.piece < piece && removes(step)) {
        return Some("it was dropped or renamed earlier in this migration".to_owned());
    }
    // Who wrote what is not there removed it; who made its table never had it.
    let writer = upgrade.record.writers(path).pop_last().filter(|_| !is_in(path, &upgrade.start))?;
    Some(format!("it was dropped or renamed in `{}`", earlier(before, writer)?))
}

/// The id of a revision, if it is one of an earlier migration that is known by its id.
fn earlier(before: &State, revision: RevisionNumber) -> Option<&str> {
    let id = before.revisions.get(revision as usize).filter(|id| revision < before.now() && !id.is_empty());
    id.map(AsRef::as_ref)
}

/// Whether a schema has something, in letters of either case where a database does not tell them apart.
pub(super) fn is_in(path: &Path, schema: &Schema) -> bool {
    let folds = where_true(schema, |features| features.names_fold_case).is_some();
    let same = |one: &str, other: &str| if folds { one.eq_ignore_ascii_case(other) } else { one == other };
    let mut holders = schema.tables().holders(&path.of);
    let is_table = |name: &Name| name.schema == path.of.schema && same(&name.name, &path.of.name);
    let mut tables = schema.tables().holders(&path.of).filter(|(name, _)| is_table(name));
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
pub(super) fn record_after<'s>(record: &Record, steps: impl Iterator<Item = &'s Transition>, now: RevisionNumber) -> Record {
    let mut record = record.clone();
    for step in steps {
        let mut footprint = Footprint::default();
        step.operation.touches(&step.before, &mut footprint);
        record.note(&footprint.folded(&step.before.databases), now);
    }
    record
}
