//! What `downgrade --keep` does instead of the downgrade, and what the next upgrade takes back of it.
//!
//! On PostgreSQL nothing is copied: a table and a column get another name. On SQLite a table does too, and the values of a column are copied
//! into a separate table, by key: later migrations do not know the column, so that one of them would lose it where it rebuilds the table.

mod takes;
mod thing;

use std::cell::OnceCell;
use std::collections::HashMap;

use migrate_history::{KeepScript, Keeping, KeptObject, Mode, Rebuild, Step, Text, digest};

use self::takes::Restored;
use self::thing::{KeptHow, MadeThing, object, plain};
use crate::compile::apply::walk;
use crate::compile::downgrade::Downgrade;
use crate::compile::drops::Drops;
use crate::compile::guard::guards;
use crate::compile::keeping::definition;
use crate::compile::unwind::BothWays;
use crate::footprint::{Part, Path};
use crate::name::Written;
use crate::naming::kept_name;
use crate::operation::{Operation, exchange};
use crate::problem::PieceId;
use crate::sql::guard::Way;
use crate::sql::registry::features;
use crate::sql::side::SideTable;
use crate::trace::Trace;
use crate::transition::Transition;

/// What a migration and its downgrade leave to keep. It is worked out once for all databases, but for the values that one of them copies.
#[derive(Default)]
pub(super) struct Keepable {
    made: OnceCell<Vec<MadeThing>>,
    renamed: OnceCell<KeptModel>,
    copied: OnceCell<KeptModel>,
}

/// How each thing is kept, and what that is of the schema.
struct KeptModel {
    made: Vec<MadeThing>,
    /// The downgrade that keeps them.
    down: Downgrade,
    restored: Option<Restored>,
}

impl Keepable {
    /// What the downgrade does instead; `None` where it drops nothing that the migration made.
    pub fn script(&self, ways: BothWays<'_>) -> Option<KeepScript> {
        let made = self.made.get_or_init(|| made(ways));
        if made.is_empty() {
            return None;
        }
        let is_column = |one: &MadeThing| matches!(one.path.part, Part::Column(_));
        let copies = features(ways.database).loses_unknown_columns && made.iter().any(is_column);
        let kept = if copies { &self.copied } else { &self.renamed };
        keep_script(ways, kept.get_or_init(|| KeptModel::new(ways, made.clone())))
    }
}

impl KeptModel {
    fn new(ways: BothWays<'_>, mut made: Vec<MadeThing>) -> KeptModel {
        let steps = settle(ways, &mut made);
        let restored = Restored::new(ways, &made);
        KeptModel { made, down: Downgrade { steps, irreversible: None }, restored }
    }
}

fn keep_script(ways: BothWays<'_>, kept: &KeptModel) -> Option<KeepScript> {
    let KeptModel { made, down, restored } = kept;
    let drops = Drops::new(ways.upgrade, down);
    let copies = made.iter().any(|one| matches!(one.how, KeptHow::Copied(_)));
    let done = copies.then(|| downgrade(ways, made, Model::Done));
    let steps = done.as_deref().unwrap_or(&down.steps);
    Some(KeepScript {
        downgrade: with_copies(lowered(ways, steps)?, ways, made, steps).into(),
        drops: drops.tallies(ways.database).into(),
        moves: drops.moves().into_iter().map(Text::from).collect(),
        notes: made.iter().map(|one| note(one).into()).collect(),
        makes: made.iter().map(|one| object(&one.path).into()).collect(),
        takes: restored.as_ref().map(|restored| restored.takes(ways, made)).unwrap_or_default().into(),
    })
}

/// Whether a column whose values are copied is followed as one that is kept, or dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Model {
    Followed,
    Done,
}

