//! From a draft to a compiled migration: the path of one migration at compile time.

mod added;
mod apply;
mod around;
mod assemble;
mod basis;
mod commit;
mod constant;
mod created;
mod dangers;
mod detour;
mod downgrade;
mod drops;
mod files;
mod flow;
mod follow;
mod group;
mod guard;
mod join;
mod keeping;
mod lacking;
mod later;
mod losses;
mod lower;
mod newer;
mod order;
mod origin;
mod parked;
mod pending;
mod planned;
mod prove;
mod records;
mod refer;
mod replaced_key;
mod reverse;
mod simulate;
mod strategy;
mod touched;
mod transactions;
mod unwind;
mod upgrade;
mod variant;
mod written;

use migrate_history::Migration;

use crate::compile::assemble::Parts;
use crate::compile::downgrade::Downgrade;
use crate::compile::records::RowRecords;
use crate::compile::upgrade::Upgrade;
use crate::draft::Draft;
use crate::footprint::Footprint;
use crate::problem::{Problem, Problems};
use crate::rows_file::RowsFile;
use crate::state::State;

/// What became of a draft.
#[derive(Debug)]
pub struct Outcome {
    /// What the migration hands on to its children, as far as it is known where there are problems.
    pub after: State,
    /// The migration, where there are no problems. The caller knows its id and parents.
    pub migration: Option<Migration>,
    /// The files whose rows it inserts, each once.
    pub files: Vec<RowsFile>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

/// Checks a migration against the schema after its parents, derives the downgrade, proves it, and renders both.
///
/// `before` is the state of the parents with this revision's place made by [`State::next`].
pub fn compile(before: State, draft: &Draft, message: &str) -> Outcome {
    let mut problems = Problems::new();
    let variants = variant::split(&before, draft, &mut problems);
    let mut found = Vec::new();
    let records = RowRecords { before: &before, draft };
    let mut upgrades = Vec::new();
    for variant in variants {
        let mut of_variant = Problems::new();
        upgrades.push(simulate::upgrade(variant, draft, &records, &mut of_variant));
        found.push(of_variant);
    }
    lacking::collect(found, &upgrades, &mut problems);
    let downgrades: Vec<_> = upgrades.iter().map(|upgrade| reverse::downgrade(upgrade, draft, &mut problems)).collect();
    let is_sound = problems.is_empty() && draft.unread.is_empty();
    for (upgrade, downgrade) in upgrades.iter().zip(&downgrades) {
        let written = order::Statements { before: &before, upgrade, downgrade: &downgrade.steps };
        written.tied_keys(&mut problems);
        written.dropped_objects(&mut problems);
        dangers::report(upgrade, draft, &before.settings.rules, &mut problems);
        if is_sound {
            prove::leads_back(upgrade, downgrade, &mut problems);
        }
    }
    dangers::check_allows(&upgrades, draft, &before.settings.rules, &mut problems);
    let files = files::of(&upgrades, &downgrades, &mut problems);
    let mut footprints: Vec<_> = upgrades.iter().zip(&downgrades).map(|(up, down)| touched(up, down)).collect();
    let parts = Parts { before: &before, draft, message, upgrades: &upgrades, downgrades: &downgrades };
    let migration = if problems.is_empty() {
        assemble::migration(&parts, &mut footprints, &mut problems)
    } else {
        upgrades.iter().for_each(|upgrade| assemble::unsupported(upgrade, &before.settings, &mut problems));
        None
    };
    let mut after = simulate::after(&before, &upgrades, footprints);
    let is_told = |problem: &Problem| !before.is_broken && !draft.unread.contains(&problem.slot.name);
    let told = problems.take().into_iter().filter(is_told);
    let problems: Vec<_> = told.map(|problem| origin::explained(problem, &before, &upgrades)).collect();
    after.is_broken |= !problems.is_empty() || !draft.unread.is_empty();
    Outcome { migration: migration.filter(|_| problems.is_empty() && !after.is_broken), after, files, problems }
}

/// What the statements of one variant touch, up and down.
fn touched(upgrade: &Upgrade<'_>, downgrade: &Downgrade) -> Footprint {
    let mut footprint = Footprint::default();
    let steps = upgrade.steps().chain(&downgrade.steps);
    steps.for_each(|step| step.operation.touches(&step.before, &mut footprint));
    footprint
}
