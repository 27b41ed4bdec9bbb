//! A plan for people: of each step what it locks, what it does with the rows, whether its guards would refuse it now, and its statements.

use std::fmt::Write;

use migrate_history::plan::{Plan, Planned, explained};
use migrate_history::{Action, Calls, Mode, Rebuild, Rest, Statement, Step, Touched, Work};
use migrate_runtime::{Answer, InspectedGuard, InspectedStep, InspectedTable, Inspection};

use crate::terminal::{BOLD, CYAN, DIM, GREEN, RED};
use crate::text::{indented, table};

/// Every statement that would run.
pub(crate) fn text(inspection: &Inspection) -> String {
    let plan = &inspection.plan;
    let mut out = String::new();
    if let Some(schema) = &plan.schema {
        let _ = writeln!(out, "{DIM}{} in schema `{schema}`{DIM:#}", plan.history);
    }
    for note in &plan.notes {
        let _ = writeln!(out, "{DIM}note: {note}{DIM:#}");
    }
    if plan.is_empty() {
        out.push_str("nothing to do\n");
    }
    for planned in &plan.migrations {
        migration(plan, planned, &mut out);
        for one in inspection.steps.iter().filter(|one| one.revision == planned.revision) {
            step(plan, one, &mut out);
        }
        out.push('\n');
    }
    out
}

fn migration(plan: &Plan, planned: &Planned, out: &mut String) {
    let _ = writeln!(out, "{BOLD}{} {}{BOLD:#}  {}", plan.direction, planned.revision, planned.title());
    let _ = writeln!(out, "  {CYAN}level {}{CYAN:#}", explained(planned.grade(), &planned.losses, planned.irreversible()));
    for note in planned.notes.iter() {
        let _ = writeln!(out, "  {DIM}note: {note}{DIM:#}");
    }
    for dropped in &planned.drops {
        let _ = writeln!(out, "  {CYAN}drops {dropped}{CYAN:#}");
        out.push_str(&indented(&dropped.tally.query));
    }
    if planned.done > 0 {
        let steps = if planned.done == 1 { "step was" } else { "steps were" };
        let _ = writeln!(out, "  {DIM}{} {steps} done by an earlier run{DIM:#}", planned.done);
    }
}

fn step(plan: &Plan, one: &InspectedStep, out: &mut String) {
    let position = one.position;
    let _ = writeln!(out, "  {BOLD}step {} of {}{BOLD:#}: {}", position.number, position.total, mode(&one.step));
    tables(plan, one, out);
    for found in &one.guards {
        guard(found, out);
    }
    if let Mode::Program { name, .. } = &one.step.mode {
        let _ = writeln!(out, "    {CYAN}calls {name}{CYAN:#}");
    }
    for one in one.step.statements.iter() {
        statement(one, out);
    }
}

/// How a step is run.
pub(crate) fn mode(step: &Step) -> &'static str {
    match &step.mode {
        Mode::Transaction { rebuild: Rebuild::Nothing } => "one transaction",
        Mode::Transaction { rebuild: Rebuild::Tables } => "one transaction, foreign keys off until its end",
        Mode::Alone => "outside of a transaction",
        Mode::Batches { .. } => "in batches, each a transaction",
        Mode::Program { calls: Calls::Once, .. } => "a Rust function, in one transaction",
        Mode::Program { calls: Calls::InBatches, .. } => "a Rust function in batches, each a transaction",
        Mode::Program { calls: Calls::Outside, .. } => "a Rust function outside of a transaction",
        Mode::Unknown { .. } => "in a mode that only a newer version runs",
    }
}

/// What it locks.
fn tables(plan: &Plan, one: &InspectedStep, out: &mut String) {
    if !one.tables.is_empty() {
        let mut lines = table(["table", "lock", "work", "rows", "size"]);
        for InspectedTable { touched, rows, bytes, .. } in &one.tables {
            lines.add_row([
                touched.to_string(),
                lock(touched),
                work(touched.work).to_owned(),
                rows.to_string(),
                bytes.written(size),
            ]);
        }
        let lines = lines.to_string();
        lines.lines().for_each(|line| out.push_str(&indented(line.strip_prefix(' ').unwrap_or(line).trim_end())));
    } else if let Some(least) = plan.database.least_lock() {
        let _ = writeln!(out, "    locks {least} ({})", least.blocks());
    } else if one.step.touches.rest == Rest::Nothing {
        out.push_str("    locks no table that was there before\n");
    }
    if let Some(unknown) = unknown(one.step.touches.rest) {
        let _ = writeln!(out, "    {CYAN}which tables it touches is unknown: {unknown}{CYAN:#}");
    }
}

/// Why it is unknown what a step touches.
pub(crate) fn unknown(rest: Rest) -> Option<&'static str> {
    match rest {
        Rest::Nothing => None,
        Rest::RawSql => Some("raw SQL"),
        Rest::Program => Some("a Rust function"),
        Rest::NotSaid => Some("compiled by another version"),
    }
}

/// "ACCESS EXCLUSIVE (blocks reads and writes)"
fn lock(touched: &Touched) -> String {
    format!("{} ({})", touched.lock, touched.lock.blocks())
}

/// What is done with the rows.
fn work(work: Work) -> &'static str {
    match work {
        Work::Nothing => "not scanned, not rewritten",
        Work::Scan => "scanned",
        Work::Index => "scanned, an index is built",
        Work::Update => "rows updated",
        Work::Rewrite => "rewritten",
    }
}

/// A number of bytes: 512 B, 8.2 kB, 340 MB.
fn size(bytes: u64) -> String {
    let units = ["kB", "MB", "GB", "TB"];
    let mut size = bytes as f64;
    let mut unit = "B";
    for next in units {
        if size < 999.5 {
            break;
        }
        (size, unit) = (size / 1000.0, next);
    }
    let digits = usize::from(size < 9.95 && unit != "B");
    format!("{size:.digits$} {unit}")
}

fn guard(found: &InspectedGuard, out: &mut String) {
    let refuses = matches!(found.answer, Answer::Refuses { .. });
    let style = if found.answer == Answer::Holds { GREEN } else { CYAN };
    let style = if refuses { RED } else { style };
    let _ = writeln!(out, "    {style}guard {found}{style:#}");
    indented(&found.guard.query).lines().for_each(|line| out.push_str(&format!("  {DIM}{line}{DIM:#}\n")));
}

fn statement(statement: &Statement, out: &mut String) {
    let about = match statement.action {
        Action::Run | Action::Set | Action::Load => return out.push_str(&indented(&statement.ended())),
        Action::Expect => "refused where the table is not as the migrations left it",
        Action::Keep => "the table's triggers are kept",
        Action::Restore => "the triggers are created again",
    };
    let _ = writeln!(out, "    {DIM}-- {about}{DIM:#}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use migrate_runtime::Amount;

    #[test]
    fn a_size_is_read_at_a_glance() {
        for (bytes, shown) in
            [(0, "0 B"), (999, "999 B"), (8_192, "8.2 kB"), (340_000_000, "340 MB"), (1_500_000_000_000, "1.5 TB")]
        {
            assert_eq!(size(bytes), shown);
        }
        assert_eq!(Amount::About(12_345_678).written(size), "about 12 MB");
    }
}
