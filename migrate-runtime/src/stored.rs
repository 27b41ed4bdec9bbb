//! The downgrade as the ledger keeps it: JSON, so that any later version can read it.

use migrate_history::plan::Begun;
use migrate_history::{
    ANYTHING, Action, Guard, Keeping, KeptObject, KeptPlace, List, Lock, Mode, Notice, Probe, Rebuild, Rest, Statement, Step,
    Tally, Text, Touched, Touches, Unwind, Work,
};
use serde_json::{Value, json};

/// The form in which it is stored. The first, which says no form, had steps that were transactions, and guards of the whole.
const FORM: u64 = 2;

/// A downgrade as the ledger keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StoredDowngrade {
    pub steps: List<Step>,
    /// `None` in a row of a version that did not count.
    pub drops: Option<List<Tally>>,
    pub moves: List<Text>,
}

/// A downgrade, as text for the ledger.
pub(crate) fn write(downgrade: &StoredDowngrade) -> String {
    let StoredDowngrade { steps, drops, moves } = downgrade;
    let mut written = json!({ "form": FORM, "steps": steps.iter().map(write_step).collect::<Vec<_>>() });
    if let Some(drops) = drops {
        written["drops"] = drops.iter().map(write_tally).collect();
        written["moves"] = json!(moves);
    }
    written.to_string()
}

/// The steps of an upgrade, as text for the ledger.
pub(crate) fn write_steps(steps: &List<Step>) -> String {
    write(&StoredDowngrade { steps: steps.clone(), ..StoredDowngrade::default() })
}

/// A step that has begun, as text for the ledger.
pub(crate) fn write_begun(begun: &Begun) -> String {
    let Begun { step, cursor, rows } = begun;
    match rows {
        // As an older version writes it.
        0 => json!({ "step": step, "cursor": cursor }).to_string(),
        _ => json!({ "step": step, "cursor": cursor, "rows": rows }).to_string(),
    }
}

/// What [`write_begun`] wrote.
///
/// # Errors
/// A phrase about what is wrong with it.
pub(crate) fn read_begun(text: &str) -> Result<Begun, String> {
    let stored: Value = serde_json::from_str(text).map_err(|error| format!("the step that has begun is not JSON: {error}"))?;
    let step = stored["step"].as_str().ok_or("the step that has begun has no id")?.to_owned().into();
    let cursor = stored["cursor"].as_str().map(|cursor| cursor.to_owned().into());
    Ok(Begun { step, cursor, rows: stored["rows"].as_u64().unwrap_or_default() })
}

/// The texts of a list.
pub(crate) fn write_texts<T: AsRef<str>>(texts: &[T]) -> String {
    texts.iter().map(AsRef::as_ref).collect::<Value>().to_string()
}

/// What [`write`] wrote, in this version or an older one.
///
/// # Errors
/// A phrase about what is wrong with it.
pub(crate) fn read(text: &str) -> Result<StoredDowngrade, String> {
    let stored: Value = serde_json::from_str(text).map_err(|error| format!("what it stores is not JSON: {error}"))?;
    let steps = match stored.get("form").map_or(Some(1), Value::as_u64) {
        Some(1) => Step::of_older(list(&stored, "steps", read_older_step)?.into_owned(), list(&stored, "guards", read_guard)?),
        Some(FORM) => list(&stored, "steps", read_step)?,
        Some(_) | None => {
            return Err(format!("what it stores has the form {}, and this program knows {FORM}", stored["form"]));
        }
    };
    let (drops, moves) = match stored.get("drops") {
        Some(_) => (Some(list(&stored, "drops", read_tally)?), texts(&stored, "moves")?),
        // What it does not say may be anything.
        None => (None, List::Owned(vec![Text::Borrowed(ANYTHING)])),
    };
    Ok(StoredDowngrade { steps, drops, moves })
}

/// What [`write_texts`] wrote.
///
/// # Errors
/// A phrase about what is wrong with it.
pub(crate) fn read_texts(text: &str) -> Result<List<migrate_history::Text>, String> {
    let texts: Vec<String> = serde_json::from_str(text).map_err(|error| format!("a list of texts is not JSON: {error}"))?;
    Ok(texts.into_iter().map(Into::into).collect())
}

