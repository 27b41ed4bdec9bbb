//! Each interpreter does the instructions of the protocol in their order: every mode of a step, on both databases, both ways, with
//! whatever a step may have.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test that finds something else stops")]

mod histories;
mod labels;
mod recorder;

use std::collections::BTreeSet;
use std::time::Instant;

use migrate_history::plan::{Direction, PlanError, Target};
use migrate_history::{Calls, Database, Mode};

use self::histories::{DIRECTIONS, EXTRAS, Extra, history, modes, plan};
use self::labels::{of_instruction, of_script, of_told, unrolled};
use self::recorder::{Answers, POSITION, RecordedPostgres, RecordedSqlite, Recorder, Which};
use super::*;
use crate::observer::Observer;
use crate::options::Options;
use crate::protocol::{Instruction, Standing, protocol};

const BATCHES: usize = 2;

/// The calls of a driver for a step whose batches have so long, and the protocol of that step.
fn told<W: Which>(
    (mode, extra): (&Mode, Extra),
    direction: Direction,
    answers: Answers,
    batch_time: Duration,
) -> (Vec<String>, Vec<String>) {
    let history = history(mode, extra);
    let plan = plan(&history, W::DATABASE, direction);
    let options = Options { consent: Consent::Everything, batch_time, ..Options::default() };
    let mut observer = Observer::silent();
    let aim = Aim::Target(direction, Target::Head);
    let job = Job { history: &history, options: &options, observer: &mut observer, aim };
    let standing = standing(mode, &answers);
    let mut run = Runner::new(Recorder::<W>::new(answers), job);
    run.stamp = RunStamp { history: "tests".to_owned(), run: "a run".to_owned(), by: Parameter::from("me"), origin: "run" };
    let step = PlannedStep::all(&plan.migrations[0], direction).next().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let done = runtime.block_on(run.step(Task { first: &plan, of: step }, POSITION, Instant::now()));
    assert!(matches!(done, Ok(Continuation::On(_))), "{done:?}");
    let waits = run.driver.wait_less(crate::driver::Spent { time: None, statements: 1 }).is_some();
    let instructions = unrolled(&protocol(step, standing), BATCHES);
    let instructions = instructions.into_iter().filter(|instruction| waits || *instruction != Instruction::Wait);
    (run.driver.told, instructions.map(|instruction| of_instruction(&instruction)).collect())
}

fn standing(mode: &Mode, answers: &Answers) -> Standing {
    match (mode, &answers.begun, answers.probe) {
        (Mode::Transaction { .. } | Mode::Program { calls: Calls::Once, .. }, _, _) | (_, None, _) => Standing::NotBegun,
        (Mode::Alone, Some(_), "done") => Standing::Done,
        (Mode::Alone, Some(_), "half") => Standing::Half,
        (_, Some(_), _) => Standing::Begun,
    }
}

