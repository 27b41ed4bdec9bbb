//! What happens, a line each, on standard error.

use std::time::Duration;

use migrate_runtime::Event;

use crate::terminal::{self, DIM, GREEN};

/// Tells an event, if it is one that a person waits for.
#[expect(clippy::wildcard_enum_match_arm, reason = "there may be more events one day, and most are for logs")]
pub(crate) fn tell(event: &Event) {
    let line = match event {
        Event::Waiting { elapsed, left, holder } => {
            let by = holder.as_ref().map(|holder| format!(", the lock is held by {holder}")).unwrap_or_default();
            let (elapsed, left) = (shown(*elapsed), shown(*left));
            Some(format!("{DIM}waiting for another runner for {elapsed}{by}; {left} left{DIM:#}"))
        }
        Event::Started { revision, title, direction, number, total } => {
            Some(format!("{DIM}[{number}/{total}]{DIM:#} {direction} {revision}  {title}"))
        }
        Event::Retrying { reason, blockers, pause, left, .. } => {
            let by: String = blockers.iter().map(|blocker| format!("; {blocker}")).collect();
            let (pause, left) = (shown(*pause), shown(*left));
            Some(format!("{DIM}      a table is in use: {reason}{by}; trying again in {pause}, for {left} more{DIM:#}"))
        }
        Event::LedgerLocked { reason, blockers, pause, left } => {
            let by: String = blockers.iter().map(|blocker| format!("; {blocker}")).collect();
            let (pause, left) = (shown(*pause), shown(*left));
            Some(format!("{DIM}the ledger is locked: {reason}{by}; trying again in {pause}, for {left} more{DIM:#}"))
        }
        Event::Reconnecting { reason, pause, left } => {
            let (pause, left) = (shown(*pause), shown(*left));
            Some(format!("{DIM}the connection was lost: {reason}; trying again in {pause}, for {left} more{DIM:#}"))
        }
        Event::Noted { note } => Some(format!("{DIM}note: {note}{DIM:#}")),
        Event::Recovered { committed: true, .. } => {
            Some(format!("{DIM}      the reply was lost; the ledger has it as done{DIM:#}"))
        }
        Event::Recovered { committed: false, .. } => {
            Some(format!("{DIM}      the reply was lost; the ledger does not have it{DIM:#}"))
        }
        Event::Overtaken => Some(format!("{DIM}another runner has changed the database; planning again{DIM:#}")),
        Event::Finished { duration, .. } => Some(format!("      {GREEN}done{GREEN:#} in {}", shown(*duration))),
        _ => None,
    };
    line.into_iter().for_each(|line| terminal::tell(&line));
}

/// A length of time in the unit that suits it.
pub(crate) fn shown(duration: Duration) -> String {
    match duration.as_secs_f64() {
        seconds if seconds < 1.0 => format!("{} ms", duration.as_millis()),
        seconds => format!("{seconds:.1} s"),
    }
}
