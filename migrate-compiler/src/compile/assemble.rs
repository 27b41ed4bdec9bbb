//! The compiled migration, of everything that was worked out.

use std::collections::{BTreeMap, BTreeSet};

use migrate_history::{
    Basis, Compiled, Grade, Guard, Keeping, KeptObject, KeptPlace, Level, List, Migration, Script, Text, checksum, older,
};

use crate::canonical::{Form, in_form};
use crate::compile::basis::basis;
use crate::compile::downgrade::Downgrade;
use crate::compile::drops::Drops;
use crate::compile::guard::guards;
use crate::compile::keeping::keeping;
use crate::compile::losses::losses;
use crate::compile::lower::lower;
use crate::compile::parked::Keepable;
use crate::compile::unwind::BothWays;
use crate::compile::upgrade::Upgrade;
use crate::compile::written::written;
use crate::draft::Draft;
use crate::footprint::Footprint;
use crate::name::Written;
use crate::operation::Operation;
use crate::problem::{PieceId, Problem, Problems, Role, Slot};
use crate::schema::{Schema, Table};
use crate::sql::guard::Way;
use crate::state::{Settings, State};
use crate::transition::Transition;

/// What a migration is put together of.
pub(super) struct Parts<'p> {
    /// The state after its parents.
    pub before: &'p State,
    /// How it is written.
    pub draft: &'p Draft,
    /// Its message.
    pub message: &'p str,
    /// What it does, on the databases of each schema.
    pub upgrades: &'p [Upgrade<'p>],
    /// What undoes that.
    pub downgrades: &'p [Downgrade],
}

/// Puts the migration together. Rules `unsupported`, `server_version` and `require`.
pub(super) fn migration(parts: &Parts<'_>, footprints: &mut [Footprint], problems: &mut Problems) -> Option<Migration> {
    let Parts { before, draft, message, upgrades, downgrades } = *parts;
    let losses = losses(upgrades, downgrades, draft);
    let irreversible = downgrades.iter().find_map(|downgrade| downgrade.irreversible.clone());
    let level = level(&losses, irreversible.as_deref());
    let basis = basis(upgrades, downgrades);
    require(before, draft, Grade { level, basis }, &losses, problems);
    let operations = canonical(draft, upgrades);
    let first = in_form(Form::First, || canonical(draft, upgrades));
    let older = (first != operations).then(|| older(&first));
    let mut scripts = Vec::new();
    for ((upgrade, downgrade), footprint) in upgrades.iter().zip(downgrades).zip(footprints) {
        let each = upgrade.start.databases.iter();
        let ways = |database| BothWays { upgrade, downgrade, draft, database, settings: &before.settings };
        let worked_out = WorkedOut { drops: Drops::new(upgrade, downgrade), keepable: Keepable::default() };
        scripts.extend(each.map(|database| script(ways(*database), &worked_out, footprint, problems)));
    }
    scripts.sort_by_key(|script| script.database);
    let texts = |list: Vec<String>| list.into_iter().map(Text::from).collect::<Vec<Text>>();
    if !problems.is_empty() {
        return None;
    }
    // Its parents are left to who knows them, in the checksum too.
    let checksum = checksum::<&str, _, _>(&[], &operations, &written(draft));
    let compiled = Compiled {
        message: message.to_owned().into(),
        operations: texts(operations).into(),
        older: older.map(Text::from),
        level,
        basis,
        losses: texts(losses.into_iter().collect()).into(),
        irreversible: irreversible.map(Text::from),
        notes: texts(problems.remarks().iter().cloned().chain(notes(upgrades, downgrades)).collect()).into(),
        scripts: scripts.into(),
    };
    Some(Migration::new("", Vec::new(), checksum, compiled))
}

/// Rules `unsupported` and `server_version`, where something else is wrong too: of the statements before the first mistake, for what follows has a
/// schema that may be another one.
pub(super) fn unsupported(upgrade: &Upgrade<'_>, settings: &Settings, problems: &mut Problems) {
    let done = upgrade.statements.iter().take_while(|one| one.sound && !problems.has(one.piece.id));
    let done: Vec<&Transition> = done.map(|one| &one.step).collect();
    for database in upgrade.start.databases.iter() {
        lower(done.iter().copied(), (*database, settings), &mut Footprint::default(), problems);
    }
}

/// Every operation as a statement of the language, in the order of the migration.
fn canonical(draft: &Draft, upgrades: &[Upgrade<'_>]) -> Vec<String> {
    let steps: BTreeMap<PieceId, &Operation> =
        upgrades.iter().rev().flat_map(Upgrade::steps).map(|step| (step.piece, &step.operation)).collect();
    let text = |piece: &crate::draft::Piece| piece.canonical_as(steps.get(&piece.id).copied().unwrap_or(&piece.operation));
    draft.pieces.iter().map(text).collect()
}

/// What is the same on every database of an upgrade.
struct WorkedOut<'w> {
    drops: Drops<'w>,
    keepable: Keepable,
}

