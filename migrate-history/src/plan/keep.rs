//! A downgrade that keeps what it would drop, and the upgrade that restores it.

use super::{Course, Direction, Dropped, Plan, PlanError, Planned};
use crate::kept::with_number;
use crate::{Database, KeepScript, KeptObject, Lock, Mode, Rebuild, Step, TakeBack, Text, Work, kept_number};

/// Something that is kept, and the table within which it is, where that is kept too: "table `audit`".
pub type KeptInside = (KeptObject, Option<Text>);

impl Plan {
    /// Keeps what a downgrade would drop of what its migrations made. Each of them gets a number of its own for the names, from this one on.
    ///
    /// # Errors
    /// [`PlanError::NotKept`] where only the ledger has a migration.
    pub fn keep(&mut self, first: u32) -> Result<(), PlanError> {
        if self.direction != Direction::Downgrade {
            return Ok(());
        }
        let mut number = first;
        for planned in self.migrations.iter_mut().filter(|planned| planned.course == Course::Whole) {
            if planned.stored {
                return Err(PlanError::NotKept { revision: planned.revision.clone() });
            }
            if let Some(script) = script(planned, self.database) {
                planned.keep(with_number(script, number).unwrap_or_else(|| script.clone()));
                number += 1;
            }
        }
        Ok(())
    }

    /// Whether an upgrade makes something of which an older definition may be kept.
    pub fn can_take_back(&self) -> bool {
        let takes = |planned: &Planned| script(planned, self.database).is_some();
        self.direction == Direction::Upgrade && self.migrations.iter().any(|planned| planned.is_new() && takes(planned))
    }

    /// Restores what downgrades have kept, the latest first, where its definition is that of the upgrade. Otherwise it stays where it is, and
    /// the plan reports it.
    ///
    /// A column may be within a table that is kept itself: it is restored after that.
    pub fn take_back(&mut self, mut kept: Vec<KeptInside>) {
        if self.direction != Direction::Upgrade {
            return;
        }
        let database = self.database;
        let mut back: Vec<Text> = Vec::new();
        for planned in self.migrations.iter_mut().filter(|planned| planned.is_new()) {
            let Some(script) = script(planned, database) else { continue };
            let mut taken: Vec<(&Text, u32)> = Vec::new();
            let mut later = Vec::new();
            for take in script.takes.iter() {
                let has_needs = |number| take.needs.iter().all(|need| taken.contains(&(need, number)));
                let is_same = |(one, inside): &KeptInside| {
                    let is_there = inside.as_ref().is_none_or(|table| back.contains(table));
                    one.object == take.object && one.digest == take.digest && is_there && number(one).is_some_and(has_needs)
                };
                let Some(found) = kept.iter().position(is_same) else { continue };
                let (one, _) = kept.remove(found);
                let Some((number, numbered)) = number(&one).and_then(|number| Some((number, with_number(take, number)?))) else {
                    continue;
                };
                taken.push((&take.object, number));
                back.push(take.object.clone());
                later.extend(planned.take_back(&numbered, &one));
            }
            planned.append(later);
            let made = kept.iter().map(|(one, _)| one).filter(|one| script.makes.contains(&one.object));
            let left: Vec<Text> = made.map(left).collect();
            planned.notes.to_mut().extend(left);
        }
    }
}

impl Planned {
    /// Whether nothing of its upgrade is there.
    fn is_new(&self) -> bool {
        self.course == Course::Whole && self.done == 0 && self.begun.is_none() && self.unfinished.is_none()
    }

    fn keep(&mut self, script: KeepScript) {
        let KeepScript { downgrade, drops, moves, notes, makes: _, takes: _ } = script;
        self.steps = downgrade;
        self.drops = drops.iter().map(Dropped::unasked).collect();
        self.moves = moves;
        self.notes.to_mut().extend(notes.iter().cloned());
    }

    /// Restores one thing: what refuses it is checked before the upgrade. What reads its rows, with the locks that this takes, is given back: it
    /// comes after everything that is exchanged, so that no session uses what is created again in between.
    fn take_back(&mut self, take: &TakeBack, kept: &KeptObject) -> Vec<Step> {
        let mut steps = self.transactions().to_vec();
        if let Some(first) = steps.first_mut() {
            first.guards.to_mut().extend(take.guards.iter().cloned());
        }
        let exchanged = take.steps.iter().take_while(|step| !takes_long(step)).count();
        let (exchange, later) = take.steps.split_at(exchanged);
        for step in exchange {
            match steps.last_mut().filter(|last| are_one(last, step)) {
                Some(last) => add(last, step),
                None => steps.push(Step { id: format!("t{}", steps.len() + 1).into(), ..step.clone() }),
            }
        }
        self.steps = steps.into();
        self.notes.to_mut().push(format!("restores the {} from `{}`", kept.object, kept.place).into());
        later.to_vec()
    }

    /// Adds steps at the end.
    fn append(&mut self, more: Vec<Step>) {
        if more.is_empty() {
            return;
        }
        let mut steps = self.transactions().to_vec();
        for step in more {
            let id = format!("t{}", steps.len() + 1).into();
            steps.push(Step { id, ..step });
        }
        self.steps = steps.into();
    }
}

/// What the migration says of keeping what it makes.
fn script(planned: &Planned, database: Database) -> Option<&'static KeepScript> {
    planned.migration?.compiled().script(database)?.keep.as_deref()
}

/// The number in the name of what is kept.
fn number(kept: &KeptObject) -> Option<u32> {
    kept_number(kept.place.column.as_ref().unwrap_or(&kept.place.table))
}

fn left(kept: &KeptObject) -> Text {
    let KeptObject { object, place, digest: _ } = kept;
    format!("`{place}` stays as it is: it keeps the {object}, which this migration makes in another way or fills itself").into()
}

/// Whether a step can be done in the transaction of the one before it, so that what is created again is not used in between.
fn are_one(last: &Step, next: &Step) -> bool {
    let is_plain = |step: &Step| step.mode == Mode::Transaction { rebuild: Rebuild::Nothing };
    is_plain(last) && is_plain(next) && next.guards.is_empty() && next.notices.is_empty()
}

/// Whether it takes the longer, the more rows there are: so nothing of it is in the transaction that exchanges tables. On a database whose
/// writers wait for each other anyway it may be.
fn takes_long(step: &Step) -> bool {
    step.touches.tables.iter().any(|touched| touched.lock != Lock::File && touched.work != Work::Nothing)
}

fn add(last: &mut Step, next: &Step) {
    last.statements.to_mut().extend(next.statements.iter().cloned());
    last.keeps.to_mut().extend(next.keeps.iter().cloned());
    last.touches.add(next.touches.clone());
}
