//! Results for scripts: one JSON document each. Fields are added and never renamed.

use migrate_model::history::{Database, History, Statement};
use migrate_model::plan::{Direction, Plan};
use migrate_runtime::{Current, Report, State};
use serde_json::{Value, json};

use crate::listing::{Entry, entries};

/// `{"database", "direction", "migrations": [{"revision", "title", "duration_ms"}], "duration_ms"}`
pub(crate) fn report(report: &Report) -> Value {
    let migration = |one: &migrate_runtime::Completed| json!({ "revision": one.revision, "title": one.title, "duration_ms": milliseconds(one.duration) });
    json!({
        "database": report.database.word(),
        "direction": report.direction.to_string(),
        "migrations": report.migrations.iter().map(migration).collect::<Vec<_>>(),
        "duration_ms": milliseconds(report.duration),
    })
}

fn milliseconds(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// `{"database", "history", "heads", "pending", "revisions": [{"revision", "title", "level", "state", "applied_at", "applied_by"}]}`
pub(crate) fn current(current: &Current) -> Value {
    let revision = |one: &migrate_runtime::Revision| {
        json!({
            "revision": one.revision,
            "title": one.title,
            "parents": one.parents,
            "level": one.level.word(),
            "state": one.state.word(),
            "applied_at": one.record().map(|record| &record.applied_at),
            "applied_by": one.record().map(|record| &record.applied_by),
        })
    };
    json!({
        "database": current.database.word(),
        "history": current.history,
        "heads": current.heads,
        "pending": current.pending().count(),
        "revisions": current.revisions.iter().map(revision).collect::<Vec<_>>(),
    })
}

/// `{"database", "direction", "script"}`
pub(crate) fn script(database: Database, direction: Direction, script: &str) -> Value {
    json!({ "database": database.word(), "direction": direction.to_string(), "script": script })
}

/// `[{"revision", "title", "message", "parents", "level", "losses", "irreversible", "state"}]`; `state` is null where no database was
/// asked. What the database has and the code does not know comes last.
pub(crate) fn history(history: &History, current: Option<&Current>) -> Value {
    let entry = |one: &Entry<'_>| {
        json!({
            "revision": one.revision,
            "title": one.title,
            "message": one.message,
            "parents": one.parents,
            "level": one.level.word(),
            "losses": one.losses,
            "irreversible": one.irreversible,
            "state": one.state.map(State::word),
        })
    };
    entries(history, current).iter().map(entry).collect()
}

/// `{"database", "direction", "migrations": [{"revision", "title", "level", "losses", "irreversible", "notes", "guards", "steps": [{"statements"}]}]}`
pub(crate) fn plan(plan: &Plan) -> Value {
    let statement = |one: &Statement| json!({ "sql": one.sql, "operation": one.operation });
    let step =
        |one: &migrate_model::history::Step| json!({ "statements": one.statements.iter().map(statement).collect::<Vec<_>>() });
    let migration = |one: &migrate_model::plan::Planned| {
        json!({
            "revision": one.revision,
            "title": one.title(),
            "level": one.level.word(),
            "losses": one.losses,
            "irreversible": one.irreversible(),
            "notes": one.notes,
            "guards": one.guards.iter().map(|guard| json!({ "query": guard.query, "refusal": guard.refusal })).collect::<Vec<_>>(),
            "steps": one.steps.iter().map(step).collect::<Vec<_>>(),
        })
    };
    json!({
        "database": plan.database.word(),
        "direction": plan.direction.to_string(),
        "migrations": plan.migrations.iter().map(migration).collect::<Vec<_>>(),
    })
}
