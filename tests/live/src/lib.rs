//! What the tests on real servers share: a server for each test binary, a database for each test, histories by hand.
#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

pub mod changes;
pub mod compiled;
pub mod counter;
pub mod cut;
pub mod history;
pub mod pooler;
pub mod programs;
pub mod proxy;
pub mod server;
pub mod session;
pub mod shell;
pub mod snapshot;
pub mod sqlite;
pub mod written;

use migrate_history::History;
use migrate_runtime::{Error, Migrator, Report};

/// Undoes what is applied, down to a target, whatever is lost by that: the rows of a test are there to be lost.
///
/// # Errors
/// What refuses it, or fails.
pub async fn downgrade(url: &str, history: &History, target: &str) -> Result<Report, Error> {
    Migrator::new(history).accept_losses().downgrade(url, target).await
}
