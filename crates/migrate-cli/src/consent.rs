//! Asking before data is lost.

use std::io::IsTerminal;

use migrate_model::plan::{Plan, Planned};

use crate::failure::Failure;

/// Asks on a terminal whether what the downgrade loses may be lost; elsewhere `--yes` must say it.
pub(crate) fn ask(plan: &Plan, yes: bool) -> Result<(), Failure> {
    let lossy: Vec<&Planned> = plan.migrations.iter().filter(|planned| !planned.losses.is_empty()).collect();
    if yes || lossy.is_empty() {
        return Ok(());
    }
    let lines = lossy.iter().map(|planned| format!("  {}: {}", planned.revision, planned.losses.join(" and ")));
    let lost = lines.collect::<Vec<_>>().join("\n");
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(Failure::Failed(format!(
            "the downgrade does not bring back:\n{lost}\nhelp: write `--yes` if that is all right"
        )));
    }
    anstream::eprintln!("the downgrade does not bring back:\n{lost}");
    match inquire::Confirm::new("downgrade all the same?").with_default(false).prompt() {
        Ok(true) => Ok(()),
        Ok(false) | Err(inquire::InquireError::OperationCanceled | inquire::InquireError::OperationInterrupted) => {
            Err(Failure::Failed("nothing was done".to_owned()))
        }
        Err(error) => Err(Failure::Failed(format!("nothing was done: the question could not be asked: {error}"))),
    }
}
