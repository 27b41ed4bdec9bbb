//! What an interpreter did, in the words of the instructions.

use migrate_history::{Action, Database, Rebuild};

use crate::protocol::{Instruction, RowState, Since};

/// How many kinds of instructions there are.
pub(super) const KINDS: usize = 20;

/// The number of a kind.
pub(super) fn kind(instruction: &Instruction<'_>) -> usize {
    match instruction {
        Instruction::Begin { .. } => 0,
        Instruction::Check(_) => 1,
        Instruction::Guards(_) => 2,
        Instruction::Notices(_) => 3,
        Instruction::Drops(_) => 4,
        Instruction::Wait => 5,
        Instruction::Statement(..) => 6,
        Instruction::Alone(..) => 7,
        Instruction::Rows(..) => 8,
        Instruction::Batch(..) => 9,
        Instruction::NextBatch => 10,
        Instruction::Seal => 11,
        Instruction::Row(RowState::Begun | RowState::Moved) => 12,
        Instruction::Row(RowState::Done) => 13,
        Instruction::Entry(_) => 14,
        Instruction::Commit => 15,
        Instruction::Program => 16,
        Instruction::Keep(_) => 17,
        Instruction::MoreRows => 18,
        Instruction::Unsupported => 19,
    }
}

/// An instruction in a word; a statement by its first.
pub(super) fn of_instruction(instruction: &Instruction<'_>) -> String {
    match instruction {
        Instruction::Begin { .. } => "begin".to_owned(),
        Instruction::Check(_) => "check".to_owned(),
        Instruction::Guards(_) => "guards".to_owned(),
        Instruction::Notices(_) => "notices".to_owned(),
        Instruction::Drops(_) => "drops".to_owned(),
        Instruction::Wait => "wait".to_owned(),
        Instruction::Statement(_, statement) | Instruction::Alone(_, statement) | Instruction::Batch(_, statement) => {
            first_word(&statement.sql)
        }
        Instruction::Rows(..) => "rows".to_owned(),
        Instruction::MoreRows => "more rows".to_owned(),
        Instruction::Program => "program".to_owned(),
        Instruction::NextBatch => "next batch".to_owned(),
        Instruction::Keep(_) => "keep".to_owned(),
        Instruction::Seal => "seal".to_owned(),
        Instruction::Row(RowState::Begun) => "row begun".to_owned(),
        Instruction::Row(RowState::Moved) => "row moved".to_owned(),
        Instruction::Row(RowState::Done) => "row done".to_owned(),
        Instruction::Entry(outcome) => format!("entry {outcome:?}"),
        Instruction::Commit => "commit".to_owned(),
        Instruction::Unsupported => "unsupported".to_owned(),
    }
}

fn first_word(text: &str) -> String {
    text.split([' ', ';']).next().unwrap_or_default().to_owned()
}

/// The instructions as a driver is told of them where there are so many batches, each a transaction.
pub(super) fn unrolled<'p>(instructions: &[Instruction<'p>], batches: usize) -> Vec<Instruction<'p>> {
    let Some(again) = instructions.iter().rposition(|instruction| *instruction == Instruction::NextBatch) else {
        return instructions.to_vec();
    };
    let rows = instructions[..again]
        .iter()
        .rposition(|instruction| matches!(instruction, Instruction::Rows(..) | Instruction::Program))
        .expect("a batch has rows");
    let (before, end) = (&instructions[..rows - 2], &instructions[again + 1..]);
    // The first is in the transaction that records the beginning.
    let others = batches - usize::from(before.contains(&Instruction::NextBatch));
    let batch = &instructions[rows - 2..again];
    let all = [before, &batch.repeat(others), &batch[..3], end].concat();
    all.into_iter().filter(|instruction| !matches!(instruction, Instruction::MoreRows | Instruction::NextBatch)).collect()
}

/// The instructions that a script has; those that are only for a driver are left out.
pub(super) fn written(instructions: &[Instruction<'_>], database: Database) -> Vec<String> {
    let is_rebuild =
        instructions.iter().any(|instruction| matches!(instruction, Instruction::Begin { rebuild: Rebuild::Tables, .. }));
    let is_silent = |instruction: &&Instruction<'_>| match instruction {
        Instruction::Wait | Instruction::Drops(_) | Instruction::Check(Since::Begun) => true,
        Instruction::Statement(_, statement) => statement.action == Action::Restore,
        Instruction::Seal => database == Database::Sqlite && !is_rebuild,
        Instruction::Begin { .. }
        | Instruction::Check(Since::Plan)
        | Instruction::Guards(_)
        | Instruction::Notices(_)
        | Instruction::Alone(..) => false,
        Instruction::Rows(..)
        | Instruction::Batch(..)
        | Instruction::MoreRows
        | Instruction::NextBatch
        | Instruction::Row(_)
        | Instruction::Entry(_)
        | Instruction::Commit => false,
        Instruction::Keep(_) | Instruction::Program | Instruction::Unsupported => false,
    };
    instructions.iter().filter(|instruction| !is_silent(instruction)).map(of_instruction).collect()
}

