//! What undoes a direction of a migration of which only the first steps are done. It is worked out and proved as if the migration ended there;
//! an operation of which only some stages are done is taken back stage by stage before that.

use migrate_history::{Database, Guard, Mode, Step, Tally, Text, Unwind};

use crate::compile::created::Created;
use crate::compile::downgrade::Downgrade;
use crate::compile::drops::Drops;
use crate::compile::guard::guards;
use crate::compile::losses::losses;
use crate::compile::lower::{each_apart, lower};
use crate::compile::strategy::{Site, Stage, settled, undone};
use crate::compile::transactions::{Lowered, PlacedStage};
use crate::compile::upgrade::Upgrade;
use crate::compile::{prove, reverse};
use crate::difference;
use crate::draft::{Draft, Undo};
use crate::footprint::Footprint;
use crate::online::Online;
use crate::problem::{PieceId, Problems};
use crate::schema::Schema;
use crate::sql::guard::Way;
use crate::state::Settings;
use crate::trace::Trace;
use crate::transition::Transition;

/// How many operations are undone in all of the answers for a direction, so that a long migration is not twice the work for each step more. Where
/// it is used up, a migration that stopped is finished before it is undone.
const MOST: usize = 64;

/// Both directions of a migration on one database.
#[derive(Clone, Copy)]
pub(super) struct BothWays<'a> {
    pub upgrade: &'a Upgrade<'a>,
    pub downgrade: &'a Downgrade,
    pub draft: &'a Draft,
    pub database: Database,
    pub settings: &'a Settings,
}

/// What undoes the operations before one.
#[derive(Default)]
struct Undoing {
    steps: Vec<Step>,
    guards: Vec<Guard>,
    losses: Vec<String>,
    drops: Vec<Tally>,
    moves: Vec<String>,
}