fn write_step(step: &Step) -> Value {
    let Step { id, mode, statements, guards, notices, probe, plain, touches, unwind, keeps } = step;
    let (mode, details) = mode.written();
    let mut written = json!({
        "id": id,
        "mode": mode,
        "details": details,
        "statements": statements.iter().map(write_statement).collect::<Vec<_>>(),
        "guards": guards.iter().map(|guard| json!({ "query": guard.query, "refusal": guard.refusal })).collect::<Vec<_>>(),
        "notices": notices.iter().map(|notice| json!({ "query": notice.query, "finding": notice.finding })).collect::<Vec<_>>(),
    });
    if let Some(Probe { query, cleanup }) = probe {
        written["probe"] = json!({ "query": query, "cleanup": cleanup.iter().map(write_statement).collect::<Vec<_>>() });
    }
    if !plain.is_empty() {
        written["plain"] = plain.iter().map(write_statement).collect();
    }
    if touches.rest != Rest::NotSaid {
        written["touches"] = write_touches(touches);
    }
    if let Some(unwind) = unwind {
        written["unwind"] = write_unwind(unwind);
    }
    if !keeps.is_empty() {
        written["keeps"] = keeps.iter().map(write_keeping).collect();
    }
    written
}

/// What an older version passes over.
fn write_unwind(unwind: &Unwind) -> Value {
    let Unwind { begun, steps, losses, drops, moves } = unwind;
    let all = |steps: &List<Step>| steps.iter().map(write_step).collect::<Vec<_>>();
    json!({
        "begun": begun.as_ref().map(all),
        "steps": all(steps),
        "losses": losses,
        "drops": drops.iter().map(write_tally).collect::<Vec<_>>(),
        "moves": moves,
    })
}

fn write_tally(tally: &Tally) -> Value {
    json!({ "query": tally.query, "what": tally.what, "reads": tally.reads })
}

/// What an older version passes over.
fn write_touches(touches: &Touches) -> Value {
    let Touches { tables, rest } = touches;
    let table = |touched: &Touched| {
        let Touched { schema, table, lock, work } = touched;
        json!({ "schema": schema, "table": table, "lock": lock.name(), "work": work.word() })
    };
    json!({ "tables": tables.iter().map(table).collect::<Vec<_>>(), "rest": rest.word() })
}

/// What an older version passes over: it leaves the list of what is kept as it is.
fn write_keeping(keeping: &Keeping) -> Value {
    match keeping {
        Keeping::Kept(KeptObject { object, place, digest }) => {
            json!({ "what": "kept", "object": object, "place": write_place(place), "digest": digest })
        }
        Keeping::Moved { from, to } => json!({ "what": "moved", "place": write_place(from), "to": write_place(to) }),
        Keeping::Restored(place) => json!({ "what": "restored", "place": write_place(place) }),
        Keeping::Dropped(place) => json!({ "what": "dropped", "place": write_place(place) }),
    }
}

fn write_place(KeptPlace { schema, table, column }: &KeptPlace) -> Value {
    json!({ "schema": schema, "table": table, "column": column })
}

fn write_statement(statement: &Statement) -> Value {
    json!({ "action": word(statement.action), "sql": statement.sql, "operation": statement.operation })
}

fn read_step(stored: &Value) -> Result<Step, String> {
    Ok(Step {
        id: text(stored, "id")?.into(),
        mode: Mode::from_written(text(stored, "mode")?, text(stored, "details")?),
        statements: list(stored, "statements", read_statement)?,
        guards: list(stored, "guards", read_guard)?,
        notices: list(stored, "notices", read_notice)?,
        probe: stored.get("probe").map(read_probe).transpose()?,
        plain: if stored.get("plain").is_some() { list(stored, "plain", read_statement)? } else { List::default() },
        touches: read_touches(&stored["touches"]).unwrap_or(Touches::NOT_SAID),
        unwind: stored.get("unwind").map(read_unwind).transpose()?.map(Box::new),
        keeps: if stored.get("keeps").is_some() { list(stored, "keeps", read_keeping)? } else { List::default() },
    })
}

fn read_unwind(stored: &Value) -> Result<Unwind, String> {
    let begun = !stored["begun"].is_null();
    Ok(Unwind {
        begun: begun.then(|| list(stored, "begun", read_step)).transpose()?,
        steps: list(stored, "steps", read_step)?,
        losses: texts(stored, "losses")?,
        drops: list(stored, "drops", read_tally)?,
        moves: texts(stored, "moves")?,
    })
}