/// The calls of a driver, as instructions.
pub(super) fn of_told(told: &[String]) -> Vec<String> {
    // What was asked about an earlier run comes before the protocol.
    let told = told.iter().skip_while(|line| line.contains("begun_step FROM") || line.contains("the probe"));
    once(told.filter_map(|line| {
        let (how, text) = line.split_once(' ').unwrap_or((line, ""));
        match (how, text) {
            ("begin", _) | ("message", "BEGIN") => Some("begin".to_owned()),
            ("call", _) => Some("program".to_owned()),
            ("commit", _) | ("message", "COMMIT") => Some("commit".to_owned()),
            ("seal", _) | ("message", "seal" | "settle") => Some("seal".to_owned()),
            ("message", text) if text.starts_with("open") => Some("begin".to_owned()),
            ("message", text) if text.starts_with("check") => Some("check".to_owned()),
            ("message", text) if text.contains("changes()") => Some("row done".to_owned()),
            ("ask", text) if text.contains("max(id)") => Some("check".to_owned()),
            ("ask", text) if text.starts_with("count guarded") => Some("guards".to_owned()),
            ("ask", text) if text.starts_with("count noticed") => Some("notices".to_owned()),
            ("ask", text) if text.starts_with("count dropped") => Some("drops".to_owned()),
            // It comes before the rows and before the call.
            ("ask", text) if text.starts_with("SELECT begun_step FROM") => None,
            ("ask", text) if text.starts_with("the next rows") => Some("rows".to_owned()),
            ("ask", text) if text.contains("sqlite_schema") => Some("CREATE".to_owned()),
            (_, text) if text.starts_with("around") => None,
            (_, text) => Some(of_text(text)),
        }
    }))
}

/// The migration of a script, as instructions.
pub(super) fn of_script(script: &str) -> Vec<String> {
    let migration = script.lines().skip_while(|line| !(line.starts_with("-- upgrade m ") || line.starts_with("-- downgrade m ")));
    once(migration.filter_map(|line| match line {
        line if line.starts_with("BEGIN") || line == "PRAGMA foreign_keys = OFF;" => Some("begin".to_owned()),
        "COMMIT;" => Some("commit".to_owned()),
        line if line.contains("CONSTRAINT \"applied already") => Some("check".to_owned()),
        line if line.contains("CONSTRAINT \"not applied") => Some("check".to_owned()),
        line if line.contains("CONSTRAINT \"another one is applied") => Some("check".to_owned()),
        line if line.contains("CONSTRAINT \"rows do not fit") => Some("guards".to_owned()),
        line if line.contains("CONSTRAINT \"rows refer to nothing") => Some("seal".to_owned()),
        line if line.contains("is not as the migrations left it") => Some("CREATE".to_owned()),
        line if line.contains("CONSTRAINT \"a table that is built again has triggers") => Some("kept".to_owned()),
        line if line.starts_with("-- count noticed") => Some("notices".to_owned()),
        line if line.starts_with("-- stops at a view") || line == ":migrate_settings \\gset" => Some("seal".to_owned()),
        line if line.contains("\"migrate_check\"") || line.starts_with("--") => None,
        line if line.starts_with([' ', ')'])
            || line.starts_with("PRAGMA")
            || line.is_empty()
            || line == ":migrate_before \\gset" =>
        {
            None
        }
        line if crate::settings::sqlite::READ.iter().any(|read| line == format!("{read};")) => Some("seal".to_owned()),
        line => Some(of_text(line)),
    }))
}

/// A statement of the ledger, of the journal or of the step.
fn of_text(text: &str) -> String {
    let is_of = |table: &str| text.contains(&format!("\"{table}\""));
    match text {
        _ if is_of("migrate_kept") => "keep".to_owned(),
        _ if is_of("migrate_journal") && text.contains("'begun'") => "entry Begun".to_owned(),
        _ if is_of("migrate_journal") && text.contains("'done'") => "entry Done".to_owned(),
        _ if is_of("migrate_ledger") && text.contains("\"cursor\":\"") => "row moved".to_owned(),
        _ if is_of("migrate_ledger") && text.contains("\"cursor\":null") => "row begun".to_owned(),
        _ if is_of("migrate_ledger") => "row done".to_owned(),
        _ => first_word(text),
    }
}

/// Of what an instruction does in several statements, one.
fn once(labels: impl Iterator<Item = String>) -> Vec<String> {
    let mut labels: Vec<String> = labels.collect();
    labels.dedup();
    labels
}