fn script(ways: BothWays<'_>, worked_out: &WorkedOut<'_>, footprint: &mut Footprint, problems: &mut Problems) -> Script {
    let BothWays { upgrade, downgrade, database, settings, .. } = ways;
    let WorkedOut { drops, keepable } = worked_out;
    let known = problems.len();
    let up = lower(upgrade.steps(), (database, settings), footprint, problems);
    // What cannot be done cannot be undone, and is reported once.
    let is_lowered = downgrade.irreversible.is_none() && problems.len() == known;
    let down = if is_lowered { lower(&downgrade.steps, (database, settings), footprint, problems) } else { Vec::new() };
    let before = guards(upgrade.steps(), &upgrade.start, (database, Way::Upgrade));
    let after = guards(&downgrade.steps, &upgrade.end, (database, Way::Downgrade));
    Script {
        database,
        upgrade: guarded(ways.of_upgrade(up), &before.into()).into(),
        downgrade: guarded(ways.of_downgrade(down), &after.into()).into(),
        drops: drops.tallies(database).into(),
        moves: drops.moves().into_iter().map(Text::from).collect(),
        keep: is_lowered.then(|| keepable.script(ways)).flatten().map(Box::new),
    }
}

/// What is asked before the first of the steps.
fn guarded(mut steps: Vec<migrate_history::Step>, guards: &List<Guard>) -> Vec<migrate_history::Step> {
    steps.first_mut().into_iter().for_each(|first| first.guards.clone_from(guards));
    steps
}

fn level(losses: &BTreeSet<String>, irreversible: Option<&str>) -> Level {
    match (irreversible, losses.is_empty()) {
        (Some(_), _) => Level::Irreversible,
        (None, true) => Level::Exact,
        (None, false) => Level::Schema,
    }
}

/// Rule `require`: the level is lower than the migration or the history accepts.
fn require(before: &State, draft: &Draft, grade: Grade, losses: &BTreeSet<String>, problems: &mut Problems) {
    let Some(lowest) = draft.require.into_iter().chain(before.settings.require).min() else { return };
    if grade <= lowest {
        return;
    }
    let own = draft.require == Some(lowest);
    let who = if own { "this migration" } else { "the history" };
    let its = if own { "its level" } else { "the level of this migration" };
    // What `require schema` accepts may be stated: there is a downgrade, and the plan says what it does not bring back.
    let required = if lowest.level == Level::Schema { lowest.level.word() } else { lowest.text() };
    let message = format!("{who} requires level `{required}`, and {its} is `{grade}`");
    let slot = Slot::new(Role::Require, lowest.level.word());
    let problem = |message: String| Problem::new("require", slot, message);
    problems.push(match (grade.level, grade.basis) {
        (Level::Exact, Basis::Proved | Basis::Stated) => problem(message)
            .help(if own { "write `require exact (stated);`" } else { "write `require: exact (stated);` in `history!`" })
            .note("the compiler does not read raw SQL or Rust functions, and does not check what is stated about them"),
        (Level::Schema, Basis::Proved | Basis::Stated) => {
            let losses: Vec<&str> = losses.iter().map(String::as_str).collect();
            problem(message).help(LOWER).note(format!("a downgrade does not restore {}", losses.join(" and ")))
        }
        (Level::Irreversible, Basis::Proved | Basis::Stated) => problem(message).help(LOWER).note("it contains `irreversible`"),
    });
}

/// How a level that is too low is accepted.
const LOWER: &str = "keep the data, or lower the `require` level";

/// What a reader of the plan should know.
fn notes(upgrades: &[Upgrade<'_>], downgrades: &[Downgrade]) -> Vec<String> {
    let mut notes = Vec::new();
    for (upgrade, downgrade) in upgrades.iter().zip(downgrades) {
        notes.extend(upgrade.steps().flat_map(keeping).filter_map(kept));
        let Some(end) = downgrade.steps.last().map(|last| &last.after) else { continue };
        notes.extend(moved(&upgrade.start, end));
        notes.extend(called(downgrade));
    }
    notes.dedup();
    notes
}

/// A function of the downgrade is in no ledger: a program that does not have the migration cannot undo it.
fn called(downgrade: &Downgrade) -> Option<String> {
    let mut names: Vec<&str> = downgrade.steps.iter().filter_map(|step| Some(&*step.operation.program()?.path)).collect();
    names.dedup();
    let (last, others) = names.split_last()?;
    let functions = if others.is_empty() { "function" } else { "functions" };
    let names = others.iter().chain([last]).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    Some(format!("the downgrade calls the Rust {functions} {names}, so only a program that has this migration can undo it"))
}

/// What is put aside, and where.
fn kept(keeping: Keeping) -> Option<String> {
    match keeping {
        Keeping::Kept(KeptObject { object, place: KeptPlace { schema: _, table, column }, digest: _ }) => {
            Some(format!("{object} is kept as `{}`", Written(column.as_deref().unwrap_or(&table))))
        }
        Keeping::Moved { .. } | Keeping::Restored(_) | Keeping::Dropped(_) => None,
    }
}

/// The tables whose columns come back in another order.
fn moved<'a>(start: &'a Schema, end: &'a Schema) -> impl Iterator<Item = String> + 'a {
    start.changed(end).into_iter().filter_map(|(name, table, after)| {
        let names = |table: &'a Table| table.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>();
        let (table, after) = (table?, after?);
        let (was, is) = (names(table), names(after));
        let (place, column) = is.iter().enumerate().rev().find(|(place, column)| was.get(*place) != Some(column))?;
        let last = if place + 1 == table.columns.len() { "the last column of" } else { "at another position in" };
        Some(format!("after a downgrade, `{}` is {last} `{name}`", Written(column)))
    })
}