impl BothWays<'_> {
    /// The steps of the upgrade, each with what undoes those before it.
    pub fn of_upgrade(self, lowered: Vec<Lowered>) -> Vec<Step> {
        let transitions: Vec<&Transition> = self.upgrade.steps().collect();
        self.each(lowered, &transitions, |place| self.down_from(place))
    }

    /// The steps of the downgrade, each with what undoes those before it.
    pub fn of_downgrade(self, lowered: Vec<Lowered>) -> Vec<Step> {
        let transitions: Vec<&Transition> = self.downgrade.steps.iter().collect();
        self.each(lowered, &transitions, |place| self.up_from(place))
    }

    fn each(self, lowered: Vec<Lowered>, transitions: &[&Transition], undoing: impl Fn(usize) -> Option<Undoing>) -> Vec<Step> {
        let mut left = MOST;
        let undoing = |place: usize| {
            left = left.checked_sub(place)?;
            undoing(place)
        };
        let unwinds = self.unwinds(&lowered, transitions, undoing);
        let with = |(one, unwind): (Lowered, Option<Unwind>)| Step { unwind: unwind.map(Box::new), ..one.step };
        lowered.into_iter().zip(unwinds).map(with).collect()
    }

    fn unwinds(
        self,
        lowered: &[Lowered],
        transitions: &[&Transition],
        mut undoing: impl FnMut(usize) -> Option<Undoing>,
    ) -> Vec<Option<Unwind>> {
        (0..lowered.len()).map(|at| self.unwind(lowered, at, transitions, &mut undoing)).collect()
    }

    /// What undoes the steps before the one at a place.
    fn unwind(
        self,
        lowered: &[Lowered],
        at: usize,
        transitions: &[&Transition],
        undoing: impl FnOnce(usize) -> Option<Undoing>,
    ) -> Option<Unwind> {
        let (before, from) = lowered.split_at(at);
        let next = from.first()?;
        // Before a first transaction there is nothing to undo.
        if before.is_empty() && next.step.is_transaction() {
            return None;
        }
        // A key that replaces another one is built before the operation that drops the other.
        let place = from.iter().flat_map(|one| &one.parts).map(|part| part.place).min()?;
        let Undoing { steps: rest, guards, losses, drops, moves } = undoing(place)?;
        let done: Vec<&PlacedStage> = before.iter().flat_map(|one| &one.parts).filter(|part| part.place >= place).collect();
        // A new column takes along what was done to it, and not what others did meanwhile.
        let is_new = |part: &&PlacedStage| matches!(part.stage, Stage::Online(Online::AddColumn(_)));
        if done.iter().any(is_new) && done.iter().any(|part| part.place != place) {
            return None;
        }
        let stages: Vec<Stage> = done.into_iter().map(|part| part.stage.clone()).collect();
        let mut created = Created::default();
        transitions[..place].iter().for_each(|step| created.note(&step.operation, &step.before));
        let trace = Trace::default();
        let before = &transitions[place].before;
        let site = Site { database: self.database, created: &created, before, trace: &trace, backfills: &[] };
        let operation = Text::Owned(transitions[place].operation.label());
        let mut steps = each_apart(&undone(&stages)?, &operation, site)?;
        steps.extend(rest);
        steps.first_mut().into_iter().for_each(|first| first.guards = guards.clone().into());
        let begun = begun(next).and_then(|stages| each_apart(&stages, &operation, site));
        let texts = |list: Vec<String>| list.into_iter().map(Text::from).collect::<Vec<Text>>();
        let first = begun.as_ref().map_or(0, Vec::len);
        Some(Unwind {
            begun: begun.map(|steps| numbered(steps, 0).into()),
            steps: numbered(steps, first).into(),
            losses: texts(losses).into(),
            drops: drops.into(),
            moves: texts(moves).into(),
        })
    }

    /// What undoes the operations of the upgrade before a place; `None` where that is not certain.
    fn down_from(self, place: usize) -> Option<Undoing> {
        let Upgrade { start, statements, record, has_down, .. } = self.upgrade;
        if place == 0 {
            return Some(Undoing::default());
        }
        let (statements, end) = (statements[..place].to_vec(), statements[place].step.before.clone());
        let part = Upgrade { start: start.clone(), statements, end, record: record.clone(), has_down: *has_down };
        let mut problems = Problems::new();
        let downgrade = reverse::downgrade(&part, self.draft, &mut problems);
        prove::leads_back(&part, &downgrade, &mut problems);
        let steps = self.lowered(&downgrade.steps, &mut problems);
        if !problems.take().is_empty() || downgrade.irreversible.is_some() {
            return None;
        }
        let drops = Drops::new(&part, &downgrade);
        Some(Undoing {
            steps,
            guards: guards(&downgrade.steps, &part.end, (self.database, Way::Downgrade)),
            losses: losses(std::slice::from_ref(&part), std::slice::from_ref(&downgrade), self.draft).into_iter().collect(),
            drops: drops.tallies(self.database),
            moves: drops.moves(),
        })
    }

    /// What does again the operations that those of the downgrade before a place have undone; `None` where that is not certain.
    fn up_from(self, place: usize) -> Option<Undoing> {
        let from = &self.downgrade.steps[place].before;
        let again = self.first_undone(place, from)?;
        let steps: Vec<Transition> = self.upgrade.statements[again..].iter().map(|one| one.step.clone()).collect();
        let mut problems = Problems::new();
        let lowered = self.lowered(&steps, &mut problems);
        let guards = guards(&steps, from, (self.database, Way::Upgrade));
        problems.take().is_empty().then(|| Undoing { steps: lowered, guards, ..Undoing::default() })
    }

    /// The first statement of the upgrade that the operations of the downgrade before a place have undone, where these have undone all
    /// that come after it and none before it.
    fn first_undone(self, place: usize, from: &Schema) -> Option<usize> {
        let statements = &self.upgrade.statements;
        let (done, left) = self.downgrade.steps.split_at(place);
        let of = |steps: &[Transition]| steps.iter().map(|step| self.statement(step.piece)).collect::<Option<Vec<usize>>>();
        let (done, left) = (of(done)?, of(left)?);
        let last = done.into_iter().min().unwrap_or(statements.len());
        let first = left.into_iter().max().map_or(0, |left| left + 1);
        let schema = |at: usize| statements.get(at).map_or(&self.upgrade.end, |statement| &statement.step.before);
        (first..=last).rev().find(|at| difference::first(schema(*at), from).is_none())
    }

    /// The statement that an operation of the downgrade undoes.
    fn statement(self, piece: PieceId) -> Option<usize> {
        let is_undone = |undo: &Undo| match undo {
            Undo::Written(pieces) => pieces.iter().any(|one| one.id == piece),
            Undo::Inferred | Undo::Default(_) | Undo::Nothing(_) | Undo::Irreversible(_) => false,
            Undo::Unread | Undo::Together | Undo::Part => false,
        };
        self.upgrade.statements.iter().position(|one| one.piece.id == piece || is_undone(&one.piece.undo))
    }

    fn lowered(self, steps: &[Transition], problems: &mut Problems) -> Vec<Step> {
        if steps.is_empty() {
            return Vec::new();
        }
        let lowered = lower(steps, (self.database, self.settings), &mut Footprint::default(), problems);
        lowered.into_iter().map(|one| one.step).collect()
    }
}

/// What takes away what there is of a step that has begun.
fn begun(step: &Lowered) -> Option<Vec<Stage>> {
    match &step.step.mode {
        Mode::Alone | Mode::Batches { .. } => {}
        Mode::Transaction { .. } | Mode::Program { .. } | Mode::Unknown { .. } => return None,
    }
    match step.parts.as_slice() {
        [part] => settled(&part.stage),
        _ => None,
    }
}

/// The steps with ids that no step of the whole direction has: the ledger tells by them which step has begun.
fn numbered(steps: Vec<Step>, known: usize) -> Vec<Step> {
    let id = |place: usize| Text::Owned(format!("u{}", known + place + 1));
    steps.into_iter().enumerate().map(|(place, step)| Step { id: id(place), ..step }).collect()
}
