//! The way back as the ledger keeps it: JSON, so that any later version can read it.

use migrate_model::history::{Action, Guard, List, Statement, Step};
use serde_json::{Value, json};

/// The steps and guards of a downgrade, as text for the ledger.
pub(crate) fn write(steps: &[Step], guards: &[Guard]) -> String {
    let steps: Vec<Value> = steps.iter().map(write_step).collect();
    let guards: Vec<Value> = guards.iter().map(|guard| json!({ "query": guard.query, "refusal": guard.refusal })).collect();
    json!({ "steps": steps, "guards": guards }).to_string()
}

/// The texts of a list.
pub(crate) fn write_texts<T: AsRef<str>>(texts: &[T]) -> String {
    texts.iter().map(AsRef::as_ref).collect::<Value>().to_string()
}

/// What [`write`] wrote.
///
/// # Errors
/// A phrase about what is wrong with it.
pub(crate) fn read(text: &str) -> Result<(List<Step>, List<Guard>), String> {
    let stored: Value = serde_json::from_str(text).map_err(|error| format!("its stored downgrade is no JSON: {error}"))?;
    let steps: Result<Vec<Step>, String> = items(&stored, "steps")?.iter().map(read_step).collect();
    let guards: Result<Vec<Guard>, String> = items(&stored, "guards")?.iter().map(read_guard).collect();
    Ok((List::Owned(steps?), List::Owned(guards?)))
}

/// What [`write_texts`] wrote.
///
/// # Errors
/// A phrase about what is wrong with it.
pub(crate) fn read_texts(text: &str) -> Result<List<migrate_model::history::Text>, String> {
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
        let (read_steps, read_guards) = read(&write(&steps, &guards)).expect("it was written by us");
        assert_eq!((&*read_steps, &*read_guards), (&*steps, &*guards));
    }

    #[test]
    fn what_is_not_ours_is_explained() {
        assert!(read("{").expect_err("no JSON").contains("no JSON"));
        assert!(read("{}").expect_err("no steps").contains("`steps`"));
        let unknown = r#"{"steps":[{"rebuild":false,"statements":[{"action":"jump","sql":"","operation":""}]}],"guards":[]}"#;
        assert!(read(unknown).expect_err("no such action").contains("`jump`"));
    }
}
