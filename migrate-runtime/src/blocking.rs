//! The same for programs without a runtime: each call waits on the thread that makes it.

use std::future::Future;

use migrate_history::History;
use migrate_history::plan::Target;
use tokio::runtime::{Builder, Handle};

use crate::endpoint::IntoEndpoint;
use crate::{Current, Error, Report};

/// [`crate::upgrade`], waited for. `database` is a URL or options: a connection that another runtime opened hangs.
///
/// # Errors
/// See [`crate::upgrade`] and [`wait`].
pub fn upgrade<'c>(
    database: impl IntoEndpoint<'c>,
    history: &History,
    target: impl TryInto<Target, Error: Into<Error>>,
) -> Result<Report, Error> {
    wait(crate::upgrade(database, history, target))
}

/// [`crate::downgrade`], waited for.
///
/// # Errors
/// See [`crate::downgrade`] and [`wait`].
pub fn downgrade<'c>(
    database: impl IntoEndpoint<'c>,
    history: &History,
    target: impl TryInto<Target, Error: Into<Error>>,
) -> Result<Report, Error> {
    wait(crate::downgrade(database, history, target))
}

/// [`crate::current`], waited for.
///
/// # Errors
/// See [`crate::current`] and [`wait`].
pub fn current<'c>(database: impl IntoEndpoint<'c>, history: &History) -> Result<Current, Error> {
    wait(crate::current(database, history))
}

/// Waits for a call of a [`crate::Migrator`], on a runtime that lasts as long.
///
/// # Errors
/// Those of the call; [`Error::Runtime`] where this thread has a runtime already, or none can be started.
pub fn wait<T>(call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    if Handle::try_current().is_ok() {
        let remedy = "this thread has one already; leave out `blocking` and write `.await`";
        return Err(Error::Runtime(remedy.to_owned()));
    }
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Error::Runtime(error.to_string()))?.block_on(call)
}
