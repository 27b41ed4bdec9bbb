//! What happens, a line each, on standard error.

use std::time::Duration;

use migrate_runtime::Event;

use crate::terminal::{self, DIM, GREEN};

/// Tells an event, if it is one that a person waits for.
#[expect(clippy::wildcard_enum_match_arm, reason = "there may be more events one day, and most are for logs")]
pub(crate) fn tell(event: &Event) {
    let line = match event {
        Event::Waiting { elapsed, holder } => {
            let by = holder.as_ref().map(|holder| format!(", held by {holder}")).unwrap_or_default();
            Some(format!("{DIM}waiting for another runner since {}{by}{DIM:#}", shown(*elapsed)))
        }
        Event::Started { revision, title, direction, number, total } => {
            Some(format!("{DIM}[{number}/{total}]{DIM:#} {direction} {revision}  {title}"))
        }
        Event::Retrying { reason, pause, .. } => {
            Some(format!("{DIM}      a table is in use ({reason}), again in {}{DIM:#}", shown(*pause)))
        }
        Event::Recovered { committed: true, .. } => {
            Some(format!("{DIM}      the reply was lost; the ledger says that it is done{DIM:#}"))
        }
        Event::Recovered { committed: false, .. } => {
            Some(format!("{DIM}      the reply was lost; the ledger says that it is not done{DIM:#}"))
        }
        Event::Overtaken => Some(format!("{DIM}another runner was there; planning anew{DIM:#}")),
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
