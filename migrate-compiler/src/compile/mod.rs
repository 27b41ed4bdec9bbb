//! From a draft to a compiled migration: the path of one migration at compile time.

mod assemble;
mod basis;
mod constant;
mod detour;
mod drops;
mod flow;
mod fresh;
mod group;
mod guard;
mod later;
mod lower;
mod pending;
mod prove;
mod reverse;
mod simulate;
mod world;
mod written;

use migrate_history::Migration;

use crate::draft::Draft;
use crate::footprint::Footprint;
use crate::problem::{Problem, Problems};
use crate::state::State;

/// What became of a draft.
#[derive(Debug)]
pub struct Outcome {
    /// What the migration hands on to its children, as good as it could be made out where there are problems.
    pub after: State,
    /// The migration, where there are no problems. Its id and parents are left to who knows them.
    pub migration: Option<Migration>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

/// Checks a migration against the schema that its parents leave behind, works out the way back, proves it, and renders both.
///
/// `before` is the state of the parents with this revision's place made by [`State::next`].
pub fn compile(before: State, draft: &Draft, message: &str) -> Outcome {
    let mut problems = Problems::new();
    let worlds = world::split(&before, draft, &mut problems);
    let runs: Vec<_> = worlds.into_iter().map(|world| simulate::run(world, draft, &mut problems)).collect();
    let sound = problems.is_empty();
    let backs: Vec<_> = runs.iter().map(|run| reverse::way_back(run, draft, &mut problems)).collect();
    for (run, back) in runs.iter().zip(&backs) {
        simulate::dangers(run, draft, &mut problems);
        prove::leads_back(run, back, sound, &mut problems);
    }
    let mut footprints: Vec<_> = runs.iter().zip(&backs).map(|(run, back)| touched(run, back)).collect();
    let migration = if problems.is_empty() {
        assemble::migration(&before, draft, message, &runs, &backs, &mut footprints, &mut problems)
    } else {
        runs.iter().for_each(|run| assemble::unsupported(run, &mut problems));
        None
    };
    let after = simulate::after(&before, &runs, footprints, draft);
    let mut problems = problems.take();
    problems.retain(|problem| !draft.unread.contains(&problem.slot.name));
    Outcome { after, migration: migration.filter(|_| problems.is_empty()), problems }
}

/// What the statements of one world touch, up and down.
fn touched(run: &simulate::Run<'_>, back: &reverse::WayBack) -> Footprint {
    let mut footprint = Footprint::default();
    run.steps.iter().for_each(|step| step.operation.touches(&step.before, &mut footprint));
    back.steps.iter().for_each(|step| step.operation.touches(&step.before, &mut footprint));
    footprint
}
