//! How patient a run is, and what it may lose.

use std::time::Duration;

use crate::lock::RunLock;
use crate::stop::StopSignal;

/// The settings of a run; [`crate::Migrator`] has a method for each.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// The lock against other runs.
    pub lock: RunLock,
    /// How long a lease lasts that is not renewed.
    pub lease: Duration,
    /// How long to wait for another run.
    pub lock_wait: Duration,
    /// How long one attempt of a step may wait for the locks of its tables.
    pub lock_timeout: Duration,
    /// How long a step is tried again after such a wait was in vain.
    pub retry_for: Duration,
    /// How long to try to connect again.
    pub reconnect_for: Duration,
    /// Whether a stop of the run was requested.
    pub stop: StopSignal,
    /// How long one question of an inspection may take.
    pub question_timeout: Duration,
    /// How long a batch of rows may take.
    pub batch_time: Duration,
    /// The largest lag of a replica between two batches; zero for no limit.
    pub max_lag: Duration,
    /// How many sessions of others may wait between two batches; zero for any number.
    pub max_waiting: u64,
    /// What a downgrade may lose.
    pub consent: Consent,
    /// The hash of the plan that was reviewed.
    pub reviewed: Option<String>,
    /// What is one transaction.
    pub grouping: Grouping,
    /// What becomes of what a downgrade drops.
    pub dropped: DroppedData,
}

/// What becomes of what a downgrade drops of that which the migration made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DroppedData {
    /// It is gone.
    Gone,
    /// It is kept.
    Kept,
}

/// What is one transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grouping {
    /// Each step that can be one.
    Step,
    /// The whole run.
    All,
}

/// What was agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Consent {
    /// What the plan that is carried out says; nothing, where only a target is named.
    Plan,
    /// Whatever is lost.
    Everything,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            lock: RunLock::Session,
            lease: Duration::from_secs(30),
            lock_wait: Duration::from_secs(600),
            lock_timeout: Duration::from_secs(2),
            retry_for: Duration::from_secs(300),
            reconnect_for: Duration::from_secs(60),
            stop: StopSignal::default(),
            question_timeout: Duration::from_secs(5),
            batch_time: Duration::from_millis(200),
            max_lag: Duration::from_secs(5),
            max_waiting: 10,
            consent: Consent::Plan,
            reviewed: None,
            grouping: Grouping::Step,
            dropped: DroppedData::Gone,
        }
    }
}