/// Everything that the migration makes and the downgrade drops.
fn made(ways: BothWays<'_>) -> Vec<MadeThing> {
    let BothWays { upgrade, downgrade, .. } = ways;
    let up = Trace::through(&upgrade.start, upgrade.steps());
    let mut down = Trace::of(&upgrade.end);
    let mut made = Vec::new();
    for (place, step) in downgrade.steps.iter().enumerate() {
        let dropped = step.operation.about(&step.before).drops;
        if let Some((path, dropped)) = dropped.and_then(|dropped| Some((at_end(&dropped, &down)?, dropped)))
            && let Some(is_there) = is_made(&path, &up)
        {
            let how = if path == dropped && is_there { KeptHow::Renamed } else { KeptHow::Not(RENAMED) };
            made.push(MadeThing { path, place, how });
        }
        down.follow(&step.operation, &step.before, &step.after);
    }
    made
}

const RENAMED: &str = "the migration gives it or its table another name";

/// What a table or a column that the downgrade drops is called after the upgrade.
fn at_end(dropped: &Path, down: &Trace) -> Option<Path> {
    let below = down.table(&dropped.of)?;
    let of = below.origin(&dropped.of)?;
    match &dropped.part {
        Part::All => Some(Path::new(of, Part::All)),
        Part::Column(name) => Some(Path::new(of, Part::Column(below.origin_of(name)?.to_owned()))),
        Part::Itself | Part::PrimaryKey | Part::Comment | Part::Rows | Part::Type(_) | Part::Null(_) | Part::Default(_) => None,
        Part::ColumnComment(_) | Part::Constraint(_) | Part::Index(_) | Part::Object(_) | Part::Name => None,
    }
}

/// Whether the table had its name before, of something that the migration makes; `None` of what was there.
fn is_made(path: &Path, up: &Trace) -> Option<bool> {
    let above = up.table(&path.of)?;
    match &path.part {
        Part::Column(name) => {
            let is_new = !above.is_new() && above.origin_of(name).is_none();
            is_new.then(|| above.origin(&path.of) == Some(&path.of))
        }
        Part::All
        | Part::Itself
        | Part::PrimaryKey
        | Part::Comment
        | Part::Rows
        | Part::Type(_)
        | Part::Null(_)
        | Part::Default(_) => above.is_new().then_some(true),
        Part::ColumnComment(_) | Part::Constraint(_) | Part::Index(_) | Part::Object(_) | Part::Name => None,
    }
}

/// How many things of a migration are tried one by one, where they cannot be kept together.
const MOST: usize = 16;

/// How many things of a migration can be kept at most. Each costs as much as its creation, and a migration that makes more describes a whole
/// database.
const MOST_KEPT: usize = 100;

const TOO_MANY: &str = "the migration makes more than 100 tables and columns";

/// Finds out how each thing can be kept, and makes the steps of the downgrade that keeps it.
fn settle(ways: BothWays<'_>, made: &mut [MadeThing]) -> Vec<Transition> {
    if made.len() > MOST_KEPT {
        made.iter_mut().for_each(|one| one.how = KeptHow::Not(TOO_MANY));
        return downgrade(ways, made, Model::Followed);
    }
    let kept = |made: &[MadeThing]| walk(operations(ways, made, Model::Followed), ways.upgrade.end.clone());
    let (mut steps, all) = kept(made);
    if !all {
        let few = made.len() <= MOST;
        made.iter_mut().filter(|one| !(few && kept(std::slice::from_ref(one)).1)).for_each(|one| {
            if let KeptHow::Renamed = one.how {
                one.how = KeptHow::Not(NEEDED);
            }
        });
        steps = downgrade(ways, made, Model::Followed);
    }
    if !features(ways.database).loses_unknown_columns {
        return steps;
    }
    let renamed = made.iter_mut().filter(|one| matches!(one.how, KeptHow::Renamed));
    let lost = renamed.map(|one| copied(ways, one)).filter(|how| *how == Copies::NotPossible).count();
    if lost == 0 { steps } else { downgrade(ways, made, Model::Followed) }
}

const NEEDED: &str = "the downgrade drops what it needs, such as its type";

/// Whether the values of a column that its table would lose can be copied.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Copies {
    Possible,
    NotPossible,
}

