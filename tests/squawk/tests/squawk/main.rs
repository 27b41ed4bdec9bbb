//! squawk, a linter of PostgreSQL's SQL that knows nothing of us, reads every statement that is emitted for tables that existed before: each of its
//! findings is in a list with what refutes it, and nothing is in that list that it does not find.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod change;
mod program;
mod refuted;
mod text;

use migrate_history::{Blocks, Database, Work};

use change::Change;
use refuted::{REFUTED, Way};
use text::Text;

/// A file, and what it is made of.
struct File<'c> {
    change: &'c Change,
    way: Way,
    text: Text,
}

#[test]
fn every_finding_of_squawk_is_refuted() {
    let changes = change::all();
    let files: Vec<File<'_>> = changes.iter().flat_map(files).collect();
    let mut met = [false; REFUTED.len()];
    let mut open = Vec::new();
    for finding in program::findings(files.iter().map(|file| &*file.text.sql)) {
        let File { change, way, text } = &files[finding.file];
        let statement = text.statement(finding.line);
        let refuted = REFUTED.iter().position(|one| one.is_met_by(&finding.rule, statement, *way, &change.said));
        match refuted {
            Some(place) => met[place] = true,
            None => {
                open.push(format!("{} ({way:?}): {}\n  {}\n  we say {:?}", finding.rule, statement.sql, change.told, change.said))
            }
        }
    }
    let unmet = REFUTED.iter().zip(met).filter(|(_, met)| !met);
    let unmet: Vec<String> = unmet.map(|(one, _)| format!("{} on `{}`: {}", one.rule, one.shape, one.reason)).collect();
    assert!(open.is_empty(), "{}\n{} findings of squawk that nothing refutes", open.join("\n\n"), open.len());
    assert!(unmet.is_empty(), "squawk does not find what is refuted here:\n{}", unmet.join("\n"));
}

fn files(change: &Change) -> [File<'_>; 2] {
    let script = change.migration.compiled().script(Database::Postgres).unwrap();
    [(Way::Up, &script.upgrade), (Way::Down, &script.downgrade)].map(|(way, steps)| File { change, way, text: Text::of(steps) })
}

/// A step that keeps others waiting and does something with the rows is one that its author has accepted.
#[test]
fn no_step_works_under_a_lock_that_nobody_accepted() {
    let mut unsaid = Vec::new();
    for change in change::all() {
        let script = change.migration.compiled().script(Database::Postgres).unwrap();
        for step in script.upgrade.iter() {
            let blocks =
                step.touches.tables.iter().filter(|one| one.lock.blocks() != Blocks::Neither && one.work > Work::Nothing);
            unsaid.extend(
                blocks.map(|one| {
                    format!("{}: {} on {}, {:?}; we say {:?}", change.told, one.lock, one.table, one.work, change.said)
                }),
            );
        }
    }
    unsaid.retain(|one| !["rewrite_table", "scan_under_lock", "drop_value"].iter().any(|rule| one.contains(rule)));
    assert_eq!(unsaid, [""; 0]);
}
