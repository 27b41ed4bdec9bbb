//! Results for scripts: one JSON document each. Fields are added and never renamed.

use migrate_history::plan::{Direction, Dropped, Planned};
use migrate_history::{Basis, Count, Database, KeptPlace, LIMIT, Migration, Script, Statement, Step};
use migrate_runtime::{
    Amount, Current, EnsuredLedger, InspectedGuard, InspectedStep, InspectedTable, Inspection, Journal, Journaled, KeptData,
    KeptThing, Protection, Report, RevisionState,
};
use serde_json::{Value, json};

use crate::listing::{Branch, LabelledRevision, Listed};

/// `{"database", "schema", "direction", "migrations": [{"revision", "title", "duration_ms", "dropped": [{"what", "query", "count", "more", "why"}]}],
/// "duration_ms"}`; `count` is null where nothing was counted, and `why` says why; `more` is whether there is more of it.
pub(crate) fn report(report: &Report) -> Value {
    let migration = |one: &migrate_runtime::Completed| json!({ "revision": one.revision, "title": one.title, "duration_ms": milliseconds(one.duration), "dropped": one.dropped.iter().map(dropped).collect::<Vec<_>>() });
    json!({
        "database": report.database.word(),
        "schema": report.schema,
        "direction": report.direction.to_string(),
        "migrations": report.migrations.iter().map(migration).collect::<Vec<_>>(),
        "duration_ms": milliseconds(report.duration),
    })
}

fn dropped(one: &Dropped) -> Value {
    let (count, more, why) = match &one.count {
        Count::Of(found) => (Some(*found), false, None),
        Count::More => (Some(LIMIT), true, None),
        Count::NotAsked => (None, false, Some("not asked".to_owned())),
        Count::After(revision) => (None, false, Some(format!("counted when {revision} is undone"))),
        Count::Unknown(why) => (None, false, Some(why.to_string())),
    };
    json!({ "what": one.tally.what, "query": one.tally.query, "count": count, "more": more, "why": why })
}

fn is_stated(basis: Basis) -> bool {
    match basis {
        Basis::Proved => false,
        Basis::Stated => true,
    }
}

