//! Results for people.

use std::fmt::Write;
use std::time::Duration;

use comfy_table::{ContentArrangement, Table, presets};
use migrate_history::plan::{Direction, explained};
use migrate_history::{Database, History, Text};
use migrate_runtime::{Current, Disorder, EnsuredLedger, Journal, KeptData, KeptThing, Report, RevisionState, Stamped};

use crate::listing::{Branch, LabelledRevision, Listed};
use crate::progress::shown;
use crate::terminal::{BOLD, CYAN, DIM};

/// "PostgreSQL, schema `public`"
pub(crate) fn place(database: Database, schema: Option<&str>) -> String {
    schema.map_or_else(|| database.to_string(), |schema| format!("{database}, schema `{schema}`"))
}

/// " in schema `public`"
fn within(schema: Option<&str>) -> String {
    schema.map(|schema| format!(" in schema `{schema}`")).unwrap_or_default()
}

/// What a run did.
pub(crate) fn report(report: &Report) -> String {
    if report.is_empty() {
        return format!("nothing to do{}\n", within(report.schema.as_deref()));
    }
    let verb = match report.direction {
        Direction::Upgrade => "applied",
        Direction::Downgrade => "undone",
    };
    let count = report.migrations.len();
    let noun = if count == 1 { "migration" } else { "migrations" };
    let mut out = format!("{count} {noun} {verb}{} in {}\n", within(report.schema.as_deref()), shown(report.duration));
    for one in &report.migrations {
        for dropped in &one.dropped {
            let _ = writeln!(out, "  {}: dropped {dropped}", one.revision);
        }
    }
    out
}

/// What two runs did, one after the other.
pub(crate) fn reports(undone: &Report, applied: &Report) -> String {
    let both = [undone, applied].into_iter().filter(|one| !one.is_empty());
    let out: String = both.map(report).collect();
    if out.is_empty() { report(applied) } else { out }
}

/// What a stamp has changed.
pub(crate) fn stamped(stamped: &Stamped) -> String {
    let line = |what: &str, revisions: &[Text]| {
        let names: Vec<&str> = revisions.iter().map(|revision| &**revision).collect();
        if names.is_empty() { String::new() } else { format!("{what}: {}\n", names.join(", ")) }
    };
    let out = line("recorded as applied", &stamped.added) + &line("recorded no longer", &stamped.removed);
    if out.is_empty() { "nothing to do\n".to_owned() } else { out }
}

/// What was done to the ledger.
pub(crate) fn ensured(ensured: &EnsuredLedger) -> String {
    let EnsuredLedger { before, format, .. } = ensured;
    let place = within(ensured.schema.as_deref());
    match before {
        None => format!("created the ledger{place}\n"),
        Some(before) if before < format => format!("the ledger{place} has format {format} now, and had format {before}\n"),
        Some(_) => format!("nothing to do: the ledger exists{place}\n"),
    }
}

/// What is applied and what is pending.
pub(crate) fn current(current: &Current) -> String {
    let mut out = String::new();
    let heads: Vec<&str> = current.heads.iter().map(|head| &**head).collect();
    let at = if heads.is_empty() { "base".to_owned() } else { heads.join(", ") };
    let _ = writeln!(
        out,
        "{BOLD}{}{BOLD:#} on {}: at {BOLD}{at}{BOLD:#}, {} pending",
        current.history,
        place(current.database, current.schema.as_deref()),
        current.pending().count()
    );
    if let Some(why) = &current.protection {
        let _ = writeln!(out, "protected: {why}");
    }
    if current.revisions.is_empty() {
        return out;
    }
    let mut table = table(["", "revision", "title", "level", "applied"]);
    for one in &current.revisions {
        let applied = one.record().map(|record| record.applied_at.to_string()).unwrap_or_default();
        table.add_row([one.state.word(), &one.revision, &one.title, one.grade().text(), &applied]);
    }
    let _ = writeln!(out, "{table}");
    out
}

/// Whether only a reviewed plan runs on the database, and why.
pub(crate) fn protection(current: &Current) -> String {
    let place = place(current.database, current.schema.as_deref());
    match &current.protection {
        Some(why) => format!("{BOLD}{place}{BOLD:#} is protected: only a reviewed plan runs\nnote: {why}\n"),
        None => format!("{BOLD}{place}{BOLD:#} is not protected\n"),
    }
}

/// What was run and what failed, the last first.
pub(crate) fn journal(journal: &Journal) -> String {
    let mut out = format!("{BOLD}{}{BOLD:#} on {}", journal.history, place(journal.database, journal.schema.as_deref()));
    if journal.events.is_empty() {
        return out + ": nothing was run\n";
    }
    let mut table = table(["", "at", "", "revision", "step", "took", "by"]);
    for one in &journal.events {
        let state = if one.failure.is_some() { "failed" } else { "done" };
        let step = format!("{}/{}", one.step.number, one.step.total);
        let took = shown(Duration::from_millis(u64::try_from(one.duration_ms).unwrap_or_default()));
        table.add_row([state, &one.at, one.direction.word(), &one.revision, &step, &took, &one.applied_by]);
    }
    let _ = write!(out, "\n{table}\n");
    let failures = journal.events.iter().filter_map(|one| Some((one, one.failure.as_ref()?)));
    for (one, failure) in failures {
        let _ = writeln!(out, "{BOLD}{} {}{BOLD:#} at {}:", one.direction, one.revision, one.at);
        out.push_str(&indented(failure));
    }
    out
}