/// A column is copied where its table would lose it.
fn copied(ways: BothWays<'_>, one: &mut MadeThing) -> Copies {
    let Part::Column(column) = &one.path.part else { return Copies::Possible };
    let tables = ways.upgrade.start.table(&one.path.of).zip(ways.upgrade.end.table(&one.path.of));
    let side = tables.and_then(|(before, after)| SideTable::new(&one.path.of, [before, after], column));
    let (how, copies) = match side {
        Some(side) => (KeptHow::Copied(side), Copies::Possible),
        None => (KeptHow::Not(NO_KEY), Copies::NotPossible),
    };
    one.how = how;
    copies
}

const NO_KEY: &str = "its values are copied by key, and the table has no primary key that stays";

/// The downgrade, with what keeps in the place of what drops.
fn operations(ways: BothWays<'_>, made: &[MadeThing], model: Model) -> Vec<(PieceId, Operation)> {
    let places: HashMap<usize, &MadeThing> = made.iter().map(|one| (one.place, one)).collect();
    let keeping = |place: usize| {
        let one = places.get(&place)?;
        match (&one.how, model) {
            (KeptHow::Renamed, _) | (KeptHow::Copied(_), Model::Followed) => Some(exchange::keeping(&one.path)),
            (KeptHow::Copied(_), Model::Done) | (KeptHow::Not(_), _) => None,
        }
    };
    let each = ways.downgrade.steps.iter().enumerate();
    each.map(|(place, step)| (step.piece, keeping(place).unwrap_or_else(|| step.operation.clone()))).collect()
}

fn downgrade(ways: BothWays<'_>, made: &[MadeThing], model: Model) -> Vec<Transition> {
    walk(operations(ways, made, model), ways.upgrade.end.clone()).0
}

/// The steps of a database, with what is asked before them; `None` where it cannot do one.
fn lowered(ways: BothWays<'_>, steps: &[Transition]) -> Option<Vec<Step>> {
    let guards = guards(steps, &ways.upgrade.end, (ways.database, Way::Downgrade));
    let mut steps = plain(ways, steps)?;
    steps.first_mut().into_iter().for_each(|first| first.guards = guards.clone().into());
    Some(steps)
}

/// The same, with what copies values before anything else is done: in the first transaction, or in one of its own where the first step is none.
fn with_copies(mut steps: Vec<Step>, ways: BothWays<'_>, made: &[MadeThing], transitions: &[Transition]) -> Vec<Step> {
    if !made.iter().any(|one| matches!(one.how, KeptHow::Copied(_))) {
        return steps;
    }
    if !matches!(steps.first(), Some(Step { mode: Mode::Transaction { .. }, .. })) {
        let guards = steps.first_mut().map(|first| std::mem::take(&mut first.guards)).unwrap_or_default();
        steps.insert(0, Step { id: "keep".into(), guards, ..Step::transaction(Rebuild::Nothing, Vec::new()) });
    }
    let Some(first) = steps.first_mut() else { return steps };
    for one in made {
        let KeptHow::Copied(side) = &one.how else { continue };
        let before = &transitions[one.place].before;
        let kept = KeptObject {
            object: object(&one.path).into(),
            place: side.place(),
            digest: digest(&definition(before, &one.path)).into(),
        };
        let operation = ways.downgrade.steps[one.place].operation.to_string();
        first.statements = side.copy(&operation).into_iter().chain(first.statements.iter().cloned()).collect();
        first.touches.add(side.read());
        first.keeps.to_mut().push(Keeping::Kept(kept));
    }
    steps
}

/// What a reader of the plan should know.
fn note(one: &MadeThing) -> String {
    let object = object(&one.path);
    let name = |own: &str| kept_name(own, 0);
    match (&one.how, &one.path.part) {
        (KeptHow::Not(why), _) => format!("{object} is not kept: {why}"),
        (KeptHow::Copied(side), _) => format!("the values of the {object} are copied into `{}`", side.name()),
        (KeptHow::Renamed, Part::Column(column)) => format!("{object} is kept as `{}`", Written(&name(column))),
        (KeptHow::Renamed, _) => format!("{object} is kept as `{}`", one.path.of.sibling(name(&one.path.of.name))),
    }
}
