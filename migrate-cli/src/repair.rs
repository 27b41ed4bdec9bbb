//! `repair`: what is not in order in the ledger, why, and the command that resolves it.

use std::process::ExitCode;

use migrate_history::plan::{Direction, Target};
use migrate_runtime::{Current, Disorder, Error, Remedy, Stop};
use serde_json::{Value, json};

use crate::arguments::{Common, RepairArguments};
use crate::context::{database_url, migrator, print};
use crate::failure::Failure;
use crate::program::Program;
use crate::terminal::BOLD;
use crate::text::{place, report};
use crate::{json, signals};

/// How many entries of the journal are read for the reason of a failure.
const ENTRIES: usize = 500;

/// Shows it, or does it for one revision where no decision is required; status 1 where one is.
pub(crate) async fn run(program: &Program, arguments: &Common, repair: &RepairArguments) -> Result<ExitCode, Failure> {
    let url = database_url(program, arguments)?;
    let (current, disorders) = look(program, arguments, &url).await?;
    let disorders = match &repair.revision {
        Some(text) => of_revision(&current, disorders, text)?,
        None => disorders,
    };
    if repair.yes {
        return resolve(program, arguments, &url, &disorders).await;
    }
    print(arguments, || shown(&current, &disorders), || document(&current, &disorders))?;
    let needs_somebody = disorders.iter().any(Disorder::needs_attention);
    Ok(if needs_somebody { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What is not in order. Only reads.
async fn look(program: &Program, arguments: &Common, url: &str) -> Result<(Current, Vec<Disorder>), Failure> {
    let mut migrator = migrator(program, arguments);
    let current = migrator.current(url).await?;
    let journal = migrator.journal(url, ENTRIES).await?;
    let refused = match migrator.plan(url, Direction::Upgrade, Target::Head).await {
        Ok(_) => None,
        Err(Error::Plan(error)) => Some(error),
        Err(error) => return Err(error.into()),
    };
    let disorders = Disorder::find(&current, refused.as_ref(), &journal);
    Ok((current, disorders))
}

/// What is about the revision with this id or unique prefix.
fn of_revision(current: &Current, disorders: Vec<Disorder>, text: &str) -> Result<Vec<Disorder>, Failure> {
    let known: Vec<&str> = current.revisions.iter().map(|one| &*one.revision).collect();
    let begins: Vec<&str> = known.iter().filter(|id| id.starts_with(text)).copied().collect();
    let id = match begins.as_slice() {
        _ if known.contains(&text) => text,
        [only] => only,
        [] => return Err(Failure::Usage(format!("unknown revision `{text}`\nhelp: `repair` lists what is not in order"))),
        several => return Err(Failure::Usage(format!("`{text}` is ambiguous: it could be {}", several.join(", ")))),
    };
    Ok(disorders.into_iter().filter(|one| one.revision() == Some(id)).collect())
}

/// Continues what was begun; refuses what requires a decision.
async fn resolve(program: &Program, arguments: &Common, url: &str, disorders: &[Disorder]) -> Result<ExitCode, Failure> {
    if let Some(undecided) = disorders.iter().find(|one| !one.is_safe()) {
        let (message, revision) = (refusal(undecided), undecided.revision().map(str::to_owned));
        return Err(Failure::Failed { message, revision });
    }
    let Some(revision) = disorders.first().and_then(Disorder::revision) else {
        print(arguments, || "nothing to repair\n".to_owned(), || Value::Null)?;
        return Ok(ExitCode::SUCCESS);
    };
    let stop = Stop::new();
    let mut migrator = migrator(program, arguments).stop_on(&stop);
    let done = signals::stopping(&stop, migrator.upgrade(url, Target::Revision(revision.to_owned()))).await?;
    print(arguments, || report(&done), || json::report(&done))?;
    Ok(ExitCode::SUCCESS)
}

fn refusal(disorder: &Disorder) -> String {
    format!("nothing was done: this requires a decision\n{disorder}{}", helps(disorder))
}

fn helps(disorder: &Disorder) -> String {
    disorder.remedies().iter().map(|remedy| format!("\nhelp: {remedy}")).collect()
}

fn shown(current: &Current, disorders: &[Disorder]) -> String {
    if disorders.is_empty() {
        let place = place(current.database, current.schema.as_deref());
        return format!("{} on {place}: nothing to repair\n", current.history);
    }
    let one = |disorder: &Disorder| {
        let text = format!("{disorder}{}", helps(disorder));
        let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
        let rest: String = rest.lines().map(|line| format!("  {line}\n")).collect();
        format!("{BOLD}{first}{BOLD:#}\n{rest}")
    };
    disorders.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// `{"database", "schema", "history", "disorders": [{"revision", "kind", "reason", "safe", "remedies": [{"command", "effect"}]}]}`; `safe` is
/// whether `repair REVISION --yes` resolves it.
fn document(current: &Current, disorders: &[Disorder]) -> Value {
    let remedy = |one: &Remedy| json!({ "command": one.command, "effect": one.effect });
    let disorder = |one: &Disorder| {
        json!({
            "revision": one.revision(),
            "kind": one.word(),
            "reason": one.to_string(),
            "safe": one.is_safe(),
            "remedies": one.remedies().iter().map(remedy).collect::<Vec<_>>(),
        })
    };
    json!({
        "database": current.database.word(),
        "schema": current.schema,
        "history": current.history,
        "disorders": disorders.iter().map(disorder).collect::<Vec<_>>(),
    })
}
