//! What an interpreter did, in the words of the parts.

use migrate_history::{Action, Database, Rebuild};

use crate::protocol::{Part, RowState, Since};

/// How many kinds of parts there are.
pub(super) const KINDS: usize = 17;

/// The number of a kind.
pub(super) fn kind(part: &Part<'_>) -> usize {
    match part {
        Part::Begin { .. } => 0,
        Part::Check(_) => 1,
        Part::Guards(_) => 2,
        Part::Notices(_) => 3,
        Part::Drops(_) => 4,
        Part::Wait => 5,
        Part::Statement(..) => 6,
        Part::Alone(..) => 7,
        Part::Rows(_) => 8,
        Part::Batch(..) => 9,
        Part::NextBatch => 10,
        Part::Seal => 11,
        Part::Row(RowState::Begun | RowState::Moved) => 12,
        Part::Row(RowState::Done) => 13,
        Part::Entry(_) => 14,
        Part::Commit => 15,
        Part::Unsupported => 16,
    }
}

/// A part in a word; a statement by its first.
pub(super) fn of_part(part: &Part<'_>) -> String {
    match part {
        Part::Begin { .. } => "begin".to_owned(),
        Part::Check(_) => "check".to_owned(),
        Part::Guards(_) => "guards".to_owned(),
        Part::Notices(_) => "notices".to_owned(),
        Part::Drops(_) => "drops".to_owned(),
        Part::Wait => "wait".to_owned(),
        Part::Statement(_, statement) | Part::Alone(_, statement) | Part::Batch(_, statement) => first_word(&statement.sql),
        Part::Rows(_) => "rows".to_owned(),
        Part::NextBatch => "next batch".to_owned(),
        Part::Seal => "seal".to_owned(),
        Part::Row(RowState::Begun) => "row begun".to_owned(),
        Part::Row(RowState::Moved) => "row moved".to_owned(),
        Part::Row(RowState::Done) => "row done".to_owned(),
        Part::Entry(outcome) => format!("entry {outcome:?}"),
        Part::Commit => "commit".to_owned(),
        Part::Unsupported => "unsupported".to_owned(),
    }
}

fn first_word(text: &str) -> String {
    text.split([' ', ';']).next().unwrap_or_default().to_owned()
}

/// The parts as they are done where there are so many batches.
pub(super) fn unrolled<'p>(parts: &[Part<'p>], batches: usize) -> Vec<Part<'p>> {
    let Some(again) = parts.iter().position(|part| *part == Part::NextBatch) else { return parts.to_vec() };
    let rows = parts.iter().position(|part| matches!(part, Part::Rows(_))).expect("a batch has rows");
    let begin = rows - 2;
    let before = parts[..begin].to_vec();
    let batch = parts[begin..again].repeat(batches);
    [before, batch, parts[begin..=rows].to_vec(), parts[again + 1..].to_vec()].concat()
}

/// The parts that a script has; those that are only for a driver are left out.
pub(super) fn written(parts: &[Part<'_>], database: Database) -> Vec<String> {
    let is_rebuild = parts.iter().any(|part| matches!(part, Part::Begin { rebuild: Rebuild::Tables, .. }));
    let is_silent = |part: &&Part<'_>| match part {
        Part::Wait | Part::Drops(_) | Part::Check(Since::Begun) => true,
        Part::Statement(_, statement) => statement.action == Action::Restore,
        Part::Seal => database == Database::Sqlite && !is_rebuild,
        Part::Begin { .. } | Part::Check(Since::Plan) | Part::Guards(_) | Part::Notices(_) | Part::Alone(..) => false,
        Part::Rows(_) | Part::Batch(..) | Part::NextBatch | Part::Row(_) | Part::Entry(_) | Part::Commit => false,
        Part::Unsupported => false,
    };
    parts.iter().filter(|part| !is_silent(part)).map(of_part).collect()
}

/// The calls of a driver, as parts.
pub(super) fn of_told(told: &[String]) -> Vec<String> {
    // What was asked about an earlier run comes before the protocol.
    let told = told.iter().skip_while(|line| line.contains("begun_step FROM") || line.contains("the probe"));
    once(told.filter_map(|line| {
        let (how, text) = line.split_once(' ').unwrap_or((line, ""));
        match (how, text) {
            ("begin", _) | ("message", "BEGIN") => Some("begin".to_owned()),
            ("commit", _) | ("message", "COMMIT") => Some("commit".to_owned()),
            ("seal", _) | ("message", "seal" | "settle") => Some("seal".to_owned()),
            ("message", text) if text.starts_with("open") => Some("begin".to_owned()),
            ("message", text) if text.starts_with("check") => Some("check".to_owned()),
            ("message", text) if text.contains("changes()") => Some("row done".to_owned()),
            ("ask", text) if text.contains("max(id)") => Some("check".to_owned()),
            ("ask", text) if text.starts_with("count guarded") => Some("guards".to_owned()),
            ("ask", text) if text.starts_with("count noticed") => Some("notices".to_owned()),
            ("ask", text) if text.starts_with("count dropped") => Some("drops".to_owned()),
            ("ask", text) if text.starts_with("SELECT begun_step FROM") => Some("rows".to_owned()),
            ("ask", text) if text.starts_with("the next rows") => Some("rows".to_owned()),
            ("ask", text) if text.contains("sqlite_schema") => Some("CREATE".to_owned()),
            (_, text) if text.starts_with("around") => None,
            (_, text) => Some(of_text(text)),
        }
    }))
}

/// The migration of a script, as parts.
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
        line if line.contains("CONSTRAINT \"a table that is built anew has triggers") => Some("kept".to_owned()),
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
        _ if is_of("migrate_journal") && text.contains("'begun'") => "entry Begun".to_owned(),
        _ if is_of("migrate_journal") && text.contains("'done'") => "entry Done".to_owned(),
        _ if is_of("migrate_ledger") && text.contains("\"cursor\":\"") => "row moved".to_owned(),
        _ if is_of("migrate_ledger") && text.contains("\"cursor\":null") => "row begun".to_owned(),
        _ if is_of("migrate_ledger") => "row done".to_owned(),
        _ => first_word(text),
    }
}

/// Of what a part does in several statements, one.
fn once(labels: impl Iterator<Item = String>) -> Vec<String> {
    let mut labels: Vec<String> = labels.collect();
    labels.dedup();
    labels
}
