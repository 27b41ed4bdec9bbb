//! The way back as the ledger keeps it: JSON, so that any later version can read it.

use migrate_history::{ANYTHING, Action, Guard, List, Statement, Step, Tally, Text};
use serde_json::{Value, json};

/// A downgrade as the ledger keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Downgrade {
    pub steps: List<Step>,
    pub guards: List<Guard>,
    /// Apart from the guards, so that an older program does not take a count for a refusal; `None` in a row of such a program.
    pub drops: Option<List<Tally>>,
    pub moves: List<Text>,
}

/// A downgrade, as text for the ledger.
pub(crate) fn write(downgrade: &Downgrade) -> String {
    let Downgrade { steps, guards, drops, moves } = downgrade;
    let steps: Vec<Value> = steps.iter().map(write_step).collect();
    let guards: Vec<Value> = guards.iter().map(|guard| json!({ "query": guard.query, "refusal": guard.refusal })).collect();
    let mut written = json!({ "steps": steps, "guards": guards });
    if let Some(drops) = drops {
        let drops = drops.iter().map(|tally| json!({ "query": tally.query, "what": tally.what, "reads": tally.reads }));
        written["drops"] = drops.collect();
        written["moves"] = json!(moves);
    }
    written.to_string()
}

/// The texts of a list.
pub(crate) fn write_texts<T: AsRef<str>>(texts: &[T]) -> String {
    texts.iter().map(AsRef::as_ref).collect::<Value>().to_string()
}

/// What [`write`] wrote.
///
/// # Errors
/// A phrase about what is wrong with it.
pub(crate) fn read(text: &str) -> Result<Downgrade, String> {
    let stored: Value = serde_json::from_str(text).map_err(|error| format!("its stored downgrade is no JSON: {error}"))?;
    let steps: Result<Vec<Step>, String> = items(&stored, "steps")?.iter().map(read_step).collect();
    let guards: Result<Vec<Guard>, String> = items(&stored, "guards")?.iter().map(read_guard).collect();
    let (drops, moves) = match stored.get("drops") {
        Some(_) => (Some(read_drops(&stored)?), texts(&stored, "moves")?),
        // What it does not say may be anything.
        None => (None, List::Owned(vec![Text::Borrowed(ANYTHING)])),
    };
    Ok(Downgrade { steps: List::Owned(steps?), guards: List::Owned(guards?), drops, moves })
}

/// What [`write_texts`] wrote.
///
/// # Errors
/// A phrase about what is wrong with it.
pub(crate) fn read_texts(text: &str) -> Result<List<migrate_history::Text>, String> {
    let texts: Vec<String> = serde_json::from_str(text).map_err(|error| format!("a list of texts is no JSON: {error}"))?;
    Ok(texts.into_iter().map(Into::into).collect())
}

fn write_step(step: &Step) -> Value {
    let statements: Vec<Value> = step.statements.iter().map(write_statement).collect();
    json!({ "rebuild": step.rebuild, "statements": statements })
}

fn write_statement(statement: &Statement) -> Value {
    json!({ "action": word(statement.action), "sql": statement.sql, "operation": statement.operation })
}

fn read_step(stored: &Value) -> Result<Step, String> {
    let statements: Result<Vec<Statement>, String> = items(stored, "statements")?.iter().map(read_statement).collect();
    let rebuild = stored["rebuild"].as_bool().ok_or("a step of its stored downgrade has no `rebuild`")?;
    Ok(Step { rebuild, statements: List::Owned(statements?) })
}

fn read_statement(stored: &Value) -> Result<Statement, String> {
    let written = text(stored, "action")?;
    let action = [Action::Run, Action::Expect, Action::Keep, Action::Restore].into_iter().find(|action| word(*action) == written);
    Ok(Statement {
        action: action.ok_or_else(|| format!("its stored downgrade has the unknown action `{written}`"))?,
        sql: text(stored, "sql")?.into(),
        operation: text(stored, "operation")?.into(),
    })
}

fn read_guard(stored: &Value) -> Result<Guard, String> {
    Ok(Guard { query: text(stored, "query")?.into(), refusal: text(stored, "refusal")?.into() })
}

fn read_drops(stored: &Value) -> Result<List<Tally>, String> {
    let tally = |stored: &Value| {
        Ok(Tally { query: text(stored, "query")?.into(), what: text(stored, "what")?.into(), reads: texts(stored, "reads")? })
    };
    items(stored, "drops")?.iter().map(tally).collect::<Result<_, String>>().map(List::Owned)
}

fn texts(stored: &Value, key: &str) -> Result<List<Text>, String> {
    let text = |item: &Value| item.as_str().map(|text| Text::Owned(text.to_owned()));
    let texts: Option<Vec<Text>> = items(stored, key)?.iter().map(text).collect();
    texts.map(List::Owned).ok_or_else(|| format!("its stored downgrade has something else than texts in `{key}`"))
}

const fn word(action: Action) -> &'static str {
    match action {
        Action::Run => "run",
        Action::Expect => "expect",
        Action::Keep => "keep",
        Action::Restore => "restore",
    }
}

fn items<'v>(stored: &'v Value, key: &str) -> Result<&'v Vec<Value>, String> {
    stored[key].as_array().ok_or_else(|| format!("its stored downgrade has no `{key}`"))
}

fn text(stored: &Value, key: &str) -> Result<String, String> {
    let text = stored[key].as_str().ok_or_else(|| format!("its stored downgrade has no `{key}`"))?;
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(action: Action, sql: &'static str) -> Statement {
        Statement { action, sql: sql.into(), operation: "alter table t { drop c; }".into() }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let statements = vec![
            statement(Action::Expect, "CREATE TABLE t (c)"),
            statement(Action::Keep, "SELECT 'ü \\ \"'"),
            statement(Action::Run, "DROP\nTABLE t"),
            statement(Action::Restore, "SELECT 1"),
        ];
        let steps =
            vec![Step { rebuild: true, statements: statements.into() }, Step { rebuild: false, statements: List::default() }];
        let guards = vec![Guard { query: "SELECT count(*) FROM t".into(), refusal: "rows of `t` are null".into() }];
        let tally = Tally { query: "SELECT 1".into(), what: "rows of `t`".into(), reads: vec!["t".into()].into() };
        let (drops, moves) = (Some(vec![tally].into()), vec!["t.c".into()].into());
        let downgrade = Downgrade { steps: steps.into(), guards: guards.into(), drops, moves };
        assert_eq!(read(&write(&downgrade)).expect("it was written by us"), downgrade);
    }

    #[test]
    fn a_row_of_an_older_version_says_nothing_of_what_is_dropped() {
        let older = r#"{"steps":[],"guards":[]}"#;
        let downgrade = read(older).expect("it is read for ever");
        assert_eq!((downgrade.drops, &*downgrade.moves), (None, &[Text::Borrowed(ANYTHING)][..]));
        // It is stored again as it is, between two of its steps.
        let again = Downgrade { drops: None, moves: List::default(), ..Downgrade::default() };
        assert_eq!(write(&again), r#"{"guards":[],"steps":[]}"#);
    }

    #[test]
    fn what_is_not_ours_is_explained() {
        assert!(read("{").expect_err("no JSON").contains("no JSON"));
        assert!(read("{}").expect_err("no steps").contains("`steps`"));
        let unknown = r#"{"steps":[{"rebuild":false,"statements":[{"action":"jump","sql":"","operation":""}]}],"guards":[]}"#;
        assert!(read(unknown).expect_err("no such action").contains("`jump`"));
    }
}
