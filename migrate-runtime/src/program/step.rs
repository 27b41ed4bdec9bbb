//! What a function of the program gets.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use migrate_history::plan::Direction;
use migrate_history::{Database, Text};

use crate::event::Event;
use crate::stop::StopSignal;

/// The step of a migration that calls a function, with its transaction.
///
/// ```
/// # #[cfg(feature = "_sqlite")]
/// # mod shown {
/// use migrate_runtime::Step;
///
/// async fn trim_names(step: &mut Step<'_>) -> Result<(), sqlx::Error> {
///     let names: Vec<(i64, String)> = sqlx::query_as("SELECT id, name FROM users").fetch_all(step.sqlite()?).await?;
///     for (done, (id, name)) in names.iter().enumerate() {
///         sqlx::query("UPDATE users SET name = ? WHERE id = ?").bind(name.trim()).bind(id).execute(step.sqlite()?).await?;
///         step.progress(done as u64 + 1, Some(names.len() as u64));
///     }
///     Ok(())
/// }
/// # }
/// ```
///
/// What the function does with the connection is committed together with the row of the ledger, or rolled back with it, so the function must not
/// end the transaction: a transaction that is begun in it with `begin` is a savepoint. Where the tables are in use, the transaction is rolled
/// back and the function is called again.
pub struct Step<'s> {
    pub(crate) link: StepLink<'s>,
    about: StepInfo,
    /// Shared references to a step are sent to other threads too.
    tell: Mutex<&'s mut (dyn FnMut(Event) + Send)>,
}

/// The connection of a step.
pub(crate) enum StepLink<'s> {
    #[cfg(feature = "postgres")]
    Postgres(&'s mut sqlx::PgConnection),
    #[cfg(feature = "_sqlite")]
    Sqlite(&'s mut sqlx::SqliteConnection),
    /// Neither of them; none is made.
    #[cfg(not(any(feature = "postgres", feature = "_sqlite")))]
    None(std::convert::Infallible, std::marker::PhantomData<&'s ()>),
}

/// What a step says of itself.
#[derive(Clone, Debug)]
pub(crate) struct StepInfo {
    pub database: Database,
    pub revision: Text,
    pub direction: Direction,
    /// Which of the migration's steps it is, from 1.
    pub step: usize,
    /// When the function was called.
    pub called: Instant,
    pub stop: StopSignal,
}

impl<'s> Step<'s> {
    pub(crate) fn new(link: StepLink<'s>, about: StepInfo, tell: &'s mut (dyn FnMut(Event) + Send)) -> Step<'s> {
        Step { link, about, tell: Mutex::new(tell) }
    }
}

impl Step<'_> {
    /// The database that it runs on.
    pub fn database(&self) -> Database {
        self.about.database
    }

    /// The revision id of the migration.
    pub fn revision(&self) -> &str {
        &self.about.revision
    }

    /// The direction in which it runs.
    pub fn direction(&self) -> Direction {
        self.about.direction
    }

    /// Reports the progress of the function: so much is done, of so much in all where that is known. It is shown on the command line, and is
    /// [`Event::Progress`].
    pub fn progress(&mut self, done: u64, total: Option<u64>) {
        let StepInfo { revision, step, called, .. } = &self.about;
        let rate = done as f64 / called.elapsed().as_secs_f64().max(0.001);
        let left = total.map(|total| total.saturating_sub(done) as f64 / rate.max(0.001));
        let left = left.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let progress = Event::Progress { revision: revision.clone(), step: *step, rows: done, total, rate, left };
        let tell = self.tell.get_mut().unwrap_or_else(PoisonError::into_inner);
        tell(progress);
    }

    /// Whether a stop of the run was requested. A function that takes long may return an error then, so that its transaction is rolled back; one
    /// that is called in batches need not check this.
    pub fn is_stopping(&self) -> bool {
        self.about.stop.is_asked()
    }
}

impl std::fmt::Debug for Step<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let StepInfo { revision, direction, .. } = &self.about;
        out.debug_struct("Step").field("revision", revision).field("direction", direction).finish_non_exhaustive()
    }
}

/// What a function gets that requests the connection of another database.
#[cfg(all(feature = "postgres", feature = "_sqlite"))]
pub(crate) fn elsewhere(wanted: Database, found: Database) -> sqlx::Error {
    sqlx::Error::InvalidArgument(format!(
        "`Step::{}` was called in a step that runs on {found}; `Step::database` says on which one it runs",
        wanted.word()
    ))
}
