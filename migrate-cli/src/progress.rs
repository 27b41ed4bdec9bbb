//! What happens, a line each, on standard error.

use std::time::Duration;

use migrate_runtime::Event;

use crate::terminal::{self, DIM, GREEN};

/// Tells an event, if it is one that a person waits for.
#[expect(clippy::wildcard_enum_match_arm, reason = "there may be more events one day, and most are for logs")]
pub(crate) fn tell(event: &Event) {
    match event {
        Event::Progress { rows, total, rate, left, .. } => {
            return terminal::show_bar(*rows, *total, &gone_through(*rows, *total, *rate, *left));
        }
        Event::StepFinished { .. } | Event::Failed { .. } => terminal::end_bar(),
        _ => {}
    }
    let line = match event {
        Event::Waiting { elapsed, left, holder } => {
            let by = holder.as_ref().map(|holder| format!(", the lock is held by {holder}")).unwrap_or_default();
            let (elapsed, left) = (shown(*elapsed), shown(*left));
            Some(format!("{DIM}waiting for another run for {elapsed}{by}; {left} left{DIM:#}"))
        }
        Event::Started { revision, title, direction, number, total } => {
            Some(format!("{DIM}[{number}/{total}]{DIM:#} {direction} {revision}  {title}"))
        }
        Event::Retrying { reason, blockers, pause, left, .. } => {
            let by: String = blockers.iter().map(|blocker| format!("; {blocker}")).collect();
            let (pause, left) = (shown(*pause), shown(*left));
            Some(format!("{DIM}      a table is in use: {reason}{by}; trying again in {pause}, for {left} more{DIM:#}"))
        }
        Event::Paused { reason, elapsed, .. } => {
            Some(format!("{DIM}      the next batch waits for {} so far: {reason}{DIM:#}", shown(*elapsed)))
        }
        Event::Hidden { replicas, sessions, .. } => {
            let what = hidden(*replicas, *sessions);
            Some(format!(
                "{DIM}      note: {what} not visible to this role, so batches do not wait for it; grant it `pg_monitor`{DIM:#}"
            ))
        }
        Event::LoadUnknown { reason, .. } => Some(format!(
            "{DIM}      note: the lag of replicas and the load of the server are not known, so batches do not wait for them: {reason}{DIM:#}"
        )),
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
        Event::Overtaken => Some(format!("{DIM}another run has changed the database; planning again{DIM:#}")),
        Event::Finished { duration, .. } => Some(format!("      {GREEN}done{GREEN:#} in {}", shown(*duration))),
        _ => None,
    };
    line.into_iter().for_each(|line| terminal::tell(&line));
}

/// How far a step in batches is.
fn gone_through(rows: u64, total: Option<u64>, rate: f64, left: Option<Duration>) -> String {
    let of = total.map(|total| format!(" of about {}", grouped(total.max(rows)))).unwrap_or_default();
    let left = left.map(|left| format!(", {} left", long(left))).unwrap_or_default();
    let word = |count: u64| if count == 1 { "row" } else { "rows" };
    let (all, rate) = (total.map_or(rows, |total| total.max(rows)), rate.max(0.0) as u64);
    format!("{}{of} {}, {} {}/s{left}", grouped(rows), word(all), grouped(rate), word(rate))
}

/// What the role cannot see, as a subject.
fn hidden(replicas: u64, sessions: u64) -> &'static str {
    match (replicas, sessions) {
        (0, _) => "what other sessions do is",
        (_, 0) => "how far replicas are behind is",
        (_, _) => "how far replicas are behind and what other sessions do is",
    }
}

/// A number with a comma after each three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A length of time that may be hours.
fn long(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds < 100 => format!("{seconds} s"),
        seconds if seconds < 100 * 60 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3600),
    }
}

/// A length of time in the unit that suits it.
pub(crate) fn shown(duration: Duration) -> String {
    match duration.as_secs_f64() {
        seconds if seconds < 1.0 => format!("{} ms", duration.as_millis()),
        seconds => format!("{seconds:.1} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_in_batches_says_how_far_it_is() {
        let left = Some(Duration::from_secs(200));
        assert_eq!(
            gone_through(1_234_567, Some(10_000_000), 45_000.7, left),
            "1,234,567 of about 10,000,000 rows, 45,000 rows/s, 3 min left"
        );
        assert_eq!(gone_through(999, None, 0.0, None), "999 rows, 0 rows/s");
        // More rows came since then.
        assert_eq!(gone_through(1_000, Some(900), 10.0, Some(Duration::ZERO)), "1,000 of about 1,000 rows, 10 rows/s, 0 s left");
    }
}
