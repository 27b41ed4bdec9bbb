//! Asking before data is lost.

use std::io::IsTerminal;

use migrate_history::plan::{Plan, Planned};
use migrate_runtime::KeptThing;

use crate::failure::Failure;
use crate::terminal;

/// The answer of the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// Nothing had to be asked, so nothing was agreed to.
    Unasked,
    /// What the plan says may be lost.
    Agreed,
    /// `--yes`: whatever it is may be lost.
    Everything,
}

/// Asks on a terminal for consent to the losses of the downgrade; elsewhere requires `--yes`.
pub(crate) fn ask(plan: &Plan) -> Result<Reply, Failure> {
    if !plan.needs_consent() {
        return Ok(Reply::Unasked);
    }
    let lost = lost(plan);
    agree(&lost, "run the downgrade?").map(|()| Reply::Agreed)
}

/// The same of what is emptied.
pub(crate) fn ask_to_purge(things: &[&KeptThing]) -> Result<(), Failure> {
    let lines: Vec<String> = things.iter().map(|thing| kept(thing)).collect();
    agree(&format!("the purge drops for good what is kept of:\n{}", lines.join("\n")), "purge it?")
}

fn kept(thing: &KeptThing) -> String {
    let rows = thing.rows.to_string();
    let noun = match (thing.place.column.is_some(), &*rows) {
        (true, "1") => "value",
        (true, _) => "values",
        (false, "1") => "row",
        (false, _) => "rows",
    };
    format!("  {} of `{}`: {rows} {noun}", thing.object, thing.revision)
}

/// Asks for consent to what is lost.
fn agree(lost: &str, question: &str) -> Result<(), Failure> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(Failure::failed(format!("{lost}\nhelp: write `--yes` to accept this")));
    }
    terminal::tell(lost);
    terminal::ask(&format!("{question} [y/N] "));
    // The terminal keeps its own mode, so that a signal ends the process and no mode has to be restored.
    let mut answer = String::new();
    match std::io::stdin().read_line(&mut answer) {
        Ok(_) if ["y", "yes"].contains(&answer.trim().to_lowercase().as_str()) => Ok(()),
        Ok(_) => Err(Failure::failed("nothing was done")),
        Err(error) => Err(Failure::failed(format!("nothing was done: cannot read the answer: {error}"))),
    }
}

/// What the compiler knows that is lost, and what was counted.
fn lost(plan: &Plan) -> String {
    let known = |planned: &Planned| (!planned.losses.is_empty()).then(|| planned.losses.join(" and "));
    let dropped = |planned: &Planned| {
        let drops = planned.drops.iter().filter(|dropped| !dropped.count.is_none());
        let drops: Vec<String> = drops.map(ToString::to_string).collect();
        (!drops.is_empty()).then(|| drops.join(" and "))
    };
    let parts = [("the downgrade does not restore:", lines(plan, known)), ("the downgrade drops:", lines(plan, dropped))];
    let parts = parts.into_iter().filter(|(_, lines)| !lines.is_empty());
    parts.map(|(head, lines)| format!("{head}\n{}", lines.join("\n"))).collect::<Vec<_>>().join("\n")
}

fn lines(plan: &Plan, phrase: impl Fn(&Planned) -> Option<String>) -> Vec<String> {
    plan.migrations.iter().filter_map(|planned| Some(format!("  {}: {}", planned.revision, phrase(planned)?))).collect()
}
