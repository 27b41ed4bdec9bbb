//! The request to end a run before it has done everything.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::watch;

use crate::{Error, Stopped};

/// Stops runs from outside: pass it to [`crate::Migrator::stop_on`], keep a clone, and call one of its methods.
///
/// The run then ends with [`Error::Stopped`], which says what is done and what is left. Its lock is released, and the same call continues
/// from there. A run that has done everything by then succeeds.
///
/// ```no_run
/// # async fn example(history: &migrate_history::History) -> Result<(), migrate_runtime::Error> {
/// use migrate_runtime::{ErrorKind, Migrator, Stop};
///
/// let stop = Stop::new();
/// let asked = stop.clone();
/// // Whatever tells the program to shut down calls this.
/// let shut_down = move || asked.at_safe_point();
/// # drop(shut_down);
///
/// match Migrator::new(history).stop_on(&stop).upgrade("sqlite://app.db", "head").await {
///     Err(error) if error.kind() == ErrorKind::Stopped => println!("{error}"),
///     done => println!("{} migrations", done?.migrations.len()),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Stop(Arc<watch::Sender<StopRequest>>);

/// What was requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum StopRequest {
    Nothing,
    SafePoint,
    AtOnce,
}

impl Stop {
    /// Nothing is requested yet.
    pub fn new() -> Stop {
        Stop(Arc::new(watch::Sender::new(StopRequest::Nothing)))
    }

    /// The run ends at a safe point: after the current transaction (with [`crate::Migrator::atomic`], before the next
    /// step, and everything is rolled back), between two batches, before a statement outside of a transaction, or while it waits.
    pub fn at_safe_point(&self) {
        self.raise(StopRequest::SafePoint);
    }

    /// The statement that runs is cancelled too, so its transaction is rolled back. On PostgreSQL this requires a second connection, so a
    /// statement on a borrowed connection runs to its end. On SQLite it uses the progress handler of the connection.
    pub fn at_once(&self) {
        self.raise(StopRequest::AtOnce);
    }

    /// Whether a run that starts now ends at its beginning.
    pub fn is_asked(&self) -> bool {
        *self.0.borrow() > StopRequest::Nothing
    }

    fn raise(&self, to: StopRequest) {
        self.0.send_if_modified(|asked| std::mem::replace(asked, to.max(*asked)) < to);
    }

    async fn until(&self, level: StopRequest) {
        // The sender is in `self`, so the channel does not close.
        let _ = self.0.subscribe().wait_for(|asked| *asked >= level).await;
    }
}

impl Default for Stop {
    fn default() -> Stop {
        Stop::new()
    }
}

/// What a run knows of that request: nothing, where it cannot be requested.
#[derive(Clone, Debug, Default)]
pub(crate) struct StopSignal {
    stop: Option<Stop>,
    urgency: Urgency,
}

/// Which requests count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Urgency {
    #[default]
    Any,
    AtOnce,
}

impl From<&Stop> for StopSignal {
    fn from(stop: &Stop) -> StopSignal {
        StopSignal { stop: Some(stop.clone()), urgency: Urgency::Any }
    }
}

impl StopSignal {
    /// Whether a stop can be requested.
    pub fn is_possible(&self) -> bool {
        self.stop.is_some()
    }

    /// Whether the run is to end at the next safe point, or at once.
    pub fn is_asked(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| *stop.0.borrow() >= self.least())
    }

    /// Whether the run is to end at once.
    pub fn is_at_once(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| *stop.0.borrow() == StopRequest::AtOnce)
    }

    /// The same, for what only a stop at once may end.
    pub fn only_at_once(&self) -> StopSignal {
        StopSignal { stop: self.stop.clone(), urgency: Urgency::AtOnce }
    }

    fn least(&self) -> StopRequest {
        match self.urgency {
            Urgency::Any => StopRequest::SafePoint,
            Urgency::AtOnce => StopRequest::AtOnce,
        }
    }

    /// An error where a stop was requested.
    pub fn safe_point(&self) -> Result<(), Error> {
        if self.is_asked() { Err(Stopped::error()) } else { Ok(()) }
    }

    /// Waits for so long, or until a stop is requested, which is an error.
    pub async fn pause(&self, duration: Duration) -> Result<(), Error> {
        match tokio::time::timeout(duration, self.until(self.least())).await {
            Ok(()) => Err(Stopped::error()),
            Err(_) => Ok(()),
        }
    }

    /// Waits until the run is to end at once.
    pub async fn at_once(&self) {
        self.until(StopRequest::AtOnce).await;
    }

    /// Does something that may be given up at any moment.
    pub async fn unless_asked<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        match select(pin!(self.until(self.least())), pin!(work)).await {
            Either::Left(((), _)) => Err(Stopped::error()),
            Either::Right((done, _)) => done,
        }
    }

    async fn until(&self, level: StopRequest) {
        match &self.stop {
            Some(stop) => stop.until(level).await,
            None => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime").block_on(work)
    }

    #[test]
    fn what_was_asked_for_is_never_less_than_before() {
        let stop = Stop::new();
        let signal = StopSignal::from(&stop);
        assert!(!signal.is_asked() && signal.safe_point().is_ok());
        stop.at_safe_point();
        assert!(signal.is_asked() && !signal.is_at_once() && signal.safe_point().is_err());
        stop.at_once();
        stop.at_safe_point();
        assert!(signal.is_at_once());
    }

    #[test]
    fn a_pause_ends_with_the_request() {
        let stop = Stop::new();
        let signal = StopSignal::from(&stop);
        assert!(wait(signal.pause(Duration::from_millis(1))).is_ok());
        stop.at_safe_point();
        assert!(wait(signal.pause(Duration::from_secs(600))).is_err());
        assert!(wait(signal.only_at_once().pause(Duration::from_millis(1))).is_ok());
        assert!(wait(signal.unless_asked(std::future::pending::<Result<(), Error>>())).is_err());
        stop.at_once();
        assert!(wait(signal.only_at_once().pause(Duration::from_secs(600))).is_err());
    }

    #[test]
    fn where_nobody_can_ask_nothing_is_asked() {
        let signal = StopSignal::default();
        assert!(!signal.is_possible() && !signal.is_asked() && !signal.is_at_once());
        assert!(wait(signal.pause(Duration::from_millis(1))).is_ok());
    }
}