/// What is kept.
pub(crate) fn kept(kept: &KeptData) -> String {
    let mut out = format!("{BOLD}{}{BOLD:#} on {}", kept.history, place(kept.database, kept.schema.as_deref()));
    if kept.things.is_empty() {
        return out + ": nothing is kept\n";
    }
    let mut table = table(["revision", "", "kept", "as", "since", "rows", "bytes"]);
    for one in &kept.things {
        let place = one.place.to_string();
        let (rows, bytes) = (one.rows.to_string(), one.bytes.to_string());
        table.add_row([&*one.revision, one.direction.word(), &one.object, &place, &one.kept_at, &rows, &bytes]);
    }
    let _ = write!(out, "\n{table}\n");
    out
}

/// What was emptied.
pub(crate) fn purged(things: &[KeptThing]) -> String {
    things.iter().map(|thing| format!("purged what was kept of the {} of `{}`\n", thing.object, thing.revision)).collect()
}

/// The revisions that no other comes after, with their branches and titles.
pub(crate) fn heads(history: &History, heads: &[LabelledRevision]) -> String {
    let title = |head: &Text| {
        let migration = history.migrations.iter().find(|migration| migration.id == *head);
        migration.map(|migration| migration.compiled().title()).unwrap_or_default()
    };
    let line = |head: &LabelledRevision| {
        let implied = match head.dependents.as_slice() {
            [] => String::new(),
            dependents => format!("  {DIM}{} on it{DIM:#}", depend(dependents)),
        };
        format!("{BOLD}{}{BOLD:#}{}  {}{implied}\n", head.revision, branch(&head.labels), title(&head.revision))
    };
    heads.iter().map(line).collect()
}

/// "m2 depends", "m2, m3 depend"
fn depend(dependents: &[Text]) -> String {
    format!("{} depend{}", dependents.join(", "), if dependents.len() == 1 { "s" } else { "" })
}

/// The labels of a revision, after its id.
fn branch<T: AsRef<str>>(labels: &[T]) -> String {
    let labels: Vec<&str> = labels.iter().map(AsRef::as_ref).collect();
    if labels.is_empty() { String::new() } else { format!(" {CYAN}({}){CYAN:#}", labels.join(", ")) }
}

/// The revisions that several others come after.
pub(crate) fn branches(branches: &[Branch]) -> String {
    let line = |branch: &Branch| {
        let children: Vec<String> =
            branch.children.iter().map(|child| format!("{}{}", child.revision, self::branch(&child.labels))).collect();
        format!("{BOLD}{}{BOLD:#}  before {}\n", branch.revision, children.join(", "))
    };
    branches.iter().map(line).collect()
}

/// Whether the database has exactly the migrations of the history, and where not.
pub(crate) fn status(current: &Current) -> String {
    let of = |state: fn(RevisionState) -> bool| -> Vec<&str> {
        current.revisions.iter().filter(|one| state(one.state)).map(|one| &*one.revision).collect()
    };
    let is_renamed = |id: &str| current.renamed.iter().any(|one| &*one.written == id);
    let mut pending = of(|state| state == RevisionState::Pending);
    pending.retain(|id| !is_renamed(id));
    let lines = [
        ("pending", pending),
        ("unfinished", of(|state| state.word() == "unfinished")),
        ("changed since it was applied", of(|state| state == RevisionState::Changed)),
        ("not in this program", of(|state| state == RevisionState::Unknown)),
    ];
    let lines = lines.iter().filter(|(_, revisions)| !revisions.is_empty());
    let out: String = lines.map(|(what, revisions)| format!("{what}: {}\n", revisions.join(", "))).collect();
    let renamed: String =
        current.renamed.iter().map(|renamed| format!("{}\n", Disorder::Renamed { renamed: renamed.clone() })).collect();
    let out = out + &renamed;
    let place = place(current.database, current.schema.as_deref());
    if out.is_empty() { format!("{} on {place} is up to date\n", current.history) } else { out }
}

/// A table without lines around it.
pub(crate) fn table<const N: usize>(head: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_header(head);
    table
}

/// How much of a migration is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// A line.
    Line,
    /// What is known of it.
    Everything,
}

/// The migrations, a line each; what else is known of them where more is wanted.
pub(crate) fn history(history: &History, schema: Option<&str>, entries: &[Listed<'_>], detail: Detail) -> String {
    let mut out = String::new();
    if let Some(schema) = schema {
        let _ = writeln!(out, "{DIM}{} in schema `{schema}`{DIM:#}", history.name);
    }
    for entry in entries {
        let state = entry.state.map_or("", RevisionState::word);
        let foreign = if entry.foreign { format!(" {DIM}(not in this program){DIM:#}") } else { String::new() };
        let label = branch(entry.label.as_slice());
        let _ = writeln!(out, "{state:<9} {BOLD}{}{BOLD:#}{label}  {}{foreign}", entry.revision, entry.title);
        if let Some(note) = entry.note {
            let _ = writeln!(out, "          {DIM}note: {note}{DIM:#}");
        }
        if detail == Detail::Everything {
            more(entry, &mut out);
        }
    }
    out
}

fn more(entry: &Listed<'_>, out: &mut String) {
    let parents = if entry.parents.is_empty() { "the base".to_owned() } else { entry.parents.join(", ") };
    let depends = match entry.dependencies {
        [] => String::new(),
        dependencies => format!("; depends on {}", dependencies.join(", ")),
    };
    let level = explained(entry.grade, entry.losses, entry.irreversible);
    let _ = writeln!(out, "          {DIM}after {parents}{depends}; level {level}{DIM:#}");
    for line in entry.message.lines().skip(1) {
        let _ = writeln!(out, "{}", format!("          {}", line.trim()).trim_end());
    }
}

/// Lines of a result, among others.
pub(crate) fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}
