//! Who is told of what happens: `tracing`, and the callback of a program.

use crate::event::{Event, listed};

/// The receivers of every event.
type Callback<'h> = Box<dyn FnMut(&Event) + Send + 'h>;

/// Where events go: to `tracing`, and to the user's callback where there is one.
pub(crate) struct Observer<'h> {
    callback: Option<Callback<'h>>,
}

impl<'h> Observer<'h> {
    /// `tracing` alone.
    pub fn silent() -> Observer<'h> {
        Observer { callback: None }
    }

    /// The user's callback too.
    pub fn new(callback: impl FnMut(&Event) + Send + 'h) -> Observer<'h> {
        Observer { callback: Some(Box::new(callback)) }
    }

    /// Tells everybody.
    pub fn tell(&mut self, event: Event) {
        trace(&event);
        if let Some(callback) = &mut self.callback {
            callback(&event);
        }
    }
}

/// SQL may hold data, so its text is never logged above `trace`.
fn trace(event: &Event) {
    match event {
        Event::Waiting { elapsed, left, holder } => {
            let holder = holder.as_ref().map(ToString::to_string).unwrap_or_default();
            tracing::info!(target: "migrate", ?elapsed, ?left, holder, "waiting for another run");
        }
        Event::Planned { database, direction, revisions } => {
            tracing::info!(target: "migrate", %database, %direction, migrations = revisions.len(), "planned");
        }
        Event::Started { revision, title, direction, number, total } => {
            tracing::info!(target: "migrate", %revision, title, %direction, number, total, "migration started");
        }
        Event::Guarded { revision, query: _, rows } => tracing::debug!(target: "migrate", %revision, rows, "guard asked"),
        Event::Counted { revision, dropped } => {
            tracing::debug!(target: "migrate", %revision, %dropped, "counted what is dropped")
        }
        Event::StepStarted { revision, step, steps } => {
            tracing::debug!(target: "migrate", %revision, step, steps, "step started");
        }
        Event::Statement { revision, number, total, sql, duration } => {
            tracing::debug!(target: "migrate", %revision, number, total, ?duration, "statement run");
            tracing::trace!(target: "migrate", %revision, sql = &**sql, "statement text");
        }
        Event::Progress { revision, step, rows, total, rate, left } => {
            tracing::debug!(target: "migrate", %revision, step, rows, total, rate, ?left, "batch committed");
        }
        Event::Called { revision, function, cursor: _, duration } => {
            tracing::debug!(target: "migrate", %revision, %function, ?duration, "function called");
        }
        Event::Paused { revision, reason, elapsed } => {
            tracing::info!(target: "migrate", %revision, %reason, ?elapsed, "the next batch waits");
        }
        Event::Hidden { revision, replicas, sessions } => {
            tracing::warn!(target: "migrate", %revision, replicas, sessions, "replicas or sessions are not visible to this role");
        }
        Event::LoadUnknown { revision, reason } => {
            tracing::warn!(target: "migrate", %revision, reason, "the load of the server is not known");
        }
        Event::Retrying { revision, attempt, reason, blockers, pause, left } => {
            let blockers = listed(blockers);
            tracing::warn!(target: "migrate", %revision, attempt, reason, blockers, ?pause, ?left, "a table is in use, trying again");
        }
        Event::LedgerLocked { reason, blockers, pause, left } => {
            let blockers = listed(blockers);
            tracing::warn!(target: "migrate", reason, blockers, ?pause, ?left, "the ledger is locked, trying again");
        }
        Event::Reconnecting { reason, pause, left } => {
            tracing::warn!(target: "migrate", reason, ?pause, ?left, "the connection was lost, connecting again");
        }
        Event::Noted { note } => tracing::warn!(target: "migrate", note, "noted"),
        Event::StepFinished { revision, step, steps, duration } => {
            tracing::debug!(target: "migrate", %revision, step, steps, ?duration, "step committed");
        }
        Event::Recovered { revision, committed } => {
            tracing::warn!(target: "migrate", %revision, committed, "the reply to a commit was lost, the ledger was read");
        }
        Event::Overtaken => tracing::info!(target: "migrate", "another run has changed the database, planning again"),
        Event::Finished { revision, direction, duration } => {
            tracing::info!(target: "migrate", %revision, %direction, ?duration, "migration finished");
        }
        Event::Failed { revision, error: _ } => tracing::error!(target: "migrate", %revision, "migration failed"),
        Event::Done { direction, migrations, duration } => {
            tracing::info!(target: "migrate", %direction, migrations, ?duration, "done");
        }
    }
}