/// Everything that an earlier run may have left.
fn answers() -> impl Iterator<Item = Answers> {
    let begun = || Some(r#"{"cursor":null,"step":"1"}"#.to_owned());
    let all = [(None, ""), (begun(), "done"), (begun(), "half"), (begun(), "nothing")];
    all.into_iter().map(|(begun, probe)| Answers { begun, probe, batches: BATCHES })
}

fn every_step(mut look: impl FnMut((&Mode, Extra), Direction)) {
    for mode in &modes() {
        for extra in EXTRAS {
            DIRECTIONS.into_iter().for_each(|direction| look((mode, extra), direction));
        }
    }
}

#[test]
fn the_executor_does_every_instruction_in_order() {
    every_step(|of, direction| {
        for answers in answers() {
            for (told, instructions) in [
                told::<RecordedPostgres>(of, direction, answers.clone(), Duration::ZERO),
                told::<RecordedSqlite>(of, direction, answers.clone(), Duration::ZERO),
            ] {
                assert_eq!(of_told(&told), instructions, "{of:?} {direction} {answers:?}: {told:#?}");
                let is_message = told.iter().any(|line| line.starts_with("message"));
                let may_be_one = matches!(of.0, Mode::Transaction { .. }) && [Extra::Nothing, Extra::Keeps].contains(&of.1);
                assert_eq!(is_message, may_be_one, "{of:?} {direction}: {told:#?}");
            }
        }
    });
}

#[test]
fn rows_for_which_there_is_time_are_one_transaction() {
    let [.., by_key, _, _, _] = &modes();
    let answers = Answers { begun: None, probe: "", batches: BATCHES };
    let (told, _) = told::<RecordedSqlite>((by_key, Extra::Nothing), Direction::Upgrade, answers, Duration::from_secs(60));
    let (rows, done) = ("rows, first, second", "seal, row done, entry Done, commit");
    assert_eq!(of_told(&told).join(", "), format!("begin, check, row begun, entry Begun, {rows}, {rows}, rows, {done}"));
}

#[test]
fn a_script_has_every_instruction_in_order() {
    every_step(|(mode, extra), direction| {
        for database in [Database::Postgres, Database::Sqlite] {
            let history = history(mode, extra);
            let plan = plan(&history, database, direction);
            let step = PlannedStep::all(&plan.migrations[0], direction).next().unwrap();
            let instructions = protocol(step, Standing::NotBegun);
            let (from, to) = match direction {
                Direction::Upgrade => ("base", "head"),
                Direction::Downgrade => ("head", "base"),
            };
            match crate::script(&history, database, direction, from, to) {
                Ok(text) => assert_eq!(of_script(&text), labels::written(&instructions, database), "{mode:?} {extra:?}: {text}"),
                Err(Error::Plan(PlanError::ProgramInScript { .. })) => {
                    assert!(instructions.contains(&Instruction::Program), "{mode:?} {extra:?} can be written");
                }
                Err(Error::Plan(PlanError::NotInScript { .. })) => {
                    assert!(instructions.contains(&Instruction::NextBatch), "{mode:?} {extra:?} can be written");
                }
                Err(error) => panic!("{mode:?} {extra:?}: {error}"),
            }
        }
    });
}

/// As a reader would write them down.
#[test]
fn the_protocols_are_these() {
    let instructions = |mode: &Mode, extra, standing| {
        let history = history(mode, extra);
        let plan = plan(&history, Database::Sqlite, Direction::Downgrade);
        let step = PlannedStep::all(&plan.migrations[0], Direction::Downgrade).next().unwrap();
        protocol(step, standing).iter().map(of_instruction).collect::<Vec<_>>().join(", ")
    };
    let [transaction, alone, batches, by_key, program, program_in_batches, program_outside] = &modes();
    let done = "seal, row done, entry Done, commit";
    let begun = "begin, check, row begun, entry Begun, commit";
    assert_eq!(
        instructions(transaction, Extra::Nothing, Standing::NotBegun),
        format!("begin, check, first, wait, second, {done}")
    );
    let asked = format!("begin, check, guards, notices, drops, first, wait, second, {done}");
    let kept = "begin, check, first, wait, second, keep, seal, row done, entry Done, commit";
    assert_eq!(instructions(transaction, Extra::Keeps, Standing::NotBegun), kept);
    assert_eq!(instructions(transaction, Extra::Guards, Standing::NotBegun), asked);
    assert_eq!(instructions(alone, Extra::Nothing, Standing::NotBegun), format!("{begun}, first, second, begin, check, {done}"));
    assert_eq!(instructions(alone, Extra::Nothing, Standing::Half), format!("clean, first, second, begin, check, {done}"));
    assert_eq!(instructions(alone, Extra::Nothing, Standing::Done), format!("begin, check, {done}"));
    let batch = "rows, first, second, more rows, seal, row moved, commit, next batch";
    for batches in [batches, by_key] {
        let first = format!("begin, check, row begun, entry Begun, {batch}");
        assert_eq!(instructions(batches, Extra::Nothing, Standing::NotBegun), format!("{first}, begin, check, {batch}, {done}"));
        assert_eq!(instructions(batches, Extra::Nothing, Standing::Begun), format!("begin, check, {batch}, {done}"));
    }
    assert_eq!(instructions(program, Extra::Nothing, Standing::NotBegun), format!("begin, check, program, {done}"));
    let asked = format!("begin, check, guards, notices, drops, program, {done}");
    assert_eq!(instructions(program, Extra::Guards, Standing::NotBegun), asked);
    let batch = "begin, check, program, seal, row moved, commit, next batch";
    assert_eq!(instructions(program_in_batches, Extra::Nothing, Standing::NotBegun), format!("{begun}, {batch}, {done}"));
    assert_eq!(instructions(program_in_batches, Extra::Nothing, Standing::Begun), format!("{batch}, {done}"));
    let outside = format!("program, begin, check, {done}");
    assert_eq!(instructions(program_outside, Extra::Nothing, Standing::NotBegun), format!("{begun}, {outside}"));
    assert_eq!(instructions(program_outside, Extra::Nothing, Standing::Begun), outside);
}

#[test]
fn every_instruction_is_in_some_protocol() {
    let mut seen = BTreeSet::new();
    every_step(|(mode, extra), direction| {
        let history = history(mode, extra);
        let plan = plan(&history, Database::Postgres, direction);
        let step = PlannedStep::all(&plan.migrations[0], direction).next().unwrap();
        for standing in [Standing::NotBegun, Standing::Begun, Standing::Half, Standing::Done] {
            seen.extend(protocol(step, standing).iter().map(labels::kind));
        }
    });
    // A plan has no step of an unsupported mode.
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), (0..labels::KINDS - 1).collect::<Vec<_>>());
}
