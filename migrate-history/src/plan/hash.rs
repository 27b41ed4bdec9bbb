//! The hash of a plan: what a reviewer has seen is what runs, or something else.

use super::{Course, Plan, Planned};
use crate::Touches;
use crate::checksum::digest;
use crate::codec::Codec;

/// What the text that is hashed begins with. A later version that hashes something else begins otherwise.
const FORM: &str = "plan 1";

impl Plan {
    /// The SHA-256 of what the plan does and of what it was made from, in hexadecimal: the direction, what is applied, the migrations in their order, and each of their steps
    /// with its SQL, guards and probes. It is the same for every database and connection where all of this is the same; how many rows there are is no part of it.
    ///
    /// `migrate_runtime::Migrator::reviewed` runs a plan only if it has this hash.
    pub fn hash(&self) -> String {
        let mut text = String::from(FORM);
        self.history.write(&mut text);
        self.database.write(&mut text);
        self.schema.write(&mut text);
        self.direction.word().to_owned().write(&mut text);
        let mut applied = self.applied.clone();
        applied.sort();
        applied.write(&mut text);
        self.migrations.len().write(&mut text);
        self.migrations.iter().for_each(|planned| write(planned, &mut text));
        digest(&text)
    }
}

fn write(planned: &Planned, out: &mut String) {
    let Planned { revision, losses, drops, moves, steps, done, begun, migration, stored, course, unfinished, .. } = planned;
    revision.write(out);
    planned.grade().write(out);
    losses.write(out);
    moves.write(out);
    drops.iter().map(|dropped| dropped.tally.clone()).collect::<Vec<_>>().write(out);
    // What is read from files is in the checksum.
    migration.map(|migration| migration.checksum().to_owned()).write(out);
    stored.write(out);
    done.write(out);
    begun.as_ref().map(|begun| begun.step.clone()).write(out);
    word(*course).to_owned().write(out);
    steps.len().write(out);
    for step in steps.iter() {
        // What a step touches is worked out from its statements, and a row of an older ledger does not have it.
        crate::Step { touches: Touches::NOT_SAID, ..step.clone() }.write(out);
    }
    unfinished.is_some().write(out);
    unfinished.iter().for_each(|unfinished| write(unfinished, out));
}

fn word(course: Course) -> &'static str {
    match course {
        Course::Whole => "whole",
        Course::Continued => "continued",
        Course::Unwound => "unwound",
    }
}

/// What a change that is no plan is known by: the lines that describe it.
pub fn hash_of_change(history: &str, lines: &[String]) -> String {
    let mut text = String::from("change 1");
    history.to_owned().write(&mut text);
    lines.to_vec().write(&mut text);
    digest(&text)
}
