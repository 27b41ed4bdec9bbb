//! What the next upgrade restores: it creates everything again, as it is written, and what was kept then replaces it.

use std::collections::BTreeSet;
use std::ops::Range;

use migrate_history::{Guard, TakeBack, digest};

use super::thing::{KeptHow, MadeThing, object, plain};
use crate::compile::apply::walk;
use crate::compile::guard::placed_guards;
use crate::compile::keeping::definition;
use crate::compile::unwind::BothWays;
use crate::compile::upgrade::Upgrade;
use crate::difference;
use crate::footprint::{Part, Path};
use crate::name::Name;
use crate::operation::exchange;
use crate::schema::Schema;
use crate::sql::guard::{Asked, Way};
use crate::transition::Transition;

/// The upgrade once more, from a schema that has what was kept, and what then replaces what it creates.
pub(super) struct Restored {
    start: Schema,
    steps: Vec<Transition>,
    /// Each thing, by its place among what the migration makes, with the steps that restore it; what others refer to first. Things that are
    /// not restored automatically are left out.
    parts: Vec<(usize, Range<usize>)>,
}

impl Restored {
    /// `None` where nothing is restored automatically.
    pub(super) fn new(ways: BothWays<'_>, made: &[MadeThing]) -> Option<Restored> {
        let order = in_order(ways, made);
        if order.is_empty() {
            return None;
        }
        let mut start = ways.upgrade.start.clone();
        let mut all: Vec<_> = ways.upgrade.steps().map(|step| (step.piece, step.operation.clone())).collect();
        let (piece, _) = *all.first()?;
        let mut parts = Vec::new();
        for place in order {
            let begin = all.len();
            if let KeptHow::Renamed = made[place].how {
                let exchange = exchange::exchange((&start, &ways.upgrade.end), &made[place].path);
                let Some((with_kept, exchange)) = exchange else { continue };
                start = with_kept;
                all.extend(exchange.into_iter().map(|operation| (piece, operation)));
            }
            parts.push((place, begin..all.len()));
        }
        let (steps, is_sound) = walk(all, start.clone());
        let is_same = difference::first(&ways.upgrade.end, Transition::end(&steps, &start)).is_none();
        (is_sound && is_same).then_some(Restored { start, steps, parts })
    }

    /// What restores each thing on a database.
    pub(super) fn takes(&self, ways: BothWays<'_>, made: &[MadeThing]) -> Vec<TakeBack> {
        let guards = placed_guards(&self.steps, &self.start, (ways.database, Way::Upgrade));
        let of = |part: &Range<usize>| {
            let own = guards.iter().filter(|(place, _)| part.contains(place));
            own.map(|(_, guard)| guard.clone()).collect()
        };
        let each = self.parts.iter().map(|(place, part)| (&made[*place], part));
        each.filter_map(|(one, part)| take(ways, one, needs(ways, one, made), (of(part), &self.steps[part.clone()]))).collect()
    }
}

/// The places of what is restored automatically, each after what it refers to.
fn in_order(ways: BothWays<'_>, made: &[MadeThing]) -> Vec<usize> {
    let Some(filled) = filled(ways.upgrade) else { return Vec::new() };
    let comes_back = |one: &MadeThing| is_as_it_was(ways, one) && !filled.contains(&one.path.of);
    let mut left: Vec<usize> = (0..made.len()).filter(|place| comes_back(&made[*place])).collect();
    let mut order: Vec<usize> = Vec::new();
    let is_next = |place: usize, order: &[usize]| {
        needs(ways, &made[place], made).iter().all(|need| order.iter().any(|known| made[*known].path == *need))
    };
    while let Some(next) = left.iter().position(|place| is_next(*place, &order)) {
        order.push(left.remove(next));
    }
    order
}

/// Whether something that can be kept is defined by then as it is after the migration.
fn is_as_it_was(ways: BothWays<'_>, one: &MadeThing) -> bool {
    match one.how {
        KeptHow::Not(_) => false,
        KeptHow::Renamed | KeptHow::Copied(_) => {
            let before = &ways.downgrade.steps[one.place].before;
            definition(before, &one.path) == definition(&ways.upgrade.end, &one.path)
        }
    }
}

/// The tables to which the migration itself gives rows or values: these would be lost for those that are kept, or the other way round. `None`
/// where it is unknown: what raw SQL and functions do is not read.
fn filled(upgrade: &Upgrade<'_>) -> Option<BTreeSet<Name>> {
    let mut filled = BTreeSet::new();
    for step in upgrade.steps() {
        let operation = &step.operation;
        if operation.raw().is_some() || operation.program().is_some() {
            return None;
        }
        if operation.is_about_rows() {
            filled.extend(operation.about(&step.before).tables);
        }
    }
    Some(filled)
}

/// The tables of the migration to which something refers: its rows come back only with theirs.
fn needs(ways: BothWays<'_>, one: &MadeThing, made: &[MadeThing]) -> Vec<Path> {
    let Some(body) = ways.upgrade.end.table(&one.path.of) else { return Vec::new() };
    let keys = body.foreign_keys().map(|(_, key)| key).filter(|key| match &one.path.part {
        Part::Column(name) => key.columns.contains(name),
        Part::All | Part::Itself | Part::PrimaryKey | Part::Comment | Part::Rows | Part::Type(_) | Part::Null(_) => true,
        Part::Default(_) | Part::ColumnComment(_) | Part::Constraint(_) | Part::Index(_) | Part::Object(_) | Part::Name => true,
    });
    let targets = keys.map(|key| Path::new(&key.table, Part::All)).filter(|target| *target != one.path);
    targets.filter(|target| made.iter().any(|one| one.path == *target)).collect()
}

/// What takes one thing back, after those before it in their order.
fn take(
    ways: BothWays<'_>,
    one: &MadeThing,
    needs: Vec<Path>,
    (guards, exchange): (Vec<Guard>, &[Transition]),
) -> Option<TakeBack> {
    let (guards, steps) = match &one.how {
        KeptHow::Renamed => (guards, plain(ways, exchange)?),
        KeptHow::Copied(side) => {
            let guard = Asked::kept((ways.database, Way::Upgrade), (side.name(), None), &side.name().to_string());
            (vec![guard], vec![side.take()])
        }
        KeptHow::Not(_) => return None,
    };
    Some(TakeBack {
        object: object(&one.path).into(),
        digest: digest(&definition(&ways.upgrade.end, &one.path)).into(),
        needs: needs.iter().map(|need| object(need).into()).collect(),
        guards: guards.into(),
        steps: steps.into(),
    })
}