fn milliseconds(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// `ledger`, the pattern of `protected: …;` in `history!`, or null.
pub(crate) fn protection(current: &Current) -> Value {
    match &current.protection {
        Some(Protection::Setting(pattern)) => json!(pattern),
        Some(_) => json!("ledger"),
        None => Value::Null,
    }
}

/// `{"database", "schema", "history", "heads", "pending", "protected", "revisions": [{"revision", "title", "level", "stated", "state", "note", "applied_at",
/// "applied_by"}]}`; `level` is `exact (stated)` where `stated` is true.
pub(crate) fn current(current: &Current) -> Value {
    let revision = |one: &migrate_runtime::Revision| {
        json!({
            "revision": one.revision,
            "title": one.title,
            "parents": one.parents,
            "level": one.grade().text(),
            "stated": is_stated(one.basis),
            "state": one.state.word(),
            "note": one.note,
            "applied_at": one.record().map(|record| &record.applied_at),
            "applied_by": one.record().map(|record| &record.applied_by),
        })
    };
    json!({
        "database": current.database.word(),
        "schema": current.schema,
        "history": current.history,
        "heads": current.heads,
        "pending": current.pending().count(),
        "protected": protection(current),
        "revisions": current.revisions.iter().map(revision).collect::<Vec<_>>(),
    })
}

/// `{"database", "schema", "before", "format"}`; `before` is null where there was no ledger.
pub(crate) fn ensured(ensured: &EnsuredLedger) -> Value {
    let EnsuredLedger { database, schema, before, format, .. } = ensured;
    json!({ "database": database.word(), "schema": schema, "before": before, "format": format })
}

/// `{"database", "schema", "history", "events": [{"id", "at", "revision", "direction", "event", "step", "steps", "error", "duration_ms",
/// "applied_by", "tool", "run"}]}`, the last first; `event` is `done` or `failed`, and `error` is null where it is done.
pub(crate) fn journal(journal: &Journal) -> Value {
    let event = |one: &Journaled| {
        json!({
            "id": one.id,
            "at": one.at,
            "revision": one.revision,
            "direction": one.direction.word(),
            "event": if one.failure.is_some() { "failed" } else { "done" },
            "step": one.step.number,
            "steps": one.step.total,
            "error": one.failure,
            "duration_ms": one.duration_ms,
            "applied_by": one.applied_by,
            "tool": one.tool,
            "run": one.run,
        })
    };
    json!({
        "database": journal.database.word(),
        "schema": journal.schema,
        "history": journal.history,
        "events": journal.events.iter().map(event).collect::<Vec<_>>(),
    })
}

/// `{"database", "schema", "history", "kept": [{"revision", "direction", "object", "place": {"schema", "table", "column"}, "digest", "rows_then",
/// "kept_at", "kept_by", "tool", "run", "rows", "bytes"}]}`, the first one first; `rows` and `bytes` as of a table in a plan.
pub(crate) fn kept(kept: &KeptData) -> Value {
    let thing = |one: &KeptThing| {
        let KeptPlace { schema, table, column } = &one.place;
        json!({
            "revision": one.revision,
            "direction": one.direction.word(),
            "object": one.object,
            "place": { "schema": schema, "table": table, "column": column },
            "digest": one.digest,
            "rows_then": one.rows_then,
            "kept_at": one.kept_at,
            "kept_by": one.kept_by,
            "tool": one.tool,
            "run": one.run,
            "rows": amount(&one.rows),
            "bytes": amount(&one.bytes),
        })
    };
    json!({
        "database": kept.database.word(),
        "schema": kept.schema,
        "history": kept.history,
        "kept": kept.things.iter().map(thing).collect::<Vec<_>>(),
    })
}

/// `[{"revision", "object", "place": {"schema", "table", "column"}}]`
pub(crate) fn purged(things: &[KeptThing]) -> Value {
    let thing = |one: &KeptThing| {
        let KeptPlace { schema, table, column } = &one.place;
        json!({ "revision": one.revision, "object": one.object, "place": { "schema": schema, "table": table, "column": column } })
    };
    things.iter().map(thing).collect()
}

/// `{"database", "schema", "direction", "script"}`; `schema` is null, for it is the current one of the session that runs it.
pub(crate) fn script(database: Database, direction: Direction, script: &str) -> Value {
    json!({ "database": database.word(), "schema": null, "direction": direction.to_string(), "script": script })
}

/// `[{"revision", "title", "message", "parents", "depends_on", "label", "level", "stated", "losses", "irreversible", "state", "note", "schema"}]`; `state` is null where no database
/// was asked. What the database has and the code does not know comes last.
pub(crate) fn history(schema: Option<&str>, entries: &[Listed<'_>]) -> Value {
    let entry = |one: &Listed<'_>| {
        json!({
            "revision": one.revision,
            "title": one.title,
            "message": one.message,
            "parents": one.parents,
            "depends_on": one.dependencies,
            "label": one.label,
            "level": one.grade.text(),
            "stated": is_stated(one.grade.basis),
            "losses": one.losses,
            "irreversible": one.irreversible,
            "note": one.note,
            "state": one.state.map(RevisionState::word),
            "schema": schema,
        })
    };
    entries.iter().map(entry).collect()
}

/// `{"added", "removed"}`, each a list of revisions.
pub(crate) fn stamped(stamped: &migrate_runtime::Stamped) -> Value {
    json!({ "added": stamped.added, "removed": stamped.removed })
}

/// `[{"revision", "labels", "dependents"}]`
pub(crate) fn heads(heads: &[LabelledRevision]) -> Value {
    let head = |one: &LabelledRevision| json!({ "revision": one.revision, "labels": one.labels, "dependents": one.dependents });
    heads.iter().map(head).collect()
}

/// `[{"revision", "children": [{"revision", "labels"}]}]`
pub(crate) fn branches(branches: &[Branch]) -> Value {
    let child = |one: &LabelledRevision| json!({ "revision": one.revision, "labels": one.labels });
    let branch =
        |one: &Branch| json!({ "revision": one.revision, "children": one.children.iter().map(child).collect::<Vec<_>>() });
    branches.iter().map(branch).collect()
}

/// `{"revision", "title", "message", "parents", "depends_on", "label", "level", "stated", "losses", "irreversible", "checksum", "operations", "databases": [{"database",
/// "upgrade": [{"id", "mode", "statements"}], "downgrade": […]}]}`
pub(crate) fn show(migration: &Migration) -> Value {
    let compiled = migration.compiled();
    let step = |step: &Step| {
        let statements: Vec<&str> = step.statements.iter().map(|statement| &*statement.sql).collect();
        json!({ "id": step.id, "mode": crate::plan::mode(step), "statements": statements })
    };
    let steps = |steps: &[Step]| steps.iter().map(step).collect::<Vec<_>>();
    let script = |script: &Script| {
        json!({
            "database": script.database.word(),
            "upgrade": steps(&script.upgrade),
            "downgrade": steps(&script.downgrade),
        })
    };
    json!({
        "revision": migration.id,
        "title": compiled.title(),
        "message": compiled.message.trim(),
        "parents": migration.parents,
        "depends_on": migration.dependencies,
        "label": migration.label,
        "level": compiled.grade().text(),
        "stated": is_stated(compiled.basis),
        "losses": compiled.losses,
        "irreversible": compiled.irreversible,
        "checksum": migration.checksum(),
        "operations": compiled.operations,
        "databases": compiled.scripts.iter().map(script).collect::<Vec<_>>(),
    })
}

/// `{"database", "schema", "direction", "notes", "migrations": [{"revision", "title", "level", "stated", "losses", "drops", "irreversible", "notes",
/// "guards", "steps": [{"number", "done", "mode", "statements", "tables": [{"schema", "table", "lock", "blocks", "work", "rows", "bytes"}], "unknown",
/// "guards": [{"query", "refusal", "answer", "rows", "text"}]}]}]}`; `drops` as `dropped` in a report. `rows` and `bytes` of a table are
/// `{"value", "text"}`; a value is null where it is not known. `unknown` says why not all tables are known, else it is null. Of a step that an
/// earlier run has done, `tables` and `guards` are empty.
pub(crate) fn plan(inspection: &Inspection) -> Value {
    let plan = &inspection.plan;
    let migration = |one: &Planned| {
        let steps = one.steps.iter().enumerate().map(|(at, step)| {
            let now = inspection.steps.iter().find(|now| now.revision == one.revision && now.position.number == at + 1);
            self::step(at + 1, step, now)
        });
        json!({
            "revision": one.revision,
            "title": one.title(),
            "level": one.grade().text(),
            "stated": is_stated(one.basis),
            "losses": one.losses,
            "drops": one.drops.iter().map(dropped).collect::<Vec<_>>(),
            "irreversible": one.irreversible(),
            "notes": one.notes,
            "guards": one.guards().map(|guard| json!({ "query": guard.query, "refusal": guard.refusal })).collect::<Vec<_>>(),
            "steps": steps.collect::<Vec<_>>(),
        })
    };
    json!({
        "database": plan.database.word(),
        "schema": plan.schema,
        "direction": plan.direction.to_string(),
        "hash": plan.hash(),
        "notes": plan.notes,
        "migrations": plan.migrations.iter().map(migration).collect::<Vec<_>>(),
    })
}

/// A step, with what the database says about it now unless it is done.
fn step(number: usize, step: &Step, now: Option<&InspectedStep>) -> Value {
    let statement = |one: &Statement| json!({ "sql": one.sql, "operation": one.operation });
    json!({
        "number": number,
        "done": now.is_none(),
        "mode": crate::plan::mode(step),
        "statements": step.statements.iter().map(statement).collect::<Vec<_>>(),
        "tables": now.iter().flat_map(|now| &now.tables).map(table).collect::<Vec<_>>(),
        "unknown": crate::plan::unknown(step.touches.rest),
        "guards": now.iter().flat_map(|now| &now.guards).map(guard).collect::<Vec<_>>(),
    })
}

fn table(one: &InspectedTable) -> Value {
    let touched = &one.touched;
    json!({
        "schema": touched.schema,
        "table": touched.table,
        "lock": touched.lock.name(),
        "blocks": touched.lock.blocks().words(),
        "work": touched.work.word(),
        "rows": amount(&one.rows),
        "bytes": amount(&one.bytes),
    })
}

fn amount(amount: &Amount) -> Value {
    json!({ "value": amount.value(), "text": amount.to_string() })
}

/// `answer` is `ok`, `refused`, `timed out`, `later` or `unknown`.
fn guard(one: &InspectedGuard) -> Value {
    json!({
        "query": one.guard.query,
        "refusal": one.guard.refusal,
        "answer": one.answer.word(),
        "rows": one.answer.rows(),
        "text": one.to_string(),
    })
}
