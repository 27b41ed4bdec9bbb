//! One migration for people: what it says of itself, and the SQL of each of its steps.

use std::fmt::Write;

use migrate_history::plan::explained;
use migrate_history::{Migration, Step};

use crate::plan::mode;
use crate::terminal::{BOLD, CYAN, DIM};
use crate::text::indented;

/// Everything that is known of a migration without a database.
pub(crate) fn text(migration: &Migration) -> String {
    let compiled = migration.compiled();
    let mut out = format!("{BOLD}{}{BOLD:#}  {}\n", migration.id, compiled.title());
    let rest = compiled.message.lines().skip(1).collect::<Vec<_>>().join("\n");
    out.push_str(&indented(rest.trim()));
    let parents = if migration.parents.is_empty() { "the base".to_owned() } else { migration.parents.join(", ") };
    let _ = writeln!(out, "  {DIM}after {parents}{DIM:#}");
    if !migration.dependencies.is_empty() {
        let _ = writeln!(out, "  {DIM}depends on {}{DIM:#}", migration.dependencies.join(", "));
    }
    if let Some(label) = migration.label {
        let _ = writeln!(out, "  {DIM}label {label}{DIM:#}");
    }
    let level = explained(compiled.grade(), &compiled.losses, compiled.irreversible.as_deref());
    let _ = writeln!(out, "  {CYAN}level {level}{CYAN:#}");
    for note in compiled.notes.iter() {
        let _ = writeln!(out, "  {DIM}note: {note}{DIM:#}");
    }
    for script in compiled.scripts.iter() {
        steps(&format!("upgrade on {}", script.database), &script.upgrade, &mut out);
        steps(&format!("downgrade on {}", script.database), &script.downgrade, &mut out);
    }
    out
}

fn steps(title: &str, steps: &[Step], out: &mut String) {
    if steps.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{BOLD}{title}{BOLD:#}");
    for (at, step) in steps.iter().enumerate() {
        let _ = writeln!(out, "  step {} of {}: {}", at + 1, steps.len(), mode(step));
        for statement in step.statements.iter() {
            out.push_str(&indented(&statement.ended()));
        }
    }
}
