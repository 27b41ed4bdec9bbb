//! What happens, a line each, on standard error.

use std::io::Write;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use migrate_runtime::Event;

/// Tells an event, if it is one that a person waits for.
#[expect(clippy::wildcard_enum_match_arm, reason = "there may be more events one day, and most are for logs")]
pub(crate) fn tell(event: &Event) {
    let (good, dim) = (Style::new().fg_color(Some(AnsiColor::Green.into())), Style::new().dimmed());
    let line = match event {
        Event::Waiting { elapsed, left, holder } => {
            let by = holder.as_ref().map(|holder| format!(", the lock is held by {holder}")).unwrap_or_default();
            let (elapsed, left) = (shown(*elapsed), shown(*left));
            Some(format!("{dim}waiting for another runner for {elapsed}{by}; {left} left{dim:#}"))
        }
        Event::Started { revision, title, direction, number, total } => {
            Some(format!("{dim}[{number}/{total}]{dim:#} {direction} {revision}  {title}"))
        }
        Event::Retrying { reason, blockers, pause, left, .. } => {
            let by: String = blockers.iter().map(|blocker| format!("; {blocker}")).collect();
            let (pause, left) = (shown(*pause), shown(*left));
            Some(format!("{dim}      a table is in use: {reason}{by}; trying again in {pause}, for {left} more{dim:#}"))
        }
        Event::LedgerLocked { reason, blockers, pause, left } => {
            let by: String = blockers.iter().map(|blocker| format!("; {blocker}")).collect();
            let (pause, left) = (shown(*pause), shown(*left));
            Some(format!("{dim}the ledger is locked: {reason}{by}; trying again in {pause}, for {left} more{dim:#}"))
        }
        Event::Reconnecting { reason, pause, left } => {
            let (pause, left) = (shown(*pause), shown(*left));
            Some(format!("{dim}the connection was lost: {reason}; trying again in {pause}, for {left} more{dim:#}"))
        }
        Event::Noted { note } => Some(format!("{dim}note: {note}{dim:#}")),
        Event::Recovered { committed: true, .. } => {
            Some(format!("{dim}      the reply was lost; the ledger says that it is done{dim:#}"))
        }
        Event::Recovered { committed: false, .. } => {
            Some(format!("{dim}      the reply was lost; the ledger says that it is not done{dim:#}"))
        }
        Event::Overtaken => Some(format!("{dim}another runner was there; planning anew{dim:#}")),
        Event::Finished { duration, .. } => Some(format!("      {good}done{good:#} in {}", shown(*duration))),
        _ => None,
    };
    if let Some(line) = line {
        // Nobody reads what cannot be written.
        let _ = writeln!(anstream::stderr(), "{line}");
    }
}

/// A length of time in the unit that suits it.
pub(crate) fn shown(duration: Duration) -> String {
    match duration.as_secs_f64() {
        seconds if seconds < 1.0 => format!("{} ms", duration.as_millis()),
        seconds => format!("{seconds:.1} s"),
    }
}