/// What [`write_touches`] wrote; `None` where an older version said nothing, or a newer one says it in words of its own.
fn read_touches(stored: &Value) -> Option<Touches> {
    let table = |stored: &Value| {
        let text = |key: &str| Some(Text::Owned(stored[key].as_str()?.to_owned()));
        let (lock, work) = (Lock::from_name(stored["lock"].as_str()?)?, Work::from_word(stored["work"].as_str()?)?);
        Some(Touched { schema: text("schema"), table: text("table")?, lock, work })
    };
    let tables = stored["tables"].as_array()?.iter().map(table).collect::<Option<Vec<Touched>>>()?;
    let rest = Rest::ALL.iter().copied().find(|rest| stored["rest"] == rest.word())?;
    Some(Touches { tables: tables.into(), rest })
}

fn read_keeping(stored: &Value) -> Result<Keeping, String> {
    let place = || read_place(&stored["place"]);
    match &*text(stored, "what")? {
        "kept" => {
            let (object, digest) = (text(stored, "object")?.into(), text(stored, "digest")?.into());
            Ok(Keeping::Kept(KeptObject { object, place: place()?, digest }))
        }
        "moved" => Ok(Keeping::Moved { from: place()?, to: read_place(&stored["to"])? }),
        "restored" => place().map(Keeping::Restored),
        "dropped" => place().map(Keeping::Dropped),
        other => Err(format!("what it stores has the unknown word `{other}` about kept data")),
    }
}

fn read_place(stored: &Value) -> Result<KeptPlace, String> {
    let optional = |key: &str| stored[key].as_str().map(|text| Text::Owned(text.to_owned()));
    Ok(KeptPlace { schema: optional("schema"), table: text(stored, "table")?.into(), column: optional("column") })
}

/// A step of the first form.
fn read_older_step(stored: &Value) -> Result<Step, String> {
    let rebuild = stored["rebuild"].as_bool().ok_or("a step of what it stores has no `rebuild`")?;
    let rebuild = if rebuild { Rebuild::Tables } else { Rebuild::Nothing };
    Ok(Step::transaction(rebuild, list(stored, "statements", read_statement)?))
}

fn read_notice(stored: &Value) -> Result<Notice, String> {
    Ok(Notice { query: text(stored, "query")?.into(), finding: text(stored, "finding")?.into() })
}

fn read_probe(stored: &Value) -> Result<Probe, String> {
    Ok(Probe { query: text(stored, "query")?.into(), cleanup: list(stored, "cleanup", read_statement)? })
}

fn read_statement(stored: &Value) -> Result<Statement, String> {
    let written = text(stored, "action")?;
    let action = Action::ALL.iter().copied().find(|action| word(*action) == written);
    Ok(Statement {
        action: action.ok_or_else(|| format!("what it stores has the unknown action `{written}`"))?,
        sql: text(stored, "sql")?.into(),
        operation: text(stored, "operation")?.into(),
    })
}

fn read_guard(stored: &Value) -> Result<Guard, String> {
    Ok(Guard { query: text(stored, "query")?.into(), refusal: text(stored, "refusal")?.into() })
}

fn read_tally(stored: &Value) -> Result<Tally, String> {
    Ok(Tally { query: text(stored, "query")?.into(), what: text(stored, "what")?.into(), reads: texts(stored, "reads")? })
}

/// The items under a key, each read.
fn list<T: Clone>(stored: &Value, key: &str, read: fn(&Value) -> Result<T, String>) -> Result<List<T>, String> {
    items(stored, key)?.iter().map(read).collect::<Result<Vec<T>, _>>().map(List::Owned)
}

fn texts(stored: &Value, key: &str) -> Result<List<Text>, String> {
    let text = |item: &Value| item.as_str().map(|text| Text::Owned(text.to_owned()));
    let texts: Option<Vec<Text>> = items(stored, key)?.iter().map(text).collect();
    texts.map(List::Owned).ok_or_else(|| format!("what it stores has something else than texts in `{key}`"))
}

const fn word(action: Action) -> &'static str {
    match action {
        Action::Run => "run",
        Action::Set => "set",
        Action::Load => "load",
        Action::Expect => "expect",
        Action::Keep => "keep",
        Action::Restore => "restore",
    }
}

fn items<'v>(stored: &'v Value, key: &str) -> Result<&'v Vec<Value>, String> {
    stored[key].as_array().ok_or_else(|| format!("what it stores has no `{key}`"))
}

fn text(stored: &Value, key: &str) -> Result<String, String> {
    let text = stored[key].as_str().ok_or_else(|| format!("what it stores has no `{key}`"))?;
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests;
