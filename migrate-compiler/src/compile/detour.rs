//! Steps of an inferred downgrade that need not be done: what is done to something that is dropped later on.
//!
//! They would cost a rebuild or a scan, and may require of the rows what is not required any more: a `not null` that a column gets
//! back before it is dropped, or before it may be null again.

use std::collections::{BTreeMap, BTreeSet};

use crate::compile::apply::walk;
use crate::difference;
use crate::footprint::Path;
use crate::name::Name;
use crate::operation::{About, Operation};
use crate::problem::PieceId;
use crate::schema::Schema;
use crate::transition::Transition;

/// The steps without the detours among them. A step is left out only where the others can still be done and lead to the same schema.
pub(super) fn without_detours(steps: Vec<Transition>, from: &Schema) -> Vec<Transition> {
    let places = Places::of(&steps);
    let detours: Vec<BTreeSet<usize>> =
        (0..steps.len()).map(|place| detour(&places, place)).filter(|detour| !detour.is_empty()).collect();
    let all: BTreeSet<usize> = detours.iter().flatten().copied().collect();
    if all.is_empty() {
        return steps;
    }
    if let Some(shorter) = without(&steps, &all, from) {
        return shorter;
    }
    // At least one of them is not a detour: each is tried alone.
    let mut left_out = BTreeSet::new();
    for detour in detours {
        let more: BTreeSet<usize> = left_out.union(&detour).copied().collect();
        if without(&steps, &more, from).is_some() {
            left_out = more;
        }
    }
    if left_out.is_empty() { steps } else { without(&steps, &left_out, from).unwrap_or(steps) }
}

/// The steps without some of them; `None` where one of the others then cannot be done, or all of them lead elsewhere.
fn without(steps: &[Transition], left_out: &BTreeSet<usize>, from: &Schema) -> Option<Vec<Transition>> {
    let kept = steps.iter().enumerate().filter(|(place, _)| !left_out.contains(place)).map(|(_, step)| step);
    let operations: Vec<(PieceId, Operation)> = kept.map(|step| (step.piece, step.operation.clone())).collect();
    let (shorter, sound) = walk(operations, from.clone());
    (sound && difference::first(Transition::end(steps, from), Transition::end(&shorter, from)).is_none()).then_some(shorter)
}

/// How a step relates to a thing that is dropped later on.
enum StepRelation {
    /// It is about it alone.
    Alone,
    /// It makes it.
    Makes,
    /// It gives it the name that it has, which was another one before.
    Renames(Path),
    /// It is about something else, perhaps in addition.
    Other,
    /// Unknown.
    Unknown,
}

/// What each step is about, and the steps that are about each table, by the name that it has in them.
struct Places {
    abouts: Vec<About>,
    of: BTreeMap<Name, Vec<usize>>,
    /// Those of raw SQL, which may be about every table.
    unread: Vec<usize>,
}

impl Places {
    fn of(steps: &[Transition]) -> Places {
        let abouts = steps.iter().map(|step| step.operation.about(&step.before)).collect();
        let mut places = Places { abouts, of: BTreeMap::new(), unread: Vec::new() };
        for (place, about) in places.abouts.iter().enumerate() {
            about.tables.iter().for_each(|table| places.of.entry(table.clone()).or_default().push(place));
            places.unread.extend(about.raw.is_some().then_some(place));
        }
        places
    }

    /// The last step before a place that is, or may be, about a table.
    fn before(&self, place: usize, table: &Name) -> Option<usize> {
        let last = |places: &[usize]| places[..places.partition_point(|one| *one < place)].last().copied();
        self.of.get(table).and_then(|places| last(places)).max(last(&self.unread))
    }
}

/// The steps that are about nothing but what the step at a place drops; with that step, where one of them makes it.
fn detour(places: &Places, place: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let Some(mut thing) = places.abouts[place].drops.clone() else { return found };
    let mut later = place;
    while let Some(earlier) = places.before(later, &thing.of) {
        match relation(&places.abouts[earlier], &thing) {
            StepRelation::Alone => {
                found.insert(earlier);
            }
            StepRelation::Makes => {
                found.extend([earlier, place]);
                return found;
            }
            StepRelation::Renames(before) => thing = before,
            StepRelation::Other => {}
            StepRelation::Unknown => return found,
        }
        later = earlier;
    }
    found
}

fn relation(about: &About, thing: &Path) -> StepRelation {
    if about.raw.is_some() {
        return StepRelation::Unknown;
    }
    if about.makes.as_ref() == Some(thing) {
        return StepRelation::Makes;
    }
    match about.named_before(thing) {
        Some(before) => StepRelation::Renames(before),
        None if about.is_within(thing) => StepRelation::Alone,
        None => StepRelation::Other,
    }
}
